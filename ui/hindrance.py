"""What keeps somebody from signing on, in a sentence whose seconds or minutes count down until it is over."""

from __future__ import annotations

from assistant.people.refusals import SignOnLocked, SignOnSlowed
from assistant.people.signing import MINUTE_MS, SECOND_MS
from rules.errors import Trouble
from rules.language import Language


class Hindrance:
    """A trouble of an attempt made at `now` (UTC milliseconds); one that says how long to wait is over by then."""

    def __init__(self, trouble: Trouble, now: int) -> None:
        self._trouble = trouble
        self._until: int | None = None
        if isinstance(trouble, SignOnSlowed):
            self._until = now + _count(trouble, "seconds") * SECOND_MS
        elif isinstance(trouble, SignOnLocked):
            self._until = now + _count(trouble, "minutes") * MINUTE_MS

    def write(self, now: int, language: Language) -> str:
        """Return the sentence as it is right at `now`; "" once the next attempt counts again."""
        if self._until is None:
            return self._trouble.sentence(language)
        left = self._until - now
        if left <= 0:
            return ""
        if isinstance(self._trouble, SignOnSlowed):
            return SignOnSlowed(seconds=-(-left // SECOND_MS)).sentence(language)
        return SignOnLocked(minutes=-(-left // MINUTE_MS)).sentence(language)


def _count(trouble: Trouble, unit: str) -> int:
    return int(str(trouble.details[unit]))

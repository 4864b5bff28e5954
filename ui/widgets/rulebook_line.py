"""One line that says what is wrong with the published rulebook; there is none while nothing is."""

from __future__ import annotations

from typing import cast

from assistant.rulebooks.inforce import Notice
from ui.counter import Counter
from ui.widgets.prose import Prose
from ui.wording import Wording


class RulebookLine(Prose):
    """Which rulebook is in force, what is wrong with the published one, and whom to tell; `whole` gives all of it."""

    DEFAULT_CSS = """
    RulebookLine { display: none; padding: 0 1; color: $text-warning; background: $warning-muted; max-height: 4; }
    """

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole

    def on_mount(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Say what is so now."""
        counter = cast("Counter", self.app)
        notice = counter.desk.rulebooks.notice
        self.display = notice is not None
        if notice is not None:
            self.tell(write_notice(notice, counter.wording, whole=self._whole))


def write_notice(notice: Notice, wording: Wording, *, whole: bool) -> str:
    """Return the notice as one sentence, with the place of the fault alone unless `whole`."""
    problem = notice.trouble.sentence(wording.language)
    if notice.place is not None and not whole:
        problem = notice.place.read(wording.language)
    keeper = notice.keeper.read(wording.language)
    return wording.say("rulebook.broken", version=notice.version, keeper=keeper, problem=problem)

"""Looks twice a second whether anything was saved, by any program: who is called, or answered, sees it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from assistant.case.summary import CaseState
from assistant.desk import Desk
from rules.errors import Trouble
from ui.presence import Presence
from ui.screens.page import Page

if TYPE_CHECKING:
    from ui.wording import Wording

SECONDS: Final = 0.5
TOLD_SECONDS: Final = 10
"""How long the news of a call stands on a page that does not list it."""
LOOKED_AT: Final = 50
"""So many calls at most wait at one time."""


class Pulse:
    """Watches over one program. Nothing is read as long as nothing was saved, and nothing told behind the lock."""

    def __init__(self, app: App[Any], desk: Desk, presence: Presence) -> None:
        self._app = app
        self._desk = desk
        self._presence = presence
        self._seen: tuple[str, int] | None = None
        self._calls: dict[str, int] = {}
        """The open cases in which a call waits, and since when (UTC milliseconds)."""

    def begin(self) -> None:
        """Look from now on."""
        self._app.set_interval(SECONDS, self._look)

    def _look(self) -> None:
        if self._presence.covered or not self._app.is_running:
            # What happens meanwhile is told once somebody is there; a program that ends takes its pages apart.
            return
        # A file that cannot be read now is told of by the next move.
        with suppress(Trouble):
            seen = (self._desk.actor, self._desk.store.head().seq)
            if seen == self._seen:
                return
            before, self._seen = self._seen, seen
            page = next((screen for screen in reversed(self._app.screen_stack) if isinstance(screen, Page)), None)
            if page is not None and page.is_drawn:
                page.beat()
            for news in self._list_news(first=before is None or before[0] != seen[0]):
                if page is None or not page.LISTS_CALLS:
                    self._app.notify(news, timeout=TOLD_SECONDS, markup=False)

    def _list_news(self, *, first: bool) -> Iterator[str]:
        """Yield in a sentence each which calls came and which were answered; on the `first` look of somebody, all that
        wait came."""
        from assistant.register.filters import Filter

        rows = self._desk.store.list_cases(Filter(state=CaseState.OPEN, called=True), limit=LOOKED_AT).rows
        now = {row.case_id: row.called_at for row in rows if row.called_at is not None}
        before = {} if first else self._calls
        gone = before.keys() - now.keys()
        fresh = [case_id for case_id, at in now.items() if before.get(case_id) != at]
        self._calls = now
        if not (gone or fresh):
            return
        from ui.calls import tell_answer, tell_call

        wording: Wording = self._app.wording  # type: ignore[attr-defined]
        store = self._desk.store
        yield from filter(None, (tell_call(self._desk, store.case(case_id), wording) for case_id in fresh))
        yield from filter(None, (tell_answer(self._desk, store.case(case_id), wording) for case_id in sorted(gone)))

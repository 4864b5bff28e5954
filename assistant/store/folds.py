"""What stands for each subject after its events; the few used last are kept, so that a move reads no history anew."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from assistant.case.events import Draft, Event
from assistant.case.subjects import STAFF, is_case, is_log
from assistant.people.roster import Roster
from assistant.store import journal
from assistant.store.cases import Row, put_summary
from assistant.store.seals import Seals
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import case as folding
    from assistant.case.case import Case
    from assistant.people import requests
    from assistant.people.requests import Request
    from assistant.settings import Settings
else:
    folding = import_later("assistant.case.case")
    requests = import_later("assistant.people.requests")

MOST_KEPT: Final = 64

_Fold = TypeVar("_Fold")


class Fold(Protocol):
    """What stands for a subject: it says whether an event may come next, and what it is after that event."""

    def admit(self, draft: Draft) -> None: ...

    def after(self, event: Event) -> Fold: ...


class Log:
    """A subject that is only written down: nothing follows from it but what whoever reads it makes of it."""

    def admit(self, draft: Draft) -> None:
        """Admit whatever has a sound body."""

    def after(self, event: Event) -> Log:
        """Return the log, of which nothing is kept."""
        return self


@dataclass(slots=True)
class Counts:
    """What a save asks about the file itself, as this program found it; None before it asked."""

    sealed_at: int | None = None
    """The time of the last checkpoint, UTC milliseconds."""
    waiting: int | None = None
    """How many texts are not in the index of words yet."""


class Folds:
    """The folds of one file, each as it stands after the last event on its subject that the connection sees."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._head = 0
        self._newest: set[str] = set()
        """The subjects of which no event came between what is kept of them and the event `_head`."""
        self._rows: dict[str, Row] = {}
        """The rows of those of them that are cases, as this program wrote them last."""
        self.counts = Counts()
        """As of the event `_head`, too."""
        self._saving = False

    def begin(self, head: int) -> None:
        """Begin a transaction that finds the event `head` as the last: until it ends, only this program saves."""
        if head != self._head:
            self._forget()
        self._head, self._saving = head, True

    def end(self, head: int) -> None:
        """End it, now that the event `head` is the last and all is saved."""
        self._head, self._saving = head, False

    def read(self, raw: sqlite3.Connection, subject: str) -> Fold:
        """Return what stands for any subject."""
        if is_log(subject):
            return Log()
        if subject == STAFF:
            return self.roster(raw)
        return self.case(raw, subject) if is_case(subject) else self.request(raw, subject)

    def case(self, raw: sqlite3.Connection, case_id: str) -> Case:
        """Return a case; one that is not there has no history."""
        if self._saving and case_id in self._newest:
            # As `_take` finds it, and asked for half a dozen times in every save.
            newest: Case = self._kept[case_id][1]
            return newest
        return self._take(raw, case_id, lambda history: folding.Case.of(history))

    def request(self, raw: sqlite3.Connection, subject: str) -> Request:
        """Return a request; one that is not there has no history."""
        return self._take(raw, subject, lambda history: requests.Request.of(history))

    def roster(self, raw: sqlite3.Connection) -> Roster:
        """Return who works here."""
        return self._take(raw, STAFF, Roster.of)

    def keep(self, subject: str, last: int, fold: Fold) -> None:
        """Keep what stands for a subject after the event `last`."""
        if is_log(subject):
            return
        self._kept[subject] = (last, fold)
        self._kept.move_to_end(subject)
        # Read between two saves, too: had another program saved since the first, the second would find another head.
        self._newest.add(subject)
        while len(self._kept) > MOST_KEPT:
            oldest, _ = self._kept.popitem(last=False)
            self._newest.discard(oldest)
            self._rows.pop(oldest, None)

    def put_row(self, raw: sqlite3.Connection, case_id: str) -> None:
        """Write the row of a case as it stands now, inside the transaction of the events that changed it."""
        before = self._rows.get(case_id) if self._saving else None
        row = put_summary(raw, self.case(raw, case_id).summary(), before)
        if self._saving:
            self._rows[case_id] = row

    def clear(self) -> None:
        """Keep nothing: what was not saved after all, or is gone from the file, must not live on in memory."""
        self._kept.clear()
        self._forget()
        self._saving = False

    def _forget(self) -> None:
        self._newest.clear()
        self._rows.clear()
        self._seals.forget_keys()
        self.counts = Counts()

    def _take(self, raw: sqlite3.Connection, subject: str, fold: Callable[[Iterable[Event]], _Fold]) -> _Fold:
        kept = self._kept.get(subject)
        if kept is not None and self._saving and subject in self._newest:
            newest: _Fold = kept[1]
            return newest
        last = journal.read_last_seq(raw, subject)
        if kept is None or kept[0] != last:
            kept = (last, fold(journal.read_events(raw, self._seals, subject) if last else ()))
        self.keep(subject, *kept)
        found: _Fold = kept[1]
        return found


class FileGround:
    """What an event is judged by, see `assistant.people.judging.Ground`: the file inside one transaction."""

    def __init__(self, raw: sqlite3.Connection, folds: Folds, path: Path) -> None:
        self._raw = raw
        self._folds = folds
        self._path = path

    @property
    def last(self) -> int:
        """The number of the last event."""
        return journal.read_head(self._raw).seq

    @property
    def roster(self) -> Roster:
        """Who works here."""
        return self._folds.roster(self._raw)

    @cached_property
    def settings(self) -> Settings:
        """What the outlet decided for itself. Raises SettingsUnfit."""
        from assistant.settings import read_settings

        return read_settings(self._path)

    def case(self, case_id: str) -> Case:
        """Return a case; one that is not there has no history."""
        return self._folds.case(self._raw, case_id)

    def request(self, subject: str) -> Request:
        """Return a request; one that is not there has no history."""
        return self._folds.request(self._raw, subject)

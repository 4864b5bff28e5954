"""The file of cases as the rest of the product sees it: a move goes in, and what comes back is saved."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from assistant.case.events import Draft, Event, EventKind
from assistant.case.summary import CaseState, CaseSummary
from assistant.store import anchor, cases, checks, journal
from assistant.store.chain import Link, walk_chain
from assistant.store.connection import Connection
from assistant.store.faults import AnchorFailed, CasesDiffer, CasesRemade, CaseUnknown, StoreTrouble
from assistant.store.outlet import Outlet, number_case
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import case as folding
else:
    folding = import_later("assistant.case.case")

_FOLDS_KEPT: Final = 64


class Store:
    """The cases of one outlet. Made by `Store.create` once and by `Store.open` ever after; usable in a with block.

    A save that returns is on the disk, in the file at `path`. One that raises is not, leaves nothing half done, and
    may be repeated with the same drafts: saving an event again is harmless.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._folds: OrderedDict[str, tuple[int, folding.Case]] = OrderedDict()
        self.warnings: list[StoreTrouble] = []
        """What went wrong without endangering a save, each kind once, oldest first."""
        with connection.reading() as raw:
            self.db_id, code, name, zone = raw.execute(
                "SELECT db_id, outlet_code, outlet_name, zone FROM meta"
            ).fetchone()
            self.outlet = Outlet(code, name, zone)

    @classmethod
    def create(cls, path: Path, outlet: Outlet) -> Store:
        """Make the file, an explicit first start, and open it.

        Raises StoreExists for a file of any size at `path`, NotPermitted or WriteFailed when it cannot be made.
        """
        # Needed on this one day of a file's life, and slow to import.
        from assistant.store.creation import create_file

        create_file(path, outlet)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """Open the file after checking that it is ours, whole, guarded and of this release or older.

        A file that may not be written is opened for reading; `why_read_only` then says why. An older file is brought
        up to date. A table of cases that does not agree with the events is made anew, which `warnings` tells.
        Raises the StoreTrouble of whatever a check finds.
        """
        connection = Connection(path, read_only=read_only)
        try:
            checks.check_file(connection)
            store = cls(connection)
            store._check_cases()
        except BaseException:
            connection.close()
            raise
        return store

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self._connection.path

    @property
    def writable(self) -> bool:
        """Whether moves can be saved."""
        return self._connection.why_read_only is None

    @property
    def why_read_only(self) -> StoreTrouble | None:
        """What keeps moves from being saved, or None."""
        return self._connection.why_read_only

    def append(self, draft: Draft) -> Event:
        """Save one event and return it; it is durable then. See `append_all`."""
        return self.append_all((draft,))[0]

    def append_all(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Save the events of one move, all or none, each checked against its case as it stands at that moment.

        An event saved before is returned as it was saved. Raises Refused when a case does not allow the move,
        UnfitDraft for what cannot be stored, IdReused for an id saved with other content, or the StoreTrouble that
        kept the file from being written.
        """
        moves = tuple(drafts)
        for draft in moves:
            journal.check_draft(draft)
        changed: dict[str, folding.Case] = {}
        fresh: list[Event] = []
        with self._connection.txn() as raw:
            head = journal.read_head(raw)
            saved = []
            for draft in moves:
                event = journal.find_saved(raw, draft)
                if event is None:
                    event = self._insert(raw, head, draft, changed)
                    head = Link(event.seq, event.hash)
                    fresh.append(event)
                saved.append(event)
            for case in changed.values():
                if case.history[-1].kind is not EventKind.OPENED:
                    cases.put_summary(raw, case.summary())
        for case in changed.values():
            self._keep(case)
        self._anchor(fresh)
        return tuple(saved)

    def _insert(self, raw: sqlite3.Connection, head: Link, draft: Draft, changed: dict[str, folding.Case]) -> Event:
        case = changed.get(draft.case_id) or self._fold(raw, draft.case_id)
        case.admit(draft)
        number = number_case(raw, self.outlet, draft.at) if draft.kind is EventKind.OPENED else None
        event = journal.insert_event(raw, self.db_id, head, draft, number)
        changed[draft.case_id] = case = case.after(event)
        if number is not None:
            # At once, because the next opening of this very transaction counts the rows of the day.
            cases.put_summary(raw, case.summary())
        return event

    def _fold(self, raw: sqlite3.Connection, case_id: str) -> folding.Case:
        last, kept = journal.read_last_seq(raw, case_id), self._folds.get(case_id)
        if kept is not None and kept[0] == last:
            return kept[1]
        return folding.Case.of(journal.read_events(raw, case_id))

    def _keep(self, case: folding.Case) -> None:
        self._folds[case.id] = (case.history[-1].seq, case)
        self._folds.move_to_end(case.id)
        while len(self._folds) > _FOLDS_KEPT:
            self._folds.popitem(last=False)

    def _anchor(self, events: Iterable[Event]) -> None:
        decisions = [event for event in events if event.kind in anchor.DECISIONS]
        if not decisions:
            return
        try:
            anchor.write_anchor(self.path, self.db_id, decisions[-1])
        except OSError as error:
            problem = error.strerror or str(error)
            self._warn(AnchorFailed(path=anchor.find_anchor(self.path), problem=problem))

    def _warn(self, trouble: StoreTrouble) -> None:
        if all(trouble.code != known.code for known in self.warnings):
            self.warnings.append(trouble)

    def _check_cases(self) -> None:
        with self._connection.reading() as raw:
            agrees = cases.agrees_with_events(raw)
        if agrees:
            return
        if not self.writable:
            self._warn(CasesDiffer())
            return
        self.remake_cases()
        self._warn(CasesRemade())

    def remake_cases(self) -> int:
        """Make the table of cases anew from the events and return how many cases there are."""
        with self._connection.txn() as raw:
            return cases.remake_cases(raw)

    def case(self, case_id: str) -> folding.Case:
        """Return the case as it stands after its last saved event. Raises CaseUnknown."""
        with self._connection.reading() as raw:
            case = self._fold(raw, case_id)
        if not case.history:
            raise CaseUnknown(case=case_id)
        self._keep(case)
        return case

    def read_case(self, case_id: str) -> tuple[Event, ...]:
        """Return the saved events of a case, oldest first. Raises CaseUnknown."""
        with self._connection.reading() as raw:
            history = journal.read_events(raw, case_id)
        if not history:
            raise CaseUnknown(case=case_id)
        return history

    def find(self, number_or_id: str) -> str:
        """Return the id of the case with this number or id; numbers recur after a year, and the newest is meant.

        Raises CaseUnknown.
        """
        with self._connection.reading() as raw:
            case_id = cases.find_case(raw, number_or_id)
        if case_id is None:
            raise CaseUnknown(case=number_or_id)
        return case_id

    def list(
        self, state: CaseState | None = None, limit: int = 50, before: str | None = None
    ) -> tuple[CaseSummary, ...]:
        """Return up to `limit` cases, newest opening first, of the page after the case `before` (its id)."""
        with self._connection.reading() as raw:
            return cases.list_summaries(raw, state, limit, before)

    def head(self) -> Link:
        """Return number and hash of the last event: how far the chain has come."""
        with self._connection.reading() as raw:
            return journal.read_head(raw)

    def walk_chain(self) -> Iterator[Link]:
        """Recompute the whole chain, yielding each event that holds. Raises ChainBroken naming the first that does not.

        It reads through a connection of its own, so that saves go on meanwhile and only what is committed is judged.
        """
        self._connection.check_place()
        own = Connection(self.path, read_only=True)
        try:
            with own.reading() as raw:
                yield from walk_chain(raw)
        finally:
            own.close()

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

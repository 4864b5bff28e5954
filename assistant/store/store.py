"""The file of cases as the rest of the product sees it: a move goes in, and what comes back is saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.case.events import Draft, Event, EventKind
from assistant.case.subjects import is_case
from assistant.case.summary import CaseState, CaseSummary
from assistant.people.roster import Roster
from assistant.sealing.keyplaces import KeyPlace
from assistant.store import anchor, cases, checks, journal, rows
from assistant.store import requests as request_rows
from assistant.store.chain import Link, walk_chain
from assistant.store.connection import Connection
from assistant.store.faults import AnchorFailed, CasesDiffer, CasesRemade, CaseUnknown, StoreTrouble
from assistant.store.folds import FileGround, Folds
from assistant.store.keys import Keyring, MasterKeys
from assistant.store.outlet import Outlet, carry_out, number_case, read_outlet
from assistant.store.seals import Sealing, Seals
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.particulars.fields import Field
    from assistant.people import judging, requests
    from assistant.store import due, erasure, lookups, rulebooks
else:
    judging = import_later("assistant.people.judging")
    requests = import_later("assistant.people.requests")
    due = import_later("assistant.store.due")
    erasure = import_later("assistant.store.erasure")
    lookups = import_later("assistant.store.lookups")
    rulebooks = import_later("assistant.store.rulebooks")


class Store:
    """The cases of one outlet. Made by `Store.create` once and by `Store.open` ever after; usable in a with block.

    A save that returns is on the disk, in the file at `path`. One that raises is not, leaves nothing half done, and
    may be repeated with the same drafts: saving an event again is harmless.
    """

    def __init__(self, connection: Connection, load_key: Callable[[str, str], Sealing]) -> None:
        self._connection = connection
        self.warnings: list[StoreTrouble] = []
        """What went wrong without endangering a save, each kind once, oldest first."""
        self.new_key: KeyPlace | None = None
        """Where the key of this file lies, when it was made just now and must be backed up."""
        with connection.reading() as raw:
            self.db_id, key_check = raw.execute("SELECT db_id, key_check FROM meta").fetchone()
        self._seals = Seals(lambda: load_key(self.db_id, key_check))
        self._folds = Folds(self._seals)

    @classmethod
    def create(cls, path: Path, outlet: Outlet, begin: Iterable[Draft] = (), keyring: Keyring | None = None) -> Store:
        """Make the file, an explicit first start, with its key, and open it. It begins with the events of `begin`.

        Raises StoreExists for a file of any size at `path`, NotPermitted or WriteFailed when it cannot be made, and
        the KeyTrouble of a key that cannot be had or kept.
        """
        # Needed on this one day of a file's life, and slow to import.
        from assistant.store.creation import create_file

        keys = MasterKeys()
        ring = keyring or keys.keyring

        begun: list[Event] = []

        def record(draft: Path) -> None:
            with cls.open(draft, keyring=ring) as store:
                begun.extend(store.append_all(begin))

        create_file(path, outlet, ring.take, record)
        store = cls.open(path, keyring=ring)
        store.new_key = keys.made
        # Those of the draft went with it.
        store._anchor(begun)
        return store

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, keyring: Keyring | None = None) -> Store:
        """Open the file after checking that it is ours, whole, guarded and of this release or older.

        A file that may not be written is opened for reading; `why_read_only` then says why. An older file is brought
        up to date. A table of cases that does not agree with the events is made anew, which `warnings` tells.
        One that may be written needs its key at once; of one that is only read, whatever is not sealed can be read
        without. Raises the StoreTrouble of whatever a check finds, and the KeyTrouble of a key that is not right.
        """
        keys = MasterKeys()
        ring = keyring or keys.keyring
        connection = Connection(path, read_only=read_only)
        try:
            checks.check_file(connection, ring.take)
            store = cls(connection, ring.load)
            store.new_key = keys.made
            if store.writable:
                store._seals.sealing  # noqa: B018 (gets the key)
            store._check_anchors()
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
        try:
            with self._connection.txn() as raw:
                fresh, saved = self._save(raw, moves)
        except BaseException:
            self._folds.clear()
            raise
        if any(event.kind in erasure.ERASING for event in fresh):
            self._folds.clear()
        self._anchor(fresh)
        return saved

    def _save(self, raw: sqlite3.Connection, moves: Iterable[Draft]) -> tuple[list[Event], tuple[Event, ...]]:
        """Write the moves with all that follows from them; return the events that are new, and those of all moves."""
        head, ground = journal.read_head(raw), FileGround(raw, self._folds, self.path)
        fresh, saved = [], []
        for draft in moves:
            event = journal.find_saved(raw, self._seals, draft)
            if event is None:
                event = self._insert(raw, head, draft, ground)
                head = Link(event.seq, event.hash)
                fresh.append(event)
            saved.append(event)
        requests.hold_together(fresh)
        rows.put_rows(raw, self._folds, fresh)
        return fresh, tuple(saved)

    def _insert(self, raw: sqlite3.Connection, head: Link, draft: Draft, ground: FileGround) -> Event:
        fold = self._folds.read(raw, draft.case_id)
        judging.judge(draft, ground)
        fold.admit(draft)
        judging.hold_to_two(draft, ground)
        rulebooks.check_kept(raw, draft)
        number = number_case(raw, draft.at) if draft.kind is EventKind.OPENED else None
        erasure.make_way(raw, self._seals, ground, draft)
        event = journal.insert_event(raw, self._seals, self.db_id, head, draft, number)
        lookups.note(raw, self._seals, event)
        carry_out(raw, event)
        self._folds.keep(draft.case_id, event.seq, fold.after(event))
        if number is not None:
            # At once, because the next opening of this very transaction counts the rows of the day.
            cases.put_summary(raw, self._folds.case(raw, draft.case_id).summary())
        return event

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

    def _check_anchors(self) -> None:
        anchors = anchor.read_anchors(self.path, self.db_id)
        with self._connection.reading() as raw:
            trouble = checks.find_disagreement(raw, self.path, anchors)
        if trouble is not None:
            self._warn(trouble)

    def _check_cases(self) -> None:
        with self._connection.reading() as raw:
            agrees = rows.agrees_with_events(raw)
        if agrees:
            return
        if not self.writable:
            self._warn(CasesDiffer(checked=checks.TAIL))
            return
        self.remake_cases()
        self._warn(CasesRemade(checked=checks.TAIL))

    def remake_cases(self) -> int:
        """Make the derived tables anew from the events and return how many cases there are."""
        with self._connection.txn() as raw:
            return rows.remake_rows(raw, self._folds)

    def case(self, case_id: str) -> Case:
        """Return the case as it stands after its last saved event. Raises CaseUnknown."""
        if not is_case(case_id):
            raise CaseUnknown(case=case_id)
        with self._connection.reading() as raw:
            case = self._folds.case(raw, case_id)
        if not case.history:
            raise CaseUnknown(case=case_id)
        return case

    @property
    def outlet(self) -> Outlet:
        """The outlet as the file has it now: another program may have renamed it."""
        with self._connection.reading() as raw:
            return read_outlet(raw)

    @property
    def roster(self) -> Roster:
        """Who works here now."""
        with self._connection.reading() as raw:
            return self._folds.roster(raw)

    def request(self, subject: str) -> requests.Request:
        """Return a request as it stands; one that is not there has no history."""
        with self._connection.reading() as raw:
            return self._folds.request(raw, subject)

    def list_requests(
        self,
        *,
        waiting: bool = True,
        about: str | None = None,
        asked_by: str | None = None,
        ending: str | None = None,
        limit: int = 100,
    ) -> tuple[requests.Request, ...]:
        """Return the newest requests first: those that wait for another, or all; about one subject; by one person;
        with an id of that ending."""
        with self._connection.reading() as raw:
            found = request_rows.list_requests(
                raw, waiting=waiting, about=about, asked_by=asked_by, ending=ending, limit=limit
            )
            return tuple(self._folds.request(raw, subject) for subject in found)

    def read_log(self, subject: str, limit: int = 100) -> tuple[Event, ...]:
        """Return the last events of a subject that is only written down, newest first."""
        with self._connection.reading() as raw:
            return journal.read_last(raw, self._seals, subject, limit)

    def list_accesses(self, before: int | None = None, limit: int = 100) -> tuple[Event, ...]:
        """Return who looked at which case, newest first, before the event of that number."""
        with self._connection.reading() as raw:
            return journal.read_accesses(raw, self._seals, before or 2**62, limit)

    def find_same(self, field: Field, value: str) -> tuple[lookups.Found, ...]:
        """Return where this very value was noted about a person, newest case first."""
        with self._connection.reading() as raw:
            return lookups.find_same(raw, self._seals, field, value)

    def find_last_digits(self, digits: str) -> tuple[lookups.Found, ...]:
        """Return where a number that ends in these four digits was noted about a person, newest case first."""
        with self._connection.reading() as raw:
            return lookups.find_digits(raw, digits)

    def keep_rulebook(self, digest: str, files: bytes) -> None:
        """Put the files of a rulebook into the file, where they stay as they are; harmless when done again."""
        with self._connection.txn() as raw:
            rulebooks.keep_files(raw, digest, files)

    def read_rulebook(self, digest: str) -> bytes | None:
        """Return the files of a rulebook as they were put in, or None."""
        with self._connection.reading() as raw:
            return rulebooks.read_files(raw, digest)

    def log_seq(self, subject: str) -> int:
        """Return the number of the last event of a subject, 0 for none: cheap enough to be asked every second."""
        with self._connection.reading() as raw:
            return journal.read_last_seq(raw, subject)

    def read_case(self, case_id: str) -> tuple[Event, ...]:
        """Return the saved events of a case, oldest first. Raises CaseUnknown."""
        with self._connection.reading() as raw:
            history = journal.read_events(raw, self._seals, case_id)
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

    def list_rows(self, case_ids: Iterable[str]) -> tuple[CaseSummary, ...]:
        """Return these cases, newest opening first; those that are not there are left out."""
        with self._connection.reading() as raw:
            return cases.find_rows(raw, case_ids)

    def list_due(self, kind: EventKind, before: int, up_to: int) -> tuple[due.Due, ...]:
        """Return the closed cases to be restricted, the restricted ones to be erased, or the settled requests whose
        texts are, that ended before that moment (UTC milliseconds) and on which nothing happened after the event
        `up_to`; oldest first."""
        with self._connection.reading() as raw:
            return due.list_due(raw, kind, before, up_to)

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
                yield from walk_chain(raw, read_texts=self._seals.read_commitments)
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

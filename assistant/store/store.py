"""The file of cases as the rest of the product sees it: a move goes in, and what comes back is saved."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from assistant.case.events import Draft, Event, EventKind
from assistant.case.subjects import REQUEST, STAFF, is_case, is_log
from assistant.case.summary import CaseState, CaseSummary
from assistant.people.roster import Roster
from assistant.sealing.keyplaces import KeyPlace
from assistant.store import anchor, cases, checks, journal, subjects
from assistant.store.chain import Link, walk_chain
from assistant.store.connection import Connection
from assistant.store.faults import AnchorFailed, CasesDiffer, CasesRemade, CaseUnknown, StoreTrouble
from assistant.store.outlet import Outlet, carry_out, number_case
from assistant.store.seals import Sealing, Seals
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import case as folding
    from assistant.people import judging, requests
    from assistant.people.terms import Terms
    from assistant.store import lookups, rulebooks
else:
    folding = import_later("assistant.case.case")
    judging = import_later("assistant.people.judging")
    requests = import_later("assistant.people.requests")
    lookups = import_later("assistant.store.lookups")
    rulebooks = import_later("assistant.store.rulebooks")

_FOLDS_KEPT: Final = 64


class Keyring(NamedTuple):
    """Where the keys of files come from: `take` gets one for a new file, `load` the one that a file must have."""

    take: Callable[[str], tuple[Sealing, str]]
    load: Callable[[str, str], Sealing]


class _MasterKeys:
    """Keys as they lie on this machine; remembers where one was made, which must be backed up."""

    def __init__(self) -> None:
        self.made: KeyPlace | None = None

    def take(self, db_id: str) -> tuple[Sealing, str]:
        from assistant.sealing.keyplaces import take_key
        from assistant.sealing.vault import Vault

        master, self.made = take_key(db_id)
        return Vault(master), master.check(db_id)

    def load(self, db_id: str, key_check: str) -> Sealing:
        from assistant.sealing.keyplaces import load_key
        from assistant.sealing.vault import Vault

        return Vault(load_key(db_id, key_check))


class Store:
    """The cases of one outlet. Made by `Store.create` once and by `Store.open` ever after; usable in a with block.

    A save that returns is on the disk, in the file at `path`. One that raises is not, leaves nothing half done, and
    may be repeated with the same drafts: saving an event again is harmless.
    """

    def __init__(self, connection: Connection, load_key: Callable[[str, str], Sealing]) -> None:
        self._connection = connection
        self._folds: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self.warnings: list[StoreTrouble] = []
        """What went wrong without endangering a save, each kind once, oldest first."""
        self.new_key: KeyPlace | None = None
        """Where the key of this file lies, when it was made just now and must be backed up."""
        with connection.reading() as raw:
            self.db_id, code, name, zone, key_check = raw.execute(
                "SELECT db_id, outlet_code, outlet_name, zone, key_check FROM meta"
            ).fetchone()
            self.outlet = Outlet(code, name, zone)
        self._seals = Seals(lambda: load_key(self.db_id, key_check))

    @classmethod
    def create(cls, path: Path, outlet: Outlet, begin: Iterable[Draft] = (), keyring: Keyring | None = None) -> Store:
        """Make the file, an explicit first start, with its key, and open it. It begins with the events of `begin`.

        Raises StoreExists for a file of any size at `path`, NotPermitted or WriteFailed when it cannot be made, and
        the KeyTrouble of a key that cannot be had or kept.
        """
        # Needed on this one day of a file's life, and slow to import.
        from assistant.store.creation import create_file

        keys = _MasterKeys()
        ring = keyring or Keyring(keys.take, keys.load)

        def record(draft: Path) -> None:
            with cls.open(draft, keyring=ring) as store:
                store.append_all(begin)

        create_file(path, outlet, ring.take, record)
        store = cls.open(path, keyring=ring)
        store.new_key = keys.made
        return store

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, keyring: Keyring | None = None) -> Store:
        """Open the file after checking that it is ours, whole, guarded and of this release or older.

        A file that may not be written is opened for reading; `why_read_only` then says why. An older file is brought
        up to date. A table of cases that does not agree with the events is made anew, which `warnings` tells.
        One that may be written needs its key at once; of one that is only read, whatever is not sealed can be read
        without. Raises the StoreTrouble of whatever a check finds, and the KeyTrouble of a key that is not right.
        """
        keys = _MasterKeys()
        ring = keyring or Keyring(keys.take, keys.load)
        connection = Connection(path, read_only=read_only)
        try:
            checks.check_file(connection, ring.take)
            store = cls(connection, ring.load)
            store.new_key = keys.made
            if store.writable:
                store._seals.sealing  # noqa: B018 (gets the key)
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
        changed: dict[str, Any] = {}
        fresh: list[Event] = []
        with self._connection.txn() as raw:
            head = journal.read_head(raw)
            saved = []
            for draft in moves:
                event = journal.find_saved(raw, self._seals, draft)
                if event is None:
                    event = self._insert(raw, head, draft, changed)
                    head = Link(event.seq, event.hash)
                    fresh.append(event)
                saved.append(event)
            requests.hold_together(fresh)
            self._put_rows(raw, fresh, changed)
        for subject, fold in changed.items():
            self._keep(subject, max(event.seq for event in fresh if event.case_id == subject), fold)
        if any(event.kind in lookups.ERASING for event in fresh):
            # What is gone from the file must not live on in memory.
            self._folds.clear()
        for event in fresh:
            self.outlet = self.outlet.after(event)
        self._anchor(fresh)
        return tuple(saved)

    def _insert(self, raw: sqlite3.Connection, head: Link, draft: Draft, changed: dict[str, Any]) -> Event:
        def find(subject: str) -> Any:
            return changed.get(subject) or self._fold(raw, subject)

        fold = find(draft.case_id)
        judging.judge(draft, judging.Ground(find, head.seq, self._read_terms))
        fold.admit(draft)
        judging.hold_to_two(draft, find)
        rulebooks.check_kept(raw, draft)
        number = number_case(raw, self.outlet, draft.at) if draft.kind is EventKind.OPENED else None
        event = journal.insert_event(raw, self._seals, self.db_id, head, draft, number)
        lookups.carry_out(raw, self._seals, fold, event)
        carry_out(raw, event)
        changed[draft.case_id] = after = fold.after(event)
        if number is not None:
            # At once, because the next opening of this very transaction counts the rows of the day.
            cases.put_summary(raw, after.summary())
        return event

    def _put_rows(self, raw: sqlite3.Connection, fresh: Iterable[Event], changed: dict[str, Any]) -> None:
        """Write the derived row of every subject that has new events."""
        counts = {subject: 0 for subject in changed}
        for event in fresh:
            counts[event.case_id] += 1
        for subject, fold in changed.items():
            if not is_case(subject) and not subject.startswith(REQUEST):
                subjects.count_events(raw, subject, counts[subject])
            elif not is_case(subject):
                subjects.put_request(raw, fold)
            elif fold.history[-1].kind is not EventKind.OPENED:
                cases.put_summary(raw, fold.summary())

    def _fold(self, raw: sqlite3.Connection, subject: str) -> Any:
        if is_log(subject):
            return subjects.Log()
        last, kept = journal.read_last_seq(raw, subject), self._folds.get(subject)
        if kept is not None and kept[0] == last:
            return kept[1]
        fold = subjects.fold(subject, journal.read_events(raw, self._seals, subject) if last else ())
        if not is_case(subject):
            self._keep(subject, last, fold)
        return fold

    def _keep(self, subject: str, last: int, fold: Any) -> None:
        if is_log(subject):
            return
        self._folds[subject] = (last, fold)
        self._folds.move_to_end(subject)
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
        """Make the derived tables anew from the events and return how many cases there are."""
        with self._connection.txn() as raw:
            return cases.remake_rows(raw, self._seals)

    def case(self, case_id: str) -> folding.Case:
        """Return the case as it stands after its last saved event. Raises CaseUnknown."""
        with self._connection.reading() as raw:
            case: folding.Case = self._fold(raw, case_id)
        if not is_case(case_id) or not case.history:
            raise CaseUnknown(case=case_id)
        self._keep(case_id, case.history[-1].seq, case)
        return case

    @property
    def roster(self) -> Roster:
        """Who works here now."""
        with self._connection.reading() as raw:
            roster: Roster = self._fold(raw, STAFF)
        return roster

    def request(self, subject: str) -> requests.Request:
        """Return a request as it stands; one that is not there has no history."""
        with self._connection.reading() as raw:
            request: requests.Request = self._fold(raw, subject)
        return request

    def list_requests(
        self, *, waiting: bool = True, about: str | None = None, limit: int = 100
    ) -> tuple[requests.Request, ...]:
        """Return the newest requests first: those that wait for another person, or all; about one subject, or any."""
        with self._connection.reading() as raw:
            found = subjects.list_requests(raw, waiting=waiting, about=about, limit=limit)
            return tuple(self._fold(raw, subject) for subject in found)

    def read_log(self, subject: str, limit: int = 100) -> tuple[Event, ...]:
        """Return the last events of a subject that is only written down, newest first."""
        with self._connection.reading() as raw:
            return journal.read_last(raw, self._seals, subject, limit)

    def list_accesses(self, before: int | None = None, limit: int = 100) -> tuple[Event, ...]:
        """Return who looked at which case, newest first, before the event of that number."""
        with self._connection.reading() as raw:
            return journal.read_accesses(raw, self._seals, before or 2**62, limit)

    def find_same(self, field: str, value: str) -> tuple[lookups.Found, ...]:
        """Return where this very value was noted about a person, newest case first."""
        digest = self._seals.sealing.digest(field, value)
        with self._connection.reading() as raw:
            return lookups.find_digest(raw, digest)

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

    def list_due(self, terms: Mapping[str, int], *, erase: bool) -> tuple[cases.Due, ...]:
        """Return the closed cases that are to be restricted, or the restricted ones to be erased, by the body of an
        order of retention; oldest opening first."""
        before = terms["erase_before" if erase else "restrict_before"]
        with self._connection.reading() as raw:
            return cases.list_due(raw, before, terms["up_to"], erase=erase)

    def _read_terms(self) -> Terms:
        from assistant.people.terms import Terms
        from assistant.settings import read_settings

        return Terms.of(read_settings(self.path).retention)

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

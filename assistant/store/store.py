"""The file of cases as the rest of the product sees it: a move goes in, and what comes back is saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.case.events import Draft, Event, EventKind
from assistant.sealing.keyplaces import KeyPlace
from assistant.store import anchor, checkpoints, checks, journal, rows
from assistant.store.archive import Archive
from assistant.store.chain import Link, walk_chain
from assistant.store.connection import Connection
from assistant.store.faults import TIMEOUT_SECONDS, AnchorFailed, CasesDiffer, CasesRemade, StoreTrouble
from assistant.store.folds import FileGround
from assistant.store.keys import Keyring, MasterKeys
from assistant.store.outlet import Outlet, carry_out, number_case
from assistant.store.seals import Sealing, Seals
from rules.errors import Trouble
from rules.later import import_later

if TYPE_CHECKING:
    from assistant.people import judging, requests
    from assistant.store import erasure, lookups, rulebooks, words
else:
    judging = import_later("assistant.people.judging")
    requests = import_later("assistant.people.requests")
    erasure = import_later("assistant.store.erasure")
    lookups = import_later("assistant.store.lookups")
    rulebooks = import_later("assistant.store.rulebooks")
    words = import_later("assistant.store.words")


class Store(Archive):
    """The cases of one outlet. Made by `Store.create` once and by `Store.open` ever after; usable in a with block.

    A save that returns is on the disk, in the file at `path`. One that raises is not, leaves nothing half done, and
    may be repeated with the same drafts: saving an event again is harmless.
    """

    def __init__(self, connection: Connection, load_key: Callable[[str, str], Sealing]) -> None:
        self.warnings: list[StoreTrouble] = []
        """What went wrong without endangering a save, each kind once, oldest first."""
        self.new_key: KeyPlace | None = None
        """Where the key of this file lies, when it was made just now and must be backed up."""
        with connection.reading() as raw:
            self.db_id, key_check = raw.execute("SELECT db_id, key_check FROM meta").fetchone()
        super().__init__(connection, Seals(lambda: load_key(self.db_id, key_check)))
        self._unsealed = False
        self._unswept = False

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
            checks.check_file(connection, ring)
            store = cls(connection, ring.load)
            store.new_key = keys.made
            if store.writable:
                store._seals.sealing  # noqa: B018 (gets the key)
                store._unswept = checks.is_unswept(connection)
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
                head = fresh[-1].seq if fresh else journal.read_head(raw).seq
                sealed = checkpoints.follow(raw, self._seals, self._folds.counts, fresh)
        except BaseException:
            self._folds.clear()
            raise
        self._folds.end(head)
        if any(event.kind in erasure.ERASING for event in fresh):
            self._folds.clear()
            self._unswept = True
        if fresh:
            self._unsealed = not sealed
        self._anchor(fresh)
        return saved

    def _save(self, raw: sqlite3.Connection, moves: Sequence[Draft]) -> tuple[list[Event], tuple[Event, ...]]:
        """Write the moves with all that follows from them; return the events that are new, and those of all moves."""
        before, known = journal.read_start(raw, moves)
        head, ground = before, FileGround(raw, self._folds, self.path)
        self._folds.begin(head.seq)
        fresh, saved = [], []
        for draft in moves:
            event = journal.find_saved(raw, self._seals, draft) if known else None
            if event is None:
                event = self._insert(raw, head, draft, ground)
                head = Link(event.seq, event.hash)
                fresh.append(event)
            saved.append(event)
        requests.hold_together(fresh)
        rows.put_rows(raw, self._folds, fresh)
        rows.settle(raw, before.seq, head.seq)
        if texts := sum(len(event.private) for event in fresh):
            words.follow(raw, self._seals, self._folds.counts, texts)
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
            self._folds.put_row(raw, draft.case_id)
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
            return rows.remake_rows(raw, self._folds, self._seals)

    def rebuild(self) -> int:
        """Make the derived tables anew, with those by which numbers are found, and return how many cases there are."""
        with self._connection.txn() as raw:
            count = rows.remake_rows(raw, self._folds, self._seals)
            lookups.remake(raw, self._seals, self._folds)
            return count

    def keep_rulebook(self, digest: str, files: bytes) -> None:
        """Put the files of a rulebook into the file, where they stay as they are; harmless when done again."""
        with self._connection.txn() as raw:
            rulebooks.keep_files(raw, digest, files)

    def walk_chain(self) -> Iterator[Link]:
        """Recompute the whole chain, yielding each event that holds. Raises ChainBroken naming the first that does not.

        It reads through a connection of its own, so that saves go on meanwhile and only what is committed is judged.
        """
        self._connection.check_place()
        own = Connection(self.path, read_only=True)
        try:
            with own.reading() as raw:
                yield from walk_chain(raw, commit=self._seals.commit)
        finally:
            own.close()

    def seal(self, patience: float = TIMEOUT_SECONDS) -> None:
        """Seal a checkpoint over all that is in the file; harmless when there is one. Raises what a save raises."""
        with self._connection.txn(patience) as raw:
            checkpoints.seal_head(raw, self._seals)
            self._folds.counts.sealed_at = None
        self._unsealed = False

    def close(self) -> None:
        """Seal what this program saved last, and close the file; harmless when done twice."""
        if self._unsealed:
            # Where it cannot be done, or another saves just now, the next save after an hour or the next program does.
            with suppress(Trouble):
                self.seal(patience=0)
            self._unsealed = False
        if self._unswept:
            # Likewise, and it takes as long as the index of words is large.
            with suppress(Trouble):
                while self._sweep():
                    pass
            self._unswept = False
        self._connection.close()

    def _sweep(self) -> bool:
        with self._connection.txn() as raw:
            return words.sweep(raw)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

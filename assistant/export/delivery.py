"""How an export leaves: made whole out of sight, recorded as an event, and only then put where it was asked for."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar, TypeAlias

from assistant.case.events import Draft, EventKind, JsonValue, Look
from assistant.case.subjects import ACCESS, EXPORT
from assistant.durability import sync
from assistant.export.confinement import refuse_files
from assistant.export.hindrance import say_hindrance
from assistant.export.placing import check_target, find_stamp, put, refuse_taken, spooling
from assistant.export.stamp import MARK, Order, Stamp, make_stamp
from assistant.export.words import WORDS
from assistant.stamps import make_id
from rules.errors import Trouble
from rules.language import Catalogue

if TYPE_CHECKING:
    from assistant.desk import Desk


class ExportFailed(Trouble):
    """The export could not be made whole; nothing was put in place and nothing recorded."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "export_failed"
    exit_status: ClassVar[int] = 3


class ExportDropped(Trouble):
    """Whoever asked for the export did not want it any more; nothing was put in place and nothing recorded."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "export_dropped"


class ExportUnplaced(Trouble):
    """The export was recorded and could not be put in its place."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "export_unplaced"
    exit_status: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class Written:
    """How many cases an export holds, and the ids of those whose own records have to tell of it."""

    count: int
    cases: tuple[str, ...] = ()


Write: TypeAlias = Callable[[Stamp, BinaryIO], Written]
"""Writes the whole export into an empty file that can be read and written anywhere in it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes: a path, or a stream that is open already."""

    path: Path | None = None
    stream: BinaryIO | None = None
    replace: bool = False
    """Whether what lies at the path may be replaced."""
    stamp_beside: bool = False
    """Whether the stamp goes into a file of its own, for a format that has no place for it."""
    dropped: Callable[[], bool] = lambda: False
    """Asked once it is whole, and before anything is recorded: whether it is not wanted any more."""

    @property
    def places(self) -> tuple[Path, ...]:
        """The files that it will be."""
        if self.path is None:
            return ()
        return (self.path, find_stamp(self.path)) if self.stamp_beside else (self.path,)


@dataclass(frozen=True, slots=True)
class Delivered:
    """An export that left, with the digest of its bytes (SHA-256, 64 hex digits)."""

    stamp: Stamp
    count: int
    sha256: str
    size: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """An export that is to be made and delivered."""

    order: Order
    target: Target
    write: Write


def deliver(desk: Desk, order: Order, target: Target, write: Write) -> Delivered:
    """Have `write` make an export, record it, put it where it was asked for, and return what is recorded of it.

    Until all of it is on the disk nothing is recorded, and until it is recorded nobody sees it. Raises FilesRefused,
    TargetTaken, TargetUnfit, FolderMissing, ExportFailed, ExportDropped, ExportUnplaced, a NotPermitted, the
    StoreTrouble of a file of cases that takes no event, and whatever `write` raises.
    """
    return deliver_all(desk, (Work(order, target, write),))[0]


def deliver_all(desk: Desk, works: Sequence[Work]) -> tuple[Delivered, ...]:
    """Do the same with several exports that are recorded together, each as an event of its own: all of them or none."""
    if desk.store.why_read_only is not None:
        raise desk.store.why_read_only.with_traceback(None)
    for work in works:
        if work.target.path is not None:
            refuse_files(work.target.path)
            places = work.target.places
            check_target(desk.store, places)
            if not work.target.replace:
                refuse_taken(places)
    with ExitStack() as spools:
        made = [_make(desk, work, spools) for work in works]
        if any(work.target.dropped() for work in works):
            raise ExportDropped
        desk.store.append_all([draft for each in made for draft in _write_events(desk, each.delivered, each.cases)])
        _place_all(made)
    return tuple(each.delivered for each in made)


@dataclass(frozen=True, slots=True)
class _Made:
    """An export that is whole, out of sight: in an open file, which has a name unless it is for a stream."""

    target: Target
    delivered: Delivered
    cases: tuple[str, ...]
    spool: BinaryIO
    name: Path | None


def _make(desk: Desk, work: Work, spools: ExitStack) -> _Made:
    path = work.target.path
    stamp = make_stamp(desk, work.order)
    with _failing(path):
        spool, name = spools.enter_context(spooling(path))
        written = work.write(stamp, spool)
        spool.flush()
        os.fsync(spool.fileno())
        spool.seek(0)
        digest = file_digest(spool, "sha256").hexdigest()
        size = spool.seek(0, os.SEEK_END)
    return _Made(work.target, Delivered(stamp, written.count, digest, size, path), written.cases, spool, name)


def _place_all(made: Sequence[_Made]) -> None:
    """Put each in its place: all are recorded by now, so what keeps one from it must not keep the others."""
    kept: BaseException | None = None
    for each in made:
        try:
            _place(each.target, each.spool, each.name, each.delivered)
        except BrokenPipeError:
            raise
        except OSError as error:
            kept = ExportUnplaced(path=_name(each.target.path), problem=say_hindrance(error))
        except KeyboardInterrupt as stop:
            kept = stop
    if kept is not None:
        raise kept


@contextmanager
def _failing(path: Path | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportFailed(path=_name(path), problem=say_hindrance(error)) from error


def _name(path: Path | None) -> object:
    return path if path is not None else WORDS.text("standard_output")


def _write_events(desk: Desk, delivered: Delivered, cases: tuple[str, ...]) -> Iterator[Draft]:
    stamp, order = delivered.stamp, delivered.stamp.order
    body: dict[str, JsonValue] = {
        "what": order.what.value,
        "name": order.name,
        "form": order.form,
        "filter": order.filter,
        "columns": list(order.columns),
        "case": order.case_id,
        "count": delivered.count,
        "reason": order.reason.value if order.reason else None,
        "confidential": order.confidential,
        "rulebooks": list(order.rulebooks),
        "seq": stamp.seq,
        "hash": stamp.hash,
        "sha256": delivered.sha256,
        "size": delivered.size,
    }
    yield Draft(stamp.export.removeprefix(MARK), EXPORT, stamp.at, desk.actor, EventKind.EXPORTED, body)
    how = Look.EXPORTED_MASKED if stamp.masked else Look.EXPORTED
    look: dict[str, JsonValue] = {"how": how.value}
    if order.reason:
        look["reason"] = order.reason.value
    for case_id in cases:
        yield Draft(make_id(), ACCESS + case_id, stamp.at, desk.actor, EventKind.ACCESSED, look)


def _place(target: Target, spool: BinaryIO, name: Path | None, delivered: Delivered) -> None:
    if target.stream is not None:
        spool.seek(0)
        shutil.copyfileobj(spool, target.stream)
        target.stream.flush()
    if target.path is None or name is None:
        return
    put(name, target.path, replace=target.replace)
    if target.stamp_beside:
        _put_stamp(find_stamp(target.path), delivered, replace=target.replace)
    sync(target.path.parent)


def _put_stamp(path: Path, delivered: Delivered, *, replace: bool) -> None:
    told = delivered.stamp.as_json() | {
        "cases": delivered.count,
        "sha256": delivered.sha256,
        "size": delivered.size,
    }
    with spooling(path) as (spool, name):
        spool.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
        spool.flush()
        os.fsync(spool.fileno())
        if name is not None:
            put(name, path, replace=replace)

"""The same document of many cases, a file each: what is there already is not made again, so that a batch that was
stopped goes on where it was."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from assistant.case.subjects import EXPORT
from assistant.export.confinement import refuse_files
from assistant.export.delivery import Target
from assistant.export.documents.kinds import KINDS, DocumentForm, DocumentName, NoOccasion
from assistant.export.documents.preparing import FormUnknown, Prepared, hand_out_all, prepare
from assistant.export.documents.words import WORDS
from assistant.export.hindrance import say_hindrance
from assistant.people.permissions import Move, may_read
from assistant.people.refusals import NotPermitted
from assistant.plain.times import find_moment
from rules.errors import BadInput
from rules.language import Catalogue, Language

if TYPE_CHECKING:
    from assistant.case.events import Event
    from assistant.case.summary import CaseSummary
    from assistant.desk import Desk
    from assistant.register.filters import Filter
    from rules.model import Book

ReadBook = Callable[[str | None], "Book"]
"""Returns the rulebook of that version and mark, or the one in force."""
AT_ONCE: Final = 10
"""So many files are recorded together: each of them alone would wait for the disk as long as for the typesetter."""
_PAGE: Final = 1000
_MOST: Final = 2**62


class FolderUnfit(BadInput):
    """No files can be put into the folder `path`, or its name is not in UTF-8."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "folder_unfit"


class Standing(StrEnum):
    """What became of one case of a batch."""

    MADE = "made"
    THERE = "there"
    """Its file is there as it was exported, nothing has happened in the case since, and whoever asks is told neither
    more nor less than whoever had it made."""
    IN_THE_WAY = "in_the_way"
    """Something else is there under that name, or an older state of the case, or what was made for somebody who is
    told more or less of it, and was left as it was."""
    NOT_PERMITTED = "not_permitted"
    """Whoever asks may read the case and not have this document of it."""
    NO_OCCASION = "no_occasion"
    """The case gives no occasion for this document."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Which document is wanted of each case, and where the files go."""

    name: DocumentName
    form: DocumentForm
    language: Language
    folder: Path
    replace: bool = False
    """Whether what is in the way may be replaced."""


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a batch, by what its file is called after."""

    case_id: str
    number: str
    year: int
    """In which it was opened: numbers come again after a year."""

    def find_path(self, batch: Batch) -> Path:
        """Return where its file lies."""
        return batch.folder / f"{self.year}-{self.number}-{batch.name}.{batch.language}.{batch.form}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases that fit a filter, the oldest opening first, and how many others fit that may not be read."""

    members: tuple[Member, ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a case, and the characters of its file that the font lacks."""

    member: Member
    standing: Standing
    path: Path
    missing: tuple[str, ...] = ()


def select_cases(desk: Desk, wanted: Filter, confidential: frozenset[str]) -> Selection:
    """Return the cases of a batch. By a text about a `confidential` step a case is found by those only whose business
    it is.

    Raises the NotPermitted of whoever may not take many cases out of the program, and WordTooShort.
    """
    desk.demand(Move.EXPORT)
    roster, zone, actor = desk.store.roster, desk.store.outlet.zone, desk.actor
    # What was written in a case that may not be read, or noted of a person, is not told either, not even by a number.
    whole = not wanted.words and wanted.noted is None and bool(roster.members)
    members, unreadable, before = [], 0, None
    while True:
        page = desk.store.list_cases(wanted, before, _PAGE, actor=None if whole else actor, confidential=confidential)
        for row in page.rows:
            if whole and not may_read(roster, actor, row):
                unreadable += 1
            else:
                members.append(_make_member(row, zone))
        if page.next is None:
            return Selection(tuple(reversed(members)), unreadable)
        before = page.next


def _make_member(row: CaseSummary, zone: str) -> Member:
    return Member(row.case_id, row.number, find_moment(row.opened_at, zone).year)


def make_documents(desk: Desk, batch: Batch, selection: Selection, read_book: ReadBook) -> Iterator[Done]:
    """Make the files one after the other, and tell of each; each is an export of its own, whole or not there at all.

    Raises FolderUnfit, FormUnknown and FilesRefused before anything is made, and what `hand_out` raises for whatever
    keeps the next ones from being made as well.
    """
    kind = KINDS[batch.name]
    if batch.form not in kind.forms:
        raise FormUnknown(form=batch.form.value, forms=", ".join(kind.forms))
    refuse_files(batch.folder)
    _open_folder(batch.folder)
    ledger = _read_ledger(desk, batch)
    books: dict[str | None, Book] = {}
    ready: list[tuple[Member, Prepared]] = []

    def gather(member: Member) -> Prepared:
        known = (_find_book(desk, member, books, read_book), desk.rulebooks.book)
        return prepare(desk, member.case_id, batch.name, batch.language, known, None, look=False)

    for member in selection.members:
        found = _look(desk, batch, member, ledger, gather)
        if isinstance(found, Standing):
            yield Done(member, found, member.find_path(batch))
        else:
            ready.append((member, found))
        if len(ready) == AT_ONCE:
            yield from _make(desk, batch, ready)
            ready = []
    if ready:
        yield from _make(desk, batch, ready)


def _look(
    desk: Desk, batch: Batch, member: Member, ledger: Mapping[str, Event], gather: Callable[[Member], Prepared]
) -> Standing | Prepared:
    """Return what is to be made for a case, or why nothing is."""
    path = member.find_path(batch)
    there = os.path.lexists(path)
    event = _find_current(desk, member, path, ledger) if there else None
    if event and not KINDS[batch.name].tells_of_report:
        return Standing.THERE
    in_the_way = there and (path.is_symlink() or not path.is_file() or not batch.replace)
    if in_the_way and not event:
        return Standing.IN_THE_WAY
    try:
        prepared = gather(member)
    except NotPermitted:
        return Standing.NOT_PERMITTED
    except NoOccasion:
        return Standing.NO_OCCASION
    # Whoever made what is there may have been told more of the case, or less.
    if event and event.body["confidential"] is prepared.view.order.confidential:
        return Standing.THERE
    return Standing.IN_THE_WAY if in_the_way else prepared


def _make(desk: Desk, batch: Batch, ready: Sequence[tuple[Member, Prepared]]) -> Iterator[Done]:
    papers = [(prepared, Target(path=member.find_path(batch), replace=batch.replace)) for member, prepared in ready]
    for (member, _), (_, missing) in zip(ready, hand_out_all(desk, papers, batch.form), strict=True):
        yield Done(member, Standing.MADE, member.find_path(batch), missing)


def _find_book(desk: Desk, member: Member, books: dict[str | None, Book], read_book: ReadBook) -> Book:
    advice = desk.store.case(member.case_id).advice
    label = advice.rulebook if advice else None
    if label not in books:
        books[label] = read_book(label)
    return books[label]


def _open_folder(folder: Path) -> None:
    try:
        str(folder).encode()
        folder.mkdir(mode=0o700, exist_ok=True)
    except UnicodeEncodeError:
        unfit = OSError(errno.EILSEQ, os.strerror(errno.EILSEQ))
        raise FolderUnfit(path=ascii(str(folder)), problem=say_hindrance(unfit)) from None
    except OSError as error:
        raise FolderUnfit(path=folder, problem=say_hindrance(error)) from None


def _read_ledger(desk: Desk, batch: Batch) -> Mapping[str, Event]:
    """Return what was exported of this kind, by the digest of its bytes."""
    wanted = {"name": batch.name.value, "form": batch.form.value, "reason": None}
    return {
        str(event.body["sha256"]): event
        for event in desk.store.read_log(EXPORT, _MOST)
        if all(event.body[name] == value for name, value in wanted.items())
    }


def _find_current(desk: Desk, member: Member, path: Path, ledger: Mapping[str, Event]) -> Event | None:
    """Return the event by which the very bytes at `path` were exported of that case as it is now."""
    if not ledger or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            event = ledger.get(file_digest(file, "sha256").hexdigest())
    except OSError:
        return None
    if event is None or event.body["case"] != member.case_id:
        return None
    return event if desk.store.log_seq(member.case_id) <= int(str(event.body["seq"])) else None

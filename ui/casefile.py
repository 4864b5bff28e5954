"""One saved case for whoever reads it through: gathered as far as that reader may know of it, and put into lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.audit.dossier import Dossier, gather_dossier, look_back
from assistant.audit.hindsight import Hindsight
from assistant.audit.page import PageWriter
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import tell_case
from assistant.case.case import Case
from assistant.desk import Desk
from assistant.plain.case import CaseWriter
from assistant.review.habits import Habit
from assistant.store import Outlet
from rules.language import Language
from rules.model import Book
from ui.reviews import write_judged, write_signals
from ui.wording import Wording


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that belongs to it; `whole` has what the reader may not see, and is for no page."""

    whole: Case
    dossier: Dossier
    books: tuple[Book, Book]
    """That of the case, and the newest."""
    outlet: Outlet

    @property
    def case(self) -> Case:
        """The case as the reader may see it."""
        return self.dossier.case

    def tell_about(self, wording: Wording, habits: Iterable[Habit]) -> Iterator[str]:
        """Yield what the case is, how it stands, what of it and of the teller's `habits` is to be asked about, and what
        it rests on."""
        writer = self._writer(wording.language)
        page = PageWriter(Sentences(writer))
        yield from writer.head(self.case)
        yield from write_judged(self.case, wording)
        yield from write_signals(self.case, habits, wording)
        yield from page.summary(self.dossier)
        yield from writer.facts(self.case)
        yield from writer.steps(self.case)

    def tell_story(self, language: Language) -> Iterator[str]:
        """Yield the timeline, to the second, with what people wrote down; numbers about a person are masked."""
        sentences = Sentences(self._writer(language))
        lines = tell_case(self.case, sentences, self.dossier.requests, self.dossier.looks, texts=True)
        # The page has a heading of its own.
        return islice(PageWriter(sentences).timeline(lines, self.case, texts=True), 1, None)

    def tell_hindsight(self, hindsight: Hindsight, language: Language) -> Iterator[str]:
        """Yield what the newest rulebook would have said otherwise."""
        return PageWriter(Sentences(self._writer(language))).hindsight(hindsight)

    def _writer(self, language: Language) -> CaseWriter:
        return CaseWriter(self.books[0], self.outlet, language)


def open_file(desk: Desk, case_id: str) -> CaseFile:
    """Open a case to read it through, which is recorded. Raises a NotPermitted, RulebookComing and KeyTrouble."""
    desk.turn_to(desk.store.case(case_id))
    return _gather(desk, desk.look_at(case_id))


def read_anew(desk: Desk, case_id: str) -> CaseFile:
    """Read a case again that lies open; what is not recorded is no other look. Raises as `open_file` does."""
    case = desk.store.case(case_id)
    desk.turn_to(case)
    return _gather(desk, case)


def _gather(desk: Desk, case: Case) -> CaseFile:
    books = read_books(desk, case)
    return CaseFile(case, gather_dossier(desk, case, books), books, desk.store.outlet)


def read_books(desk: Desk, case: Case) -> tuple[Book, Book]:
    """Return the rulebook by which a case is advised, to which the desk turns, and the newest. Raises RulebookComing
    and RulebookUnsound."""
    desk.turn_to(case)
    return desk.book, _read_newest(desk, case)


def _read_newest(desk: Desk, case: Case) -> Book:
    desk.rulebooks.turn_to(None)
    try:
        return desk.book
    finally:
        desk.turn_to(case)


def replay(desk: Desk, file: CaseFile) -> Hindsight:
    """Return what the newest rulebook would have advised in the case; nothing is written."""
    desk.rulebooks.turn_to(None)
    try:
        return look_back(desk, file.whole, file.case, file.books, desk.adviser)
    finally:
        desk.turn_to(file.whole)

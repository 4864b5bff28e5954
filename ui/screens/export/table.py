"""The list of cases on its way out as a table: its first rows are looked at, and all of it is written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.confidence import find_confidential
from assistant.export.placing import find_stamp
from assistant.export.tables.columns import COLUMNS, PERSONS, USUAL, Column
from assistant.export.tables.layout import STAMPLESS, TableForm
from assistant.export.tables.making import TableQuery, export_cases
from assistant.export.tables.wordbook import Wordbook
from assistant.export.typesetting.blocks import Align, Block, Paragraph, Run, Table, Words
from assistant.people.permissions import Move
from assistant.plain.times import write_time
from rules.language import Language
from ui.screens.export.outgoing import Choice, Gathered, Left, Tell
from ui.wording import SCREEN, Wording

if TYPE_CHECKING:
    from assistant.case.summary import CaseSummary
    from assistant.desk import Desk
    from assistant.export.delivery import Target
    from assistant.register.filters import Filter
    from rules.model import Book

ROWS_SHOWN: Final = 30
SHOWN: Final = ("number", "opened_at", "level", "request", "state", "outcome", "amount")
"""The columns by which one knows whether it is the right list; the file has them all."""
FEN: Final = 100


@dataclass(frozen=True, slots=True)
class TableLeaving:
    """The cases that fit a filter, which was typed as `line`; `name` is that of the file without its ending."""

    filter: Filter
    line: str
    name: str
    books: tuple[Book, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it comes in."""
        return tuple(form.value for form in TableForm)

    @property
    def has_persons(self) -> bool:
        """Where it is asked for in full, the columns about persons are added."""
        return True

    @property
    def masked(self) -> str:
        """What is said of persons where there is no reason for more."""
        return "export.without_persons"

    def title(self, wording: Wording) -> str:
        """Return what it is called."""
        return wording.say("export.table")

    def name_file(self, form: str) -> str:
        """Return the usual name of its file."""
        return f"{self.name}.{form}"

    def demand_in_full(self, desk: Desk) -> None:
        """Raise the NotPermitted that keeps whoever works there from taking persons out in full."""
        desk.demand(Move.EXPORT_IN_FULL)

    def name_command(self, choice: Choice) -> str:
        """Return the command that puts the same out elsewhere."""
        words = ["export cases --format", choice.form]
        words += ["--filter", shlex.quote(self.line)] if self.line else []
        if choice.reason is not None:
            words += ["--reveal", choice.reason.value, "--columns", ",".join(column.name for column in _choose(choice))]
        return " ".join([*words, "--lang", choice.language, "-o -"])

    def is_stale(self, desk: Desk, gathered: Gathered) -> bool:
        """Tell that what was looked at is only the beginning of what there is when it is written."""
        return False

    def gather(self, desk: Desk, choice: Choice, tell: Tell) -> Gathered:
        """Read the first rows. Raises a NotPermitted and what reading the cases raises."""
        desk.demand(Move.EXPORT)
        hidden = frozenset(name for book in self.books for name in find_confidential(book))
        page = desk.store.list_cases(self.filter, limit=ROWS_SHOWN + 1, actor=desk.actor, confidential=hidden)
        return Gathered(tuple(self._lay_out(page.rows, desk.store.outlet.zone, choice.language)))

    def _lay_out(self, rows: Sequence[CaseSummary], zone: str, language: Language) -> Iterator[Block]:
        if self.line:
            yield _say("export.of", language, line=self.line)
        if not rows:
            yield _say("export.nothing", language)
            return
        words = Wordbook(self.books[0], language)
        head = tuple((Run(COLUMNS[name].title(language)),) for name in SHOWN)
        drawn = tuple(tuple(map(_put, _write(row, words, zone))) for row in rows[:ROWS_SHOWN])
        yield Table(head, drawn, (*[Align.LEFT] * (len(SHOWN) - 1), Align.RIGHT))
        if len(rows) > ROWS_SHOWN:
            yield _say("export.more_rows", language, count=ROWS_SHOWN)
        sign = "、" if language is Language.ZH else ", "
        yield _say("export.columns", language, columns=sign.join(column.title(language) for column in USUAL))

    def hand_out(self, desk: Desk, gathered: Gathered, choice: Choice, target: Target, tell: Tell) -> Left:
        """Write all of it. Raises what `export_cases` does."""
        form, columns, total = TableForm(choice.form), _choose(choice), desk.store.count_cases()
        query = TableQuery(self.filter, columns, form, choice.language, reason=choice.reason)
        delivered = export_cases(desk, query, self.books, target, lambda done: tell(done, total))
        return Left(delivered, beside=find_stamp(target.path) if target.path and form in STAMPLESS else None)


def _choose(choice: Choice) -> tuple[Column, ...]:
    return USUAL if choice.reason is None else (*USUAL, *PERSONS)


def _say(key: str, language: Language, **details: object) -> Paragraph:
    return Paragraph((Run(SCREEN(key, language, **details)),))


def _put(text: str) -> Words:
    return (Run(text),)


def _write(row: CaseSummary, words: Wordbook, zone: str) -> Iterator[str]:
    yield row.number
    yield write_time(row.opened_at, zone)[:-3]
    yield words.name("level", row.level) if row.level else ""
    yield words.name("request", row.request)
    yield words.name("state", row.state)
    yield words.name("outcome", row.outcome) if row.outcome else ""
    yield f"{row.amount_fen / FEN:,.2f}"

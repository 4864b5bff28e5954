"""The red flags as lines: first the few that matter for this request and state, then the rest by group."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from assistant.case.case import Case
from rules.facts import Answer, Reply
from rules.model import Book, SignGroup
from ui.widgets.rows import Cell, Row
from ui.wording import Wording

SHOWN_FIRST = 9


def list_first_flags(book: Book, case: Case) -> tuple[str, ...]:
    """Return the red flags to look at first; they depend on request and money alone, so that no answer moves them."""
    now = case.facts.now
    lists = [book.requests[request].first for request in case.requests if request in book.requests]
    lists += [book.money_states[portion.at(now)].first for portion in case.money.values()]
    return tuple(dict.fromkeys(sign for signs in lists for sign in signs))[:SHOWN_FIRST]


def build_flag_rows(case: Case, wording: Wording, *, answers: bool) -> Iterator[Row]:
    """Yield the lines of the list of red flags. A flag shown first is not shown again in its group.

    Only where the case `answers` to keys does a line say which.
    """
    book = wording.book
    first = list_first_flags(book, case)
    title = "teller.flags_first" if answers else "teller.flags_first_closed"
    yield Row("first", (Cell(wording.say(title)),), heading=True)
    for sign in first:
        yield build_flag_row(sign, case.answers.get(sign), wording)
    for group in SignGroup:
        signs = [name for name, sign in book.signs.items() if sign.group is group]
        yes = sum(1 for sign in signs if sign in case.answers and case.answers[sign].yes)
        named = wording.say("teller.flags_group", group=wording.word(f"group.{group}"), yes=yes, count=len(signs))
        yield Row(f"group:{group}", (Cell(named),), heading=True)
        for sign in signs:
            if sign not in first:
                yield build_flag_row(sign, case.answers.get(sign), wording)


def build_flag_row(sign: str, reply: Reply | None, wording: Wording) -> Row:
    """Return the line of one red flag: its state, the letter that leads to it, its name, how the answer is known."""
    mark = wording.say(f"mark.{reply.value if reply else 'open'}")
    # Red would tell an onlooker what the neutral words keep.
    yes = "strong" if wording.quiet else "bad"
    role = "plain" if reply is None else yes if reply.value is Answer.YES else "muted"
    letter = (wording.book.signs[sign].key or "").upper()
    named = (Cell(mark, cell_len(mark), role), Cell(letter, 1, "muted"), Cell(wording.sign(sign), 0, role))
    if reply is None:
        return Row(sign, named)
    known = wording.word(f"known.{reply.known}")
    # One cell more than its word, so that it does not touch the scroll bar.
    return Row(sign, (*named, Cell(known, cell_len(known) + 1, "muted")))

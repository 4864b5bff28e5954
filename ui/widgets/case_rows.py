"""A saved case as one line of a list, and in a few lines beside it: by its row alone, without any of its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len

from assistant.case.review import Standing
from assistant.case.summary import CaseSummary
from assistant.desk import Desk
from ui.widgets.rows import Cell, Row, fit
from ui.wording import Wording, wait

FEN: Final = 100
MARGIN: Final = 2
"""Cells beside a row: the cursor and the place of a scroll bar."""
ROLES: Final = {
    Standing.DUE: "warn",
    Standing.ANSWERED: "warn",
    Standing.RETURNED: "bad",
    Standing.APPROVED: "good",
}
URGENT: Final = {"police": "bad", "hold": "warn"}


def build_case_rows(rows: Iterable[CaseSummary], desk: Desk, wording: Wording, width: int) -> Iterator[Row]:
    """Yield a line each: number, level, outcome, type, amount, and where the review stands."""
    listed = list(rows)
    ends = [_name_end(row, desk.clock(), wording) for row in listed]
    marks = [wording.case_word(f"review.{row.review}") if row.review else "" for row in listed]
    amounts = [_write_yuan(row.amount_fen, wording) for row in listed]
    numbers = [row.number for row in listed]
    levels = [wording.level(row.level or "proceed") for row in listed]
    columns = [max(map(cell_len, texts), default=0) for texts in (numbers, levels, ends, amounts, marks)]
    room = width - MARGIN - sum(column + 1 for column in columns)
    for row, level, end, amount, mark in zip(listed, levels, ends, amounts, marks, strict=True):
        role = "plain" if row.outcome is not None or wording.quiet else URGENT.get(row.level or "", "plain")
        ending = "bad" if _is_late(row, desk.clock()) or row.called_at is not None else "plain"
        cells = (
            Cell(row.number, columns[0]),
            Cell(level, columns[1], role),
            Cell(end, columns[2], ending),
            Cell(fit(_name_type(row, wording), max(room, 1)), max(room, 1)),
            Cell(amount.rjust(columns[3] - cell_len(amount) + len(amount)), columns[3]),
            Cell(mark, columns[4], ROLES.get(row.review, "plain") if row.review else "plain"),
        )
        yield Row(row.case_id, cells)


def _write_yuan(fen: int, wording: Wording) -> str:
    """Return an amount without its fen, for which there is no room; nothing for none."""
    return wording.say("register.amount", yuan=f"{fen // FEN:,}") if fen else ""


def _is_late(row: CaseSummary, now: int) -> bool:
    return row.outcome is None and row.due_at is not None and row.due_at < now


def _name_type(row: CaseSummary, wording: Wording) -> str:
    """Return the suspected typology, or where there is none, what the customer wanted."""
    return wording.typology(row.typology) if row.typology else wording.request(row.request)


def _name_end(row: CaseSummary, now: int, wording: Wording) -> str:
    """Return how the case ended; of one that is open, what waits in it."""
    if row.keeping:
        return wording.say(f"home.kept.{row.keeping}")
    if row.outcome is not None:
        return wording.case_word(f"outcome.{row.outcome}")
    if row.called_at is not None:
        return wording.say("now.called")
    return wording.say("register.late") if _is_late(row, now) else wording.say("register.open")


def write_preview(row: CaseSummary, desk: Desk, wording: Wording) -> Iterator[str]:
    """Yield what the row says of the case, a line each, for the place beside the list."""
    say = wording.say
    yield say("top.case", number=row.number)
    yield f"  {wording.level(row.level or 'proceed')}   {_name_end(row, desk.clock(), wording)}"
    yield f"  {wording.request(row.request)}"
    yield say("register.opened")
    yield f"  {wording.clock(row.opened_at, seconds=True)}   {row.opened_by}"
    if row.outcome is None and row.due_at is not None:
        late = _is_late(row, desk.clock())
        left = wait(abs(row.due_at - desk.clock()))
        yield f"  {say('home.overdue' if late else 'home.due', time=left)}"
    if row.outcome is None and row.next_step and not desk.hides(row):
        yield say("register.next")
        yield f"  {wording.step(row.next_step)}"
    if row.typologies and not wording.quiet:
        yield say("teller.suspected")
        yield from (f"  {wording.typology(typology)}" for typology in row.typologies)
    yield from _write_amounts(row, wording)
    if row.traits and not wording.quiet:
        yield say("register.traits")
        yield from (f"  {wording.case_word(f'trait.{trait}')}" for trait in sorted(row.traits))
    if row.review is not None:
        yield say("register.review")
        yield f"  {wording.case_word(f'review.{row.review}')}   {row.reviewer or ''}".rstrip()


def _write_amounts(row: CaseSummary, wording: Wording) -> Iterator[str]:
    sums: dict[str, int | None] = {"involved": row.amount_fen}
    if row.outcome is not None:
        sums = {"at_risk": row.at_risk_fen, "protected": row.protected_fen, "lost": row.lost_fen}
    named = [(name, fen) for name, fen in sums.items() if fen]
    if named:
        yield wording.say("register.amounts")
    for name, fen in named:
        yield f"  {wording.say(f'closing.{name}')}  {wording.amount(fen or 0)}"

"""Closing a case: what is still open stands first, then the outcome, the three amounts, and a line for the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import ClassVar

from assistant.agreement import Needed
from assistant.amounts import AmountUnreadable, read_amount
from assistant.case.case import Case
from assistant.case.events import EventKind, Matter, Outcome
from assistant.store import receipt
from rules.facts import Level, MoneyState
from ui.actions import Action
from ui.counter import Visit
from ui.screens.choice import Choices
from ui.screens.cover import cover
from ui.screens.form import TAKE, WORDS, FormPage
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.screens.record import RecordScreen
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording

INTERCEPTIONS = frozenset({Outcome.INTERCEPTED, Outcome.PARTLY_INTERCEPTED, Outcome.NOT_INTERCEPTED})
"""Outcomes that speak of money: closing one without an amount is seldom meant."""
AMOUNTS = ("at_risk", "protected", "lost")
RELEASE = Needed(Matter.RELEASE)
"""To close as cleared what was held."""


class ClosingScreen(FormPage[bool]):
    """Returns True when the case was closed. The store refuses to close over an open gate; this page leads to each."""

    NAME = "closing"
    USUAL_WAY = "stay"
    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, TAKE, WORDS, LANGUAGE, QUIET)

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        case = visit.sheet.case
        gone = sum(
            portion.amount or 0
            for portion in case.money.values()
            if portion.state in (MoneyState.CREDITED_RECENT, MoneyState.CREDITED_OLDER, MoneyState.HANDED_OVER)
        )
        suspicious = visit.sheet.advice.level.rank >= Level.HOLD.rank
        risk = (case.facts.amount or _written(case)) if suspicious else 0
        self._amounts = {"at_risk": risk, "protected": max(risk - gone, 0), "lost": min(gone, risk)}
        doubtful = visit.sheet.advice.level is not Level.PROCEED
        self._outcome: Outcome | None = None if doubtful else Outcome.CLEARED
        self._note = ""
        self._proposed = self._given()

    def _given(self) -> tuple[object, ...]:
        return (self._outcome, *self._amounts.values(), self._note)

    def is_unsaved(self) -> bool:
        return self._given() != self._proposed

    def given(self) -> Mapping[str, str]:
        amounts = {name: str(amount) for name, amount in self._amounts.items()}
        texts = {"outcome": self._outcome or "", "note": self._note}
        return amounts | {name: text for name, text in texts.items() if text}

    def _take_up(self) -> None:
        """Fill in what the closing was to be made with when agreement to it was asked for."""
        asked = self.find_given(RELEASE)
        if "outcome" in asked:
            self._outcome, self._note = Outcome(asked["outcome"]), asked.get("note", "")
            self._amounts = {name: int(asked[name]) for name in AMOUNTS}
            self._proposed = self._given()

    def name_keeping(self, wording: Wording) -> str:
        return wording.say("closing.keep") if self._outcome and not self.sheet.case.open_gates() else ""

    def keep(self, then: Callable[[], object]) -> None:
        if self._outcome is not None:
            self._close(self._outcome, then)

    def lead(self) -> str:
        gates = self.sheet.case.open_gates()
        open_ones = self.wording.say("closing.open", count=len(gates)) if gates else self.wording.say("closing.ready")
        return "\n".join(filter(None, (open_ones, self.name_answer(RELEASE))))

    def lines(self) -> Iterator[Row]:
        wording = self.wording
        for gate in self.sheet.case.open_gates():
            yield Row(f"gate:{gate}", (Cell(wording.say("mark.todo"), 3, "warn"), Cell(wording.step(gate), 0, "warn")))
        yield Row("end", (Cell(wording.say("closing.title")),), heading=True)
        outcome = wording.case_word(f"outcome.{self._outcome}") if self._outcome else wording.say("closing.choose")
        yield Row(
            "outcome",
            (Cell(wording.say("closing.outcome"), 16), Cell(outcome, 0, "strong" if self._outcome else "warn")),
        )
        for name in AMOUNTS:
            yield Row(
                name, (Cell(wording.say(f"closing.{name}"), 16), Cell(wording.amount(self._amounts[name]), 0, "strong"))
            )
        yield Row("note", (Cell(wording.say("closing.note"), 16), Cell(cover(self._note), 0, "strong")))
        yield Row("confirm", (Cell("→", 3, "good"), Cell(wording.say("closing.confirm"), 0, "good")))

    def on_mount(self) -> None:
        self._take_up()
        super().on_mount()
        self._land()

    def _land(self) -> None:
        gates = self.sheet.case.open_gates()
        self.query_one(Rows).go_to(f"gate:{gates[0]}" if gates else "confirm" if self._outcome else "outcome")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted:
            self._land()

    def take_line(self, key: str) -> None:
        if key.startswith("gate:"):
            self.app.push_screen(RecordScreen(self.visit, key.removeprefix("gate:")))
        elif key == "outcome":
            self.choose(_list_outcomes, self._choose, self._outcome)
        elif key in AMOUNTS:
            shown = f"{self._amounts[key] // 100}"
            self.ask(lambda wording: wording.say(f"closing.{key}"), lambda text: self._put(key, text), shown, _read)
        elif key == "note":
            self.ask(lambda wording: wording.say("closing.note"), self._write, self._note, free=True)
        elif self._outcome is None:
            self.take_line("outcome")
        else:
            self._close(self._outcome)

    def _choose(self, outcome: str) -> None:
        self._outcome = Outcome(outcome)
        if self._outcome is Outcome.NOT_INTERCEPTED:
            self._amounts |= {"protected": 0, "lost": self._amounts["at_risk"]}
        self.redraw()
        unknown = self._outcome in INTERCEPTIONS and not self._amounts["at_risk"]
        self.query_one(Rows).go_to("at_risk" if unknown else "confirm")

    def _put(self, name: str, text: str) -> None:
        self._amounts[name] = _read(text)
        self.redraw()

    def _write(self, note: str) -> None:
        self._note = note
        self.redraw()

    def _close(self, outcome: Outcome, then: Callable[[], object] = lambda: None) -> None:
        desk, amounts = self.counter.desk, self._amounts
        case_id = self.sheet.case.id

        def tell() -> None:
            last = next(e for e in reversed(self.sheet.case.history) if e.kind is EventKind.CLOSED)
            said = self.wording.say("closing.done", number=self.sheet.case.number, receipt=receipt(last))
            self.app.notify(said, timeout=8)
            self.dismiss(True)
            then()

        self.save(
            lambda: desk.close(case_id, outcome, amounts["at_risk"], amounts["protected"], amounts["lost"], self._note),
            tell,
        )


def _list_outcomes(wording: Wording) -> Choices:
    outcomes = [(outcome.value, wording.case_word(f"outcome.{outcome}")) for outcome in Outcome]
    return wording.say("closing.outcome"), outcomes


def _read(text: str) -> int:
    return read_amount(text, zero=True)


def _written(case: Case) -> int:
    """Return the largest amount that a step recorded, in fen, for a case whose money was never entered."""
    amounts = [0]
    for record in case.steps.values():
        # Written by another path than the screen, it may be no amount.
        with suppress(AmountUnreadable):
            amounts.append(read_amount(record.private.get("amount", "")))
    return max(amounts)

"""Request, age, money, accounts and clearings: what the advice stands on besides the red flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import ClassVar

from assistant.amounts import read_amount
from rules.facts import AgeBand, Answer, MoneyState, PaidFrom, PayeeAt, Portion
from ui.actions import Action
from ui.moments import read_moment
from ui.screens.choice import Choices, list_money_states
from ui.screens.form import TAKE, WORDS, FormPage
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording


class FactsScreen(FormPage[None]):
    """Each line is saved as it is answered."""

    NAME = "facts"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        Action("answer('yes')", "1,y", "yes", "1", rank=4),
        Action("answer('no')", "0,n", "no", "0", rank=5),
        Action("clear", "space,delete", "clear", "Space", rank=6),
        WORDS,
        LANGUAGE,
        QUIET,
    )

    def on_mount(self) -> None:
        super().on_mount()
        unknown = [number for number, portion in self.sheet.case.money.items() if portion.amount is None]
        if unknown:
            self.query_one(Rows).go_to(f"amount:{unknown[0]}")

    def lines(self) -> Iterator[Row]:
        wording, case = self.wording, self.sheet.case
        requests = wording.join(map(wording.request, case.requests))
        age = wording.read(wording.book.age_bands[case.age].name) if case.age else wording.say("facts.not_known")
        yield _line("request", wording.say("facts.request"), requests)
        yield _line("age", wording.say("facts.age"), age)
        for number in sorted(case.money):
            yield from self._portion(number, case.money[number])
        yield _line("add", wording.say("facts.add"), "")
        yield Row("accounts", (Cell(wording.say("facts.accounts")),), heading=True)
        for fact in wording.book.accounts:
            if self.is_denied(fact):
                continue
            reply = case.accounts.get(fact)
            mark = wording.say(f"mark.{reply.value if reply else 'open'}")
            yield Row(f"account:{fact}", (Cell(mark, 4, "strong" if reply else "plain"), Cell(wording.account(fact))))
        yield Row("clearings", (Cell(wording.say("facts.clearings")),), heading=True)
        for clearing in wording.book.clearings:
            cleared = clearing in case.clearings
            box = Cell(wording.say("mark.done" if cleared else "mark.todo"), 4, "good" if cleared else "plain")
            state = wording.say("facts.cleared") if cleared else ""
            yield Row(f"clearing:{clearing}", (box, Cell(wording.clearing(clearing)), Cell(state, 8, "good")))
        yield Row("about", (Cell(wording.say("facts.about")),), heading=True)
        noted = len(case.particulars)
        yield _line("persons", wording.say("facts.persons"), wording.say("facts.noted", count=noted) if noted else "")

    def _portion(self, number: int, portion: Portion) -> Iterator[Row]:
        wording, unknown = self.wording, self.wording.say("facts.not_known")
        amount = wording.amount(portion.amount) if portion.amount is not None else unknown
        when = wording.clock(portion.when) if portion.when is not None else unknown
        state = wording.read(wording.book.money_states[portion.at(self.sheet.case.facts.now)].name)
        paid = wording.word(f"paid_from.{portion.paid_from}") if portion.paid_from else unknown
        payee = wording.word(f"payee.{portion.payee}") if portion.payee else unknown
        yield Row(f"money{number}", (Cell(wording.say("facts.money", number=number)),), heading=True)
        for part, said in (("state", state), ("amount", amount), ("when", when), ("paid_from", paid), ("payee", payee)):
            yield _line(f"{part}:{number}", wording.say(f"facts.{part}"), said)
        if len(self.sheet.case.money) > 1:
            yield _line(f"remove:{number}", wording.say("facts.remove"), "")

    def take_line(self, key: str) -> None:
        kind, _, name = key.partition(":")
        match kind:
            case "request":
                self._choose_request()
            case "age":
                self.choose(_list_ages, self._note_age, self.sheet.case.age)
            case "add":
                self._choose_state(None)
            case "account":
                reply = self.sheet.case.accounts.get(name)
                self.answer_account(name, Answer.NO if reply and reply.yes else Answer.YES)
            case "clearing":
                self._clear(name)
            case "persons":
                self._show_persons()
            case _:
                self._take_portion(kind, int(name))

    def _take_portion(self, part: str, number: int) -> None:
        portion = self.sheet.case.money[number]
        match part:
            case "state":
                self._choose_state(number)
            case "amount":
                shown = str(portion.amount // 100) if portion.amount else ""
                self.ask(
                    lambda wording: wording.say("facts.amount"),
                    lambda text: self._put(number, replace(portion, amount=read_amount(text) if text else None)),
                    shown,
                    lambda text: text and read_amount(text),
                )
            case "when":
                self.ask(
                    lambda wording: wording.say("facts.when"),
                    lambda text: self._put(number, replace(portion, when=self._moment(text))),
                    "",
                    self._moment,
                    lambda wording: wording.say("facts.when_hint"),
                )
            case "paid_from":
                self.choose(
                    lambda wording: (wording.say("facts.paid_from"), _named(PaidFrom, wording.word, "paid_from")),
                    lambda place: self._put(number, replace(portion, paid_from=PaidFrom(place))),
                    portion.paid_from,
                )
            case "payee":
                self.choose(
                    lambda wording: (wording.say("facts.payee"), _named(PayeeAt, wording.word, "payee")),
                    lambda place: self._put(number, replace(portion, payee=PayeeAt(place))),
                    portion.payee,
                )
            case "remove":
                self.save(lambda: self.counter.desk.remove_money(self.sheet.case.id, number))

    def _moment(self, text: str) -> int:
        return read_moment(text, self.counter.desk.clock(), self.wording.zone)

    def _choose_request(self) -> None:
        case = self.sheet.case
        others = case.requests[1:]
        self.choose(
            _list_requests,
            lambda request: self.save(
                lambda: self.counter.desk.request(case.id, (request, *(r for r in others if r != request)))
            ),
            case.requests[0],
        )

    def _choose_state(self, number: int | None) -> None:
        before = self.sheet.case.money[number] if number else None

        def put(state: str) -> None:
            portion = replace(before, state=MoneyState(state)) if before else Portion(MoneyState(state))
            self._put(number, portion)

        self.choose(list_money_states, put, before.state if before else None)

    def _put(self, number: int | None, portion: Portion) -> None:
        self.save(lambda: self.counter.desk.record_money(self.sheet.case.id, portion, number))

    def _note_age(self, band: str) -> None:
        self.save(lambda: self.counter.desk.note_age(self.sheet.case.id, AgeBand(band)))

    def _clear(self, clearing: str) -> None:
        desk, case = self.counter.desk, self.sheet.case
        if clearing in case.clearings:
            self.save(lambda: desk.withdraw_clearing(case.id, clearing))
            return

        def ask_how(by: str) -> None:
            self.ask(
                lambda wording: wording.say("facts.clearing_how"),
                lambda how: self.save(lambda: desk.clear(case.id, clearing, by, how)),
                free=True,
            )

        self.ask(lambda wording: wording.say("facts.clearing_by"), ask_how, free=True)

    def _show_persons(self) -> None:
        from ui.screens.persons import PersonsScreen

        self.app.push_screen(PersonsScreen(self.visit))

    def action_answer(self, value: str) -> None:
        """Answer the account fact under the cursor."""
        key = self.query_one(Rows).key or ""
        if key.startswith("account:"):
            self.answer_account(key.removeprefix("account:"), Answer(value))
            self.query_one(Rows).action_move(1)

    def action_clear(self) -> None:
        """Set the line under the cursor back to not known."""
        kind, _, name = (self.query_one(Rows).key or "").partition(":")
        if kind == "account":
            self.answer_account(name, None)
        elif kind == "age":
            self.save(lambda: self.counter.desk.note_age(self.sheet.case.id, None))


def _line(key: str, name: str, said: str) -> Row:
    return Row(key, (Cell(name, 22), Cell(said, 0, "strong")))


def _named(members: type[StrEnum], word: Callable[[str], str], kind: str) -> list[tuple[str, str]]:
    return [(member.value, word(f"{kind}.{member.value}")) for member in members]


def _list_ages(wording: Wording) -> Choices:
    return wording.say("facts.age"), [(band, wording.read(word.name)) for band, word in wording.book.age_bands.items()]


def _list_requests(wording: Wording) -> Choices:
    return wording.say("facts.request"), [(request, wording.request(request)) for request in wording.book.requests]

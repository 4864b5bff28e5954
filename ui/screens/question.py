"""One open question to the customer, and everything that its answer can settle, each with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rules.facts import Answer, Known, Reply
from rules.questions import NextQuestion
from ui.actions import Action
from ui.counter import Visit
from ui.screens.form import TAKE, WORDS, FormPage
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording


class QuestionScreen(FormPage[None]):
    """The marks are saved together with the fact that the question was asked; none is dropped unasked."""

    NAME = "question"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        Action("mark('yes','seen')", "1", "seen", "1", rank=4),
        Action("mark('yes','said')", "2", "said", "2", rank=5),
        Action("mark('yes','verified')", "3", "verified", "3", rank=6),
        Action("mark('no','said')", "0,n", "no", "0", rank=7),
        Action("unmark", "space,delete", "clear", "Space"),
        Action("set_aside", "f3", "set_aside", "F3", rank=8),
        WORDS,
        LANGUAGE,
        QUIET,
    )

    def __init__(self, visit: Visit, question: NextQuestion) -> None:
        super().__init__(visit)
        self._asked = question
        self._marks: dict[str, Reply] = {}

    def top_right(self) -> Iterator[str]:
        yield self.wording.say("top.unsaved" if self._marks else "question.nothing_yet")

    def lead(self) -> str:
        wording = self.wording
        lines = [wording.say("question.lead", ask=wording.read(self._asked.question.ask))]
        clears = [name for name in self._asked.question.clears if name not in self.sheet.case.clearings]
        if clears and not wording.quiet:
            lines.append(wording.say("question.clears", clearings=wording.join(map(wording.clearing, clears))))
        return "\n".join(lines)

    def lines(self) -> Iterator[Row]:
        wording = self.wording
        yield Row("mark", (Cell(wording.say("question.mark")),), heading=True)
        for sign in self._asked.open:
            reply = self._marks.get(sign)
            mark = wording.say(f"question.mark_{reply.value if reply else 'open'}")
            role = "plain" if reply is None else "bad" if reply.yes else "muted"
            known = wording.word(f"known.{reply.known}") if reply else ""
            yield Row(f"sign:{sign}", (Cell(mark, 4, role), Cell(wording.sign(sign), 0, role), Cell(known, 8, "muted")))
        yield Row("outcome", (Cell(wording.say("question.outcome")),), heading=True)
        for outcome in ("asked", "open", "set_aside"):
            yield Row(outcome, (Cell("", 4), Cell(wording.say(f"question.{outcome}"), 0, "strong")))

    def take_line(self, key: str) -> None:
        kind, _, sign = key.partition(":")
        if kind == "sign":
            self._put(sign, Reply(Answer.YES, self.wording.book.signs[sign].known))
        elif kind == "asked":
            rest = {sign: Reply(Answer.NO) for sign in self._asked.open if sign not in self._marks}
            self._save(rest | self._marks)
        elif kind == "open":
            self._save(self._marks)
        else:
            self.action_set_aside()

    def is_unsaved(self) -> bool:
        return bool(self._marks)

    def name_keeping(self, wording: Wording) -> str:
        return wording.say("question.keep")

    def keep(self, then: Callable[[], object]) -> None:
        self._save(self._marks, then)

    def action_mark(self, value: str, known: str) -> None:
        """Mark the red flag under the cursor and go on to the next line."""
        kind, _, sign = (self.query_one(Rows).key or "").partition(":")
        if kind == "sign":
            self._put(sign, Reply(Answer(value), Known(known)))

    def action_unmark(self) -> None:
        """Take the mark under the cursor away."""
        self._marks.pop((self.query_one(Rows).key or "").removeprefix("sign:"), None)
        self.redraw()

    def action_set_aside(self) -> None:
        """Leave the question out for this visit."""
        self._save(self._marks, set_aside=True)

    def _put(self, sign: str, reply: Reply) -> None:
        self._marks[sign] = reply
        self.redraw()
        self.query_one(Rows).action_move(1)

    def _save(
        self, marks: dict[str, Reply], then: Callable[[], object] = lambda: None, *, set_aside: bool = False
    ) -> None:
        desk = self.counter.desk
        answers = {sign: (reply.value, reply.known) for sign, reply in marks.items()}

        def leave() -> None:
            self.dismiss()
            then()

        self.save(lambda: desk.ask(self.sheet.case.id, self._asked.id, answers, set_aside=set_aside), leave)

"""Answers given from home: whether the supervisor comes to a teller who called, what a teller says to a reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.case.events import CallAnswer
from ui.calls import tell_call
from ui.now import CALL, RETURNED, REVIEWS
from ui.oversight import show_queue
from ui.reviews import reply_to_review, reviewer_of, write_returned
from ui.screens.choice import Choices, ChoiceScreen
from ui.wording import Wording

if TYPE_CHECKING:
    from ui.screens.page import Page

LOOK: Final = "look"


def take_line(page: Page[None], key: str) -> None:
    """Do what Enter on one of the lines of what waits does."""
    kind, _, case_id = key.partition(":")
    if kind == REVIEWS:
        show_queue(page)
    elif kind == CALL:
        _answer_call(page, case_id)
    elif kind == RETURNED:
        _answer_review(page, case_id)


def _answer_call(page: Page[None], case_id: str) -> None:
    """Ask whether the supervisor comes, and tell the teller."""
    case = page.counter.desk.store.case(case_id)

    def ask(wording: Wording) -> Choices:
        title = tell_call(page.counter.desk, case, wording)
        ways = [(answer.value, wording.case_word(f"call_answer.{answer}")) for answer in CallAnswer]
        return title, [*ways, (LOOK, wording.say("requests.way.look"))]

    def go_on(way: str | None) -> None:
        if way == LOOK:
            page.show_case(lambda: page.counter.desk.resume(case_id))
        elif way is not None:
            reviewer, answer = reviewer_of(page.counter.desk), CallAnswer(way)
            page.attempt(lambda: reviewer.answer_call(case_id, answer), lambda _: page.redraw())

    page.app.push_screen(ChoiceScreen(ask), go_on)


def _answer_review(page: Page[None], case_id: str) -> None:
    """Say why the case was sent back, and ask whether to answer or to look at it first."""
    case = page.counter.desk.store.case(case_id)

    def ask(wording: Wording) -> Choices:
        ways = [("reply", wording.say("review.reply_now")), (LOOK, wording.say("requests.way.look"))]
        return f"{case.number}  {write_returned(page.counter.desk, case, wording)}", ways

    def go_on(way: str | None) -> None:
        if way == LOOK:
            page.show_case(lambda: page.counter.desk.resume(case_id))
        elif way is not None:
            reply_to_review(page, case_id)

    page.app.push_screen(ChoiceScreen(ask), go_on)

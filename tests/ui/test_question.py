"""Asking the one question worth most: what the answer showed is saved with it in one move, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import EventKind
from rules.explain import Reader, with_yes
from rules.facts import Answer, Facts, Known, Level, Reply
from rules.loading import load_book
from rules.questions import rank_questions
from tests.ui.pilot import look_first
from tests.ui.stage import at, case_of, look_at, on_stage
from ui.app import CounterApp
from ui.screens.question import QuestionScreen
from ui.screens.teller import TellerScreen
from ui.widgets.rows import Rows

BOOK: Final = load_book()
READER: Final = Reader(BOOK)
ASK: Final = ("1", "f3")
"""Opens a case for a transfer and then the question."""


def teller_of(app: CounterApp) -> TellerScreen:
    """Return the teller's screen, wherever one stands."""
    return next(screen for screen in app.screen_stack if isinstance(screen, TellerScreen))


def asked_of(app: CounterApp) -> str:
    """Return the question that is proposed now."""
    best = teller_of(app).next_question()
    assert best is not None
    return best.id


async def test_the_marks_are_saved_with_the_question_and_the_rest_is_said_to_be_no(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        before, name = case_of(app), asked_of(app)
        signs = BOOK.questions[name].settles
        await pilot.press("1", "2", "3")
        assert case_of(app) == before
        while at(app) != "asked":
            await pilot.press("down")
        await pilot.press("enter")
        answers = case_of(app).answers
        assert [answers[sign] for sign in signs[:3]] == [Reply(Answer.YES, known) for known in Known]
        assert [answers[sign] for sign in signs[3:]] == [Reply(Answer.NO, Known.SAID)] * len(signs[3:])
        assert case_of(app).questions == {name}
        assert isinstance(app.screen, TellerScreen)
        times = {event.at for event in case_of(app).history[len(before.history) :] if event.kind is EventKind.ANSWERED}
        assert max(times) - min(times) < 1000


async def test_what_stayed_unclear_is_not_asked_and_not_a_no(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        name = asked_of(app)
        await pilot.press("2", "0")
        while at(app) != "open":
            await pilot.press("down")
        await pilot.press("enter")
        first, second, *rest = BOOK.questions[name].settles
        assert case_of(app).answers == {first: Reply(Answer.YES, Known.SAID), second: Reply(Answer.NO, Known.SAID)}
        assert rest
        assert case_of(app).questions == {name}


async def test_escape_without_a_mark_leaves_at_once_and_the_question_is_proposed_again(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        before, name = case_of(app), asked_of(app)
        await pilot.press("1", "up", "space", "escape")
        assert isinstance(app.screen, TellerScreen)
        assert case_of(app) == before
        assert asked_of(app) == name


async def test_escape_asks_what_becomes_of_marks_that_are_not_saved(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        before, name = case_of(app), asked_of(app)
        first, second, *_ = BOOK.questions[name].settles
        for stay in ("3", "escape"):
            await pilot.press("home", "1", "0", "escape")
            assert "尚未保存" in look_at(app).text()
            await pilot.press(stay)
            assert isinstance(app.screen, QuestionScreen)
            assert "(是)" in look_at(app).text()
            assert case_of(app) == before
        await pilot.press("escape", "1")
        assert isinstance(app.screen, TellerScreen)
        assert case_of(app).answers == {
            first: Reply(Answer.YES, Known.SEEN),
            second: Reply(Answer.NO, Known.SAID),
        }
        assert case_of(app).questions == {name}


async def test_marks_are_dropped_only_when_that_is_chosen(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        before, name = case_of(app), asked_of(app)
        await pilot.press("1", "escape", "2")
        assert isinstance(app.screen, TellerScreen)
        assert case_of(app) == before
        assert asked_of(app) == name


async def test_a_mark_is_changed_and_taken_away_before_it_is_saved(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        first, second, *_ = BOOK.questions[asked_of(app)].settles
        await pilot.press("1", "up", "3", "1", "up", "space")
        while at(app) != "open":
            await pilot.press("down")
        await pilot.press("enter")
        assert case_of(app).answers == {first: Reply(Answer.YES, Known.VERIFIED)}
        assert second not in case_of(app).answers


async def test_enter_marks_a_flag_known_as_it_usually_is(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        sign = BOOK.questions[asked_of(app)].settles[0]
        await pilot.press("enter")
        while at(app) != "open":
            await pilot.press("down")
        await pilot.press("enter")
        assert case_of(app).answers == {sign: Reply(Answer.YES, BOOK.signs[sign].known)}


@pytest.mark.parametrize("keys", [("f3",), ("end", "enter")])
async def test_a_question_set_aside_is_not_proposed_again(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        name = asked_of(app)
        await pilot.press(*keys)
        assert isinstance(app.screen, TellerScreen)
        assert case_of(app).questions == {name}
        assert case_of(app).answers == {}
        assert asked_of(app) != name
        last = case_of(app).history[-1]
        assert last.body.get("set_aside") is True


async def test_each_question_is_proposed_once_until_none_is_left(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", "1") as (app, pilot):
        first, second, *others = [found.id for found in rank_questions(BOOK, READER, case_of(app).facts)]
        for name in others:
            app.desk.ask(teller_of(app).case_id, name, {}, set_aside=True)
        seen = []
        for _ in range(2):
            seen.append(asked_of(app))
            await pilot.press("f3", "f3")
        assert seen == [first, second]
        assert "没有更多要问的" in look_at(app).text()
        before = case_of(app)
        await pilot.press("f3")
        assert isinstance(app.screen, TellerScreen)
        assert case_of(app) == before


async def test_a_question_is_taken_back_mark_by_mark(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, pilot):
        name = asked_of(app)
        await pilot.press("1", "2", "f3")
        first, second, *_ = BOOK.questions[name].settles
        assert set(case_of(app).answers) == {first, second}
        await pilot.press("backspace")
        assert case_of(app).questions == frozenset()
        assert set(case_of(app).answers) == {first, second}
        await pilot.press("backspace")
        assert set(case_of(app).answers) == {first}
        await pilot.press("backspace")
        assert case_of(app).answers == {}
        assert asked_of(app) == name


async def test_only_what_is_still_open_is_asked(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", "1") as (app, pilot):
        name = asked_of(app)
        first = BOOK.questions[name].settles[0]
        await pilot.press("f7", *BOOK.signs[first].name.zh, "0", "escape")
        assert first in case_of(app).answers
        while asked_of(app) != name:
            await pilot.press("f3", "f3")
        await pilot.press("f3")
        shown = [row.key for row in app.screen.query_one(Rows)._rows]
        assert [key for key in shown if key.startswith("sign:")] == [
            f"sign:{s}" for s in BOOK.questions[name].settles[1:]
        ]


async def test_in_a_closed_case_nothing_is_proposed(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", "1", "f8", "enter") as (app, pilot):
        assert case_of(app).closing is not None
        look_first(app)
        await pilot.press("end", "enter")
        assert isinstance(app.screen, TellerScreen)
        assert teller_of(app).next_question() is None
        await pilot.press("f3")
        assert isinstance(app.screen, TellerScreen)
        assert not isinstance(app.screen, QuestionScreen)


async def test_the_question_names_what_a_true_answer_may_clear(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ASK) as (app, _):
        question = BOOK.questions[asked_of(app)]
        assert question.clears
        text = look_at(app).text().replace("\n", "").replace(" ", "")
        assert question.ask.zh[:20] in text
        assert all(BOOK.clearings[name].name.zh in text for name in question.clears)


def score_of(question: str, facts: Facts) -> int:
    """Return what `question` is worth in a visit with these facts."""
    return next(found.score for found in rank_questions(BOOK, READER, facts) if found.id == question)


def facts_of(*requests: str, **more: Reply) -> Facts:
    """Return the facts of a visit with these answers."""
    return Facts(requests=frozenset(requests), answers=more)


@pytest.mark.parametrize("request_id", list(BOOK.requests))
def test_every_question_is_reached_in_a_visit_of_any_request(request_id: str) -> None:
    done: set[str] = set()
    while ranked := rank_questions(BOOK, READER, facts_of(request_id), done):
        done.add(ranked[0].id)
    assert done == set(BOOK.questions)


@pytest.mark.parametrize("request_id", list(BOOK.requests))
def test_the_first_question_is_made_for_the_request_or_for_any(request_id: str) -> None:
    best = rank_questions(BOOK, READER, facts_of(request_id))[0]
    assert request_id in (best.question.requests or BOOK.requests)
    first = set(BOOK.requests[request_id].first)
    assert request_id in best.question.requests or first & set(best.open)


def test_every_sign_that_decides_alone_can_be_asked_for_or_is_seen() -> None:
    settled = {sign for question in BOOK.questions.values() for sign in question.settles}
    said = {name for name, sign in BOOK.signs.items() if sign.known is Known.SAID}
    assert said <= settled


def test_the_ranking_is_by_score_and_the_same_every_time() -> None:
    for request in BOOK.requests:
        ranked = rank_questions(BOOK, READER, facts_of(request))
        scores = [found.score for found in ranked]
        assert scores == sorted(scores, reverse=True)
        assert ranked == rank_questions(BOOK, READER, facts_of(request))


def test_a_question_of_which_nothing_is_open_is_not_ranked() -> None:
    for name, question in BOOK.questions.items():
        answered = {sign: Reply(Answer.NO, Known.SAID) for sign in question.settles}
        assert name not in {found.id for found in rank_questions(BOOK, READER, facts_of("transfer", **answered))}


def test_a_purpose_that_was_cleared_can_still_be_asked_about() -> None:
    cleared = Facts(requests=frozenset({"transfer"}), clearings=frozenset({"purpose_documented"}))
    ranked = {found.id: found for found in rank_questions(BOOK, READER, cleared)}
    assert ranked["purpose"].open == BOOK.questions["purpose"].settles


def test_a_clearing_weighs_only_where_there_is_something_to_clear() -> None:
    alarmed = facts_of("transfer", service_caller=Reply(Answer.YES, Known.SAID), secrecy=Reply(Answer.YES, Known.SAID))
    cleared = Facts(requests=alarmed.requests, answers=alarmed.answers, clearings=frozenset({"family_confirmed"}))
    assert READER.level(alarmed) is not Level.PROCEED
    assert score_of("family", alarmed) == score_of("family", cleared) + 1
    calm = facts_of("transfer")
    assert READER.level(calm) is Level.PROCEED
    shown = replace(calm, clearings=frozenset(BOOK.questions["need_for_account"].clears))
    assert score_of("need_for_account", calm) == score_of("need_for_account", shown)


def test_a_question_weighs_as_much_as_the_most_telling_of_its_answers() -> None:
    open_, told = facts_of("account_query"), facts_of("account_query", official_caller=Reply(Answer.NO, Known.SAID))
    assert READER.level(with_yes(open_, "official_caller")) is Level.POLICE
    assert score_of("contact", open_) > score_of("contact", told)


def test_a_question_that_would_offend_an_honest_customer_waits_until_there_is_a_reason_to_ask() -> None:
    assert BOOK.questions["card_and_phone"].once is Level.ASK
    calm = facts_of("cash_withdrawal")
    assert rank_questions(BOOK, READER, calm)[-1].id == "card_and_phone"
    doubtful = facts_of("cash_withdrawal", hurried=Reply(Answer.YES, Known.SEEN))
    assert READER.level(doubtful) is Level.ASK
    fitting = [
        found.id for found in rank_questions(BOOK, READER, doubtful) if "cash_withdrawal" in found.question.requests
    ]
    assert "card_and_phone" in fitting[:3]

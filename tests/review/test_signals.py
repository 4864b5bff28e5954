"""What the records of a case raise: each pattern as a question, and nothing where somebody works as people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest
import yaml

from assistant import review
from assistant.case.events import Draft, EventKind, JsonValue, Outcome
from assistant.desk import Desk
from assistant.review import signals
from assistant.review.habits import ANSWERS, VISITS, HabitCode, find_habits
from assistant.review.signals import SignalCode, find_signals
from assistant.review.words import ask_habit, ask_signal
from assistant.stamps import make_id
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import Answer, Known, StepOutcome
from rules.language import Language
from tests.case.visits import MINUTE, SECOND, Clock, new_desk
from tests.outlet import lay

PAUSE: Final = 7 * SECOND
"""How long somebody who works as people do takes for one move."""
ADVISED: Final = (
    ("call_110", True, ()),
    ("contact_family", False, ()),
    ("pause_transaction", True, ()),
    ("check_payee_lists", True, ()),
    ("emergency_stop_application", True, ("call_110",)),
    ("green_channel", False, ()),
)


class Visit:
    """A visit written event by event, each at the time that it is said to be."""

    def __init__(self, path: Path) -> None:
        lay(path)
        self.store = Store.open(path)
        self.clock = Clock()
        self.case_id = self.open()

    def open(self, actor: str = "t1", *replies: str) -> str:
        """Open a case with advice on it, and these answers to the first red flags, and return its id."""
        self.case_id = make_id()
        steps: list[JsonValue] = [{"id": name, "gates": gates, "after": [*after]} for name, gates, after in ADVISED]
        advice: dict[str, JsonValue] = {"rulebook": "1", "level": "police", "steps": steps}
        drafts = [
            self.draft(EventKind.OPENED, 0, actor, {"request": "transfer"}),
            self.draft(EventKind.ADVISED, 0, actor, advice),
        ]
        for number, reply in enumerate(replies):
            body: dict[str, JsonValue] = {"sign": f"flag_{number}", "value": reply, "known": "said"}
            drafts.append(self.draft(EventKind.ANSWERED, PAUSE, actor, body))
        self.store.append_all(drafts)
        return self.case_id

    def draft(self, kind: EventKind, after: int, actor: str, body: dict[str, JsonValue]) -> Draft:
        """Return an event so many milliseconds after the one before."""
        self.clock.wait(after)
        return Draft(make_id(), self.case_id, self.clock(), actor, kind, body)

    def write(self, kind: EventKind, after: int, actor: str = "t1", **body: JsonValue) -> Visit:
        """Save an event so many milliseconds after the one before."""
        self.store.append(self.draft(kind, after, actor, body))
        return self

    def answer(self, sign: str, after: int, value: str = "no", actor: str = "t1") -> Visit:
        """Answer a red flag."""
        return self.write(EventKind.ANSWERED, after, actor, sign=sign, value=value, known="said")

    def do(self, step: str, after: int, actor: str = "t1") -> Visit:
        """Record a step as done."""
        return self.write(EventKind.STEP_RECORDED, after, actor, step=step, outcome="done")

    def set_aside(self, step: str, after: int, reason: str = "not_possible_here") -> Visit:
        """Record a step as not done."""
        return self.write(EventKind.STEP_RECORDED, after, step=step, outcome="not_applicable", reason=reason)

    def close(self, after: int = PAUSE) -> Visit:
        """Close the case."""
        return self.write(EventKind.CLOSED, after, outcome="left", at_risk=0, protected=0, lost=0)

    @property
    def codes(self) -> list[SignalCode]:
        """What the records of the case raise."""
        return [signal.code for signal in find_signals(self.store.case(self.case_id))]


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    made = Visit(tmp_path / "cases.db")
    yield made
    made.store.close()


def answer_flags(visit: Visit, count: int, apart: int) -> None:
    visit.clock.wait(PAUSE)
    for number in range(count):
        visit.answer(f"flag_{number}", apart if number else 0)


def test_ten_flags_within_two_seconds_are_asked_about_and_nine_or_slower_ones_are_not(visit: Visit) -> None:
    answer_flags(visit, 9, 10)
    assert visit.codes == []
    visit.open()
    answer_flags(visit, 10, 230)
    assert visit.codes == []
    visit.open()
    answer_flags(visit, 10, 222)
    (signal,) = find_signals(visit.store.case(visit.case_id))
    assert signal.code is SignalCode.FLAGS_AT_ONCE
    assert (signal.details["count"], signal.details["seconds"]) == (10, 2)
    assert len(signal.events) == 10


def test_a_longer_run_is_one_signal_with_all_its_flags_and_other_runs_are_their_own(visit: Visit) -> None:
    answer_flags(visit, 14, 0)
    answer_flags(visit, 11, 20)
    counts = [signal.details["count"] for signal in find_signals(visit.store.case(visit.case_id))]
    assert counts == [14, 11]


def test_the_same_flag_answered_again_is_one_flag_and_two_people_are_two(visit: Visit) -> None:
    for _ in range(12):
        visit.answer("flag_0", 10)
    for number, actor in zip(range(18), cycle(("t1", "t2"))):
        visit.answer(f"flag_{number}", 10, actor=actor)
    assert visit.codes == []


def test_what_one_question_settles_was_asked_for_at_once(visit: Visit) -> None:
    for question in range(2):
        visit.clock.wait(900)
        for number in range(6):
            visit.answer(f"flag_{question}_{number}", 1)
        visit.write(EventKind.QUESTION_ASKED, 1, question=f"question_{question}")
    assert visit.codes == []
    visit.open()
    answer_flags(visit, 30, 1)
    visit.write(EventKind.QUESTION_ASKED, 1, question="question_0")
    assert visit.codes == [SignalCode.FLAGS_AT_ONCE]


def test_steps_done_at_once_are_asked_about(visit: Visit) -> None:
    visit.do("pause_transaction", PAUSE).do("green_channel", SECOND)
    assert visit.codes == []
    visit.do("check_payee_lists", SECOND)
    assert visit.codes == [SignalCode.STEPS_AT_ONCE]
    visit.open()
    visit.do("pause_transaction", PAUSE).do("green_channel", 0)
    assert visit.codes == [SignalCode.STEPS_AT_ONCE]
    visit.open()
    visit.do("call_110", PAUSE).do("contact_family", 0)
    assert visit.codes == [SignalCode.STEPS_AT_ONCE]


def test_a_call_done_within_a_second_of_its_advice_is_asked_about(visit: Visit) -> None:
    visit.do("call_110", SECOND)
    assert visit.codes == [SignalCode.TOO_SOON]
    visit.open()
    visit.do("pause_transaction", SECOND).do("call_110", 1)
    assert visit.codes == []


def test_two_calls_closer_together_than_either_takes_are_asked_about(visit: Visit) -> None:
    visit.do("call_110", PAUSE).do("contact_family", 4 * SECOND)
    assert visit.codes == [SignalCode.CANNOT_BOTH_FIT]
    visit.open()
    visit.do("call_110", PAUSE).do("contact_family", 4 * SECOND, "t2")
    visit.do("call_110", SECOND)
    assert visit.codes == []


def test_what_needs_a_call_is_not_done_before_it(visit: Visit) -> None:
    visit.do("emergency_stop_application", PAUSE).do("call_110", PAUSE)
    (signal,) = find_signals(visit.store.case(visit.case_id))
    assert signal.code is SignalCode.BEFORE_ITS_TURN
    assert (signal.details["step"], signal.details["before"]) == ("emergency_stop_application", "call_110")
    visit.open()
    visit.do("call_110", PAUSE).do("emergency_stop_application", PAUSE).do("call_110", PAUSE)
    assert visit.codes == []
    visit.open()
    visit.set_aside("call_110", PAUSE).do("emergency_stop_application", PAUSE).do("call_110", PAUSE)
    assert visit.codes == []


def test_the_police_do_not_take_over_before_they_are_called(visit: Visit) -> None:
    visit.set_aside("contact_family", PAUSE, "police_took_over")
    assert visit.codes == []
    visit.do("call_110", MINUTE)
    assert visit.codes == [SignalCode.POLICE_FIRST]


def settle_gates(visit: Visit, apart: int, first: int = MINUTE) -> None:
    visit.do("call_110", first).set_aside("pause_transaction", apart).set_aside("check_payee_lists", apart)
    visit.set_aside("emergency_stop_application", apart)


def test_gates_long_open_and_settled_at_once_before_the_closing_are_asked_about(visit: Visit) -> None:
    settle_gates(visit, 3 * SECOND)
    assert visit.codes == []
    visit.close()
    assert visit.codes == [SignalCode.GATES_AT_CLOSING]
    for apart, closed in ((PAUSE, PAUSE), (3 * SECOND, MINUTE)):
        visit.open()
        settle_gates(visit, apart)
        visit.close(closed)
        assert visit.codes == []
    visit.open()
    settle_gates(visit, 3 * SECOND, MINUTE - 1)
    assert visit.close().codes == []


def test_a_clock_that_went_back_is_asked_about_and_clocks_that_differ_a_little_are_not(visit: Visit) -> None:
    visit.answer("flag_0", PAUSE).answer("flag_1", -MINUTE)
    assert visit.codes == []
    visit.answer("flag_2", -1)
    assert visit.codes == [SignalCode.CLOCK_BACK]


def test_what_was_taken_back_raises_nothing(visit: Visit) -> None:
    visit.do("call_110", SECOND)
    visit.write(EventKind.TAKEN_BACK, PAUSE, event=visit.store.case(visit.case_id).history[-1].id)
    assert visit.codes == []


SIGNS: Final = ("on_phone", "official_caller", "safe_account_story", "secrecy", "screen_sharing", "all_savings")


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = new_desk(tmp_path / "desk.db", adviser, Clock())
    yield made
    made.store.close()


@pytest.mark.parametrize("values", [(Answer.YES,), (Answer.NO,), (Answer.YES, Answer.NO)])
def test_a_visit_worked_as_people_work_raises_nothing(desk: Desk, values: tuple[Answer, ...]) -> None:
    clock = desk.clock
    assert isinstance(clock, Clock)
    case_id = desk.open("transfer").case.id
    for sign, value in zip(SIGNS, cycle(values)):
        clock.wait(2 * SECOND)
        desk.answer(case_id, sign, value)
    name, question = next(iter(desk.book.questions.items()))
    clock.wait(PAUSE)
    desk.ask(case_id, name, {sign: (Answer.NO, Known.SAID) for sign in question.settles})
    while (step := desk.store.case(case_id).next_step) is not None:
        clock.wait(PAUSE)
        facts = [fact for fact in desk.book.steps[step].check_first if fact not in desk.store.case(case_id).accounts]
        for fact in facts:
            desk.answer_account(case_id, fact, Answer.NO)
            clock.wait(PAUSE)
        written = {field.id: "2002" if field.kind == "staff" else "1" for field in desk.book.steps[step].record}
        if step in {advised.id for advised in desk.store.case(case_id).advised_steps}:
            desk.record_step(case_id, step, StepOutcome.DONE, None, written)
    clock.wait(PAUSE)
    case = desk.close(case_id, Outcome.INTERCEPTED, 100, 100, 0).case
    assert find_signals(case) == ()


def visit_often(visit: Visit, count: int, reply: Callable[[int, int], str], answers: int = ANSWERS) -> None:
    for number in range(count):
        visit.open("t7", *(reply(number, flag) for flag in range(answers)))


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lambda number, flag: "no", HabitCode.ALWAYS_NO),
        (lambda number, flag: "yes" if flag == 2 else "no", HabitCode.ALWAYS_SAME),
        (lambda number, flag: "yes" if (number, flag) == (3, 3) else "no", None),
    ],
    ids=["always no", "always the same", "once otherwise"],
)
def test_answers_that_are_always_the_same_are_asked_about(
    visit: Visit, reply: Callable[[int, int], str], code: HabitCode | None
) -> None:
    visit_often(visit, VISITS - 1, reply)
    visit_often(visit, 3, reply, ANSWERS - 1)
    assert find_habits(visit.store, "t7") == ()
    visit_often(visit, 1, reply)
    habits = find_habits(visit.store, "t7")
    assert [habit.code for habit in habits] == ([code] if code else [])
    assert find_habits(visit.store, "t1") == ()
    for habit in habits:
        assert len(set(habit.cases)) == VISITS
        for language in Language:
            assert "t7" in ask_habit(habit, language)


def test_every_signal_is_a_question_in_both_languages() -> None:
    words = yaml.safe_load(Path(review.__file__).with_name("text.yaml").read_text("utf-8"))
    assert set(words["signal"]) == set(SignalCode)
    assert set(words["habit"]) == set(HabitCode)
    for text in (*words["signal"].values(), *words["habit"].values()):
        assert text["zh"].endswith("？")
        assert text["en"].endswith("?")


def test_a_question_names_its_steps_and_shows_no_id(visit: Visit, adviser: Adviser) -> None:
    settle_gates(visit, 0)
    visit.do("emergency_stop_application", PAUSE).do("contact_family", SECOND).do("call_110", SECOND).close()
    found = find_signals(visit.store.case(visit.case_id))
    assert found
    for language in Language:
        names = {step: entry.name.read(language) for step, entry in adviser.book.steps.items()}
        for signal in found:
            asked = ask_signal(signal, language, names.__getitem__)
            assert "_" not in asked
            assert "{" not in asked


def test_the_steps_that_signals_know_are_in_the_rulebook(adviser: Adviser) -> None:
    named = {*signals.TALKING, *signals.NEEDS, *(step for needed in signals.NEEDS.values() for step in needed)}
    assert named <= set(adviser.book.steps)
    assert max(len(question.settles) for question in adviser.book.questions.values()) <= signals.MOST_SETTLED

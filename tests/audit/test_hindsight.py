"""What today's rulebook would have said is compared advice by advice, on the facts as they stood at each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.audit.dossier import gather_dossier, look_back
from assistant.audit.hindsight import Hindsight, replay_case
from assistant.audit.page import PageWriter
from assistant.audit.sentences import Sentences
from assistant.case.bodies import write_body
from assistant.case.case import Case
from assistant.case.events import Draft, EventKind, JsonValue, Outcome, Reason
from assistant.desk import Desk
from assistant.plain.events import EventWriter
from assistant.replay.figures import Difference
from assistant.stamps import make_id
from rules.advice import Adviser
from rules.facts import Answer, Known, Level, StepOutcome
from rules.language import Language
from rules.model import Book
from tests.audit.story import REFERRAL, begin, close, hold, settle_gates
from tests.case.visits import MINUTE, Clock
from tests.people.branch import AUDITOR, SUPERVISOR, TELLER
from tests.rules.edited import altered, without


@contextmanager
def advising(book: Book) -> Iterator[Adviser]:
    adviser = Adviser(book)
    try:
        yield adviser
    finally:
        adviser.close()


def count_advices(desk: Desk, case_id: str) -> int:
    return sum(event.kind is EventKind.ADVISED for event in desk.store.case(case_id).history)


def test_the_same_rulebook_says_the_same_each_time(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    clock.wait(MINUTE)
    desk.answer(case_id, "hurried", Answer.YES)
    desk.take_back(case_id)
    settle_gates(desk, case_id)
    close(desk, case_id, Outcome.LEFT)
    told = replay_case(desk.store.case(case_id), desk.adviser)
    assert (told.passages, told.difference) == ((), Difference.NONE)
    assert told.advices == count_advices(desk, case_id)
    assert told.recorded == (told.rulebook,)


def test_a_rule_that_is_gone_shows_in_each_advice_that_rested_on_it(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    first = desk.store.case(case_id).history[-1]
    clock.wait(MINUTE)
    desk.answer(case_id, "screen_sharing", Answer.YES)
    last = desk.store.case(case_id).history[-1]
    with advising(without(desk.book, "step_rules", "s-pause")) as adviser:
        told = replay_case(desk.store.case(case_id), adviser)
    assert told.difference is Difference.STEPS
    (before, after) = told.passages
    assert [one.seq for one in told.passages] == [first.seq, last.seq]
    for passage in (before, after):
        assert (passage.change.gone, passage.change.added) == (("pause_transaction",), ())
        assert passage.change.first is not None
        assert passage.change.first[0] == "pause_transaction"
        assert passage.change.level is None


def test_what_differs_in_the_same_way_several_times_is_told_once(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    desk.record_step(case_id, "pause_transaction", StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    for sign in ("screen_sharing", "distressed"):
        clock.wait(MINUTE)
        desk.answer(case_id, sign, Answer.YES)
    with advising(without(desk.book, "step_rules", "s-police")) as adviser:
        told = replay_case(desk.store.case(case_id), adviser)
    (passage,) = told.passages
    assert passage.change.gone == ("call_110",)
    assert passage.advices == count_advices(desk, case_id) - 1
    assert (passage.at, passage.until) == (told.passages[0].at, clock())


def test_a_lower_level_today_is_told_as_such(desk: Desk) -> None:
    case_id = hold(desk)
    reached = desk.store.case(case_id).advice
    assert reached is not None
    rules = [name.removeprefix("level.") for name in reached.rules if name.startswith("level.")]
    book = desk.book
    for rule in rules:
        book = altered(book, "level_rules", rule, level=Level.ASK)
    with advising(book) as adviser:
        told = replay_case(desk.store.case(case_id), adviser)
    (passage,) = told.passages
    assert passage.change.level == (reached.level, Level.ASK)
    assert told.difference is Difference.STOP_LESS


def test_the_page_says_from_when_to_when_what_would_have_been_said_otherwise(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    clock.wait(MINUTE)
    desk.answer(case_id, "distressed", Answer.YES)
    with advising(without(desk.book, "step_rules", "s-police")) as adviser:
        told = replay_case(desk.store.case(case_id), adviser)
    writer = EventWriter(desk.book, desk.store.outlet, Language.EN)
    assert list(PageWriter(Sentences(writer)).hindsight(told)) == [
        f"Today's rulebook ({told.rulebook}) on these 3 advices:",
        "  2025-11-23 12:00:00 to 2025-11-23 12:01:00, 2 times:",
        "      steps gone: Call 110",
        "  of the last one: same level, other steps.",
    ]


def look(desk: Desk, case_id: str, reader: str, adviser: Adviser) -> tuple[Case, Hindsight]:
    """Return a case as somebody sees it, and what that one is told of it under another rulebook."""
    whole = desk.store.case(case_id)
    desk.change_to(reader)
    try:
        shown = gather_dossier(desk, whole, (desk.book,)).case
        return shown, look_back(desk, whole, shown, (desk.book,), adviser)
    finally:
        desk.change_to(TELLER)


READERS = pytest.mark.parametrize(("reader", "seen"), [(TELLER, False), (AUDITOR, False), (SUPERVISOR, True)])


@READERS
def test_a_suspicious_transaction_report_that_is_no_longer_advised_stays_hidden(
    desk: Desk, reader: str, *, seen: bool
) -> None:
    case_id = begin(desk, "account_opening")
    desk.answer(case_id, "id_mismatch", Answer.YES, Known.VERIFIED)
    rules = [name for name, rule in desk.book.step_rules.items() if REFERRAL in rule.advises]
    with advising(without(desk.book, "step_rules", *rules)) as adviser:
        told = look(desk, case_id, reader, adviser)[1]
    assert (REFERRAL in repr(told)) is seen
    assert (told.passages != ()) is seen


@READERS
def test_and_so_does_one_that_only_today_would_be(desk: Desk, reader: str, *, seen: bool) -> None:
    case_id = hold(desk)
    with advising(altered(desk.book, "step_rules", "s-pause", advises=("pause_transaction", REFERRAL))) as adviser:
        told = look(desk, case_id, reader, adviser)[1]
    assert (REFERRAL in repr(told)) is seen
    assert (told.passages != ()) is seen


@READERS
def test_advice_that_was_saved_for_its_sake_alone_is_not_counted(desk: Desk, reader: str, *, seen: bool) -> None:
    case_id = hold(desk)
    advice = desk.store.case(case_id).history[-1]
    steps: list[JsonValue] = [write_body(step) for step in desk.store.case(case_id).advised_steps]
    body: dict[str, JsonValue] = {**advice.body, "steps": [*steps, {"id": REFERRAL}]}
    desk.store.append(Draft(make_id(), case_id, desk.clock(), TELLER, EventKind.ADVISED, body))
    shown, told = look(desk, case_id, reader, desk.adviser)
    assert told.advices == sum(event.kind is EventKind.ADVISED for event in shown.history) == (3 if seen else 2)
    assert (told.passages != ()) is seen

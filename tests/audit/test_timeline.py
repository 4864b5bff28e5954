"""The timeline tells every event once, to the second, and of nothing that its reader must not learn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.audit.dossier import Dossier, gather_dossier
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import Line, tell_case
from assistant.case.bodies import BODIES
from assistant.case.events import (
    CallAnswer,
    CallFor,
    Draft,
    EventKind,
    JsonValue,
    Matter,
    Outcome,
    Reason,
    RevealReason,
)
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.plain.events import EventWriter
from assistant.stamps import make_id
from rules.facts import Answer, Known, StepOutcome
from rules.language import Catalogue, Language
from tests.audit.story import (
    REFERRAL,
    TELLING,
    agree,
    begin,
    close,
    do_alone,
    hold,
    refer,
    settle_gates,
    tells_each_once,
)
from tests.case.visits import MINUTE, NOON, SECOND, Clock
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER

PHONE = "13800138000"


def gather(desk: Desk, case_id: str, reader: str = SUPERVISOR) -> Dossier:
    desk.change_to(reader)
    try:
        return gather_dossier(desk, desk.store.case(case_id), (desk.book,))
    finally:
        desk.change_to(TELLER)


def tell(
    desk: Desk, case_id: str, reader: str = SUPERVISOR, language: Language = Language.EN, *, texts: bool = False
) -> tuple[Line, ...]:
    """Return the whole timeline as somebody may read it."""
    dossier = gather(desk, case_id, reader)
    sentences = Sentences(EventWriter(desk.book, desk.store.outlet, language))
    return tell_case(dossier.case, sentences, dossier.requests, dossier.looks, texts=texts)


def below(lines: tuple[Line, ...], line: Line) -> list[str]:
    """Return what stands below a line."""
    return [other.text for other in lines if other.seq == line.seq and other.depth]


def find(lines: tuple[Line, ...], kind: EventKind) -> Line:
    """Return the last event of a kind."""
    return next(line for line in reversed(lines) if line.kind is kind and not line.depth)


def save(desk: Desk, case_id: str, actor: str, kind: EventKind, body: dict[str, JsonValue], comment: str = "") -> None:
    """Have somebody make a move that the desk has no word for."""
    private = {"comment": comment} if comment else {}
    desk.store.append(Draft(make_id(), case_id, desk.clock(), actor, kind, body, private))


def test_an_answer_says_what_was_asked_and_how_it_is_known(desk: Desk, clock: Clock) -> None:
    case_id = begin(desk)
    for place, known in enumerate(Known):
        clock.wait(SECOND)
        desk.answer(case_id, "hurried", Answer.YES, known)
        answered = find(tell(desk, case_id), EventKind.ANSWERED)
        assert (answered.at, answered.actor) == (NOON + (place + 1) * SECOND, TELLER)
        assert answered.text.endswith(f": yes ({known})")
    desk.ask(case_id, "payee", {"unknown_payee": (Answer.YES, Known.SAID)})
    assert find(tell(desk, case_id), EventKind.QUESTION_ASKED).text.startswith("asked: ")


def test_advice_says_what_changed_against_the_one_before_and_by_which_rules(desk: Desk) -> None:
    lines = tell(desk, hold(desk))
    advised = find(lines, EventKind.ADVISED)
    details = below(lines, advised)
    assert "first: Pause the transaction (rulebook" in advised.text
    assert details[0].startswith('level from "Serve as usual with the ordinary reminder" to "')
    assert any(text.startswith("now suspected: Impersonation of police") for text in details)
    assert any(text.startswith("steps added: Pause the transaction, ") for text in details)
    assert "because: Nothing is posted until it is clear (step.s-pause)" in details
    assert any("(level." in text for text in details)


def test_advice_gives_the_reasons_of_the_level_it_reached_and_of_no_lower_one(desk: Desk) -> None:
    case_id = begin(desk)
    desk.answer(case_id, "hurried", Answer.YES, Known.SEEN)
    assert "(level.flag-present)" in "".join(line.text for line in tell(desk, case_id))
    desk.answer(case_id, TELLING, Answer.YES, Known.SAID)
    lines = tell(desk, case_id)
    reached = desk.store.case(case_id).advice
    assert reached is not None
    assert "level.flag-present" in reached.rules
    assert "(level.flag-present)" not in "".join(below(lines, find(lines, EventKind.ADVISED)))


def test_advice_names_the_action_that_was_next_by_then(desk: Desk) -> None:
    case_id = hold(desk)
    desk.record_step(case_id, "pause_transaction", StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    desk.answer(case_id, "screen_sharing", Answer.YES)
    step = desk.store.case(case_id).next_step
    assert step is not None
    name = desk.book.steps[step].name.en
    assert f"first: {name} (" in find(tell(desk, case_id), EventKind.ADVISED).text


def test_a_step_says_what_became_of_it_and_for_which_reason(desk: Desk) -> None:
    case_id = hold(desk)
    desk.record_step(case_id, "pause_transaction", StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
    assert find(tell(desk, case_id), EventKind.STEP_RECORDED).text == (
        "step: Pause the transaction: refused (the customer refuses)"
    )


def test_what_was_taken_back_is_told_twice_as_it_was_and_by_its_name(desk: Desk) -> None:
    case_id = begin(desk)
    desk.answer(case_id, "hurried", Answer.YES)
    desk.take_back(case_id)
    lines = tell(desk, case_id)
    answered, undone = find(lines, EventKind.ANSWERED), find(lines, EventKind.TAKEN_BACK)
    assert answered.text.endswith(" (taken back)")
    assert undone.text == f"taken back: {answered.text.removesuffix(' (taken back)')}"


def test_a_departure_stands_below_the_event_that_made_it(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    desk.record_step(case_id, "pause_transaction", StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT)
    lines = tell(desk, case_id)
    (text,) = below(lines, find(lines, EventKind.STEP_RECORDED))
    assert text.startswith('departs from the advice: "Pause the transaction" was set aside')
    assert text.endswith('(counts as "against the advice", to be reviewed)')


def test_a_second_person_is_told_from_the_asking_to_the_agreement(desk: Desk, clock: Clock) -> None:
    case_id = hold(desk)
    settle_gates(desk, case_id)
    clock.wait(MINUTE)
    agree(desk, case_id, Matter.RELEASE)
    clock.wait(MINUTE)
    close(desk, case_id, Outcome.CLEARED)
    lines = tell(desk, case_id)
    kinds = [line.kind for line in lines if line.at >= NOON + MINUTE and not line.depth]
    assert kinds == [EventKind.ASKED, EventKind.APPROVED, EventKind.AUTHORISED, EventKind.CLOSED]
    assert find(lines, EventKind.ASKED).text == "asked another to agree: release and close as cleared"
    assert (find(lines, EventKind.APPROVED).actor, find(lines, EventKind.ASKED).actor) == (SUPERVISOR, TELLER)
    assert "agreed to by s1" in "".join(below(lines, find(lines, EventKind.CLOSED)))


def test_an_emergency_is_told_with_its_reason_and_how_it_was_found(desk: Desk) -> None:
    case_id = hold(desk)
    do_alone(desk, case_id, Matter.RELEASE)
    (request,) = desk.store.list_requests(about=case_id)
    desk.office_of(SUPERVISOR).review(request.subject, upheld=False, why="电话打得通")
    lines = tell(desk, case_id, texts=True)
    assert "(nobody who may decide was in reach)" in find(lines, EventKind.EMERGENCY_USED).text
    reviewed = find(lines, EventKind.EMERGENCY_REVIEWED)
    assert reviewed.text.startswith("looked at the emergency and found it wrong")
    assert below(lines, reviewed) == ["why: 电话打得通"]


def test_what_was_written_in_a_request_is_told_only_to_whom_may_look_into_it(desk: Desk) -> None:
    case_id = begin(desk)
    desk.office_of(MANAGER).ask(EventKind.AUTHORISED, {"matter": "release"}, about=case_id, why="客户坚持要走")
    for reader, seen in ((MANAGER, True), (AUDITOR, True), (TELLER, False)):
        lines = tell(desk, case_id, reader, texts=True)
        assert below(lines, find(lines, EventKind.ASKED)) == (["why: 客户坚持要走"] if seen else [])


def test_looks_are_told_only_to_whom_may_read_them(desk: Desk) -> None:
    case_id = begin(desk)
    desk.note_particulars(case_id, Party.CUSTOMER, Field.PHONE, PHONE)
    desk.look_at(case_id)
    desk.reveal(case_id, RevealReason.CALL_BACK)
    looks = [line.text for line in tell(desk, case_id, AUDITOR) if line.kind is EventKind.ACCESSED]
    assert looks == ["looked at the case: opened", "looked at the case: shown in full (to call back and verify)"]
    assert [line for line in tell(desk, case_id, TELLER) if line.kind is EventKind.ACCESSED] == []


def test_texts_are_told_only_when_asked_for_and_then_masked(desk: Desk) -> None:
    case_id = hold(desk)
    desk.note(case_id, f"客户的电话是{PHONE}，收款人卞 虚 构、卞虚拟")
    desk.note_particulars(case_id, Party.PAYEE, Field.NAME, "卞虚构")
    desk.note_particulars(case_id, Party.CONTACT, Field.NAME, "卞虚拟")
    desk.note_particulars(case_id, Party.CUSTOMER, Field.PHONE, PHONE)
    desk.clear(case_id, "family_confirmed", "女儿", f"回拨{PHONE}\n已确认")
    desk.record_step(case_id, "call_110", StepOutcome.DONE, written={"unit": "演示派出所（虚构）"})
    silent = tell(desk, case_id)
    assert [line for line in silent if "138" in line.text or "女儿" in line.text] == []
    lines = tell(desk, case_id, texts=True)
    assert below(lines, find(lines, EventKind.NOTED)) == ["note: 客户的电话是138****8000，收款人卞*、卞*"]
    assert below(lines, find(lines, EventKind.PARTICULARS_NOTED)) == ["value: 138****8000"]
    assert {"verified by: 女儿", "how: 回拨138****8000 已确认"} <= {*below(lines, find(lines, EventKind.CLEARED))}
    assert "Police unit that took the report: 演示派出所（虚构）" in below(lines, find(lines, EventKind.STEP_RECORDED))
    assert [line for line in lines if PHONE in line.text] == []


@pytest.mark.parametrize("language", Language)
def test_nothing_of_a_suspicious_transaction_report_is_told_to_whom_need_not_know(
    desk: Desk, language: Language
) -> None:
    case_id = refer(desk)
    name = desk.book.steps[REFERRAL].name.read(language)
    rules = [f"step.{rule}" for rule, entry in desk.book.step_rules.items() if set(entry.advises) == {REFERRAL}]
    for reader, seen in ((TELLER, False), (AUDITOR, False), (SUPERVISOR, True), (COMPLIANCE, True), (MANAGER, True)):
        told = "\n".join(line.text for line in tell(desk, case_id, reader, language, texts=True))
        assert (name in told) is seen
        assert any(rule in told for rule in rules) is seen
        departures = [one.step for one in gather(desk, case_id, reader).departures]
        assert (REFERRAL in repr(gather(desk, case_id, reader).requests)) is seen
        assert (REFERRAL in departures) is seen


def test_a_case_is_told_from_its_call_for_the_supervisor_to_its_review(desk: Desk) -> None:
    case_id = begin(desk)
    save(desk, case_id, TELLER, EventKind.SUPERVISOR_CALLED, {"wanted": CallFor.CUSTOMER_INSISTS.value})
    save(desk, case_id, SUPERVISOR, EventKind.SUPERVISOR_ANSWERED, {"answer": CallAnswer.COMING.value})
    close(desk, case_id)
    verdicts: dict[str, JsonValue] = {"typology": "right", "level": "wrong", "steps": "cannot_tell"}
    save(desk, case_id, COMPLIANCE, EventKind.REVIEW_CLAIMED, {})
    returned: dict[str, JsonValue] = {**verdicts, "reasons": ["level_too_low"]}
    save(desk, case_id, COMPLIANCE, EventKind.REVIEW_RETURNED, returned, f"请补充{PHONE}的核实")
    save(desk, case_id, TELLER, EventKind.REVIEW_ANSWERED, {}, "已补充")
    save(desk, case_id, COMPLIANCE, EventKind.REVIEW_CLAIMED, {})
    save(desk, case_id, COMPLIANCE, EventKind.REVIEW_APPROVED, verdicts)
    lines = tell(desk, case_id, texts=True)
    assert [line.text for line in lines if line.kind.startswith(("supervisor", "review")) and not line.depth] == [
        "called the supervisor: the customer insists",
        "the supervisor answered: coming at once",
        "took the case to review it",
        "review, sent back: type right, level wrong, steps cannot tell (level too low)",
        "answered what the review sent back",
        "took the case to review it",
        "review, approved: type right, level wrong, steps cannot tell",
    ]
    assert below(lines, find(lines, EventKind.REVIEW_RETURNED)) == ["comment: 请补充138****8000的核实"]
    assert tells_each_once(desk.store.case(case_id), lines)


def list_request_kinds() -> Iterator[str]:
    for kind in (EventKind.ASKED, EventKind.APPROVED, EventKind.DECLINED, EventKind.WITHDRAWN):
        yield kind.value
    yield from (EventKind.EMERGENCY_USED.value, EventKind.REQUEST_ERASED.value, "upheld", "faulted")


def test_every_kind_of_event_has_its_words() -> None:
    plain, audit = Catalogue("assistant.plain"), Catalogue("assistant.audit")
    assert [kind for kind in BODIES if f"event.{kind}" not in plain] == []
    assert [kind for kind in list_request_kinds() if f"request.{kind}" not in audit] == []

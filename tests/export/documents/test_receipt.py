"""The teller's receipt: what was asked, said, seen, verified, advised on which ground, done and agreed to.

`GOLDEN=write pytest tests/export/documents` writes the pages in `golden/` anew; read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from assistant.audit.changes import read_advice
from assistant.case.bodies import Advised
from assistant.case.case import Case
from assistant.case.events import EventKind, ReviewReason, Verdict
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.review.reviewer import Reviewer
from rules.facts import Known, StepOutcome
from rules.language import Language
from tests.export.documents.papers import hold_against_golden, open_case, write_still
from tests.export.documents.reading import read_pages, read_words
from tests.export.documents.staging import (
    ALONE,
    AUDITOR,
    COMPLIANCE,
    FRESH,
    RICH,
    SECRETS,
    STR_TRACES,
    SUPERVISOR,
    TELLER,
    Stage,
)

RECEIPT: Final = DocumentName.RECEIPT
DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
REVIEWS: Final = (
    EventKind.REVIEW_CLAIMED,
    EventKind.REVIEW_APPROVED,
    EventKind.REVIEW_RETURNED,
    EventKind.REVIEW_ANSWERED,
)


def say(staged: Stage, number: str = RICH, language: Language = Language.ZH, by: str = SUPERVISOR) -> str:
    """Return what the receipt of a case says to somebody."""
    return read_words(write_still(staged, staged.prepare(RECEIPT, number, by=by, language=language), DocumentForm.HTML))


def list_advice(case: Case) -> Iterator[tuple[Advised, str | None]]:
    """Yield each advice of a case with the one next action at that time."""
    for place, event in enumerate(case.history, 1):
        if event.kind is EventKind.ADVISED:
            yield read_advice(event), Case.of(case.history[:place]).next_step


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize("language", Language)
def test_the_page_reads_as_the_one_kept(staged: Stage, language: Language, form: DocumentForm) -> None:
    content = write_still(staged, staged.prepare(RECEIPT, language=language), form)
    # The file is another each time, and so is its digest.
    hold_against_golden(f"receipt.{language}.{form}", DIGEST.sub(b"0" * 64, content))


@pytest.mark.parametrize("number", [RICH, ALONE, FRESH])
def test_it_bears_the_digest_of_the_case(staged: Stage, number: str) -> None:
    case, said = staged.case(number), say(staged, number)
    assert f"共 {len(case.history)} 条记录，本案校验值：{case.history[-1].hash}" in said


def test_what_the_customer_said_stands_against_what_was_verified(staged: Stage) -> None:
    said = say(staged)
    assert "密码、验证码、证件或卡信息已泄露 （不一致） 否（12:07:40） 是（12:08:00）" in said
    assert "对方自称公检法、政府或监管 是（12:05:00）" in said
    assert "有陌生人陪同或在旁盯守 否" in said
    assert said.count("（不一致）") == 1


def test_questions_and_what_was_taken_back_are_told(staged: Stage) -> None:
    said, book = say(staged), staged.desk.book
    assert f"3003：{book.questions['contact'].ask.zh}" in said
    assert f"{book.questions['family'].ask.zh}（这次不问）" in said
    assert "3003 撤回：红旗：陪同者代答或指挥：是（看到）" in said


def test_each_step_that_was_ever_advised_stands_there_with_its_rule_and_its_place_in_the_law(staged: Stage) -> None:
    said, book = say(staged), staged.desk.book
    told = [read_advice(event) for event in staged.case(RICH).history if event.kind is EventKind.ADVISED]
    for step in {step.id for advice in told for step in advice.steps}:
        entry = book.steps[step]
        row = said.partition(f"{entry.name.zh}（")[2].partition("起）")[2][:400]
        rules = [name for name, rule in book.step_rules.items() if step in rule.advises]
        assert any(f"（step.{name}）" in row for name in rules), entry.name.zh
        for place in () if entry.basis == "practice" else entry.basis:
            source = book.sources[place.source]
            assert any(name in row for name in (source.number, source.title.zh) if name)
            assert place.article in row
            assert source.articles[place.article].zh in said.partition("依据的条文")[2]


def test_refusals_safer_ways_and_second_persons_are_told(staged: Stage) -> None:
    said = say(staged)
    assert "客户不同意办：不再用该手机操作银行业务。" in said
    assert "提供过更安全的办法：建议改为次日到账；客户同意先不办。" in said
    assert "2002：批准：由主管决定略过步骤（出示同类案例）" in said
    assert "客户说法：对方称账户涉嫌洗钱，要转到“安全账户”清查" in said


@pytest.mark.parametrize("language", Language)
def test_a_case_that_came_down_from_its_highest_level_says_when_and_on_which_grounds_it_was_there(
    staged: Stage, language: Language
) -> None:
    said, book = say(staged, ALONE, language), staged.desk.book
    told = [event for event in staged.case(ALONE).history if event.kind is EventKind.ADVISED]
    levels = [read_advice(event).level for event in told]
    highest = max(levels, key=lambda level: level.rank)
    assert highest.rank > levels[-1].rank
    top = told[levels.index(highest)]
    view = staged.prepare(RECEIPT, ALONE, language=language).view
    since, until = (
        view.writer.time(at).split()[1] for at in (top.at, told[len(levels) - levels[::-1].index(highest)].at)
    )
    name = view.writer.rule(f"level.{highest}")
    head = (
        f"（最高：{name}，{since} 至 {until}）" if language is Language.ZH else f"(highest: {name}, {since} to {until})"
    )
    assert head in said
    rules = [name.removeprefix("level.") for name in read_advice(top).rules if name.startswith("level.")]
    grounds = [
        book.level_rules[rule].reason.read(language) for rule in rules if book.level_rules[rule].level is highest
    ]
    assert grounds
    assert all(ground in said for ground in grounds)


@pytest.mark.parametrize("language", Language)
def test_a_case_that_stays_at_its_highest_level_says_it_once(staged: Stage, language: Language) -> None:
    said = say(staged, language=language)
    assert "最高级别是" not in said
    assert "highest level was" not in said


@pytest.mark.parametrize(
    ("language", "told"),
    [(Language.ZH, "撤销金额：30,000.00 元；"), (Language.EN, "Amount cancelled: CNY 30,000.00;")],
)
def test_an_amount_that_was_written_down_with_a_step_is_written_as_any_other(
    staged: Stage, language: Language, told: str
) -> None:
    assert told in say(staged, language=language)


@pytest.mark.parametrize(
    ("written", "told"),
    [("约3万", "约3万"), ("3.5万", "35,000.00 元"), ("13700137000", "137****7000"), ("0", "0.00 元")],
)
def test_what_is_no_amount_or_is_the_number_of_somebody_stays_as_it_was_written(
    own: Stage, written: str, told: str
) -> None:
    desk = own.as_(TELLER)
    case_id = open_case(desk, "transfer", {"official_caller": Known.SAID})
    desk.record_step(case_id, "pause_transaction", StepOutcome.DONE, written={"amount": written})
    assert f"拟办理金额：{told}" in say(own, desk.store.case(case_id).number)


@pytest.mark.parametrize("language", Language)
def test_what_a_reviewer_thought_of_it_is_nobodys_business_who_complains(staged: Stage, language: Language) -> None:
    said, case = say(staged, language=language), staged.case(RICH)
    (verdict,) = (event for event in case.history if event.kind is EventKind.REVIEW_APPROVED)
    told = staged.prepare(DocumentName.CASE_SUMMARY, language=language)
    summary = read_words(write_still(staged, told, DocumentForm.HTML))
    for internal in (told.view.writer.tell(verdict), verdict.private["comment"]):
        assert internal in summary
        assert internal not in said
    assert {Language.ZH: "4004：结案后已复核", Language.EN: "4004: reviewed after the closing"}[language] in said


@pytest.mark.parametrize("language", Language)
def test_a_case_that_was_returned_and_answered_says_nothing_of_that(own: Stage, language: Language) -> None:
    case_id = own.desk.store.find(ALONE)
    reviewer = Reviewer(own.desk.store, SUPERVISOR, own.clock)
    reviewer.claim(case_id)
    wrong = (Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG)
    reviewer.return_(case_id, *wrong, (ReviewReason.STEP_LATE,), "记录太简单，时间对不上。")
    said = say(own, ALONE, language)
    assert "记录太简单" not in said
    view = own.prepare(RECEIPT, ALONE, language=language).view
    (returned,) = (event for event in view.case.history if event.kind is EventKind.REVIEW_RETURNED)
    assert view.writer.tell(returned) not in said
    assert "结案后已复核" not in said


def test_the_amounts_stand_at_its_head(staged: Stage) -> None:
    assert "金额 360,000.00 元 保住、损失 230,000.00 元，130,000.00 元" in say(staged)
    assert "金额 50,000.00 元 保住、损失 0.00 元，0.00 元" in say(staged, ALONE)
    assert "金额 未登记 保住、损失 未结案" in say(staged, FRESH)


def test_that_nothing_was_asked_is_said_only_where_asking_was_advised(own: Stage) -> None:
    assert "提问" not in say(own, FRESH)
    case_id = open_case(own.as_(TELLER), "transfer", {"official_caller": Known.SAID})
    assert "没有登记提问。" in say(own, own.desk.store.case(case_id).number)


def test_what_was_cleared_and_done_alone_is_told(staged: Stage) -> None:
    said = say(staged, ALONE)
    assert "核实解除：独立渠道核实了对方身份。核实人：林示范。方式：用柜台电话拨打公开号码核实" in said
    assert "3003：应急一人办理：放行并按“已排除”结案（" in said


@pytest.mark.parametrize("language", Language)
def test_every_event_of_the_case_is_in_the_course_but_for_reviews_and_advice_that_changes_nothing(
    staged: Stage, language: Language
) -> None:
    prepared = staged.prepare(RECEIPT, language=language)
    said, lines = read_words(write_still(staged, prepared, DocumentForm.HTML)), prepared.view.tell_story()
    events = [line for line in lines if not line.depth]
    assert len(events) > len(staged.case(RICH).history)
    assert [
        line
        for line in events
        if line.kind not in (EventKind.ADVISED, *REVIEWS) and f"{line.actor} {line.text}" not in said
    ] == []
    course, book = said.rpartition("附：经过" if language is Language.ZH else "what happened")[2], prepared.view.book
    left_out, before = 0, None
    for advised, first in list_advice(prepared.view.case):
        name = prepared.view.writer.name(book.steps, first) if first else ""
        if (advised.level, first) == before:
            left_out += 1
        else:
            assert name in course
        before = advised.level, first
    told = course.count("先做：" if language is Language.ZH else "first: ")
    assert left_out > told / 3
    assert f"{left_out} 次，没有列出" in said or f"Left out: {left_out} times" in said
    assert told + left_out == len([line for line in events if line.kind is EventKind.ADVISED])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("reader", "told"), [(SUPERVISOR, True), (COMPLIANCE, True), (TELLER, False), (AUDITOR, False)]
)
def test_only_who_needs_to_know_finds_a_suspicious_transaction_report_and_a_warning(
    staged: Stage, reader: str, told: bool, language: Language
) -> None:
    said = say(staged, language=language, by=reader)
    assert any(trace in said for trace in STR_TRACES) is told
    assert ("严格保密" in said or "Strictly confidential" in said) is told


@pytest.mark.parametrize("language", Language)
def test_what_is_about_persons_is_masked_in_notes_as_well(staged: Stage, language: Language) -> None:
    said = say(staged, language=language)
    assert [secret for secret in (*SECRETS, "13700137000") if secret in said] == []
    assert "137****7000" in said


def test_it_flows_over_pages_under_the_same_heads(staged: Stage) -> None:
    pages = read_pages(staged.write(staged.prepare(RECEIPT), DocumentForm.PDF))
    assert sum("时间工号事项" in page for page in pages) > 1
    assert all(f"第{number}页，共{len(pages)}页" in page for number, page in enumerate(pages, 1))

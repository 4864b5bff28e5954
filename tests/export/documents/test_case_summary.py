"""The case summary: one page for an ordinary case, and what a stranger asks about it is on it.

`GOLDEN=write pytest tests/export/documents` writes the pages in `golden/` anew; read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.desk import Desk
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.preparing import prepare, write_document
from assistant.export.stamp import make_stamp
from assistant.store import Store
from rules.advice import Adviser
from rules.language import Language
from tests.case.visits import NOON, Clock
from tests.export.documents.papers import hold_against_golden, write_still
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

SUMMARY: Final = DocumentName.CASE_SUMMARY
HEAD: Final = {Language.ZH: "步骤结果时间登记人", Language.EN: "StepWhatbecameofitRecordedBy"}
WARNING: Final = {Language.ZH: "严格保密", Language.EN: "Strictly confidential"}


def say(staged: Stage, number: str = RICH, language: Language = Language.ZH, by: str = SUPERVISOR) -> str:
    """Return what the summary of a case says to somebody."""
    return read_words(write_still(staged, staged.prepare(SUMMARY, number, by=by, language=language), DocumentForm.HTML))


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize("language", Language)
def test_the_page_reads_as_the_one_kept(staged: Stage, language: Language, form: DocumentForm) -> None:
    content = write_still(staged, staged.prepare(SUMMARY, language=language), form)
    hold_against_golden(f"case_summary.{language}.{form}", content)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Desk]:
    """A desk at the demo, whose cases are ordinary ones."""
    path: Path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, read_script(), NOON)
    with Store.open(path) as store:
        yield Desk(store, adviser, "9002", Clock())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("number", ["9999-1120-001", "9999-1122-001"])
def test_an_ordinary_case_fits_on_one_page(demo: Desk, number: str, language: Language) -> None:
    prepared = prepare(demo, demo.store.find(number), SUMMARY, language, (demo.book,), None)
    content, missing = write_document(prepared, DocumentForm.PDF, make_stamp(demo, prepared.view.order))
    assert (len(read_pages(content)), missing) == (1, ())


@pytest.mark.parametrize("language", Language)
def test_a_long_case_flows_on_under_the_same_heads(staged: Stage, language: Language) -> None:
    first, second = read_pages(staged.write(staged.prepare(SUMMARY, language=language), DocumentForm.PDF))
    assert HEAD[language] in first
    assert HEAD[language] in second


def test_it_says_what_a_stranger_asks(staged: Stage) -> None:
    said = say(staged)
    for told in (
        "案件摘要 0312-1123-001",
        "示范银行 0312 示范网点，已结案，复核通过",
        "转账汇款",
        "2025-11-23 12:00:00，3003",
        "360,000.00 元",
        "230,000.00 元／130,000.00 元",
        "冒充公检法及政府机关",
        "已到账48小时内，120,000.00 元，2025-11-23 09:00:00，本行账户付出，收款户在他行",
        "略过“出示同类案例”：主管决定不办，2002 同意（须复核）",
        "不再用该手机操作银行业务 客户拒绝（客户不同意）",
        "主管复核询问 已办理（与 2002 一起）",
        "2002：主管答复：马上到",
        "4004：复核通过：类型合适、级别合适、步骤不合适（步骤做晚了）。处置得当，报警还可以更早。",
        "规则书：2026.11.1",
    ):
        assert told in said, told


def test_each_recorded_step_stands_on_it_with_whoever_recorded_it(staged: Stage) -> None:
    said, case = say(staged), staged.case(RICH)
    for step, record in case.steps.items():
        name = staged.desk.book.steps[step].name.zh
        assert name in said
        assert record.actor in said.partition(name)[2][:60]


def test_what_was_done_alone_in_an_emergency_is_told(staged: Stage) -> None:
    said = say(staged, ALONE)
    assert "按“核清放行”结案，应急，一人办理（须复核）" in said
    assert "3003：应急一人办理：放行并按“已排除”结案" in said


def test_a_case_that_was_only_opened_says_so_and_nothing_more(staged: Stage) -> None:
    said = say(staged, FRESH)
    assert "未结案" in said
    assert "按建议办理。" in said
    assert "进行中，不需要复核" in said
    assert "涉险" not in said
    assert "__" not in said


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("reader", "told"), [(SUPERVISOR, True), (COMPLIANCE, True), (TELLER, False), (AUDITOR, False)]
)
def test_only_who_needs_to_know_finds_a_suspicious_transaction_report_and_a_warning(
    staged: Stage, reader: str, told: bool, language: Language
) -> None:
    said = say(staged, language=language, by=reader)
    assert any(trace in said for trace in STR_TRACES) is told
    assert (WARNING[language] in said) is told


@pytest.mark.parametrize("language", Language)
def test_nothing_about_a_person_stands_on_it(staged: Stage, language: Language) -> None:
    said = say(staged, language=language)
    assert [secret for secret in SECRETS if secret in said] == []

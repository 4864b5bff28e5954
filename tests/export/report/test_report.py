"""The report of a month: its figures are those of the month, it leaves as an export, and what is confidential or about
a person stays behind."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.export.delivery import Target
from assistant.export.report.bars import draw_bar
from assistant.export.report.making import hand_out, prepare, preview
from assistant.export.report.month import Month, find_month
from assistant.export.typesetting.marks import Form
from assistant.people.office import Office
from assistant.plain.times import write_length
from assistant.register.filters import Filter
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from rules.language import Language
from tests.export.giving import Giver
from tests.export.report.reading import read_days, read_tables
from tests.export.report.staging import ACCOUNT, DAYS, DAYS_BEFORE, HOSTILE, MONTH, NAME, REFERRAL, REFERRING
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER

GOLDEN: Final = Path(__file__).with_name("golden")
REPORT: Final = ("export", "report", "--month", MONTH)
LEVELS: Final = {"police": "立即报警", "hold": "暂缓办理", "ask": "核实询问", "proceed": "正常办理"}


def take(months: Giver, path: Path, *words: str) -> str:
    """Return the report that was exported as Markdown."""
    said = months.give(*REPORT, "--format", "md", "-o", str(path), *words)
    assert (said.status, said.out) == (0, ""), said.err
    return path.read_text("utf-8")


def count(months: Giver, *days: str) -> dict[str, Any]:
    """Return what `stats --json` prints for these days."""
    told: dict[str, Any] = json.loads(months.give("stats", *days, "--json").out)
    return told


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def test_its_numbers_are_those_of_the_month(months: Giver, tmp_path: Path) -> None:
    months.turn(AUDITOR)
    told, before = count(months, *DAYS), count(months, *DAYS_BEFORE)
    page = take(months, tmp_path / "report.md")
    tables = read_tables(page)
    groups = {each["key"]: each for each in told["by_level"]}
    for row in tables["按最高级别"]:
        group = groups[next(level for level, name in LEVELS.items() if name == row[0])]
        amounts = [yuan(group[name]) for name in ("at_risk_fen", "protected_fen", "lost_fen")]
        assert [row[1], *row[4:]] == [str(group["cases"]), *amounts]
    for kind, heading in (("outcome", "按结果"), ("typology", "按疑似骗术类型")):
        shown = sorted((row[1], *row[4:]) for row in tables[heading] if row[1] != "0")
        assert shown == sorted(
            (str(each["cases"]), *(yuan(each[name]) for name in ("at_risk_fen", "protected_fen", "lost_fen")))
            for each in told[f"by_{kind}"]
            if each["cases"]
        )
    assert read_days(tables["按日期"]) == {
        day: next((each["cases"] for each in told["by_day"] if each["key"] == f"{MONTH}-{day:02}"), 0)
        for day in range(1, 31)
    }
    hours = {each["key"]: str(each["cases"]) for each in told["by_hour"]}
    hours_before = {each["key"]: str(each["cases"]) for each in before["by_hour"]}
    assert [(row[1], row[3]) for row in tables["按时段"]] == [
        (hours[row[0][:2]], hours_before[row[0][:2]]) for row in tables["按时段"]
    ]
    busy = {hour for counted in (hours, hours_before) for hour, cases in counted.items() if cases != "0"}
    assert busy <= {row[0][:2] for row in tables["按时段"]}
    spreads = [told["to_first_step"], told["to_police"], told["stops"]["false_time"], told["stops"]["ordinary_time"]]
    shown_times = [row[1:5] for name in ("五、快慢", "六、误拦与客户时间") for row in tables[name]]
    assert shown_times == [
        [str(each["cases"]), *(write_length(each[f"{name}_seconds"]) for name in ("median", "p90", "total"))]
        for each in spreads
    ]
    assert [row[1:4] for row in tables["七、步骤与未按建议办理"]] == [
        [str(each["advised"]), str(each["done"]), str(sum(each["overridden"].values()))]
        for each in told["steps"]
        if each["advised"]
    ]
    assert [row[0].rpartition("<br>")[2] for row in tables["附：规则"]] == [each["rule"] for each in told["rules"]]
    assert [row[1:5] for row in tables["附：规则"]] == [
        [str(each[name]) for name in ("fired", "confirmed", "refuted", "unknown")] for each in told["rules"]
    ]


def test_it_stands_beside_the_month_before(months: Giver, tmp_path: Path) -> None:
    told, before = count(months, *DAYS), count(months, *DAYS_BEFORE)
    rows = {row[0]: row[1:] for row in read_tables(take(months, tmp_path / "report.md"))["一、概要"]}

    def find(figures: dict[str, Any]) -> list[str]:
        money, stops = figures["amounts"], figures["stops"]
        return [
            str(figures["cases"]),
            str(figures["open"]),
            *(f"{yuan(money[name])} 元" for name in ("at_risk_fen", "protected_fen", "lost_fen")),
            *(str(stops[name]) for name in ("cases", "confirmed", "false", "unknown")),
            str(stops["released_alone"]),
            str(figures["overridden_cases"]),
        ]

    plain = [row for name, row in rows.items() if "比例" not in name and "中位" not in name]
    assert [row[0] for row in plain] == find(told)
    assert [row[1] for row in plain] == find(before)
    assert rows["案件"][2] == f"+{told['cases'] - before['cases']}"
    assert told["stops"]["false_share"]["too_few"] or "%" in rows["误拦比例"][0]
    assert before["stops"]["false_share"]["too_few"]
    assert rows["误拦比例"][1].endswith("案件太少")


@pytest.mark.parametrize("number", [MANAGER, COMPLIANCE])
def test_nobody_learns_from_it_of_a_suspicious_transaction_report(months: Giver, tmp_path: Path, number: str) -> None:
    months.turn(number)
    told = count(months, *DAYS)
    assert REFERRAL in {each["step"] for each in told["steps"]}
    assert REFERRING in {each["rule"] for each in told["rules"]}
    for language, word in ((Language.ZH, "可疑交易"), (Language.EN, "suspicious transaction")):
        page = take(months, tmp_path / f"report.{language}.md", "--lang", language)
        assert not [told for told in (word, REFERRAL, REFERRING) if told in page]


def test_the_cases_to_look_at_are_the_ten_that_stand_out(months: Giver, tmp_path: Path) -> None:
    rows = read_tables(take(months, tmp_path / "report.md"))["二、需关注的案件"]
    assert len(rows) == 10
    begin, end = Month(date(2025, 11, 1), date(2025, 12, 2)).period.find_bounds("Asia/Shanghai")
    with Store.open(months.path) as store:
        cases = {row[0]: store.case(store.find(row[0])) for row in rows}
        listed = store.list_cases(Filter(since=begin, until=end), limit=1000).rows
    largest = max(listed, key=lambda row: row.amount_fen)
    worst = max(listed, key=lambda row: row.lost_fen or 0)
    assert {largest.number, worst.number} <= cases.keys()
    for row in rows:
        summary = cases[row[0]].summary()
        assert row[4:6] == [yuan(summary.amount_fen), yuan(summary.lost_fen or 0)]
        assert ("有损失" in row[6]) is ("loss" in summary.traits)
        assert ("未按建议" in row[6]) is ("override" in summary.traits)
    assert {word for row in rows for word in row[6].split("、")} >= {"有损失", "未按建议", "金额居前", "超时"}


def test_a_case_that_is_late_in_confidence_alone_is_not_named_for_that(months: Giver, tmp_path: Path) -> None:
    rows = read_tables(take(months, tmp_path / "report.md"))["二、需关注的案件"]
    late = 0
    with Store.open(months.path) as store:
        for row in rows:
            case = store.case(store.find(row[0]))
            others = case.clocks.late - {REFERRAL}
            assert ("超时" in row[6]) is bool(others)
            late += REFERRAL in case.clocks.late
    assert late


def test_a_case_that_may_not_be_read_is_not_named(months: Giver, tmp_path: Path) -> None:
    first = read_tables(take(months, tmp_path / "before.md"))["二、需关注的案件"][0][0]
    with Store.open(months.path) as store:
        asked = Office(store, MANAGER, read_clock, make_id).ask(EventKind.RESTRICTED, {}, about=store.find(first))
        Office(store, COMPLIANCE, read_clock, make_id).approve(asked.subject)
    months.turn(SUPERVISOR)
    rows = read_tables(take(months, tmp_path / "after.md"))["二、需关注的案件"]
    assert len(rows) == 10
    assert first not in {row[0] for row in rows}


@pytest.mark.parametrize("form", Form)
def test_it_leaves_as_an_export_that_can_be_verified(months: Giver, tmp_path: Path, form: Form) -> None:
    path = tmp_path / f"report.{form}"
    said = months.give(*REPORT, "--format", form, "-o", str(path), "--lang", "en")
    assert (said.status, said.out) == (0, ""), said.err
    event = months.exports()[0]
    assert f"EX1-{event.id}" in said.err
    body = event.body
    assert (body["what"], body["name"], body["form"], body["reason"]) == ("report", "monthly_report", form, None)
    assert body["filter"] == "from:2025-11-01 to:2025-11-30"
    assert body["count"] == count(months, *DAYS)["cases"]
    assert months.give("verify-export", str(path)).status == 0
    path.write_bytes(path.read_bytes() + b" ")
    assert months.give("verify-export", str(path)).status == 6


def test_nothing_about_a_person_is_in_it_or_in_what_is_recorded_of_it(months: Giver, tmp_path: Path) -> None:
    for form in Form:
        path = tmp_path / f"report.{form}"
        assert months.give(*REPORT, "--format", form, "-o", str(path)).status == 0
        text = path.read_bytes() if form is not Form.PDF else read_pdf(path)[0].encode()
        assert NAME.encode() not in text
        assert ACCOUNT[-8:].encode() not in text
    assert all(NAME not in json.dumps(event.body, ensure_ascii=False) for event in months.exports())


def read_pdf(path: Path) -> tuple[str, int]:
    """Return the text of a PDF, and how many pages it has."""
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document), len(document)


@pytest.mark.parametrize("language", Language)
def test_the_pdf_says_what_the_markdown_says(months: Giver, tmp_path: Path, language: Language) -> None:
    path = tmp_path / "report.pdf"
    assert months.give(*REPORT, "-o", str(path), "--lang", language).status == 0
    text, pages = read_pdf(path)
    assert 3 <= pages <= 8
    squeezed = "".join(text.split())
    tables = read_tables(take(months, tmp_path / "report.md", "--lang", language))
    for rows in tables.values():
        for row in rows:
            for cell in row:
                words = cell.replace("<br>", " ").replace("**", "").split()
                assert all(word in squeezed for word in words), cell
    assert "█" in text


def test_what_the_outlet_is_called_is_no_markup(months: Giver, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert months.give(*REPORT, "--format", "html", "-o", str(path)).status == 0
    tree = html.fromstring(path.read_text("utf-8"))
    assert HOSTILE in " ".join(tree.body.text_content().split())
    assert not tree.xpath("//script|//b|//*[@onclick]|//img[@src]|//link")


def test_without_a_month_it_is_the_last_one_that_is_over(months: Giver, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    assert months.give("export", "report", "--format", "md", "-o", str(path)).status == 0
    with Store.open(months.path) as store:
        month = find_month(None, months.exports()[0].at, store.outlet.zone)
    assert f"{month.first} 至 {month.last}" in path.read_text("utf-8")
    assert month.last < month.today
    assert "本月没有案件" in path.read_text("utf-8")


def test_it_has_a_usual_name(months: Giver, tmp_path: Path) -> None:
    assert months.give(*REPORT, "--format", "md").status == 0
    assert (tmp_path / "0312-2025-11-monthly_report.md").is_file()


def test_a_month_that_runs_is_said_to(desk: Desk) -> None:
    month = find_month("2025-12", desk.clock(), "Asia/Shanghai")
    assert "本月还没有结束" in preview(desk, prepare(desk, desk.book, month, Language.ZH, lambda *_: None))


@pytest.mark.parametrize("word", ["2025-13", "2025-1", "11", "november", "0000-01", "2025-11-01", "", "２０２５-11"])
def test_what_is_no_month_is_refused(months: Giver, tmp_path: Path, word: str) -> None:
    said = months.give("export", "report", "--month", word, "-o", str(tmp_path / "x.pdf"), "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert "is not a month; no case was read" in said.err
    assert not (tmp_path / "x.pdf").exists()


def test_a_month_that_has_not_begun_is_refused(months: Giver, tmp_path: Path) -> None:
    said = months.give("export", "report", "--month", "9000-01", "-o", str(tmp_path / "x.pdf"), "--lang", "en")
    assert (said.status, "has not begun" in said.err) == (2, True)


def test_a_teller_gets_none(months: Giver, tmp_path: Path) -> None:
    months.turn(TELLER)
    for words in (("--preview",), ("-o", str(tmp_path / "x.md"), "--format", "md")):
        said = months.give(*REPORT, *words)
        assert (said.status, said.out) == (5, "")
    assert not (tmp_path / "x.md").exists()


def test_a_preview_leaves_nothing_and_records_nothing(months: Giver) -> None:
    said = months.give(*REPORT, "--preview", "--lang", "en")
    assert said.status == 0
    assert "## 1. Summary" in said.out
    assert "Preview, not exported" in said.out
    assert months.exports() == ()


def test_the_template_of_the_bank_takes_the_place_of_ours(months: Giver, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "monthly_report.zh.md").write_text("# 本行月报\n\n{{ bank }}：{{ cases }} 件\n", "utf-8")
    months.path.with_name("settings.yaml").write_text("documents:\n  templates: templates\n  bank: 示例银行\n", "utf-8")
    page = take(months, tmp_path / "report.md")
    assert page.startswith(f"# 本行月报\n\n示例银行：{count(months, *DAYS)['cases']} 件\n")


def test_a_mistake_in_it_is_told_with_its_line_and_nothing_leaves(months: Giver, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "monthly_report.zh.md").write_text("# 月报\n\n{{ casses }}\n", "utf-8")
    months.path.with_name("settings.yaml").write_text("documents:\n  templates: templates\n", "utf-8")
    said = months.give(*REPORT, "--format", "md", "-o", str(tmp_path / "x.md"))
    assert said.status == 2
    assert "monthly_report.zh.md" in said.err
    assert "casses" in said.err
    assert "3" in said.err
    assert not (tmp_path / "x.md").exists()
    assert months.exports() == ()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", [Form.MARKDOWN, Form.HTML])
def test_it_reads_as_it_is_meant_to(desk: Desk, tmp_path: Path, language: Language, form: Form) -> None:
    month = find_month(MONTH, desk.clock(), desk.store.outlet.zone)
    prepared = prepare(desk, desk.book, month, language, lambda *_: None)
    path = tmp_path / f"report.{form}"
    delivered, missing = hand_out(desk, prepared, form, Target(path=path))
    page = path.read_text("utf-8")
    for changing, still in (
        (delivered.stamp.export, "EX1-00000000-0000-7000-8000-000000000000"),
        (delivered.stamp.checkpoint, "FC1 00000000 1 20251202T040000Z 000000-000000-000000-000000 0000"),
    ):
        assert changing in page
        page = page.replace(changing, still)
    # The head holds the style, which is the typesetter's own affair.
    page = page[page.find("<body") :] if form is Form.HTML else page
    kept = GOLDEN / f"monthly_report.{language}.{form}"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        kept.write_text(page, "utf-8")
    assert page == kept.read_text("utf-8")
    assert missing == ()


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(1, 40))
def test_a_bar_is_as_long_as_its_number(value: int, other: int, width: int) -> None:
    most = max(value, other)
    bar = draw_bar(value, most, width)
    assert len(bar) <= width
    assert bool(bar) is (value > 0)
    assert (value == most > 0) <= (bar == "█" * width)
    assert (value <= other) <= (len(bar) <= len(draw_bar(other, most, width)))


@given(st.dates(date(1971, 1, 1), date(9998, 12, 31)))
def test_the_weeks_of_a_month_hold_each_of_its_days_once_in_its_column(day: date) -> None:
    month = Month(day.replace(day=1), day)
    weeks = month.weeks()
    days = [found for week in weeks for found in week if found is not None]
    assert days == [month.first.replace(day=number) for number in range(1, month.last.day + 1)]
    assert all(len(week) == 7 for week in weeks)
    assert all(found is None or found.weekday() == place for week in weeks for place, found in enumerate(week))
    assert month.before.last.toordinal() == month.first.toordinal() - 1

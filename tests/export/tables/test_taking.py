"""Who may take a table out of the program, with which cases and columns, where it goes, and what is recorded of it."""

from __future__ import annotations

import csv
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.case.events import Draft, Event, EventKind, Look
from assistant.case.subjects import ACCESS, EXPORT
from assistant.cli.export import cases
from assistant.export.tables import rows
from assistant.export.tables.layout import TableForm
from assistant.register.filters import EVERYTHING, Filter
from assistant.stamps import make_id
from assistant.store import Store, extract
from tests.case.visits import NOON
from tests.export.tables.conftest import Counter
from tests.export.tables.rereading import read_cases, read_table
from tests.export.tables.staging import ACCOUNT, NAME, PHONE, REFERRAL
from tests.people.branch import AUDITOR, COMPLIANCE, MANAGER, SUPERVISOR, TELLER


def list_events(counter: Counter, subject: str) -> tuple[Event, ...]:
    with Store.open(counter.path) as store:
        return store.read_log(subject)


def test_a_teller_takes_no_table(counter: Counter) -> None:
    counter.turn(TELLER)
    said = counter.give("export", "cases", "-o", "cases.csv")
    assert (said.status, said.out) == (5, b"")
    assert counter.left() == set()
    assert list_events(counter, EXPORT) == ()


@pytest.mark.parametrize("number", [SUPERVISOR, MANAGER, COMPLIANCE, AUDITOR])
def test_there_are_the_cases_that_one_may_read(counter: Counter, number: str) -> None:
    counter.turn(number)
    found = read_table(counter.export("cases.ndjson"))
    told = json.loads(counter.give("case", "list", "--json", "--limit", "100").out)
    assert [row["case_id"] for row in found] == [row["case_id"] for row in told]
    for row, listed in zip(found, told, strict=True):
        assert (row["next_step"], row["traits"], row["review"]) == (
            listed["next_step"],
            listed["traits"],
            listed["review"],
        )
        assert (row["changed_at"], row["events"]) == (listed["changed_at"] // 1000, listed["events"])


def test_nothing_of_a_report_is_in_the_table_of_whom_it_does_not_concern(counter: Counter) -> None:
    whole = {row["number"]: row for row in read_table(counter.export("whole.ndjson"))}
    touched = {row["case_id"] for row in read_cases(counter.path)} & _find_touched(counter.path)
    counter.turn(AUDITOR)
    shown = {row["number"]: row for row in read_table(counter.export("shown.ndjson"))}
    assert REFERRAL in {row["next_step"] for row in whole.values()}
    assert REFERRAL not in counter.folder.joinpath("shown.ndjson").read_text("utf-8")
    differing = {row["case_id"] for number, row in whole.items() if row != shown[number]}
    assert {row["case_id"] for row in whole.values() if row["next_step"] == REFERRAL} <= differing <= touched
    assert {row["case_id"] for number, row in whole.items() if row["traits"] != shown[number]["traits"]}


def test_no_filter_finds_a_case_by_what_is_hidden_in_it(counter: Counter) -> None:
    late = read_table(counter.export("whole.ndjson", "--filter", "late"))
    left = read_table(counter.export("left.ndjson", "--filter", "overdue closed"))
    counter.turn(AUDITOR)
    shown = read_table(counter.export("shown.ndjson", "--filter", "late"))
    assert 0 < len(shown) < len(late)
    assert all("late" in row["traits"] for row in shown)
    shown_left = read_table(counter.export("shown_left.ndjson", "--filter", "overdue closed"))
    assert len(shown_left) < len(left)
    due = read_table(counter.export("due.ndjson", "--filter", "overdue"))
    assert due
    assert all(row["due_at"] for row in (*due, *shown_left))


def _find_touched(path: Path) -> set[str]:
    """Return the cases in which anything is said of a report."""
    raw = sqlite3.connect(path)
    found = {case_id for (case_id,) in raw.execute("SELECT case_id FROM events WHERE body LIKE '%str_referral%'")}
    raw.close()
    return found


def test_what_left_is_recorded_without_the_words_that_were_looked_for(counter: Counter) -> None:
    counter.export("cases.csv", "--filter", '级别:报警,暂缓 金额>=0 尾号:6389 "虚构登记"', "--columns", "number,lost")
    (event,) = list_events(counter, EXPORT)
    assert event.body["filter"] == 'level:hold,police amount>=0.00 "*" last4:*'
    assert (event.body["form"], event.body["columns"], event.actor) == ("csv", ["number", "lost"], COMPLIANCE)
    assert event.body["confidential"] is False
    counter.export("all.csv")
    assert list_events(counter, EXPORT)[0].body["confidential"] is True


def test_columns_may_be_parted_as_in_chinese(counter: Counter) -> None:
    (row, *_) = read_table(counter.export("cases.ndjson", "--columns", "number，lost"))
    assert list(row) == ["number", "lost"]


@pytest.mark.parametrize("form", TableForm)
def test_every_form_is_known_again(counter: Counter, form: TableForm) -> None:
    path = counter.export(f"cases.{form}")
    assert counter.give("verify-export", str(path)).status == 0
    path.write_bytes(path.read_bytes() + b" ")
    changed = counter.give("verify-export", str(path), "--json")
    assert (changed.status, json.loads(changed.out)["verdict"]) == (6, "changed")


def test_in_full_each_case_tells_of_it(counter: Counter) -> None:
    words = ("--columns", "number,customer_name,customer_account,customer_phone", "--reveal", "police_request")
    found = read_table(counter.export("cases.ndjson", *words, "--filter", "state:open"))
    assert {(row["customer_name"], row["customer_account"], row["customer_phone"]) for row in found} == {
        (None, None, None),
        (NAME, None, None),
        (NAME, ACCOUNT, None),
        (NAME, ACCOUNT, PHONE),
    }
    (event,) = list_events(counter, EXPORT)
    assert event.body["reason"] == "police_request"
    with Store.open(counter.path) as store:
        for row in found:
            looks = store.read_log(ACCESS + store.find(row["number"]))
            told = [(look.actor, look.body["how"], look.body["reason"]) for look in looks]
            assert told == ([(COMPLIANCE, Look.EXPORTED, "police_request")] if row["customer_name"] else [])


def test_a_case_tells_of_it_only_where_something_was_in_full(counter: Counter) -> None:
    words = ("--columns", "number,customer_phone", "--reveal", "police_request", "--filter", "state:open")
    found = read_table(counter.export("phones.ndjson", *words))
    assert {row["customer_phone"] for row in found} == {None, PHONE}
    with Store.open(counter.path) as store:
        for row in found:
            looks = store.read_log(ACCESS + store.find(row["number"]))
            assert [look.body["how"] for look in looks] == ([Look.EXPORTED] if row["customer_phone"] else [])


@pytest.mark.parametrize(
    ("number", "words", "status", "said"),
    [
        (SUPERVISOR, ["--columns", "customer_name", "--reveal", "police_request"], 5, ""),
        (AUDITOR, ["--columns", "customer_name", "--reveal", "police_request"], 5, ""),
        (MANAGER, ["--columns", "number", "--reveal", "police_request"], 2, "--columns"),
        (MANAGER, ["--columns", "customer_name", "--reveal", "because"], 2, "police_request"),
        (MANAGER, ["--columns", "numbr"], 2, "number"),
        (MANAGER, ["--columns", ""], 2, "案件ID"),
        (MANAGER, ["--columns", "姓名"], 2, "“客户姓名”或“收款人姓名”或“联系人姓名”"),
        (MANAGER, ["--columns", "金额,编号"], 2, "“涉及金额”或“涉险金额”"),
        (MANAGER, ["--columns", "nme", "--lang", "en"], 2, "customer_name"),
        (MANAGER, ["--columns", "编号、案件编号"], 2, "案件编号"),
        (MANAGER, ["--columns", "lost,lost_yuan"], 2, "lost"),
        (MANAGER, ["--format", "xls"], 2, "xlsx"),
        (MANAGER, ["--format", "json", "--no-bom"], 2, "--no-bom"),
        (MANAGER, ["--format", "xlsx", "--bom"], 2, "--bom"),
        (MANAGER, ["--format", "parquet", "--codes"], 2, "--codes"),
        (MANAGER, ["--filter", "级别:报警", "--saved", "某个"], 2, "--saved"),
        (MANAGER, ["--saved", "某个"], 2, "某个"),
        (MANAGER, ["--filter", "近7天", "--since", "2025-11-01"], 2, "自"),
        (MANAGER, ["--since", "2026-13-01"], 2, "11-24"),
        (MANAGER, ["--until", "30d"], 2, "“30d”"),
        (MANAGER, ["--since", "2025-11-10", "--until", "2025-11-01"], 2, "2025-11-01 早于第一天 2025-11-10"),
        (MANAGER, ["--filter", "自:2025-11-10", "--until", "2025-11-01"], 2, "2025-11-01 早于第一天 2025-11-10"),
        (MANAGER, ["--outlet", "0999"], 2, "0312"),
        (MANAGER, ["--filter", "电话:13917462850"], 2, "case find"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_leaves(
    counter: Counter, number: str, words: list[str], status: int, said: str
) -> None:
    counter.turn(number)
    answer = counter.give("export", "cases", *words)
    assert (answer.status, answer.out) == (status, b"")
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert counter.left() == set()
    assert list_events(counter, EXPORT) == ()


def test_more_than_so_many_cases_do_not_leave_in_full(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_IN_FULL", 10)
    words = ("--columns", "number,customer_name", "--reveal", "police_request")
    answer = counter.give("export", "cases", "-o", "cases.csv", *words)
    assert (answer.status, counter.left()) == (2, set())
    assert "10" in answer.err
    open_cases = [row for row in read_cases(counter.path) if row["state"] == "open"]
    monkeypatch.setattr(rows, "MOST_IN_FULL", len(open_cases))
    assert len(read_table(counter.export("open.ndjson", "--filter", "open", *words))) == len(open_cases)


def test_a_case_that_is_only_kept_leaves_in_full_for_compliance_alone(counter: Counter) -> None:
    words = ("--columns", "keeping,customer_phone", "--reveal", "police_request", "--until", "2020-01-01")
    found = read_table(counter.export("compliance.ndjson", *words))
    counter.turn(MANAGER)
    shown = read_table(counter.export("manager.ndjson", *words))
    assert {row["keeping"]: row["customer_phone"] for row in found} == {"restricted": "+8613900001111", "erased": None}
    assert {row["keeping"]: row["customer_phone"] for row in shown} == {"restricted": "+861****1111", "erased": None}


@pytest.mark.parametrize(
    "line", ["police", "open", "金额>=5万", "有损失", "review:due", "类型:mule 已结案", '"虚构登记"']
)
def test_it_is_narrowed_as_the_list_is(counter: Counter, line: str) -> None:
    found = read_table(counter.export("cases.ndjson", "--filter", line))
    told = json.loads(counter.give("case", "list", "--json", "--limit", "100", "--filter", line).out)
    assert [row["case_id"] for row in found] == [row["case_id"] for row in told]
    assert 0 < len(found) < len(read_cases(counter.path))


def test_days_beside_the_line_narrow_it_further(counter: Counter) -> None:
    whole = read_cases(counter.path)
    days = ("--since", "2025-11-25", "--until", "2025-12-01", "--outlet", "0312")
    found = read_table(counter.export("cases.ndjson", "--filter", "open", *days))
    # Midnights in Shanghai.
    begin, end = 1_764_000_000, 1_764_604_800
    wanted = [row for row in whole if row["state"] == "open" and begin <= row["opened_at"] < end]
    assert [row["case_id"] for row in found] == [row["case_id"] for row in wanted]
    assert 0 < len(wanted) < len(whole)


def test_a_filter_that_was_kept_is_asked_again(counter: Counter) -> None:
    assert counter.give("case", "list", "--filter", "police", "--save", "要紧的").status == 0
    saved, typed = counter.export("a.csv", "--saved", "要紧的"), counter.export("b.csv", "--filter", "police")
    assert saved.read_bytes() == typed.read_bytes()


def test_without_a_name_it_gets_the_usual_one(counter: Counter) -> None:
    said = counter.give("export", "cases")
    assert (said.status, said.out) == (0, b"")
    (name,) = {name for name in counter.left() if name.endswith(".csv")}
    assert name.startswith("cases-0312-20")
    assert name in said.err
    assert counter.left() == {name, f"{name}.stamp.json"}


def test_on_standard_output_it_is_the_same_bytes(counter: Counter) -> None:
    path = counter.export("cases.csv")
    said = counter.give("export", "cases", "-o", "-")
    assert (said.status, said.out) == (0, path.read_bytes())
    assert "EX1-" in said.err
    assert counter.left() == {"cases.csv", "cases.csv.stamp.json"}


def test_a_spreadsheet_reads_the_words_of_the_language(counter: Counter) -> None:
    path = counter.export("cases.csv")
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(read_cases(counter.path)) + 1
    whole = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["级别"] for row in whole} == {"正常办理", "核实询问", "暂缓办理", "立即报警"}
    assert any("、" in row["疑似类型"] for row in whole)
    english = counter.export("english.csv", "--lang", "en", "--no-bom").read_bytes()
    rows_read = list(csv.DictReader(io.StringIO(english.decode("ascii"), newline="")))
    assert {row["Outcome"] for row in rows_read} >= {"", "intercepted", "customer left"}
    assert any("; " in row["Suspected types"] for row in rows_read)
    assert {row["Amount (CNY)"] for row in rows_read} >= {"0.01", "0.99", "123456789.01"}


def test_a_case_that_comes_meanwhile_is_saved_at_once_and_not_in_it(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "PAGE", 5)
    before = [row["case_id"] for row in read_cases(counter.path)]
    opened: list[str] = []

    @contextmanager
    def interrupting(*words: object) -> Iterator[Callable[[int, int], None]]:
        def tell(done: int, total: int) -> None:
            if done == 10:
                with Store.open(counter.path) as store:
                    opened.append(open_case(store))

        yield tell

    monkeypatch.setattr(cases, "counting", interrupting)
    found = read_table(counter.export("cases.ndjson"))
    assert [row["case_id"] for row in found] == before
    assert opened == [row["case_id"] for row in read_cases(counter.path) if row["case_id"] not in before]
    assert len(opened) == 1


@pytest.mark.parametrize("wanted", [EVERYTHING, Filter(words=("虚构登记",))])
def test_what_was_opened_after_the_checkpoint_is_not_read(counter: Counter, wanted: Filter) -> None:
    with Store.open(counter.path) as store:
        whole = [row for page in store.extract_cases(wanted, ["case_id"], 2**40, actor=COMPLIANCE) for row in page]
        up_to = whole[len(whole) // 2][0]
        found = [row for page in store.extract_cases(wanted, ["case_id"], up_to, actor=COMPLIANCE) for row in page]
    assert found == [row for row in whole if row[0] <= up_to]
    assert 0 < len(found) < len(whole)


def open_case(store: Store) -> str:
    """Open a case as a teller does at another desk."""
    case_id = make_id()
    store.append(Draft(make_id(), case_id, NOON, TELLER, EventKind.OPENED, {"request": "transfer"}))
    return case_id


def test_on_a_terminal_it_tells_how_far_it_has_come(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = counter.give("export", "cases", "-o", "cases.csv", "--lang", "en")
    assert "cases written; the file holds 42" in said.err
    assert "\r\x1b[K" in said.err


def test_without_the_package_for_parquet_it_says_so(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = counter.give("export", "cases", "--format", "parquet", "-o", "cases.parquet", "--lang", "en")
    assert (said.status, counter.left()) == (1, set())
    assert 'Install the extra "parquet"' in said.err


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of more than two kilobytes can be written; the file of cases is written already."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("form", TableForm)
def test_on_a_full_disk_what_lies_there_stays(counter: Counter, small_disk: None, form: TableForm) -> None:
    path = counter.folder / f"cases.{form}"
    path.write_bytes(b"before")
    soft = 2_000
    original = rows.Rows.read

    def read(self: rows.Rows, up_to: int) -> Iterator[object]:
        # From here on only the table is written.
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        yield from original(self, up_to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows.Rows, "read", read)
        said = counter.give("export", "cases", "--format", form, "-o", str(path), "--force")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    assert (said.status, path.read_bytes(), counter.left()) == (3, b"before", {path.name})
    assert list_events(counter, EXPORT) == ()


@pytest.mark.parametrize("form", TableForm)
def test_stopped_by_the_keyboard_it_leaves_nothing(counter: Counter, form: TableForm) -> None:
    def stop(self: rows.Rows, up_to: int) -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows.Rows, "read", stop)
        said = counter.give("export", "cases", "--format", form, "-o", f"cases.{form}")
    assert (said.status, counter.left()) == (130, set())
    assert list_events(counter, EXPORT) == ()


def test_as_a_program_of_its_own_it_hands_a_table_to_another(counter: Counter) -> None:
    command = [sys.executable, "-m", "assistant.cli", "export", "cases", "--format", "ndjson", "-o", "-"]
    run = subprocess.run([*command, "--db", str(counter.path)], capture_output=True, timeout=60)
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) == len(read_cases(counter.path))


@pytest.mark.parametrize("form", TableForm)
def test_a_name_that_is_not_in_utf8_is_refused_before_any_work(
    counter: Counter, form: TableForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(rows.Rows, "read", lambda self, up_to: asked.append(up_to))
    said = counter.give("export", "cases", "--format", form, "-o", f"\udcff.{form}")
    assert (said.status, said.out, asked, counter.left()) == (2, b"", [], set())
    assert "udcff" in said.err
    assert list_events(counter, EXPORT) == ()

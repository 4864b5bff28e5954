"""One document of each of many cases: whole files, each an export of its own, and a batch that was stopped goes on."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, Final

import pypdfium2
import pytest
import uuid6

from assistant.case.events import Draft, EventKind, JsonValue
from assistant.case.subjects import ACCESS
from assistant.desk import Desk
from assistant.export.delivery import ExportUnplaced, Target, Work, Written, deliver_all
from assistant.export.documents.batch import AT_ONCE, Batch, make_documents, select_cases
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.stamp import Order, Stamp
from assistant.people.bodies import Leaving
from assistant.people.permissions import State
from assistant.register.filters import EVERYTHING, Filter
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import Answer, StepOutcome
from rules.language import Language
from tests.case.visits import NOON
from tests.export.giving import Giver, Said
from tests.outlet import lay
from tests.people.branch import AUDITOR, DAY, MANAGER, SUPERVISOR, TELLER, Branch, make_full

ROOT: Final = Path(__file__).parents[2]
CASES: Final = 23
KEPT: Final = 2
"""Cases that are restricted, and of the year in which all of them were closed."""
OPENING: Final[dict[str, JsonValue]] = {"request": "transfer"}
LONG_AGO: Final = "2013"
NAME: Final = re.compile(r"2025-0312-\d{4}-\d{3}-case_summary\.zh\.md")


def make_crowd(path: Path) -> None:
    """Make a branch with some cases closed and others only kept."""
    branch = Branch(path, make_full)
    for number in range(CASES):
        branch.closed_at(NOON - number * DAY)
    for _ in range(KEPT):
        branch.case_in(State.RESTRICTED)
    branch.store.close()


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the machine is set to, and its usual places, out of the tests."""
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG", "ASSISTANT_EXPORTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def crowd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Giver:
    """The branch, with the supervisor giving the commands."""
    path = tmp_path / "cases.db"
    lay(path, make_crowd)
    giver = Giver(path, capsys)
    giver.turn(SUPERVISOR)
    return giver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def export(crowd: Giver, folder: Path, *words: str, line: str = "") -> Said:
    """Have the summaries exported as Markdown, unless `words` say otherwise."""
    usual = ("--document", "case_summary", "--format", "md", "--lang", "zh")
    return crowd.give("export", "documents", "--filter", line, *usual, "-o", str(folder), *words)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def hold_whole(crowd: Giver, folder: Path) -> None:
    """Hold each file in a folder against what is recorded of it."""
    for path in folder.iterdir():
        assert crowd.give("verify-export", str(path)).status == 0, path.name


def test_each_case_that_fits_has_a_file_that_is_an_export_of_its_own(crowd: Giver, folder: Path) -> None:
    said = export(crowd, folder, "--lang", "en", line="from:2025-11-12")
    assert (said.status, said.out) == (0, "")
    assert "12 exported, 0 were there and whole" in said.err
    exports = crowd.exports()
    assert len(names(folder)) == len(exports) == 12
    with Store.open(crowd.path) as store:
        for event in exports:
            case = store.case(str(event.body["case"]))
            page = (folder / f"2025-{case.number}-case_summary.en.md").read_text("utf-8")
            assert case.number in page
            assert f"EX1-{event.id}" in page
            assert event.body["reason"] is None
            assert [look.body["how"] for look in store.read_log(ACCESS + case.id)] == ["exported_masked"]
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}
    hold_whole(crowd, folder)


def test_what_is_there_already_is_not_made_again(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(before) == CASES
    assert all(NAME.fullmatch(path.name) for path in before)
    said = export(crowd, folder)
    assert said.status == 0
    assert f"已导出0份，{CASES}份原已完好" in said.err
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert len(crowd.exports()) == CASES


def test_a_file_that_is_missing_is_made(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    gone = folder / names(folder)[4]
    gone.unlink()
    assert f"已导出1份，{CASES - 1}份原已完好" in export(crowd, folder).err
    assert crowd.give("verify-export", str(gone)).status == 0


def test_a_case_that_went_on_is_left_as_it_was_unless_it_may_be_replaced(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    with Store.open(crowd.path) as store:
        changed = store.list_cases(Filter(since=NOON), limit=1).rows[0]
        note = Draft(make_id(), changed.case_id, read_clock(), TELLER, EventKind.NOTED, {}, {"note": "补记"})
        store.append(note)
    path = folder / f"2025-{changed.number}-case_summary.zh.md"
    before = path.read_bytes()
    said = export(crowd, folder)
    assert said.status == 2
    assert path.name in said.err
    assert path.read_bytes() == before
    said = export(crowd, folder, "--force")
    assert said.status == 0
    assert f"已导出1份，{CASES - 1}份原已完好" in said.err
    assert path.read_bytes() != before
    hold_whole(crowd, folder)


def test_a_file_that_somebody_changed_is_left_and_told(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    path = folder / names(folder)[0]
    path.write_text("改过的内容", "utf-8")
    said = export(crowd, folder)
    assert (said.status, path.read_text("utf-8")) == (2, "改过的内容")
    assert "1件没有导出" in said.err


def test_the_file_of_another_case_under_that_name_is_no_file_of_this_one(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    first, second = (folder / name for name in names(folder)[:2])
    first.write_bytes(second.read_bytes())
    assert export(crowd, folder).status == 2


def test_what_was_made_for_somebody_who_is_told_less_is_not_whole_for_others(crowd: Giver, folder: Path) -> None:
    case_id, at = str(uuid6.uuid7()), NOON + DAY
    advice: dict[str, JsonValue] = {"rulebook": "1", "level": "ask", "steps": [{"id": "str_referral", "minutes": 5}]}
    with Store.open(crowd.path) as store:
        for kind, body in ((EventKind.OPENED, OPENING), (EventKind.ADVISED, advice)):
            store.append(Draft(make_id(), case_id, at, TELLER, kind, body))
        path = folder / f"2025-{store.case(case_id).number}-case_summary.zh.md"
    crowd.turn(AUDITOR)
    export(crowd, folder)
    crowd.turn(MANAGER)
    said = export(crowd, folder)
    assert said.status == 2
    assert f"已导出0份，{CASES + KEPT}份原已完好" in said.err
    assert path.name in said.err
    assert "可疑交易" not in path.read_text("utf-8")
    said = export(crowd, folder, "--force")
    assert (said.status, "已导出1份" in said.err) == (0, True)
    assert "可疑交易" in path.read_text("utf-8")
    assert f"已导出0份，{CASES + KEPT + 1}份原已完好" in export(crowd, folder).err
    crowd.turn(AUDITOR)
    assert export(crowd, folder).status == 2


def test_a_folder_in_the_place_of_a_file_is_never_replaced(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    path = folder / names(folder)[0]
    path.unlink()
    path.mkdir()
    before = len(crowd.exports())
    assert export(crowd, folder, "--force").status == 2
    assert path.is_dir()
    assert len(crowd.exports()) == before


def test_files_of_both_languages_lie_beside_each_other(crowd: Giver, folder: Path) -> None:
    export(crowd, folder)
    export(crowd, folder, "--lang", "en")
    assert len(names(folder)) == 2 * CASES
    hold_whole(crowd, folder)


def test_cases_that_may_not_be_read_are_counted_and_left_out(crowd: Giver, folder: Path) -> None:
    said = export(crowd, folder)
    assert f"另有{KEPT}件符合条件" in said.err
    assert all(name.startswith("2025-") for name in names(folder))
    crowd.turn(MANAGER)
    said = export(crowd, folder)
    assert f"已导出{KEPT}份，{CASES}份原已完好" in said.err
    assert "另有" not in said.err
    assert sum(name.startswith(LONG_AGO) for name in names(folder)) == KEPT


@pytest.mark.parametrize("line", ['"虚构的备注"', "尾号:1111"])
def test_by_a_word_or_a_number_nobody_learns_how_many_may_not_be_read(crowd: Giver, folder: Path, line: str) -> None:
    said = export(crowd, folder, line=line)
    assert f"已导出{CASES}份" in said.err
    assert "另有" not in said.err


def test_documents_that_one_may_not_have_are_counted_and_not_made(crowd: Giver, folder: Path) -> None:
    crowd.turn(AUDITOR)
    said = crowd.give("export", "documents", "--filter", "", "--document", "str_paper", "-o", str(folder))
    assert said.status == 0
    assert f"{CASES + KEPT}件按您的岗位不能出这份文书" in said.err
    assert names(folder) == []
    assert crowd.exports() == ()


def test_a_case_that_gives_no_occasion_for_the_document_is_counted_and_is_no_failure(
    crowd: Giver, folder: Path, adviser: Adviser
) -> None:
    with Store.open(crowd.path) as store:
        desk = Desk(store, adviser, TELLER, read_clock)
        case_id = desk.open("transfer").case.id
        desk.answer(case_id, "official_caller", Answer.YES)
        desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
    words = ("--document", "customer_notice", "--format", "md", "--lang", "zh", "-o", str(folder))
    said = crowd.give("export", "documents", "--filter", "", *words)
    assert said.status == 0
    assert f"{CASES}件没有可写进这份文书的内容，不出这份文书。" in said.err
    assert "documents.appeal_to, documents.appeal_phone" in said.err
    assert [event.body["case"] for event in crowd.exports()] == [case_id]
    assert len(names(folder)) == 1


def test_a_teller_takes_no_batch(crowd: Giver, folder: Path) -> None:
    crowd.turn(TELLER)
    said = export(crowd, folder)
    assert (said.status, said.out) == (5, "")
    assert not folder.exists()


def test_where_no_case_fits_that_is_said(crowd: Giver, folder: Path) -> None:
    said = export(crowd, folder, line="from:2030-01-01")
    assert (said.status, folder.exists()) == (0, False)
    assert "没有符合条件的案件" in said.err


@pytest.mark.parametrize(
    "words", [("--format", "goaml"), ("--document", "nonsense"), ("-o", "-"), ("--filter", "级别:没有")]
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_made(
    crowd: Giver, folder: Path, words: tuple[str, str]
) -> None:
    said = export(crowd, folder, *words)
    assert (said.status, said.out) == (2, "")
    assert not folder.exists() or names(folder) == []
    assert crowd.exports() == ()


def test_a_folder_that_cannot_be_made_is_told(crowd: Giver, folder: Path) -> None:
    folder.write_text("a file")
    said = export(crowd, folder)
    assert (said.status, folder.read_text()) == (2, "a file")
    assert f"{folder}（已经有这个名称的文件）" in said.err
    assert said.err.count("\n") == 1


def test_a_folder_whose_name_is_not_in_utf8_is_not_made(crowd: Giver, tmp_path: Path) -> None:
    folder = tmp_path / "\udcff"
    said = export(crowd, folder)
    assert (said.status, folder.exists(), crowd.exports()) == (2, False, ())
    assert "udcff" in said.err


def test_what_would_keep_every_file_from_being_made_stops_it_at_the_first(crowd: Giver, folder: Path) -> None:
    own = crowd.path.with_name("templates")
    own.mkdir()
    (own / "case_summary.zh.md").write_text("# {{ nonsense }}\n", "utf-8")
    crowd.path.with_name("settings.yaml").write_text("documents:\n  templates: templates\n", "utf-8")
    said = export(crowd, folder)
    assert said.status == 2
    assert "nonsense" in said.err
    assert f"{CASES}件中0份完好" in said.err
    assert names(folder) == []
    assert crowd.exports() == ()


def test_where_exports_may_become_no_files_none_is_made(
    crowd: Giver, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_EXPORTS", "none")
    assert export(crowd, folder).status == 5
    assert not folder.exists()


def test_a_disk_that_is_full_leaves_whole_files_and_lets_it_go_on(crowd: Giver, folder: Path, adviser: Adviser) -> None:
    batch = Batch(DocumentName.CASE_SUMMARY, DocumentForm.MARKDOWN, Language.ZH, folder)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store.open(crowd.path) as store:
        desk = Desk(store, adviser, SUPERVISOR)
        making = make_documents(desk, batch, select_cases(desk, EVERYTHING, frozenset()), lambda _: desk.book)
        for _ in range(AT_ONCE):
            next(making)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(Trouble):
                next(making)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(names(folder)) == len(crowd.exports()) == AT_ONCE
    hold_whole(crowd, folder)
    assert f"已导出{CASES - AT_ONCE}份，{AT_ONCE}份原已完好" in export(crowd, folder).err


def test_what_keeps_one_file_from_its_place_does_not_keep_those_recorded_with_it(
    crowd: Giver, folder: Path, adviser: Adviser
) -> None:
    folder.mkdir()
    places = [folder / name for name in ("a.md", "b.md", "c.md")]

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        file.write(stamp.export.encode())
        # It was not there when the places were looked at.
        places[1].mkdir(exist_ok=True)
        return Written(1)

    order = Order(what=Leaving.REPORT, form="md", language=Language.ZH)
    with Store.open(crowd.path) as store:
        works = [Work(order, Target(path, replace=True), write) for path in places]
        with pytest.raises(ExportUnplaced) as unplaced:
            deliver_all(Desk(store, adviser, SUPERVISOR), works)
    assert str(places[1]) in unplaced.value.sentence(Language.ZH)
    assert [path.is_file() for path in places] == [True, False, True]
    assert len(crowd.exports()) == 3
    assert [crowd.give("verify-export", str(path)).status for path in (places[0], places[2])] == [0, 0]


def test_somebody_who_stops_it_finds_whole_files_and_goes_on(crowd: Giver, folder: Path) -> None:
    command = ("export", "documents", "--filter", "", "--document", "case_summary", "-o", str(folder))
    program = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *command, "--db", str(crowd.path), "--lang", "en"],
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        text=True,
    )
    while program.poll() is None and not (folder.is_dir() and any(folder.glob("2025-*.pdf"))):
        time.sleep(0.02)
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=60)
    assert program.returncode == 130, err
    made = len(names(folder))
    assert 1 <= made < CASES
    assert re.search(rf"Stopped: \d+ of {CASES} are whole", err)
    hold_whole(crowd, folder)
    said = crowd.give(*command, "--lang", "en")
    assert said.status == 0
    assert f"{CASES - made} exported, {made} were there and whole" in said.err
    with pypdfium2.PdfDocument(folder / names(folder)[-1]) as paper:
        assert names(folder)[-1][5:18] in paper[0].get_textpage().get_text_range()


def test_on_a_terminal_it_tells_how_far_it_has_come(
    crowd: Giver, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = export(crowd, folder, "--lang", "en")
    assert f"of {CASES} cases" in said.err

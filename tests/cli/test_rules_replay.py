"""`assistant rules replay`: two rulebooks over saved cases, counted right, and no case of the file touched."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import EventKind, Outcome, ReopenReason
from assistant.case.subjects import EVERY_CASE
from assistant.replay.comparison import replay
from assistant.replay.figures import Difference
from assistant.replay.stories import Source, Story, find_source, list_cases, read_stories
from assistant.store import Outlet, Store
from assistant.store.faults import OlderSchema
from assistant.workplace import working_desk
from bench.replay import change, fill
from rules.advice import Advice, Adviser
from rules.facts import Answer, Known, Level, MoneyState, Portion, StepOutcome
from rules.loading import load_book
from rules.model import Book
from tests.case.visits import HOUR, SECOND, Clock, new_desk, set_aside_gates
from tests.cli.conftest import NOON, ROOT, Give, Team
from tests.rules.visits import every_step
from tests.terminal import Terminal

CASES = 300
BANK: Final = ROOT / "tests" / "rules" / "bank.overlay.yaml"
SEVERAL_PROCESSES = """
from assistant.replay import comparison
from assistant.cli import main

comparison.CHUNK, comparison.ENOUGH_FOR_ONE = 1, 0
if __name__ == "__main__":
    comparison._count_cores = lambda: 2
    raise SystemExit(main())
"""
"""A start of the command that uses two processes for however few cases."""


@pytest.fixture(scope="module")
def books() -> tuple[Book, Book]:
    """The rulebook of the product, and one without its first reason to hold."""
    book = load_book()
    return book, change(book)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, books: tuple[Book, Book]) -> Path:
    """Invented cases, each visit coming twice; for reading only."""
    path = tmp_path_factory.mktemp("replay") / "cases.db"
    fill(path, CASES, books[0], 2)
    return path


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rulebook in which nobody is held for a doubtful handover, and no police is called for it."""
    folder = tmp_path_factory.mktemp("other") / "book"
    shutil.copytree(ROOT / "rules" / "book", folder)
    advice = folder / "advice.yaml"
    advice.write_text(advice.read_text("utf-8").replace("[call_110]", "[consult_96110]", 1), "utf-8")
    return folder


def ignore(done: int, total: int) -> None:
    """Hear how far it is, and say nothing."""


def read_all(source: Source) -> list[Story]:
    with source.reading() as raw:
        ids = list_cases(raw, source)
        return list(read_stories(raw, source, ids[0], ids[-1]))


@pytest.fixture(scope="module")
def advised(file: Path, books: tuple[Book, Book]) -> Iterator[list[tuple[Story, Advice, Advice]]]:
    """Every case with the advice of both books, one by one and in full."""
    old, new = (Adviser(book) for book in books)
    stories = read_all(find_source(file))
    yield [(story, old.advise(story.facts), new.advise(story.facts)) for story in stories]
    old.close()
    new.close()


def test_a_replay_counts_what_both_books_say_of_every_case(
    file: Path, books: tuple[Book, Book], advised: list[tuple[Story, Advice, Advice]]
) -> None:
    counts = replay(find_source(file), *books, ignore)
    assert counts.cases == len(advised) == CASES
    assert counts.levels == (Counter(a.level for _, a, _ in advised), Counter(b.level for _, _, b in advised))
    assert counts.steps[0] == Counter(step for _, a, _ in advised for step in every_step(a))
    assert counts.steps[1] == Counter(step for _, _, b in advised for step in every_step(b))
    alike = sum(a.level is b.level and every_step(a) == every_step(b) for _, a, b in advised)
    assert counts.differences[Difference.NONE] == alike < CASES
    less = [s.number for s, a, b in advised if a.level.rank >= Level.HOLD.rank > b.level.rank]
    assert counts.numbers[Difference.STOP_LESS] == less[:10]
    added, removed = Counter[str](), Counter[str]()
    for _, a, b in advised:
        added.update(set(every_step(b)) - set(every_step(a)))
        removed.update(set(every_step(a)) - set(every_step(b)))
    assert (counts.added, counts.removed) == (added, removed)
    assert removed
    for stops, place in zip(counts.stops, (1, 2), strict=True):
        stopped = [one[0].outcome for one in advised if one[place].level.rank >= Level.HOLD.rank]  # type: ignore[union-attr]
        assert +stops == Counter(outcome.value if outcome else "open" for outcome in stopped)


def test_several_processes_count_the_same_as_one(file: Path, books: tuple[Book, Book]) -> None:
    source = find_source(file)
    assert replay(source, *books, ignore, processes=2) == replay(source, *books, ignore, processes=1)


def test_the_facts_are_those_before_the_closing(demo_file: Path) -> None:
    stories = {story.number: story for story in read_all(find_source(demo_file))}
    with Store.open(demo_file, read_only=True) as store:
        cases = [store.case(summary.case_id) for summary in store.list()]
    assert stories.keys() == {case.number for case in cases}
    for case in cases:
        story = stories[case.number]
        assert story.outcome is (case.closing.outcome if case.closing else None)
        assert (story.facts.answers, story.facts.money) == (case.facts.answers, case.facts.money)
        assert story.facts.now <= (case.closing.at if case.closing else NOON * 2)


def test_what_came_after_the_last_closing_was_not_known_before_it(tmp_path: Path, books: tuple[Book, Book]) -> None:
    path, clock = tmp_path / "cases.db", Clock()
    with closing(Adviser(books[0])) as adviser:
        desk = new_desk(path, adviser, clock)
        case_id = desk.open("help", Portion(MoneyState.MOVED_OWN_NAME)).case.id
        clock.wait(5 * SECOND)
        written = {field.id: "1" for field in desk.book.steps["probe_questions"].record}
        desk.record_step(case_id, "probe_questions", StepOutcome.DONE, None, written)
        set_aside_gates(desk, case_id)
        desk.close(case_id, Outcome.UNRESOLVED, 0, 0, 0)
        desk.reopen(case_id, ReopenReason.NEW_INFORMATION)
        clock.wait(HOUR)
        desk.answer(case_id, "secrecy", Answer.YES, Known.SAID)
        set_aside_gates(desk, case_id)
        known = desk.store.case(case_id).facts
        clock.wait(HOUR)
        case = desk.close(case_id, Outcome.INTERCEPTED, 0, 0, 0).case
        left = next(step.id for step in case.advised_steps if step.id not in case.steps)
        desk.record_step(case_id, left, StepOutcome.LATER)
        desk.store.close()
    (story,) = read_all(find_source(path))
    assert (story.outcome, story.facts) == (Outcome.INTERCEPTED, known)
    assert story.paces == (("probe_questions", 5 * SECOND),)


def read_events(path: Path) -> list[tuple[str, str, str]]:
    """Return subject, kind and hash of every event in the file."""
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT case_id, kind, hash FROM events ORDER BY seq").fetchall()


def test_all_that_is_written_is_who_had_the_cases_read_and_the_report_says_so(
    give: Give, file: Path, other: Path
) -> None:
    before = read_events(file)
    answer = give("rules", "replay", "built-in", str(other), "--db", str(file))
    assert (answer.status, answer.err) == (0, "")
    *kept, access = read_events(file)
    assert kept == before
    assert access[:2] == (EVERY_CASE, EventKind.ACCESSED)
    assert sha256(file.read_bytes()).hexdigest() in answer.out
    assert "只读：重算前后文件的校验值相同，重算没有写入任何内容。" in answer.out


def test_only_who_may_know_all_cases_has_them_replayed_and_it_is_on_record(give: Give, team: Team) -> None:
    with working_desk(team.path, actor=team.TELLER) as desk:
        case = desk.open("transfer").case
    for number in (team.TELLER, team.SUPERVISOR, team.AUDITOR, ""):
        team.turn(number)
        refused = give("rules", "replay", "built-in", "built-in")
        assert (refused.status, refused.out) == (5, ""), number
    for number in (team.COMPLIANCE, team.MANAGER):
        team.turn(number)
        assert give("rules", "replay", "built-in", "built-in").status == 0
    rows = json.loads(give("access", "list", "--json").out)
    who = [(row["actor"], row["how"], row["case_id"], row["number"]) for row in rows]
    assert who == [(number, "replayed", None, None) for number in (team.MANAGER, team.COMPLIANCE)]
    assert [line.split()[2:] for line in give("access", "list").out.splitlines()[1:]] == [
        [number, "重算", "全部案件"] for number in (team.MANAGER, team.COMPLIANCE)
    ]
    assert json.loads(give("access", "list", "--case", case.number, "--json").out) == rows


def test_a_file_in_wal_mode_gets_no_files_beside_it(tmp_path: Path, file: Path, books: tuple[Book, Book]) -> None:
    path = tmp_path / "cases.db"
    shutil.copy(file, path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = wal")
    assert [p.name for p in tmp_path.iterdir()] == ["cases.db"]
    source = find_source(path)
    assert source.alone
    assert replay(source, *books, ignore).cases == CASES
    assert [p.name for p in tmp_path.iterdir()] == ["cases.db"]


def test_what_others_save_meanwhile_is_not_counted(tmp_path: Path, file: Path, books: tuple[Book, Book]) -> None:
    path = tmp_path / "cases.db"
    fill(path, 5, books[0], 1)
    source = find_source(path)
    with Store.open(path) as store, Store.open(file, read_only=True) as more:
        case = more.read_case(more.list(limit=1)[0].case_id)
        body = {name: value for name, value in case[0].body.items() if name != "number"}
        store.append(type(case[0])(case[0].id, case[0].case_id, case[0].at, "bench", case[0].kind, body))
    assert replay(source, *books, ignore).cases == 5
    assert replay(find_source(path), *books, ignore).cases == 6


def test_an_older_file_is_refused_and_not_brought_up_to_date(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "cases.db"
    shutil.copy(file, path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 1")
    before = path.read_bytes()
    with pytest.raises(OlderSchema):
        find_source(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_officer_is_told_what_the_data_cannot_show(give: Give, demo_file: Path, other: Path, language: str) -> None:
    words = {
        "zh": ("没有被发现、没有建案的欺诈不在数据中", "案件太少（不足30件）", "不估计分钟"),
        "en": ("Frauds that nobody saw are not in the data", "too few cases (below 30)", "minutes not estimated"),
    }
    out = give("rules", "replay", "built-in", str(other), "--db", str(demo_file), "--lang", language).out
    assert [said for said in words[language] if said not in out] == []


@pytest.mark.parametrize(
    "program",
    ["from assistant.cli import main\nraise SystemExit(main())\n", SEVERAL_PROCESSES],
    ids=["one process", "two processes"],
)
def test_a_threshold_changed_in_the_banks_overlay_shows_in_the_cases_between_both(tmp_path: Path, program: str) -> None:
    path, script, changed = tmp_path / "cases.db", tmp_path / "start.py", tmp_path / "bank.yaml"
    script.write_text(program, "utf-8")
    changed.write_text(BANK.read_text("utf-8").replace("amount_from: 30000", "amount_from: 10000"), "utf-8")
    Store.create(path, Outlet("0312", "示范网点")).close()
    with working_desk(path) as desk:
        for yuan in (5_000, 20_000, 40_000):
            desk.open("transfer", Portion(MoneyState.NOT_MOVED, yuan * 100))
    overlays = ["--old-overlay", str(BANK), "--overlay", str(changed)]
    argv = [sys.executable, str(script), "rules", "replay", "built-in", "built-in", *overlays, "--db", str(path)]
    run = subprocess.run([*argv, "--json"], capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (run.returncode, run.stderr) == (0, b"")
    report = json.loads(run.stdout)
    assert [report[side]["levels"]["ask"] for side in ("old", "new")] == [1, 2]
    assert (report["cases"], report["differences"]["higher"]) == (3, 1)
    assert all(report[side]["rulebook"].endswith("+examplebank.3") for side in ("old", "new"))


def test_programs_get_the_same_figures(give: Give, file: Path, other: Path) -> None:
    report = json.loads(give("rules", "replay", "built-in", str(other), "--db", str(file), "--json").out)
    assert report["cases"] == sum(report["differences"].values()) == CASES
    assert report["sha256_before"] == report["sha256_after"] == sha256(file.read_bytes()).hexdigest()
    assert dict(report["removed"])["call_110"] == report["old"]["steps"] - report["new"]["steps"] + sum(
        count for _, count in report["added"]
    ) - sum(count for step, count in report["removed"] if step != "call_110")
    for book in (report["old"], report["new"]):
        assert book["caught"]["whole"] == report["frauds"]
        low, high = book["caught"]["interval"]["low"], book["caught"]["interval"]["high"]
        assert low <= book["caught"]["part"] / book["caught"]["whole"] <= high


def test_a_book_against_itself_changes_nothing(give: Give, demo_file: Path) -> None:
    report = json.loads(give("rules", "replay", "built-in", "built-in", "--db", str(demo_file), "--json").out)
    assert report["differences"]["none"] == report["cases"] == 12
    assert report["old"] == report["new"]
    assert report["frauds"] + report["honest"] + report["unknown"] + report["open"] == 12


def test_an_interrupt_at_the_terminal_ends_every_process(tmp_path: Path, file: Path) -> None:
    script = tmp_path / "start.py"
    script.write_text(SEVERAL_PROCESSES, "utf-8")
    argv = [sys.executable, str(script), "rules", "replay", "built-in", "built-in", "--db", str(file)]
    with Terminal(argv, environment={"PYTHONPATH": str(ROOT)}) as terminal:
        terminal.see(f"已重算0/{CASES}件")
        terminal.send("\x03")
        assert terminal.end() == 130
        assert b"Traceback" not in terminal.heard
        assert "SHA-256" not in terminal.text()
    # The helper that Python keeps for its processes goes a moment later.
    end = time.monotonic() + 60
    while is_there(terminal.pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_there(terminal.pid)


def is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_missing_file_is_told_and_not_made(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    answer = give("rules", "replay", "built-in", "built-in", "--db", str(path))
    assert (answer.status, answer.out) == (3, "")
    assert not path.exists()

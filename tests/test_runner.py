"""A rulebook's trial and the checks of the rule desk run in processes of their own, which take nobody along."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from assistant.rulebooks.runner import Runner, TrialFailed, run_checks
from rules.language import Language

BUILT_IN = Path(__file__).parents[1] / "rules" / "book"


def test_a_trial_and_the_checks_of_the_rule_desk_take_the_bank_s_file_in(tmp_path: Path) -> None:
    broken = tmp_path / "bank.yaml"
    broken.write_text("nonsense: {}\nrubbish: {}\n", "utf-8")
    with pytest.raises(TrialFailed) as failed:
        Runner().try_out(BUILT_IN, broken)
    assert "2 more" in failed.value.sentence(Language.EN)
    checks = list(run_checks(Runner(), BUILT_IN, broken, Language.EN))
    assert [(checked.command, checked.status) for checked in checks] == [("check", 4), ("test", 4)]
    assert all("bank.yaml, line 1" in " ".join(checked.lines) for checked in checks)


def test_a_trial_that_hangs_is_ended_and_told_of(tmp_path: Path) -> None:
    with pytest.raises(TrialFailed) as failed:
        Runner().try_out(BUILT_IN, None, seconds=0.01)
    assert "did not end" in failed.value.sentence(Language.EN)


def test_a_trial_that_crashes_takes_nobody_along() -> None:
    # As a fault in the engine's compiled code ends it.
    killer = threading.Thread(target=kill_child, args=(signal.SIGSEGV,))
    killer.start()
    with pytest.raises(TrialFailed) as failed:
        Runner().try_out(BUILT_IN, None)
    killer.join()
    assert f"code {-signal.SIGSEGV}" in failed.value.sentence(Language.EN)


def kill_child(number: signal.Signals) -> None:
    """Send a signal to the trial that this process starts, as soon as it is there."""
    for _ in range(12_000):
        for listed in Path("/proc/self/task").glob("*/children"):
            for child in listed.read_text().split():
                if "assistant.rulebooks.trial" in Path(f"/proc/{child}/cmdline").read_text():
                    os.kill(int(child), number)
                    return
        time.sleep(0.005)


def test_what_runs_ends_with_the_desk_and_nothing_starts_after_it(tmp_path: Path) -> None:
    runner, started, ended = Runner(), tmp_path / "started", list[int]()
    program = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"

    def work() -> None:
        ended.append(runner.run(["-c", program, str(started)], seconds=30)[0])

    running = threading.Thread(target=work)
    running.start()
    while not started.exists():
        time.sleep(0.005)
    runner.end()
    running.join(60)
    work()
    assert ended == [-signal.SIGKILL, -signal.SIGKILL]

"""The command as a whole: it starts light, answers in the language asked for, and ends with the right status."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import ROOT, Give, Start

HEAVY: Final = ("textual", "pydantic", "sqlite_utils", "sqlite3", "yaml", "rules", "durable_rules_engine")
COMMAND: Final = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())"]
LINE: Final = b'{"id":"a","request":"transfer","signs":{"on_phone":"yes"}}\n'


def test_the_version_is_told_without_loading_what_only_work_needs() -> None:
    program = f"""
import sys
from assistant.cli import main
status = main(["--version"])
print(status, [name for name in {HEAVY!r} if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    version, rest = run.stdout.splitlines()
    assert version.startswith("assistant ")
    assert rest == "0 []"


def test_the_version_is_told_beside_other_words_too(give: Give) -> None:
    assert give("--lang", "en", "--version").out.startswith("assistant ")


@pytest.mark.parametrize(
    "words",
    [
        *((), ("init",), ("advise",), ("demo",)),
        *(("case",), ("case", "list"), ("case", "show"), ("case", "find"), ("case", "reveal")),
        *(("staff",), *(("staff", name) for name in ("first", "add", "list", "role", "suspend", "restore"))),
        *(("staff", name) for name in ("bind", "unbind", "reset", "password", "moves")),
        *(
            ("approvals",),
            *(("approvals", name) for name in ("list", "show", "approve", "decline", "withdraw", "review")),
        ),
        *(("outlet",), ("outlet", "show"), ("outlet", "rename"), ("access",), ("access", "list")),
    ],
    ids=lambda words: " ".join(words) or "assistant",
)
def test_every_command_explains_itself_in_both_languages(give: Give, words: tuple[str, ...]) -> None:
    chinese, english = give(*words, "--help"), give(*words, "--lang", "en", "--help")
    assert chinese.status == english.status == 0
    assert chinese.out.startswith(f"用法：{' '.join(('assistant', *words))} ")
    assert english.out.startswith(f"usage: {' '.join(('assistant', *words))} ")
    assert "--db FILE" in chinese.out
    assert "--lang" in chinese.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cse",), "没有命令“cse”。是否想写 case？"),
        (("case", "lst"), "没有命令“lst”。是否想写 list？"),
        (("case",), "缺少 list | search | show | find | reveal。"),
        (("case", "show"), "缺少 NUMBER|ID。"),
        (("init", "--name", "x"), "缺少 --outlet。"),
        (("advise", "--sgn", "x"), "不认识“--sgn”。是否想写 --sign？"),
        (("advise", "--sign"), "--sign 后面缺少内容。"),
        (("advise", "--json=3"), "--json 后面不带内容。"),
        (("demo", "now"), "不认识“now”。"),
        (("--lang", "fr"), "--lang 只能是 zh, en。"),
        (("case", "list", "--state", "shut"), "--state 只能是 open, closed。"),
        (("case", "list", "--limit", "0"), "--limit 须是1至10000的整数。"),
        (("case", "list", "--limit", "٣"), "--limit 须是1至10000的整数。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_word_is_one_sentence_with_the_mend(give: Give, words: tuple[str, ...], said: str) -> None:
    answer = give(*words)
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.startswith(said)
    assert len(answer.err.splitlines()) == 1


def test_the_environment_sets_the_language_and_the_command_line_overrides_it(start: Start) -> None:
    assert "is not known" in start("--nope", env={"ASSISTANT_LANG": "en"}).err
    assert "不认识" in start("--nope", "--lang=zh", env={"ASSISTANT_LANG": "en"}).err
    assert start("--nope", env={"ASSISTANT_LANG": "fr"}).err.startswith("ASSISTANT_LANG 只能是 zh, en。")


def test_the_screen_is_refused_where_there_is_no_terminal(start: Start) -> None:
    answer = start()
    assert answer.status == 2
    assert answer.err.startswith("柜面屏幕需要在终端窗口中打开")


def test_a_reader_that_leaves_early_is_let_go_in_silence(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(LINE * 400)
    with subprocess.Popen(
        [*COMMAND, "advise", "--batch", str(batch)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.read(20).startswith(b'{"id":"a"')
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(30) == 0


def test_output_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([*COMMAND, "advise", "--sign", "on_phone"], stdout=full, stderr=subprocess.PIPE, cwd=ROOT)
    assert run.returncode == 1
    assert run.stderr.decode().startswith("输出未能写完")


def test_an_interrupt_ends_with_its_own_status_and_no_words() -> None:
    with subprocess.Popen(
        [*COMMAND, "advise", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as run:
        assert run.stdin is not None
        # More than a pipe holds: once all of it is taken, the command is surely reading.
        run.stdin.write(LINE * 4_000)
        run.stdin.flush()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=120)
    assert (run.returncode, out, err) == (130, b"", b"")


def break_down(demo_file: Path, state: Path) -> subprocess.CompletedProcess[str]:
    """Let a command meet a fault that nobody foresaw, whose own words quote a customer."""
    program = f"""
import json, sys
def fail(*_, **__):
    secret = "王小明 6222"
    raise TypeError(secret)
json.dumps = fail
from assistant.cli import main
sys.exit(main(["case", "list", "--json", "--lang", "en", "--db", {str(demo_file)!r}]))
"""
    env = {**os.environ, "XDG_STATE_HOME": str(state), "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=env)


def test_an_unforeseen_fault_is_a_sentence_and_a_log_without_anything_a_customer_said(
    demo_file: Path, tmp_path: Path
) -> None:
    run = break_down(demo_file, tmp_path)
    (log,) = tmp_path.rglob("faults.log")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("The program met an unforeseen fault (TypeError)")
    assert str(log) in run.stderr
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "TypeError" in log.read_text("utf-8")
    assert " fail" in log.read_text("utf-8")
    assert "王小明" not in log.read_text("utf-8") + run.stderr


def test_an_unforeseen_fault_that_cannot_be_logged_is_a_sentence_all_the_same(demo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    run = break_down(demo_file, tmp_path / "file")
    assert (run.returncode, run.stdout) == (1, "")
    assert "no details could be logged" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_an_unsound_rulebook_ends_with_its_own_status_and_names_the_place(tmp_path: Path) -> None:
    for package in ("assistant", "rules"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    signs = tmp_path / "rules/book/signs.yaml"
    signs.write_text(signs.read_text("utf-8").replace("  on_phone:", "  on_fone:"), "utf-8")
    run = subprocess.run([*COMMAND, "advise", "--sign", "on_phone"], cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (4, "")
    assert run.stderr.startswith("规则书有")
    assert "on_fone" in run.stderr


def test_closed_streams_lead_nowhere_and_do_no_harm() -> None:
    shell = ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *COMMAND, "advise", "--batch", "-"]
    assert subprocess.run(shell, cwd=ROOT).returncode == 0

"""What may be asked for from outside on a branch server is what the program has, but for what names a file."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from assistant.cli import main

ROOT: Final = Path(__file__).parents[1]
ENTRANCE: Final = ROOT / "deploy" / "branch-server" / "entrance.py"
OPTION: Final = re.compile(r"^  (?:-\w, )?(--[a-z][a-z0-9-]*)( [A-Za-z])?", re.MULTILINE)
SHELF: Final = re.compile(r"^    ([a-z][a-z-]*)(?:  |$)", re.MULTILINE)
EVERYWHERE: Final = {"--help", "--db=", "--lang=", "--theme=", "--ascii", "--version"}
OF_FILES: Final = {"--batch=", "--rules=", "--overlay=", "--checkpoint=", "--output=", "--force"}
OF_SHARED_MACHINES: Final = {"--as="}
"""Who is there, the operating system says on a branch server."""
LEFT_OUT: Final = {("init",), ("demo",), ("backup",), ("restore",), ("staff", "first"), ("export", "documents")} | {
    ("rules", name) for name in ("check", "test", "diff", "replay", "book", "publish", "schema")
}
"""They name files, or are for the console of whoever sets the server up."""


def load_entrance() -> ModuleType:
    spec = spec_from_file_location("entrance", ENTRANCE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_help(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--help", "--lang", "en"]) == 0, words
    return capsys.readouterr().out


def list_commands(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in SHELF.findall(read_help(capsys)):
        inner = SHELF.findall(read_help(capsys, name))
        found += [(name, each) for each in inner] or [(name,)]
    return found


def test_every_command_is_let_through_or_left_out_on_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    commands = list_commands(capsys)
    assert len(commands) > 30
    assert set(load_entrance().COMMANDS) - {(), ("--version",)} == set(commands) - LEFT_OUT


def test_each_command_has_its_own_options_at_the_entrance_and_none_that_names_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words, (_, options) in load_entrance().COMMANDS.items():
        if words == ("--version",):
            continue
        named = {f"{name}=" if value else name for name, value in OPTION.findall(read_help(capsys, *words))}
        streamed = load_entrance().STREAM
        assert options - streamed == named - EVERYWHERE - OF_FILES - OF_SHARED_MACHINES, words


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("", True),
        ("retention run --yes --why 期满", True),
        ("rules explain 0312-1123-001", True),
        ("rules explain 0312-1123-001 --rules=/etc", False),
        ("rules explain --overlay /etc/shadow", False),
        ("rules replay built-in /etc", False),
        ("advise --batch=/etc/shadow", False),
        ("staff list --db=/tmp/other.db", False),
        ("staff suspend 3003 3004", False),
        ("export case 0312-1123-001 --document slip --format pdf -o -", True),
        ("export cases --filter level:police --format=csv --output=-", True),
        ("export cases", True),
        ("export cases -o /tmp/cases.csv", False),
        ("export cases -o/tmp/cases.csv", False),
        ("export cases --output=/tmp/cases.csv", False),
        ("export cases --output /tmp/cases.csv", False),
        ("export case 0312-1123-001 --document slip -o slip.pdf", False),
        ("export cases --force -o -", False),
        ("export documents --filter level:police --document slip -o /tmp", False),
        ("verify-export -", True),
        ("verify-export /etc/shadow", False),
    ],
)
def test_what_names_a_file_is_not_let_through(line: str, *, passes: bool) -> None:
    assert load_entrance().may_pass(line.split()) is passes


def test_the_program_that_it_starts_exports_into_no_file() -> None:
    told = "from assistant.export.confinement import may_write_files; print(may_write_files())"
    done = subprocess.run(
        [sys.executable, "-c", f"import entrance; entrance.settle(); {told}"],
        env={"PYTHONPATH": f"{ENTRANCE.parent}:{ROOT}", "ASSISTANT_EXPORTS": "files"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"

"""What the pages say is what is there: the commands, and on security and settings the tests, settings and bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from assistant.cli import main
from assistant.settings import Settings

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ("docs/security.md", "docs/settings.md")
COMMANDED: Final = (
    "README.md",
    "docs/overlay.md",
    "docs/rulebook-in-force.md",
    "docs/security.md",
    "docs/settings.md",
)
COMMAND: Final = re.compile(r"(?:^(?: {4})?|`)(?:\.venv/bin/)?assistant\b ?([^`\n]*)", re.MULTILINE)
WORD: Final = re.compile(r"[a-z]+")
OPTION: Final = re.compile(r"--[a-z][a-z-]*")
ROW: Final = re.compile(r"^\| `(?P<name>[a-z_.]+)` \| (?P<default>\S+) \| (?P<range>\S+) \|", re.MULTILINE)


def read_page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def list_settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object, tuple[int, ...]]]:
    """Yield the name, the default and the bounds of every setting."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from list_settings(kind, f"{prefix}{name}.")
        else:
            bounds = [getattr(rule, end) for rule in field.metadata for end in ("ge", "le") if hasattr(rule, end)]
            yield f"{prefix}{name}", field.default, tuple(bounds)


def list_commands(text: str) -> Iterator[tuple[list[str], set[str]]]:
    """Yield the words of every command of the program in a page, and the options that are named with it."""
    for line in COMMAND.findall(text):
        # What the command is for stands in a column of its own.
        told = line.partition("  ")[0].split()
        yield list(takewhile(WORD.fullmatch, told))[:2], set(OPTION.findall(line))


@pytest.mark.parametrize("page", COMMANDED)
def test_every_command_that_a_page_names_is_there_with_its_options(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = list(list_commands(read_page(page)))
    assert commands
    for words, options in commands:
        assert main([*words, "--help", "--lang", "en"]) == 0, words
        assert options - set(OPTION.findall(capsys.readouterr().out)) == set(), words


def test_the_page_of_settings_has_every_setting_with_its_default_and_range() -> None:
    rows = {row["name"]: row for row in ROW.finditer(read_page("docs/settings.md"))}
    settings = {name: (default, bounds) for name, default, bounds in list_settings(Settings)}
    assert rows.keys() == settings.keys()
    for name, (default, bounds) in settings.items():
        if bounds:
            assert (rows[name]["default"], rows[name]["range"]) == (str(default), f"{bounds[0]}–{bounds[1]}"), name


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = set(re.findall(r"`((?:tests|docs|deploy)/[A-Za-z0-9_./-]+)`", read_page(page)))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_page_on_security_names_the_same_tests_in_both_languages() -> None:
    chinese, english = read_page("docs/security.md").split("## English", 1)
    assert set(re.findall(r"`(tests/[^`]+)`", chinese)) == set(re.findall(r"`(tests/[^`]+)`", english))

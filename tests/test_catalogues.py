"""The texts for people are read from what an earlier start kept of them, and anew when they were changed since."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rules.language import Catalogue, Language

PRINT = "from rules.language import Catalogue, Language; print(Catalogue('shop')('greeting', Language.EN))"
PROJECT = Path(__file__).parents[1]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A package with one text."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    write(folder, "hello")
    return folder


def write(shop: Path, text: str) -> None:
    (shop / "text.yaml").write_text(f"greeting: {{zh: 您好, en: {text}}}\n", "utf-8")


def read(shop: Path, keep: str = "") -> str:
    """Return the text as a fresh start reads it; with `keep` one that leaves nothing compiled behind."""
    places = {"PYTHONPATH": os.pathsep.join((str(shop.parent), str(PROJECT))), "PYTHONDONTWRITEBYTECODE": keep}
    run = subprocess.run([sys.executable, "-c", PRINT], env={**os.environ, **places}, capture_output=True)
    assert run.stderr == b""
    return run.stdout.decode().strip()


def test_a_later_start_reads_what_was_kept(shop: Path) -> None:
    assert read(shop) == "hello"
    kept = shop / "__pycache__" / "text.yaml.json"
    whole = json.loads(kept.read_bytes())
    whole["texts"]["greeting"][1] = "from what was kept"
    kept.write_text(json.dumps(whole))
    assert read(shop) == "from what was kept"


def test_a_text_that_was_changed_is_read_anew(shop: Path) -> None:
    assert read(shop) == "hello"
    write(shop, "good morning")
    assert read(shop) == read(shop) == "good morning"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"mark": 1}', b"null"])
def test_what_is_no_kept_text_is_passed_over_and_put_right(shop: Path, content: bytes) -> None:
    assert read(shop) == "hello"
    kept = shop / "__pycache__" / "text.yaml.json"
    kept.write_bytes(content)
    assert read(shop) == "hello"
    assert json.loads(kept.read_bytes())["texts"] == {"greeting": ["您好", "hello"]}


def test_where_nothing_can_be_kept_it_is_read_all_the_same(shop: Path) -> None:
    (shop / "__pycache__").write_text("a file in the place of a folder")
    assert read(shop) == "hello"


def test_who_wants_nothing_compiled_left_behind_gets_no_kept_text_either(shop: Path) -> None:
    assert read(shop, keep="1") == "hello"
    assert not (shop / "__pycache__").exists()


def test_a_key_that_is_not_there_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        Catalogue("rules")("no.such.key", Language.ZH)

"""What a command prints is read by people, programs and terminals, and a terminal obeys none of it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Final

import pytest

from assistant.quoting import expose, fold
from rules.language import Catalogue, Language
from tests.cli.conftest import Give, Start

EVIL: Final = ("\x1b[2J", "\x9b2J", "\x07", "\x7f", "\r", "\u202e", "\u2067", "\u200f", "\u2028")


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_a_sentence_shows_what_would_be_obeyed_as_its_code(give: Give, tmp_path: Path, evil: str) -> None:
    answer = give("case", "list", "--db", str(tmp_path / f"a{evil}b.db"))
    assert (answer.status, answer.out) == (3, "")
    assert evil[0] not in answer.err
    assert f"a\\u{ord(evil[0]):04x}" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_programs_read_back_what_was_there(start: Start, evil: str) -> None:
    asked = json.dumps({"id": f"a{evil}b", "request": "transfer"}).encode()
    said = start("advise", "--batch", "-", stdin=asked)
    assert (said.status, said.err) == (0, "")
    assert evil[0] not in said.out
    assert json.loads(said.out)["id"] == f"a{evil}b"


def test_every_control_character_but_tab_and_line_end_is_shown_as_its_code() -> None:
    controls = {chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")}
    turning = {chr(code) for code in range(0x10000) if unicodedata.bidirectional(chr(code)) in _TURNING}
    kept = {character for character in controls | turning if expose(character) == character}
    assert kept == {"\t", "\n"}


_TURNING: Final = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def test_what_is_said_in_a_case_stays_as_it_is() -> None:
    text = "张三·李　说：“转账 50,000 元”\tà l’été 😀\nمرحبا"
    assert expose(text) == text


def test_what_somebody_wrote_stands_on_one_line() -> None:
    assert fold(" 休假\n状态：已批准\r\n\x85\u2028  x ") == "休假 状态：已批准 x"


@pytest.mark.parametrize("language", list(Language))
def test_what_could_not_be_saved_speaks_of_no_window_for_a_command_has_none(language: Language) -> None:
    words = Catalogue("assistant.store")
    said = {key: words(key, language) for key in words if key.startswith("trouble.")}
    assert [key for key, text in said.items() if "window" in text or "窗口" in text] == []

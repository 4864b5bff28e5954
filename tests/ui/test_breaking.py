"""Lines of Chinese begin and end as a printer would set them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rules.language import Language
from rules.loading import load_book
from tests.ui.stage import PAGES, look_at, on_stage
from ui.breaking import CLOSING, OPENING, break_text

TEXTS = st.text(alphabet="钱款户说人，。！？；：、）”》（“《 ab1,.\n…", max_size=200)
REALISTIC = [
    text.read(language)
    for step in load_book().steps.values()
    for text in (step.say, step.note)
    if text
    for language in Language
]


def faults(lines: list[str]) -> list[str]:
    first = [line for line in lines[1:] if line.strip() and line.strip()[0] in set("，。！？；：、）”》")]
    last = [line for line in lines[:-1] if line and line[-1] in set("（“《")]
    return first + last


@given(TEXTS, st.integers(4, 120))
def test_no_line_is_too_long_and_no_character_is_lost(text: str, width: int) -> None:
    lines = break_text(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("width", [20, 33, 56, 78, 118])
def test_no_line_of_the_rulebook_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    assert [fault for text in REALISTIC for fault in faults(break_text(text, width))] == []


@pytest.mark.parametrize("width", [20, 33, 78])
def test_english_words_stay_whole(width: int) -> None:
    for text in REALISTIC:
        words = {word for word in text.split() if word.isascii()}
        shown = {word for line in break_text(text, width) for word in line.split()}
        assert {word for word in words if word.isalpha() and len(word) < width} <= shown | _joined(text)


def _joined(text: str) -> set[str]:
    """Words that touch a Chinese character are set with it."""
    return {word for word in text.split() if not word.isascii()}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("先核对，再办理。", 16, ["先核对，再办理。"]),
        ("先核对再去办理。", 14, ["先核对再去办", "理。"]),
        ("他说（钱）已转走", 6, ["他说", "（钱）", "已转走"]),
        ("请拨打 110 报警", 10, ["请拨打 110", "报警"]),
        ("  缩进的一句话很长", 12, ["  缩进的一句", "  话很长"]),
        ("", 10, [""]),
        ("a\n\nb", 10, ["a", "", "b"]),
        ("supercalifragilistic", 10, ["supercalif", "ragilistic"]),
    ],
)
def test_a_text_is_set_as_expected(text: str, width: int, lines: list[str]) -> None:
    assert break_text(text, width) == lines


def test_no_mark_both_opens_and_closes() -> None:
    assert OPENING.isdisjoint(CLOSING)


@pytest.mark.parametrize("page", ["why", "record", "help"])
async def test_the_long_texts_of_the_pages_are_set_so(tmp_path: Path, page: str) -> None:
    async with on_stage(tmp_path / "cases.db", *PAGES[page], size=(60, 36)) as (app, pilot):
        for width in (60, 80, 120):
            await pilot.resize_terminal(width, 36)
            lines = look_at(app).text().splitlines()
            assert max(map(cell_len, lines)) == width
            assert [line for line in lines if line.strip() and line.strip()[0] in set("，。！？；：、）”》")] == []

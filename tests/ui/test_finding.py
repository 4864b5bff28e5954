"""Finding a red flag: by Chinese, pinyin, initials or English, and marking it without leaving the line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.widgets import Input

from rules.facts import Answer, Known
from rules.language import Language, Text
from rules.loading import load_book
from tests.texts import ANY
from tests.ui.pilot import press
from tests.ui.stage import CASE, case_of, look_at, on_stage
from ui.finding import Findable, find
from ui.screens.find import FindInput, FindScreen
from ui.screens.teller import TellerScreen
from ui.screens.words import WordsScreen
from ui.widgets.rows import Rows

BOOK: Final = load_book()
THINGS: Final = [Findable(name, sign.name, place) for place, (name, sign) in enumerate(BOOK.signs.items())]
NAMES: Final = [(name, sign.name) for name, sign in BOOK.signs.items()]
PUNCTUATION: Final = "、，“”（）"


@cache
def spellings() -> dict[str, list[str]]:
    """Return the syllables of every character, read from the table that the product ships."""
    found: dict[str, list[str]] = {}
    table = Path(__file__).parents[2].joinpath("ui", "pinyin.txt").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            for character in characters:
                found.setdefault(character, []).append(syllable)
    return found


def wide(text: str) -> str:
    """Return plain characters as a Chinese input method in full-width mode sends them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def clean_run(data: st.DataObject, name: Text) -> str:
    """Draw a run of Chinese characters of the name, from the start of the name or of one of its parts."""
    parts = "".join(" " if c in PUNCTUATION else c for c in name.zh).split()
    part = data.draw(st.sampled_from(parts))
    return part[: data.draw(st.integers(1, len(part)))]


@given(st.sampled_from(NAMES), st.booleans())
def test_every_sign_is_found_by_its_full_chinese_name_and_stands_first(entry: tuple[str, Text], spaced: bool) -> None:
    key, name = entry
    query = " ".join(name.zh) if spaced else name.zh
    assert find(query, THINGS)[0] == key


@given(st.sampled_from(NAMES), st.data())
def test_every_sign_is_found_by_any_part_of_its_chinese_name(entry: tuple[str, Text], data: st.DataObject) -> None:
    key, name = entry
    start = data.draw(st.integers(0, len(name.zh) - 1))
    end = data.draw(st.integers(start + 1, len(name.zh)))
    assert key in find(name.zh[start:end], THINGS)


@given(st.sampled_from(NAMES), st.data())
def test_every_sign_is_found_by_the_pinyin_of_how_its_name_or_a_part_begins(
    entry: tuple[str, Text], data: st.DataObject
) -> None:
    key, name = entry
    query = ""
    for character in clean_run(data, name):
        syllables = spellings().get(character, [character])
        syllable = data.draw(st.sampled_from(syllables))
        query += data.draw(st.sampled_from([syllable, syllable[0]]))
    assert key in find(query, THINGS), query
    assert find(wide(query.upper()), THINGS) == find(query, THINGS)


@given(st.sampled_from(NAMES), st.data())
def test_every_sign_is_found_by_any_english_word_of_its_name(entry: tuple[str, Text], data: st.DataObject) -> None:
    key, name = entry
    word = data.draw(st.sampled_from(name.en.split())).strip(",'")
    assert key in find(word, THINGS), word
    assert key in find(wide(word.upper()), THINGS), word


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("gongjianfa", "official_caller"),
        ("gjf", "official_caller"),
        ("gongjf", "official_caller"),
        ("police", "official_caller"),
        ("anquanzhanghu", "safe_account_story"),
        ("ａｑｚｈ", "safe_account_story"),
        ("安全账户", "safe_account_story"),
        ("pmgx", "screen_sharing"),
        ("e-banking", "raise_limit_or_open_ebank"),
        ("order-brushing", "task_rebate_story"),
        ("app", "unknown_app"),
    ],
)
def test_what_a_teller_would_type_leads_to_the_flag(query: str, key: str) -> None:
    assert key in find(query, THINGS)[:3]


@given(st.text(ANY, max_size=30))
def test_no_query_breaks_the_search_and_each_finds_the_same_twice(query: str) -> None:
    found = find(query, THINGS)
    assert found == find(query, THINGS)
    assert len(found) == len(set(found))
    assert set(found) <= set(BOOK.signs)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=4), st.permutations(THINGS))
def test_the_order_does_not_depend_on_how_the_things_came(query: str, things: list[Findable]) -> None:
    assert find(query, things) == find(query, THINGS)


def test_nothing_typed_lists_everything_in_its_order() -> None:
    assert find("  ", reversed(THINGS)) == list(BOOK.signs)


FIND: Final = ("1", "f7")
"""Opens a case for a transfer and then the search."""


MARKS: Final = {
    "enter": (Answer.YES, Known.SEEN),
    "2": (Answer.YES, Known.SAID),
    "1": (Answer.YES, Known.SEEN),
    "3": (Answer.YES, Known.VERIFIED),
    "0": (Answer.NO, Known.SEEN),
    "２": (Answer.YES, Known.SAID),
}


async def test_one_key_marks_what_was_found_and_makes_room_for_the_next_word(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND) as (app, pilot):
        for digit, answer in MARKS.items():
            await press(pilot, *"tonghua")
            sign = app.screen.query_one(Rows).key
            assert sign == "on_phone"
            await press(pilot, digit)
            reply = case_of(app).answers[sign]
            assert (reply.value, reply.known) == answer, digit
            assert app.screen.query_one(Input).value == ""
            assert app.screen.query_one(Rows).key == sign
            assert isinstance(app.screen.focused, FindInput)
        await press(pilot, *"gjf", "2")
        assert set(case_of(app).answers) == {"on_phone", "official_caller"}


async def test_escape_returns_to_the_very_row_of_the_teller(tmp_path: Path) -> None:
    for keys, rows in ((("down", "down", "down"), "#flags"), (("2", "f5", "down"), "#steps")):
        async with on_stage(tmp_path / f"{len(keys)}{rows[1]}.db", "1", *keys) as (app, pilot):
            teller = app.screen
            before = teller.query_one(rows, Rows).key
            await pilot.press("f7", *"tonghua", "down", "escape")
            assert app.screen is teller
            assert teller.query_one(rows, Rows).key == before
            assert teller.query_one(rows, Rows).has_focus


async def test_what_was_marked_stands_on_the_teller_s_screen(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"gjf", "2", "escape") as (app, _):
        assert isinstance(app.screen, TellerScreen)
        assert "[是] O 对方自称公检法" in look_at(app).text()


async def test_arrows_go_through_what_was_found_and_mark_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"zh") as (app, pilot):
        rows, before = app.screen.query_one(Rows), case_of(app)
        first = rows.key
        await pilot.press("down", "down")
        third = rows.key
        await pilot.press("up", "up")
        assert rows.key == first != third
        assert case_of(app) == before
        await pilot.press("down", "down", "1")
        assert set(case_of(app).answers) == {third}


async def test_a_click_goes_to_a_line_and_a_second_one_answers_it(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"gjf") as (app, pilot):
        await pilot.press("backspace", "backspace", "backspace")
        rows = app.screen.query_one(Rows)
        await pilot.click(Rows, offset=(10, 2))
        under, before = rows.key, case_of(app)
        assert before.answers == {}
        await pilot.click(Rows, offset=(10, 2))
        assert list(case_of(app).answers) == [under]
        assert case_of(app).answers[under or ""].value is Answer.YES


async def test_where_nothing_is_found_no_key_saves_anything(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"qqqq") as (app, pilot):
        before = case_of(app)
        assert "没有找到" in look_at(app).text()
        await pilot.press("enter", "1", "2", "3", "0")
        assert case_of(app) == before
        assert isinstance(app.screen, FindScreen)
        assert app.screen.query_one(Input).value == "qqqq"


async def test_a_phrase_that_comes_all_at_once_is_found(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND) as (app, pilot):
        for pasted in ("安全账户", "安全\x00账\x1b户", "ＡＱＺＨ"):
            app.screen.query_one(Rows).go_to(next(iter(BOOK.signs)))
            app.screen.query_one(Input).post_message(events.Paste(pasted))
            await pilot.pause()
            assert app.screen.query_one(Rows).key == "safe_account_story", pasted
            await pilot.press("2")
            assert set(case_of(app).answers) == {"safe_account_story"}


async def test_chinese_typed_character_by_character_is_found(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"安全账户", "2") as (app, _):
        assert set(case_of(app).answers) == {"safe_account_story"}


async def test_the_flags_of_this_visit_come_before_the_rest(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND) as (app, _):
        shown = [row.key for row in app.screen.query_one(Rows)._rows]
    first = BOOK.requests["transfer"].first
    assert shown[: len(first)] == list(first)


async def test_the_search_fits_a_narrow_screen_in_both_languages(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"gjf", size=(60, 20)) as (app, pilot):
        for size in ((60, 20), (80, 24)):
            await pilot.resize_terminal(*size)
            for language in Language:
                assert BOOK.signs["official_caller"].name.read(language)[:30] in look_at(app).text()
                await pilot.press("f12")


async def test_the_search_is_opened_by_the_slash_too(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", "1", "slash") as (app, _):
        assert isinstance(app.screen, FindScreen)


async def test_the_number_in_a_name_is_typed_and_marks_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *CASE, "f7", *"96110") as (app, pilot):
        assert case_of(app).answers == {}
        assert "96110" in look_at(app).text()
        await pilot.press("enter")
        answers = case_of(app).answers
    assert list(answers) == ["ignored_warnings"]


async def test_a_digit_marks_nothing_before_anything_was_searched_and_says_so(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND) as (app, pilot):
        before = case_of(app)
        for digit in ("1", "2", "3", "0", "enter"):
            app.clear_notifications()
            await press(pilot, digit)
            assert case_of(app) == before, digit
            assert app.screen.query_one(Input).value == ""
            assert [notice.message for notice in app._notifications] == [app.wording.say("find.nothing_chosen")]
        await press(pilot, "down", "1")
        assert len(case_of(app).answers) == 1


async def test_a_search_that_was_rubbed_out_leaves_nothing_to_mark(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, "m", "backspace") as (app, pilot):
        await pilot.press("1")
        assert case_of(app).answers == {}


async def test_the_words_are_a_key_away_and_what_was_typed_stays(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *FIND, *"gjf", "f9") as (app, pilot):
        above = app.screen
        assert isinstance(above, WordsScreen)
        await pilot.press("escape")
        assert app.screen.query_one(FindInput).value == "gjf"

"""The frame of the screens: colours that can be read, plain characters, every command by its name, keys in reach."""

from __future__ import annotations

import json
import re
import stat
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import rich.color
from _pytest.mark import ParameterSet
from rich.color import ColorType
from rich.segment import Segment
from textual.color import Color
from textual.pilot import Pilot

from assistant.places import find_log
from rules.advice import Adviser
from rules.facts import Level
from rules.language import Language
from tests.terminal import Terminal
from tests.ui.oversight import overseen_desk, read_all
from tests.ui.pilot import press, seated
from tests.ui.stage import CASE, PAGES, Sight, look_at, on_stage
from tests.ui.teller import READING_SECONDS, ROOT
from ui.actions import EVERYWHERE
from ui.app import CounterApp
from ui.characters import clean, spell
from ui.looks import Look, ThemeUnknown, choose_look
from ui.screens.palette import PaletteScreen
from ui.screens.teller import TellerScreen
from ui.themes import ThemeName
from ui.widgets.banner import Banner, Headline
from ui.widgets.lines import KeyLine

KEYLESS = {"choice", "ask", "palette", "slip"}
"""Pages without a line of keys."""
LEAST_CONTRAST = {ThemeName.DARK: 4.5, ThemeName.LIGHT: 4.5, ThemeName.CONTRAST: 7.0}
"""What WCAG asks of text: level AA, and level AAA for the theme of those who need it."""


def in_turn(pages: Iterable[Any]) -> list[ParameterSet]:
    """Return each page with one of the themes that have colours, and for the long run with all of them."""
    themes = tuple(LEAST_CONTRAST)
    shown = [(page, themes[number % len(themes)]) for number, page in enumerate(pages)]
    return [
        *(pytest.param(page, (theme,), id=f"{page}-{theme}") for page, theme in shown),
        *(pytest.param(page, themes, id=f"{page}-all", marks=pytest.mark.long) for page, _ in shown),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


def contrast_of(segment: Segment) -> float:
    """Return the contrast ratio of a drawn text to its background, as WCAG defines it."""
    style = segment.style
    assert style is not None
    assert style.color is not None, segment
    assert style.bgcolor is not None, segment
    light, dark = sorted((_luminance(style.color), _luminance(style.bgcolor)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: rich.color.Color) -> float:
    parts = Color.from_rich_color(colour).normalized
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lacking(sight: Sight, least: float) -> list[str]:
    return [
        f"{segment.text.strip()}: {contrast_of(segment):.2f}"
        for segment in sight.words()
        if contrast_of(segment) < least
    ]


def colours(sight: Sight) -> set[ColorType]:
    styles = [segment.style for line in sight.lines for segment in line if segment.style]
    return {colour.type for style in styles for colour in (style.color, style.bgcolor) if colour}


def doubtful(sight: Sight) -> set[str]:
    """Return the characters that some terminals draw one cell wide and others two."""
    return {character for character in sight.text() if unicodedata.east_asian_width(character) == "A"}


async def lacking_keys(app: CounterApp, pilot: Pilot[int], page: str) -> list[str]:
    """Return what the line of keys does not say of the help and of the way back, in either language."""
    wanted = {"home": ("F1", "Ctrl+Q"), "help": ("Esc",)}.get(page, ("F1", "Esc"))
    lines = []
    for _ in Language:
        app.action_language()
        await pilot.pause()
        lines.append(look_at(app).text().splitlines()[-1])
    return [key for line in lines for key in wanted if key not in line]


@pytest.mark.parametrize(("page", "themes"), in_turn(PAGES))
async def test_every_page_can_be_read_in_every_look_and_its_keys_at_the_least_size(
    path: Path, page: str, themes: tuple[ThemeName, ...]
) -> None:
    async with on_stage(path, *PAGES[page]) as (app, pilot):
        for theme in themes:
            app.wear(Look(theme))
            await pilot.pause()
            sight = look_at(app)
            assert next(sight.words())
            assert lacking(sight, LEAST_CONTRAST[theme]) == [], theme
        app.wear(Look(ThemeName.MONO, plain=True))
        await pilot.pause()
        sight = look_at(app)
        assert colours(sight) == {ColorType.DEFAULT}
        assert doubtful(sight) == set()
        app.action_language()
        await pilot.pause()
        assert doubtful(look_at(app)) == set()
        if page not in KEYLESS:
            await pilot.resize_terminal(60, 24)
            assert await lacking_keys(app, pilot, page) == []


OVERSEEN = {
    "now": (),
    "queue": ("f3",),
    "register": ("f7",),
    "audit": ("f3", "enter"),
    "review": ("f3", "enter", "f6", "1", "2"),
    "document": ("f3", "enter", "ctrl+e", "5"),
    "table": ("f7", "ctrl+e", "2"),
}


@pytest.mark.parametrize(("page", "themes"), in_turn(OVERSEEN))
async def test_what_only_a_supervisor_sees_can_be_read_in_every_look(
    path: Path, adviser: Adviser, page: str, themes: tuple[ThemeName, ...]
) -> None:
    desk, keys = overseen_desk(path, adviser), OVERSEEN[page]
    async with seated(desk) as seat:
        await read_all(seat.app, seat.pilot)
        for key in keys:
            await seat.press(key)
            await read_all(seat.app, seat.pilot)
        for theme in themes:
            seat.app.wear(Look(theme))
            await seat.pilot.pause()
            assert lacking(look_at(seat.app), LEAST_CONTRAST[theme]) == [], theme
        for language in Language:
            seat.app.language = language
            seat.app.wear(Look(ThemeName.MONO, plain=True))
            await seat.pilot.pause()
            assert colours(look_at(seat.app)) == {ColorType.DEFAULT}
            assert doubtful(look_at(seat.app)) == set()
    desk.store.close()


@pytest.mark.parametrize("theme", LEAST_CONTRAST)
async def test_the_banner_can_be_read_at_every_level(path: Path, theme: ThemeName) -> None:
    async with on_stage(path, *CASE, look=Look(theme)) as (app, pilot):
        for level in Level:
            app.screen.query_one(Banner).show(Headline(level, level, "暂不提交", "柜员", ("对客户说",)), rows=4)
            await pilot.pause()
            sight = look_at(app)
            assert level in sight.text()
            assert lacking(sight, LEAST_CONTRAST[theme]) == []


async def test_monochrome_tells_what_matters_without_colour(path: Path) -> None:
    async with on_stage(path, *PAGES["answered"], look=Look(ThemeName.MONO)) as (app, _):
        words = list(look_at(app).words())
    styles = {segment.text.strip(): segment.style for segment in words if segment.style}
    assert styles[app.wording.level("police")].reverse
    assert styles["[是]"].bold
    assert styles["[是]"].underline
    open_flag = next(segment.style for segment in words if segment.text.startswith("[  ]"))
    assert open_flag is not None
    assert not open_flag.bold
    assert any(segment.style and segment.style.reverse and "F1" in segment.text for segment in words)


async def test_plain_characters_keep_every_line_as_long_as_it_was(path: Path) -> None:
    widths = []
    for plain in (False, True):
        async with on_stage(path, *PAGES["answered"], look=Look(plain=plain), size=(60, 20)) as (app, _):
            widths.append([sum(segment.cell_length for segment in line) for line in look_at(app).lines])
    assert widths[0] == widths[1] == [60] * 20


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ("[✓] [×] [–] [▸]", "[v] [x] [-] [>]"),
        ("说：“好”", '说："好"'),
        ("柜员 · 立即", "柜员 | 立即"),
        ("很长的一句…", "很长的一..."),
        ("长长的一a… ", "长长的 ... "),
        ("很长的一句… 柜员", "很长的一... 柜员"),
        ("很长的一句…    柜员", "很长的一句...  柜员"),
        ("→  结案", "-> 结案"),
        ("等等…再说", "等等.再说"),
        ("①", "1"),
    ],
)
def test_each_sign_has_its_plain_spelling(said: str, spelled: str) -> None:
    assert spell(said) == spelled


def test_done_and_refused_stay_apart_in_plain_characters() -> None:
    assert len({spell(mark) for mark in "✓×–▸~!"}) == 6


@pytest.mark.parametrize("text", ["\x1b[31m红", "a\x07b", "左\u202e右", "\x9b2J", "\ud800", "一\u2028二", "a\x00b"])
def test_nothing_that_steers_a_terminal_is_drawn(text: str) -> None:
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in clean(text))
    assert clean(text)[0] in text + "?"


async def test_f11_goes_through_the_themes_and_the_last_one_is_kept(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        seen = [app.look.theme]
        for _ in range(3):
            await pilot.press("f11")
            seen.append(app.look.theme)
        assert app.theme == "mono"
    assert seen == list(ThemeName)
    assert choose_look() == Look(ThemeName.MONO)
    kept = find_log().with_name("screen.json")
    assert json.loads(kept.read_text("utf-8")) == {"theme": "mono", "plain": False}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_word_goes_before_the_environment_and_that_before_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_look() == Look(ThemeName.DARK)
    monkeypatch.setenv("NO_COLOR", "1")
    assert choose_look().theme is ThemeName.MONO
    monkeypatch.setenv("ASSISTANT_THEME", "light")
    assert choose_look().theme is ThemeName.LIGHT
    assert choose_look("contrast", plain=True) == Look(ThemeName.CONTRAST, plain=True)
    with pytest.raises(ThemeUnknown) as refused:
        choose_look("pink\x1b[0m")
    assert "dark, light, contrast, mono" in refused.value.sentence(Language.EN)
    assert "\x1b" not in refused.value.sentence(Language.EN)


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"theme": "pink", "plain": true}', "\x00"])
def test_a_kept_look_that_cannot_be_read_is_as_good_as_none(kept: str) -> None:
    place = find_log().with_name("screen.json")
    place.parent.mkdir(parents=True)
    place.write_text(kept, "utf-8")
    assert choose_look() == Look()


@pytest.mark.parametrize("page", [name for name in PAGES if name not in KEYLESS])
@pytest.mark.long
async def test_the_line_of_keys_shows_help_and_the_way_back_from_the_first_frame_on(path: Path, page: str) -> None:
    for width in (60, 80):
        async with on_stage(path, *PAGES[page], size=(width, 24)) as (app, pilot):
            assert await lacking_keys(app, pilot, page) == []
        path.unlink()


NAMED = {"zijin": "facts", "zj": "facts", "资金": "facts", "money": "facts", "why": "why", "jiean": "closing"}


async def test_a_command_is_found_by_its_name_and_given(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        for typed, page in NAMED.items():
            await press(pilot, "ctrl+p", *typed, "enter")
            assert getattr(app.screen, "NAME", None) == page, typed
            await press(pilot, "escape")


async def test_the_palette_lists_every_command_of_the_page_once(path: Path) -> None:
    async with on_stage(path, *CASE, "ctrl+p", size=(80, 50)) as (app, _):
        assert isinstance(app.screen, PaletteScreen)
        names = list(app.screen._actions)
    wanted = {action.name for action in TellerScreen.ACTIONS if action.word != "take"}
    assert wanted | {action.name for action in EVERYWHERE if action.name != "app.palette"} == set(names)


async def test_the_palette_says_when_there_is_no_such_command(path: Path) -> None:
    async with on_stage(path, *CASE, "ctrl+p", *"qqqq", "enter") as (app, _):
        assert isinstance(app.screen, PaletteScreen)
        assert "没有这个命令" in look_at(app).text()


async def test_a_click_on_a_hint_is_the_key(path: Path) -> None:
    async with on_stage(path, *CASE) as (app, pilot):
        line = look_at(app).text().splitlines()[-1]
        before = line[: line.index("F2")]
        cells = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in before)
        await pilot.click(KeyLine, offset=(cells, 0))
        await pilot.pause()
        assert getattr(app.screen, "NAME", None) == "facts"


async def test_the_palette_of_the_quiet_screen_names_no_red_flag(path: Path) -> None:
    async with on_stage(path, *CASE, "f10", "ctrl+p", size=(80, 50)) as (app, _):
        assert isinstance(app.screen, PaletteScreen)
        text = look_at(app).text()
    assert "F7" in text
    assert "红旗" not in text


def open_program(path: Path, *words: str, environment: Mapping[str, str] | None = None) -> Terminal:
    command = str(Path(sys.executable).with_name("assistant"))
    return Terminal(
        [command, "--db", str(path), *words],
        columns=80,
        rows=24,
        environment={"PYTHONPATH": str(ROOT), **(environment or {})},
    )


def start(window: Terminal) -> None:
    window.see("首次使用")
    window.send("0312\r")
    window.rest(0.2)
    window.send("示范网点\r")
    window.rest(0.2)
    window.send("\r")
    window.see("先备份主密钥")
    window.rest(READING_SECONDS)
    window.send("\r")
    window.see("新案件")


def test_a_theme_that_is_not_there_is_told_with_those_that_are(path: Path) -> None:
    with open_program(path, "--theme", "pink") as window:
        assert window.end() == 2
        assert window.shows("没有配色“pink”")
        assert "dark, light, contrast, mono" in window.heard.decode()
    assert not path.exists()


def test_no_color_writes_no_colour_from_the_first_start_on(path: Path) -> None:
    with open_program(path, environment={"NO_COLOR": "1", "COLORTERM": "truecolor"}) as window:
        start(window)
        window.press("1")
        window.see("正常办理")
        heard = window.heard
    codes = {code for run in re.findall(rb"\x1b\[([0-9;]*)m", heard) for code in run.split(b";")}
    assert codes <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"39", b"49"}
    assert b"7" in codes


def test_ascii_writes_plain_characters_from_the_first_start_on(path: Path) -> None:
    with open_program(path, "--ascii") as window:
        start(window)
        window.press("9")
        window.see("[2]")
        window.press("2")
        window.see("求助 | 在本人名下被转移")
        window.press("ctrl+q")
        window.end()
        written = window.heard.decode()
    assert {character for character in written if unicodedata.east_asian_width(character) == "A"} == set()


async def test_help_tells_how_to_do_without_the_screen(path: Path) -> None:
    async with on_stage(path, *CASE, "f1", size=(100, 90)) as (app, _):
        text = look_at(app).text()
    assert "assistant case show" in text
    assert "assistant advise" in text

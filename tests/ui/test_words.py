"""The words page and the slip, reached from the teller's screen by F9 and left to the very row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from textual.pilot import Pilot

from assistant.desk import Desk
from rules.advice import Adviser
from rules.language import Language
from rules.model import Card
from tests.ui.pilot import look_first
from ui.app import CounterApp
from ui.screens.home import HomeScreen
from ui.screens.slip import SlipScreen
from ui.screens.teller import TellerScreen
from ui.screens.words import WordsScreen
from ui.widgets.rows import Rows

SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
PRODUCT = "反诈拦截助手"


@pytest.fixture
def bare_desk(desk: Desk) -> Iterator[Desk]:
    """A desk whose rulebook has no cards."""
    adviser = Adviser(desk.book.model_copy(update={"cards": {}}))
    yield Desk(desk.store, adviser, desk.actor)
    adviser.close()


def where(pilot: Pilot[int]) -> type[object]:
    """Return which screen one stands on."""
    return type(pilot.app.screen)


def lines(pilot: Pilot[int]) -> list[str]:
    """Return what stands on the screen, row by row."""
    return ["".join(part.text for part in strip) for strip in pilot.app.screen._compositor.render_strips()]


def text(pilot: Pilot[int]) -> str:
    """Return what stands on the screen without blanks, so that folded words are found whole."""
    return "".join("".join(lines(pilot)).split())


async def open_case(pilot: Pilot[int], *keys: str) -> TellerScreen:
    """Open a case for a transfer and press these keys on its red flags."""
    await pilot.pause()
    assert isinstance(pilot.app.screen, HomeScreen)
    await pilot.press("1")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, TellerScreen)
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
    return screen


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def card_of(desk: Desk, teller: TellerScreen) -> Card:
    """Return the card that speaks of what is suspected most."""
    suspected = [found.typology for found in teller.sheet.advice.suspicions]
    return desk.book.cards[suspected[0] if suspected else "general"]


def squeeze(words: str) -> str:
    return "".join(words.split())


@SIZES
async def test_the_words_for_the_next_step_are_one_key_away(desk: Desk, size: tuple[int, int]) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=size) as pilot:
        teller = await open_case(pilot, "1")
        step = teller.sheet.step(teller.sheet.case.next_step or "")
        assert step is not None
        assert step.say is not None
        await press(pilot, "f9")
        assert where(pilot) is WordsScreen
        assert squeeze(f"“{step.say.zh}”") in text(pilot)


@pytest.mark.parametrize(
    ("size", "language"),
    [
        ((120, 36), Language.ZH),
        ((80, 24), Language.EN),
        ((60, 20), Language.ZH),
        pytest.param((120, 36), Language.EN, marks=pytest.mark.long),
        pytest.param((80, 24), Language.ZH, marks=pytest.mark.long),
        pytest.param((60, 20), Language.EN, marks=pytest.mark.long),
    ],
)
async def test_each_mood_has_a_key_that_shows_its_words_whole(
    desk: Desk, size: tuple[int, int], language: Language
) -> None:
    async with CounterApp(desk, language).run_test(size=size) as pilot:
        card = card_of(desk, await open_case(pilot, "1"))
        await press(pilot, "f9")
        for key, words in (("1", card.angry), ("2", card.silent), ("3", card.phone)):
            await press(pilot, key)
            assert squeeze(words.read(language)) in text(pilot)
            assert [line for line in lines(pilot) if line.strip().startswith(f"›[{key}]")]


async def test_arrows_choose_the_words_too(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(60, 20)) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9", "down", "down")
        assert [line for line in lines(pilot) if "›[2]" in line]
        await press(pilot, "up")
        assert [line for line in lines(pilot) if "›[1]" in line]


async def test_words_fit_what_is_suspected(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        await open_case(pilot)
        await press(pilot, "f9")
        assert squeeze(desk.book.cards["general"].angry.zh) in text(pilot)
        await press(pilot, "escape", "1")
        card = card_of(desk, pilot.app.screen)  # type: ignore[arg-type]
        assert card is not desk.book.cards["general"]
        await press(pilot, "f9")
        assert squeeze(card.angry.zh) in text(pilot)


async def test_the_slip_turns_to_the_customer_and_back(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9")
        for key, back in product(("f9", "enter"), ("f9", "enter", "escape")):
            look_first(pilot.app)
            await press(pilot, key)
            assert where(pilot) is SlipScreen, key
            await press(pilot, back)
            assert where(pilot) is WordsScreen, back


@SIZES
async def test_nothing_but_the_slip_is_on_the_slip(desk: Desk, size: tuple[int, int]) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=size, notifications=True) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9")
        pilot.app.notify("案件一")
        await pilot.pause()
        assert PRODUCT in text(pilot)
        assert "案件一" in text(pilot)
        await press(pilot, "f9")
        assert len(lines(pilot)) == size[1]
        assert not set(text(pilot)) - set("▗▖▄▝▐▞▟▘▚▌▙▀▜▛█0123456789/")


async def test_the_slip_speaks_the_other_language_at_a_key(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9", "f9")
        chinese = text(pilot)
        await press(pilot, "f12")
        assert text(pilot) != chinese
        await press(pilot, "escape")
        assert "[1] The customer is angry" in "\n".join(lines(pilot))


async def test_a_slip_that_does_not_fit_turns_its_pages(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(80, 24)) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9", "f9")
        marks = [lines(pilot)[-1].strip()]
        for key in ("space", "down", "up"):
            await press(pilot, key)
            marks.append(lines(pilot)[-1].strip())
        assert marks == ["1/2", "2/2", "2/2", "1/2"]


async def test_the_slip_follows_the_size_of_the_screen(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(80, 24)) as pilot:
        await open_case(pilot, "1")
        await press(pilot, "f9", "f9", "down")
        await pilot.resize_terminal(120, 36)
        await pilot.pause()
        assert len(lines(pilot)) == 36
        assert "2/2" not in text(pilot)


@pytest.mark.parametrize("rows", ["#flags", "#steps"])
async def test_escape_returns_to_the_very_row(desk: Desk, rows: str) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        teller = await open_case(pilot, "1")
        if rows == "#steps":
            await press(pilot, "f5")
        await press(pilot, "down", "down")
        before = teller.query_one(rows, Rows).key
        await press(pilot, "f9", "3", "f9", "f9", "escape")
        assert pilot.app.screen is teller
        assert teller.query_one(rows, Rows).key == before
        assert teller.query_one(rows, Rows).has_focus


async def test_the_quiet_screen_names_neither_moods_nor_what_is_suspected(desk: Desk) -> None:
    async with CounterApp(desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        teller = await open_case(pilot, "1")
        (name, *_) = [found.typology for found in teller.sheet.advice.suspicions]
        await press(pilot, "f9")
        loud = (desk.book.typologies[name].name.zh, "客户着急生气", "生气", desk.book.cards[name].slip.zh.split()[0])
        assert [words for words in loud if words not in text(pilot)] == []
        await press(pilot, "f10")
        assert [words for words in loud if words in text(pilot)] == []


async def test_without_a_card_the_slip_shows_the_words_for_the_next_step(bare_desk: Desk) -> None:
    async with CounterApp(bare_desk, Language.ZH).run_test(size=(120, 36)) as pilot:
        teller = await open_case(pilot, "1")
        step = teller.sheet.step(teller.sheet.case.next_step or "")
        assert step is not None
        assert step.say is not None
        await press(pilot, "f9")
        assert text(pilot).count(squeeze(step.say.zh)) == 2
        await press(pilot, "f9")
        assert where(pilot) is SlipScreen


async def test_without_anything_to_say_there_is_no_slip_and_the_page_says_so(bare_desk: Desk) -> None:
    async with CounterApp(bare_desk, Language.ZH).run_test(size=(120, 36), notifications=True) as pilot:
        await open_case(pilot)
        await press(pilot, "f9")
        assert "现在没有要说的话。" in text(pilot)
        await press(pilot, "f9")
        assert where(pilot) is WordsScreen
        assert "没有可给客户看的纸条" in text(pilot)

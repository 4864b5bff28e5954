"""Large print: letters drawn from their glyphs, in the largest size in which the text fits the screen."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rules.language import Language
from rules.loading import load_book
from ui.large_print import NO_END, NO_START, LargePrint, Size, load_glyphs, print_large, wrap

ROOT: Final = Path(__file__).parents[2]
SAFE_ACCOUNT: Final = "安全账户"
SCREENS: Final = ((120, 36), (80, 24), (60, 20))
MOST_BYTES: Final = 200_000

IN_HALVES: Final = """\
      ▀▄               █         ▄▄▄▄▄  █    ▄        ▀▄
  █▀▀▀▀▀▀▀▀▀▀█       ▄▀ ▀▄       █ ▄ █  █   ▄▀     ▄▄▄▄█▄▄▄▄▄
 ▀    █     ▀      ▄▀     ▀▄     █ █ █  █ ▄▀       █        █
▄▄▄▄▄▄█▄▄▄▄▄▄▄▄ ▄▄▀ ▀▀▀█▀▀▀ ▀▄▄  █ █ █ ▄█▄▄▄▄▄▄    █        █
    ▄▀    █            █         █ █ █  █ █        █▀▀▀▀▀▀▀▀█
   ▀▀▄▄  █         ▀▀▀▀█▀▀▀▀     ▀ █ ▀  █  █       █
      ▄▀▀▄▄            █          █ ▀▄  █ ▄ ▀▄    ▄▀
 ▄▄▄▀▀     ▀▄    ▀▀▀▀▀▀▀▀▀▀▀▀▀  ▄▀   ▀  █▀    ▀  ▄▀"""

IN_QUADRANTS: Final = """\
   ▚       ▐    ▗▄▄ ▌ ▗    ▚
 ▛▀▀▀▀▜   ▗▘▚   ▐▗▐ ▌ ▞  ▗▄▟▄▄▖
▝  ▌  ▘  ▗▘  ▚  ▐▐▐ ▌▞   ▐    ▌
▄▄▄▙▄▄▄▖▄▘▀▜▀▘▚▖▐▐▐▗▙▄▄▖ ▐    ▌
  ▞  ▌     ▐    ▐▐▐ ▌▌   ▐▀▀▀▀▌
 ▝▚▖▐    ▝▀▜▀▀  ▝▐▝ ▌▐   ▐
   ▞▚▖     ▐     ▌▚ ▌▖▚  ▞
▗▄▀  ▝▖ ▝▀▀▀▀▀▀ ▞ ▝ ▛  ▘▗▘"""

IN_HASHES: Final = """\
      #                #                #             #
       #               #         #####  #    #         #
  ############        # #        #   #  #    #         #
  #          #       #   #       # # #  #   #      ##########
 #    #     #       #     #      # # #  #  #       #        #
      #            #       #     # # #  # #        #        #
      #           # ####### #    # # #  #          #        #
############### ##     #     ##  # # # ########    #        #
     #    #            #         # # #  # #        ##########
    #     #            #         # # #  # #        #        #
   ##    #         #########     # # #  #  #       #
     ##  #             #           #    #  #       #
       ##              #          # #   #   #      #
      #  ##            #          #  #  # #  #    #
    ##     #     #############   #   #  ##    #   #
 ###        #                   #       #        #"""


def read(drawn: LargePrint) -> str:
    """Return the only page without the blanks at the ends of its rows."""
    (page,) = drawn.pages
    return "\n".join(row.rstrip() for row in page)


def list_slips() -> list[str]:
    """Return every slip of the rulebook in every language."""
    return [card.slip.read(language) for card in load_book().cards.values() for language in Language]


def check_fits(drawn: LargePrint, width: int, rows: int) -> None:
    for page in drawn.pages:
        assert len(page) == rows
        assert {cell_len(row) for row in page} == {width}


def test_four_characters_in_half_blocks() -> None:
    drawn = print_large(SAFE_ACCOUNT, 64, 8)
    assert drawn.size is Size.HALF
    assert read(drawn) == IN_HALVES


def test_four_characters_in_quadrant_blocks_on_half_the_width() -> None:
    drawn = print_large(SAFE_ACCOUNT, 32, 8)
    assert drawn.size is Size.QUADRANT
    assert read(drawn) == IN_QUADRANTS


def test_four_characters_in_hashes_where_blocks_are_drawn_wide() -> None:
    drawn = print_large(SAFE_ACCOUNT, 64, 16, hashes=True)
    assert drawn.size is Size.HASH
    assert read(drawn) == IN_HASHES


def test_a_screen_too_small_for_a_drawn_letter_gets_spaced_letters() -> None:
    drawn = print_large(SAFE_ACCOUNT, 40, 5)
    assert drawn.size is Size.PLAIN
    assert read(drawn).strip() == "安 全 账 户"


def test_every_character_of_every_slip_has_a_glyph() -> None:
    slips = list_slips()
    assert len(slips) >= 2
    assert not {mark for slip in slips for mark in slip.replace("\n", "") if mark not in load_glyphs()}


@pytest.mark.parametrize(("width", "rows"), SCREENS)
def test_every_slip_is_drawn_large_on_every_screen(width: int, rows: int) -> None:
    for slip in list_slips():
        drawn = print_large(slip, width, rows)
        assert drawn.size in (Size.HALF, Size.QUADRANT), slip
        check_fits(drawn, width, rows)


def test_every_slip_stands_whole_on_one_wide_screen() -> None:
    assert [slip for slip in list_slips() if len(print_large(slip, 120, 36).pages) != 1] == []


def test_a_slip_of_two_pages_numbers_them_in_the_corner() -> None:
    drawn = print_large("公检法没有安全账户\n办案不会要您转账\n让您保密的先问家人\n拨打110核实", 80, 24)
    assert [page[-1].strip() for page in drawn.pages] == ["1/2", "2/2"]


def test_hashes_draw_with_nothing_but_hashes() -> None:
    drawn = print_large("先问家人", 120, 36, hashes=True)
    assert set("".join(drawn.pages[0])) == {" ", "#"}


def test_a_character_without_a_glyph_stands_as_itself_and_is_named_in_the_corner() -> None:
    drawn = print_large("问㐀家", 80, 24)
    (page,) = drawn.pages
    assert drawn.missing == ("㐀",)
    assert sum(row.count("㐀") for row in page) == 1
    assert page[-1].strip() == "U+3400 CJK UNIFIED IDEOGRAPH-3400"
    check_fits(drawn, 80, 24)


def test_a_line_breaks_before_no_closing_mark() -> None:
    text = "办案，不会要您转账。“安全账户”？没有！拨打110（或96110）；先问家人：再办"
    for width, size in product(range(72, 160, 8), (Size.HALF, Size.QUADRANT)):
        lines = wrap(text, width, size)
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in NO_START or line[-1] in NO_END]


def test_english_breaks_between_words_into_lines_of_like_length() -> None:
    assert wrap("Police take no transfers", 80, Size.QUADRANT) == ("Police take", "no transfers")


@given(
    text=st.text(st.sampled_from("安全账户，。“”（） \nabAB10-㐀"), max_size=40),
    width=st.integers(2, 130),
    rows=st.integers(2, 40),
    hashes=st.booleans(),
)
def test_no_row_is_longer_or_shorter_than_the_screen(text: str, width: int, rows: int, hashes: bool) -> None:
    check_fits(print_large(text, width, rows, hashes=hashes), width, rows)


def test_the_glyphs_are_small_and_carry_their_licence() -> None:
    folder = files("ui.glyphs")
    assert len(folder.joinpath("unifont.hex.gz").read_bytes()) <= MOST_BYTES
    licence = folder.joinpath("OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Qianqian Fang" in licence


def test_the_glyphs_are_read_only_when_something_is_drawn() -> None:
    program = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import ui.app, ui.screens.slip
from ui.large_print import print_large
before = sum("unifont" in name for name in opened)
print_large("安", 16, 8)
print(before, sum("unifont" in name for name in opened))
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "1"]

"""What a case knows of its persons is masked in its texts however it is spelled, and what stands beside it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.particulars.fields import Field
from assistant.particulars.free_text import find_numbers, mask_numbers
from assistant.particulars.known import Known
from assistant.particulars.masking import mask
from tests.particulars.people import CARD, CARDS, MOBILE, MOBILES, PEOPLE, WOMAN, digits
from tests.texts import ANY

SCRIPTS = ("0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "٠١٢٣٤٥٦٧٨٩")
BLANKS = (" ", "\u00a0", "\u2009", "\u202f", "\u3000", "\t", "\n", "\u2028", "\u200b", "\u2060")
DASHES = ("-", "\u2010", "–", "—", "－", "−")
POINTS = (".", "．", "。", ",", "，", "、", "·", "/", "_", "；")
GAPS = st.sampled_from(("", *BLANKS, *DASHES, *POINTS))
BESIDE = st.sampled_from(
    (
        "",
        "客户说：",
        "2026-11-24 15:30客户说",
        "2026年11月24日转账50,000.00元给",
        "12,345,678.90元（15:30:05）：",
        "￥3000和20万，另有三万五千元：",
        "案件0312-1123-007、",
    )
)


def write_in(script: str, number: str) -> str:
    """Return `number` with the digits of a script."""
    return number.translate(str.maketrans("0123456789", script))


def group(number: str, sizes: tuple[int, ...], gap: str) -> str:
    """Return `number` in groups of these sizes, the last takes the rest, with `gap` between them."""
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return gap.join(filter(None, (*parts, number[at:])))


USUAL = st.one_of(
    st.tuples(st.just(Field.ID_NUMBER), PEOPLE, st.sampled_from(((6, 8), (6, 4, 4), (6, 4, 2, 2), (3, 3, 4, 4)))),
    st.tuples(st.just(Field.ACCOUNT), CARDS, st.sampled_from(((4, 4, 4, 4), (6,), (3, 3, 3, 3, 3, 3)))),
    st.tuples(st.just(Field.PHONE), MOBILES, st.sampled_from(((3, 4), (3, 2, 2, 2), (1,) * 10))),
)


@st.composite
def scatter(draw: st.DrawFn, text: str, gaps: st.SearchStrategy[str]) -> str:
    """Draw `text` with a gap, or none, behind each of its characters but the last."""
    return "".join(character + draw(gaps) for character in text[:-1]) + text[-1]


@st.composite
def mix(draw: st.DrawFn, number: str) -> str:
    """Draw `number` with each digit in a script of its own."""
    return "".join(write_in(draw(st.sampled_from(SCRIPTS)), digit) for digit in number)


@given(USUAL, GAPS, st.sampled_from(SCRIPTS), BESIDE, BESIDE)
def test_a_number_that_looks_like_a_persons_is_masked_in_every_spelling(
    written: tuple[Field, str, tuple[int, ...]], gap: str, script: str, before: str, after: str
) -> None:
    field, number, sizes = written
    text = write_in(script, group(number, sizes, gap))
    assert mask_numbers(f"{before}{text}转出。{after}") == f"{before}{mask(field, number)}转出。{after}"


@given(st.data(), st.one_of(MOBILES, PEOPLE), BESIDE)
def test_digits_of_several_scripts_are_one_number(data: st.DataObject, number: str, before: str) -> None:
    text = data.draw(mix(number))
    assert mask_numbers(f"{before}{text}。") == f"{before}{mask(find_numbers(number)[0].field, number)}。"


KNOWN_NUMBERS = st.one_of(
    st.tuples(st.just(Field.ID_NUMBER), PEOPLE),
    st.tuples(
        st.just(Field.ID_NUMBER), st.builds(lambda letter, rest: letter + rest, st.sampled_from("EGH"), digits(8, 8))
    ),
    st.tuples(st.just(Field.ACCOUNT), digits(12, 32)),
    st.tuples(st.just(Field.PHONE), MOBILES),
    st.tuples(st.just(Field.PHONE), st.builds(lambda rest: f"+852{rest}", digits(8, 8))),
    st.tuples(st.just(Field.PHONE), st.builds(lambda rest: f"0216{rest}", digits(7, 7))),
)


@given(st.data(), KNOWN_NUMBERS, BESIDE, BESIDE)
def test_a_number_that_the_case_knows_is_masked_however_it_is_parted(
    data: st.DataObject, known: tuple[Field, str], before: str, after: str
) -> None:
    field, number = known
    text = data.draw(scatter(data.draw(mix(number.removeprefix("+"))), GAPS))
    assert Known([known]).mask(f"{before}{text}转出。{after}") == f"{before}{mask(field, number)}转出。{after}"


NAMES = st.one_of(
    st.text("欧阳小满卞虚构𠮷", min_size=2, max_size=4),
    st.sampled_from(("阿卜杜拉·买买提", "“王警官”", "Mary Smith", "José Núñez", "김민준")),
)


@given(st.data(), NAMES, BESIDE, BESIDE)
def test_a_name_that_the_case_knows_is_masked_as_in_its_own_place(
    data: st.DataObject, name: str, before: str, after: str
) -> None:
    letters = "".join(letter for letter in name if letter.isalpha())
    text = data.draw(
        scatter(data.draw(st.sampled_from((letters, letters.upper()))), st.sampled_from(("", *BLANKS, "·")))
    )
    known = Known([(Field.NAME, name)])
    assert known.mask(f"{before}{text}转出。{after}") == f"{before}{mask(Field.NAME, name)}转出。{after}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("张三和张三丰来过", "张*和张*来过"),
        ("姓张，三点来，王经理在场", "姓张，三点来，王经理在场"),
        ("joselito说Maryland", "joselito说Maryland"),
        (f"张三{MOBILE}张三", "张*138****8000张*"),
        (f"{MOBILE} {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}", "138****8000 **** 0000"),
        (f"2{MOBILE}9", "138****8000"),
        ("62220212340656零零", "**** 0656零*"),
        ("打96110，账户1234 5678 9012", "打96110，账户**** 9012"),
        ("护照ab123、AB1234", "护照****3、AB1234"),
        ("+86 21 6123 4567", "+86 021****4567"),
    ],
)
def test_what_only_resembles_it_is_left_alone(text: str, masked: str) -> None:
    known = Known(
        [
            (Field.NAME, "张三"),
            (Field.NAME, "张三丰"),
            (Field.NAME, "王"),
            (Field.NAME, "零零"),
            (Field.NAME, "Jose"),
            (Field.NAME, "Mary"),
            (Field.PHONE, MOBILE),
            (Field.PHONE, "96110"),
            (Field.PHONE, "02161234567"),
            (Field.ACCOUNT, "123456789012"),
            (Field.ID_NUMBER, "AB123"),
        ]
    )
    assert known.mask(text) == masked


@given(
    st.text(ANY, max_size=60),
    st.lists(st.tuples(st.sampled_from(Field), st.text(ANY, min_size=1, max_size=12)), max_size=3),
)
def test_what_is_found_lies_in_the_text_in_order(text: str, noted: list[tuple[Field, str]]) -> None:
    ends = [0]
    for found, _ in Known(noted).find(text + "".join(value for _, value in noted)):
        assert ends[-1] <= found.start < found.end
        ends.append(found.end)


@given(st.text(ANY, max_size=60))
def test_a_case_that_knows_nobody_masks_numbers_only(text: str) -> None:
    assert Known().mask(f"{text}{WOMAN}") == mask_numbers(f"{text}{WOMAN}")

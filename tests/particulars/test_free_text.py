"""Numbers about a person are found in free text, and what only looks like one is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.particulars.fields import Field
from assistant.particulars.free_text import find_numbers, mask_numbers
from tests.particulars.people import CARD, CARDS, MOBILE, MOBILES, OLD, PEOPLE, WIDE, WOMAN, digits
from tests.texts import ANY

TAIL = WOMAN[-4:]
GAPS = st.sampled_from(["", " ", "-", " - ", "\u3000", "－"])
WORDS = st.sampled_from(
    ["", "客户称", "，", "电话", "转账50,000.00元 ", "报警110，", "案件0312-1123-007 ", "2026-11-24 15:30 "]
)


def spread(number: str, sizes: list[int], gap: str) -> str:
    """Return `number` in groups of these sizes, the last takes the rest, with `gap` between them."""
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return gap.join([*parts, number[at:]])


WRITTEN = st.one_of(
    st.tuples(st.just(Field.ID_NUMBER), st.builds(spread, PEOPLE, st.just([6, 8]), GAPS)),
    st.tuples(st.just(Field.ID_NUMBER), st.builds(spread, PEOPLE, st.just([6, 4, 2, 2]), GAPS)),
    st.tuples(st.just(Field.ID_NUMBER), st.builds(spread, PEOPLE, st.just([6, 4, 4, 3]), GAPS)),
    st.tuples(st.just(Field.ACCOUNT), st.builds(spread, CARDS, st.just([4, 4, 4]), GAPS)),
    st.tuples(st.just(Field.PHONE), st.builds(spread, MOBILES, st.just([3, 4]), GAPS)),
)


@given(WORDS, WRITTEN, st.sampled_from(["", "。", "，请回拨", "转5万元", " 20000元"]), st.booleans())
def test_a_number_is_found_where_it_stands(before: str, written: tuple[Field, str], after: str, wide: bool) -> None:
    field, number = written
    number = number.translate(WIDE) if wide else number
    (found,) = find_numbers(f"{before}{number}{after}")
    assert (found.start, found.end, found.field) == (len(before), len(before) + len(number), field)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证{WOMAN}，电话{MOBILE}。", f"身份证310104********{TAIL}，电话138****8000。"),
        (f"卡号{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}转出", "卡号**** 0000转出"),
        (f"旧证{OLD}", "旧证310104*****1002"),
        ("座机021-61234567、0571 8123 4567", "座机021****4567、057****4567"),
        ("来电+852 9123 4567和+86 13800138000", "来电+852****4567和+861****8000"),
        (f"{MOBILE}、{MOBILE} {MOBILE}", "138****8000、138****8000 138****8000"),
        (f"{MOBILE},{MOBILE}", "138****8000,138****8000"),
        ("报110,138 0013 8000未接", "报110,138****8000未接"),
        ("报110，138 0013 8000未接", "报110，138****8000未接"),
        ("138\u200b0013\u200b8000", "138****8000"),
        (f"50,000 {MOBILE}", "50,000 138****8000"),
        (f"{MOBILE} 20000元", "138****8000 20000元"),
        ("内部账号100000000012", "内部账号**** 0012"),
        ("加微信wx13800138000", "加微信wx138****8000"),
        ("错一位310104198001010000", "错一位310104********0000"),
    ],
)
def test_masks_stand_in_place_and_the_rest_is_kept(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "转账50,000.00元",
        "20万，另有１２，３４５，６７８．９０元",
        "1000000000元",
        "￥5000000000",
        "共 50000 20000 30000 10000",
        "5000 3000 2000 1000元",
        "15 2000 50000",
        "150 2000 5000元",
        "案件0312-1123-007",
        "案件1380-1123-007",
        "案件310112000012-1123-007",
        "2026-11-24 15:30:05",
        "1998-11-23 150",
        "2026年11月24日15时30分",
        "20261124153000",
        "流水号2026112400001234567890",
        "回执1234567890",
        "报警110，96110劝阻，95588，400-123-4567",
        "利润+5000 20000",
        "138****8000、310104********2834、**** 1234",
    ],
)
def test_what_is_no_number_about_a_person_is_left_alone(text: str) -> None:
    assert find_numbers(text) == ()
    assert mask_numbers(text) == text


MIXED = st.lists(
    st.one_of(
        WORDS,
        WRITTEN.map(lambda written: written[1]),
        digits(1, 20),
        st.text("0123456789 -+*Xx,.元号\n", max_size=8),
    ),
    max_size=8,
).map("".join)


@given(st.one_of(MIXED, st.text(ANY, max_size=60)))
def test_masked_text_holds_no_number_to_find(text: str) -> None:
    assert find_numbers(mask_numbers(text)) == ()


@given(MIXED)
def test_full_width_reads_as_half_width(text: str) -> None:
    assert find_numbers(text.translate(WIDE)) == find_numbers(text)


@given(st.one_of(MIXED, st.text(ANY, max_size=60)))
def test_what_is_found_lies_in_the_text_in_order(text: str) -> None:
    ends = [0]
    for found in find_numbers(text):
        assert ends[-1] <= found.start < found.end <= len(text)
        ends.append(found.end)


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=60))
def test_text_without_digits_is_kept_to_the_letter(text: str) -> None:
    assert mask_numbers(text) == text

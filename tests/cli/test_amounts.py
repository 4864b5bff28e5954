"""Money is read exactly or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.amounts import LARGEST, AmountUnreadable, read_amount, write_amount
from rules.language import Language
from tests.texts import ANY


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("50000", 5_000_000),
        ("1,234.56", 123_456),
        ("￥５０万", 50_000_000),
        ("１，２３４．５", 123_450),
        ("3.5万", 3_500_000),
        ("2亿", 20_000_000_000),
        ("5千元", 500_000),
        ("3百万", 300_000_000),
        ("¥ 0.01", 1),
        ("CNY 50,000.00", 5_000_000),
        ("人民币3万元整", 3_000_000),
        (" 88.00 元 ", 8_800),
        ("1.2345万", 1_234_500),
        ("10000000000000", LARGEST),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, fen: int) -> None:
    assert read_amount(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "1.234", "1.230", "1e5", "0", "0.00", "-1", "+5", "NaN", "inf", "", " ", ".5", "5.", "1,23", "1,2345", "1 234",
        "5²", "①", "½", "٣", "五万", "0x10", "0.0000001万", "10000000000000.01", "99999999亿", "1" * 400, "5\n万\n6",
    ],
)  # fmt: skip
def test_what_could_be_misread_is_refused(text: str) -> None:
    with pytest.raises(AmountUnreadable) as refused:
        read_amount(text)
    assert "没有写入任何内容" in refused.value.sentence(Language.ZH)


def test_zero_is_an_amount_only_where_a_closing_asks_for_it() -> None:
    assert read_amount("0", zero=True) == 0


@given(st.integers(1, LARGEST), st.sampled_from(Language))
def test_a_written_amount_reads_back_as_itself(fen: int, language: Language) -> None:
    assert read_amount(write_amount(fen, language)) == fen


@given(st.text(ANY, max_size=30))
def test_any_text_is_an_amount_within_bounds_or_refused(text: str) -> None:
    try:
        fen = read_amount(text)
    except AmountUnreadable:
        return
    assert 1 <= fen <= LARGEST


def test_an_amount_is_written_with_its_currency() -> None:
    assert write_amount(5_000_000, Language.ZH) == "50,000.00 元"
    assert write_amount(5_000_001, Language.EN) == "CNY 50,000.01"

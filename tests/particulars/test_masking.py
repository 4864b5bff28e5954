"""A mask tells two cases apart and gives nobody away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.particulars.fields import Field
from assistant.particulars.masking import last_digits, mask
from tests.particulars.people import CARD, CARDS, MOBILE, MOBILES, OLD, PEOPLE, WOMAN, digits
from tests.texts import ANY


@pytest.mark.parametrize(
    ("field", "value", "masked"),
    [
        (Field.NAME, "张三", "张*"),
        (Field.NAME, "欧阳某某", "欧*"),
        (Field.NAME, "𠮷野", "𠮷*"),
        (Field.NAME, "Mary Smith", "M*"),
        (Field.NAME, "张", "*"),
        (Field.NAME, "“王警官”", "王*"),
        (Field.NAME, "（假）客服", "假*"),
        (Field.NAME, "“王”", "*"),
        (Field.NAME, "“”", "*"),
        (Field.ID_NUMBER, WOMAN, f"310104********{WOMAN[-4:]}"),
        (Field.ID_NUMBER, OLD, "310104*****1002"),
        (Field.ID_NUMBER, "E12345678", "****678"),
        (Field.ID_NUMBER, "AB123", "****3"),
        (Field.ACCOUNT, CARD, "**** 0000"),
        (Field.PHONE, MOBILE, "138****8000"),
        (Field.PHONE, "02161234567", "021****4567"),
        (Field.PHONE, "+85291234567", "+852****4567"),
        (Field.PHONE, "+6391712", "****12"),
        (Field.PHONE, "96110", "96110"),
        (Field.PHONE, "110", "110"),
    ],
)
def test_each_field_has_its_mask(field: Field, value: str, masked: str) -> None:
    assert mask(field, value) == masked


NUMBERS = st.one_of(
    st.tuples(st.just(Field.ID_NUMBER), PEOPLE),
    st.tuples(st.just(Field.ID_NUMBER), st.text("ABCDEF0123456789", min_size=5, max_size=20)),
    st.tuples(st.just(Field.ACCOUNT), st.one_of(CARDS, digits(12, 32))),
    st.tuples(st.just(Field.PHONE), MOBILES),
    st.tuples(st.just(Field.PHONE), st.builds(lambda rest: f"+{rest}", digits(6, 15))),
)


@given(NUMBERS)
def test_a_mask_never_holds_the_middle_of_the_number(number: tuple[Field, str]) -> None:
    field, value = number
    head, _, tail = mask(field, value).partition("*")
    tail = tail.strip("* ")
    assert value.startswith(head)
    assert value.endswith(tail)
    assert len(value) - len(head) - len(tail) >= 3


@given(st.text(ANY, min_size=1, max_size=60))
def test_a_masked_name_holds_its_first_letter_at_most(name: str) -> None:
    letters = [character for character in name if character.isalpha()]
    assert mask(Field.NAME, name) == (f"{letters[0]}*" if letters[1:] else "*")


@pytest.mark.parametrize(
    ("field", "value", "last"),
    [
        (Field.NAME, "张三三三三三三三", None),
        (Field.ID_NUMBER, WOMAN, WOMAN[-4:]),
        (Field.ACCOUNT, CARD, "0000"),
        (Field.PHONE, MOBILE, "8000"),
        (Field.PHONE, "96110", None),
        (Field.ID_NUMBER, "AB123", None),
    ],
)
def test_a_case_is_found_by_the_last_four_of_a_long_number_only(field: Field, value: str, last: str | None) -> None:
    assert last_digits(field, value) == last

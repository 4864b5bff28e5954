"""What is typed about a person is brought to one form, doubted, or refused with what to type."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.particulars import resident
from assistant.particulars.checking import (
    AccountUnfit,
    IdDateImpossible,
    IdDigitWrong,
    IdNumberUnfit,
    IdProvinceUnknown,
    NameUnfit,
    ParticularUnfit,
    PhoneUnfit,
    check,
)
from assistant.particulars.fields import Doubt, Field, Party
from rules.language import Catalogue, Language
from tests.particulars.people import CARDS, MOBILE, MOBILES, OLD, PEOPLE, TODAY, WIDE, WOMAN, with_check, with_luhn
from tests.texts import ANY

TROUBLES = ParticularUnfit.__subclasses__()


def check_id(text: str) -> tuple[str, tuple[str, ...]]:
    """Return value and doubts of an identity number typed on the day of these tests."""
    checked = check(Field.ID_NUMBER, text, today=TODAY)
    return checked.value, checked.doubts


@given(PEOPLE)
def test_an_identity_number_is_taken_whatever_its_county_was_called(number: str) -> None:
    assert check_id(number) == (number, ())


@given(PEOPLE)
def test_full_width_blanks_hyphens_and_a_small_x_make_no_difference(number: str) -> None:
    typed = f" {number[:6]}-{number[6:14]} {number[14:].lower()}\n"
    assert check_id(typed) == check_id(number.translate(WIDE)) == check_id(number)


@given(PEOPLE, st.data())
def test_every_wrong_character_in_an_identity_number_is_caught(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 17))
    wrong = data.draw(st.sampled_from("0123456789X").filter(lambda character: character != number[place]))
    with pytest.raises(ParticularUnfit):
        check_id(number[:place] + wrong + number[place + 1 :])


@given(PEOPLE, st.data())
def test_two_swapped_neighbours_in_an_identity_number_are_caught(number: str, data: st.DataObject) -> None:
    places = [place for place in range(17) if number[place] != number[place + 1]]
    place = data.draw(st.sampled_from(places))
    with pytest.raises(ParticularUnfit):
        check_id(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.parametrize("number", [WOMAN[:-1], WOMAN + "0", WOMAN[:16] + "XX", "3101", "", "护照", "E" * 21, "9" * 15])
def test_what_is_no_document_number_is_refused(number: str) -> None:
    with pytest.raises(ParticularUnfit):
        check_id(number)


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (with_check("99010419800101002"), IdProvinceUnknown),
        (with_check("16010419800101002"), IdProvinceUnknown),
        (with_check("31010419800230002"), IdDateImpossible),
        (with_check("31010418991231002"), IdDateImpossible),
        (with_check("31010420261125002"), IdDateImpossible),
        (WOMAN[:17] + str((int(WOMAN[17].replace("X", "0")) + 1) % 10), IdDigitWrong),
        (WOMAN[:-1], IdNumberUnfit),
    ],
)
def test_a_refused_identity_number_says_what_is_wrong(number: str, trouble: type[ParticularUnfit]) -> None:
    with pytest.raises(trouble) as refused:
        check_id(number)
    assert number not in refused.value.sentence(Language.ZH) + repr(refused.value)


def test_who_was_born_today_has_a_number() -> None:
    assert check_id(with_check("31010420261124002"))[1] == ()


@pytest.mark.parametrize(
    ("number", "doubts"),
    [
        (OLD, (Doubt.OLD_NUMBER,)),
        ("E12345678", (Doubt.OTHER_DOCUMENT,)),
        ("H0123456700", (Doubt.OTHER_DOCUMENT,)),
        ("12345678", (Doubt.OTHER_DOCUMENT,)),
        (with_check("31000019800101002"), (Doubt.AREA_UNKNOWN,)),
        (with_check("31990119800101002"), (Doubt.AREA_UNKNOWN,)),
        (with_check("44190019800101002"), ()),
        (with_check("42900419800101002"), ()),
        (with_check("91112419800101002"), ()),
    ],
)
def test_what_may_be_wrong_is_doubted_and_taken(number: str, doubts: tuple[str, ...]) -> None:
    assert check_id(number) == (number, doubts)


def test_the_day_is_chinas_when_none_is_given() -> None:
    assert check(Field.ID_NUMBER, WOMAN).value == WOMAN


@given(CARDS)
def test_a_card_with_its_check_digit_is_taken_in_groups_of_four(number: str) -> None:
    checked = check(Field.ACCOUNT, " ".join(number[at : at + 4] for at in range(0, len(number), 4)))
    assert (checked.value, checked.doubts) == (number, ())


@given(CARDS, st.data())
def test_a_wrong_digit_in_a_card_is_doubted(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = str((int(number[place]) + data.draw(st.integers(1, 9))) % 10)
    assert check(Field.ACCOUNT, number[:place] + wrong + number[place + 1 :]).doubts == (Doubt.LUHN_FAILED,)


@pytest.mark.parametrize("number", ["100000000000", "1" * 15, "9" * 20, "1" * 32])
def test_an_account_of_another_length_than_a_card_has_no_check_digit(number: str) -> None:
    assert check(Field.ACCOUNT, number).doubts == ()


@pytest.mark.parametrize("number", ["", "1" * 11, "1" * 33, "62220A0000000000", "٣" * 16])
def test_what_is_no_account_is_refused(number: str) -> None:
    with pytest.raises(AccountUnfit):
        check(Field.ACCOUNT, number)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("138 0013 8000", MOBILE),
        ("+86 138-0013-8000", MOBILE),
        ("0086138 00138000", MOBILE),
        ("１３８００１３８０００", MOBILE),
        ("(021) 6123 4567", "02161234567"),
        ("＋８６ 21 61234567", "02161234567"),
        ("0571-12345678", "057112345678"),
        ("400-123-4567", "4001234567"),
        ("+852 9123 4567", "+85291234567"),
        ("0031 20 123 4567", "+31201234567"),
    ],
)
def test_a_phone_has_one_form_however_it_is_typed(typed: str, value: str) -> None:
    checked = check(Field.PHONE, typed)
    assert (checked.value, checked.doubts) == (value, ())


@pytest.mark.parametrize(
    "code", ["110", "120", "96110", "95588", "950618", "12345", "12381", "12110", "10086", "4001234567", "106550012345"]
)
def test_public_numbers_that_no_library_knows_are_taken(code: str) -> None:
    assert check(Field.PHONE, code).doubts == ()


@pytest.mark.parametrize("shown", ["+6391712345", "+8602110", "+952112110", "16012345678"])
def test_a_forged_caller_is_kept_as_it_was_shown(shown: str) -> None:
    checked = check(Field.PHONE, shown)
    assert (checked.value, checked.doubts) == (shown, (Doubt.NOT_ASSIGNED,))


@pytest.mark.parametrize(
    "typed", ["", "abc", "1380013800", "138001380001", "61234567", "1", "+12", "9" * 30, "1390000000O"]
)
def test_what_can_be_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(PhoneUnfit):
        check(Field.PHONE, typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("张三", "张三"),
        (" 张　三 ", "张三"),
        ("买买提·阿不都", "买买提·阿不都"),
        ("买买提•阿不都", "买买提·阿不都"),
        ("𠮷野", "𠮷野"),
        ("\U00031350某", "\U00031350某"),
        ("\ue000某", "\ue000某"),
        ("Ｍａｒｙ-Jane  O'Neil", "Mary-Jane O'Neil"),
        ("Иван Петров", "Иван Петров"),
        ("3M中国有限公司", "3M中国有限公司"),
        ("张\u200b三", "张三"),
    ],
)
def test_a_name_keeps_its_letters(typed: str, value: str) -> None:
    checked = check(Field.NAME, typed)
    assert (checked.value, checked.doubts) == (value, ())


@pytest.mark.parametrize("typed", ["", " ", "12345", "·", "张\x1b[31m三", "张\n三", "张" * 61, "张\ud800"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NameUnfit):
        check(Field.NAME, typed)


ANYTHING = st.one_of(st.text(ANY, max_size=40), PEOPLE, CARDS, MOBILES, st.text("张三· Ａa0１-X+", max_size=24))


@given(st.sampled_from(Field), ANYTHING)
def test_a_checked_value_checks_as_itself_and_anything_else_is_refused_in_words(field: Field, text: str) -> None:
    try:
        checked = check(field, text, today=TODAY)
    except ParticularUnfit:
        return
    assert check(field, checked.value, today=TODAY) == checked


def test_every_trouble_doubt_field_and_party_has_its_words() -> None:
    words = Catalogue("assistant.particulars")
    needed = {f"trouble.{trouble.code}" for trouble in TROUBLES}
    needed |= {f"doubt.{doubt}" for doubt in Doubt} | {f"field.{field}" for field in Field}
    assert set(words) == needed | {f"party.{party}" for party in Party}


def test_the_check_digit_is_the_standards_own() -> None:
    # The example that GB 11643 prints.
    assert resident.make_check_digit("11010519491231002") == "X"
    assert with_luhn("7992739871") == "79927398713"


def test_no_phone_book_is_loaded_before_a_phone_is_typed() -> None:
    loaded = "import sys, assistant.particulars.checking, assistant.particulars.free_text"
    code = f"{loaded}; print('phonenumbers' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"

"""What is typed about a person is brought to one form and checked while the person still stands at the counter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar, Final

from assistant.particulars import resident
from assistant.particulars.fields import Checked, Doubt, Field
from assistant.particulars.services import is_service
from rules.errors import BadInput
from rules.language import Catalogue

_CHINA: Final = timezone(timedelta(hours=8))
_NAME_LONGEST: Final = 60
_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK_IN_HAN: Final = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_DOTS: Final = dict.fromkeys(map(ord, "•‧∙⋅・\u0387"), "·")
_DOCUMENT: Final = re.compile(r"[0-9A-Z]{5,20}")
_ACCOUNT: Final = re.compile(r"[0-9]{12,32}")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_DIALLED: Final = re.compile(r"(?:\+|00)?[0-9]{3,20}")
_ABROAD: Final = re.compile(r"\+[0-9]{6,15}")


class ParticularUnfit(BadInput):
    """What was typed about a person cannot be so; nothing was saved. It never repeats what was typed."""

    catalogue: ClassVar[Catalogue] = Catalogue("assistant.particulars")


class NameUnfit(ParticularUnfit):
    """No letter in it, too long, or a character that no name has."""

    code = "name_unfit"


class IdNumberUnfit(ParticularUnfit):
    """Neither the form of an identity number nor of another document."""

    code = "id_number_unfit"


class IdProvinceUnknown(ParticularUnfit):
    """An identity number that begins with no province."""

    code = "id_province_unknown"


class IdDateImpossible(ParticularUnfit):
    """An identity number whose date of birth is no day, lies ahead, or lies before 1900."""

    code = "id_date_impossible"


class IdDigitWrong(ParticularUnfit):
    """An identity number whose last digit does not fit the others."""

    code = "id_digit_wrong"


class AccountUnfit(ParticularUnfit):
    """Not 12 to 32 digits."""

    code = "account_unfit"


class PhoneUnfit(ParticularUnfit):
    """Nothing that can be dialled or shown as a caller."""

    code = "phone_unfit"


def check(field: Field, text: str, *, today: date | None = None) -> Checked:
    """Return what was typed for `field` in its one form, with its doubts; raises ParticularUnfit with what to type.

    A name keeps its letters; numbers lose blanks, hyphens and brackets. A phone becomes digits as dialled in China
    (`02112345678`, `13812345678`) or `+` and digits abroad. Checking a value again returns that value. `today` is
    China's, unless given; nobody is born after it.
    """
    if field is Field.ID_NUMBER:
        return _check_id_number(_fold_number(text), today or datetime.now(_CHINA).date())
    return _CHECKS[field](text)


def _check_name(text: str) -> Checked:
    visible = "".join(character for character in text.strip() if unicodedata.category(character) != "Cf")
    name = re.sub(" +", " ", unicodedata.normalize("NFKC", visible).translate(_DOTS)).strip()
    name = _BLANK_IN_HAN.sub("", name)
    kinds = {unicodedata.category(character) for character in name}
    # A rare character may stand where this version of Unicode has none, or in a bank's private range.
    has_letter = any(kind[0] == "L" or kind in {"Co", "Cn"} for kind in kinds)
    if not has_letter or len(name) > _NAME_LONGEST or kinds & {"Cc", "Cs", "Zl", "Zp"}:
        raise NameUnfit
    return Checked(name)


def _check_id_number(number: str, today: date) -> Checked:
    if resident.has_form(number):
        return _check_resident(number, today)
    digits = number.removesuffix("X").isdigit() and len(number) > 12
    # Eighteen of digits and X, or a long row of digits, is a slip in an identity number and no passport.
    if digits or re.fullmatch(r"[0-9X]{18}", number) or not _DOCUMENT.fullmatch(number):
        raise IdNumberUnfit
    return Checked(number, (Doubt.OTHER_DOCUMENT,))


def _check_resident(number: str, today: date) -> Checked:
    if not resident.has_province(number):
        raise IdProvinceUnknown
    birth = resident.find_birth(number)
    if birth is None or not resident.OLDEST <= birth <= today:
        raise IdDateImpossible
    if not resident.is_sound(number):
        raise IdDigitWrong
    old = (Doubt.OLD_NUMBER,) if len(number) == 15 else ()
    return Checked(number, (*old, *resident.doubt_area(number)))


def _check_account(text: str) -> Checked:
    number = _fold_number(text)
    if not _ACCOUNT.fullmatch(number):
        raise AccountUnfit
    # Cards have 16 to 19 digits; a bank's own accounts may have as many and no check digit.
    doubted = 16 <= len(number) <= 19 and not passes_luhn(number)
    return Checked(number, (Doubt.LUHN_FAILED,) if doubted else ())


def _check_phone(text: str) -> Checked:
    dialled = _fold_number(text)
    if is_service(dialled):
        return Checked(dialled)
    if not _DIALLED.fullmatch(dialled):
        raise PhoneUnfit
    known = _find_known(dialled)
    if known:
        return Checked(known)
    shown = f"+{dialled[2:]}" if dialled.startswith("00") else dialled
    # What a caller shows may be forged, from abroad above all; it is evidence as it stands.
    if _MOBILE.fullmatch(shown) or _ABROAD.fullmatch(shown):
        return Checked(shown, (Doubt.NOT_ASSIGNED,))
    raise PhoneUnfit


def _find_known(dialled: str) -> str | None:
    # It takes a moment to import, and the first screen asks for no phone.
    import phonenumbers

    try:
        number = phonenumbers.parse(dialled, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if number.country_code != phonenumbers.country_code_for_region("CN"):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub("[^0-9]", "", national)


def passes_luhn(number: str) -> bool:
    """Tell whether the last of these digits is the check digit that cards bear (ISO/IEC 7812)."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


def _fold_number(text: str) -> str:
    """Return `text` in half-width capitals, without blanks, hyphens, brackets and what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if not _is_filler(character)).upper()


def _is_filler(character: str) -> bool:
    return character in "()\u2212" or character.isspace() or unicodedata.category(character) in {"Pd", "Cf"}


_CHECKS: Final[Mapping[Field, Callable[[str], Checked]]] = {
    Field.NAME: _check_name,
    Field.ACCOUNT: _check_account,
    Field.PHONE: _check_phone,
}

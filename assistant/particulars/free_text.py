"""Free text is where numbers about a person end up unasked: they are found there, to be warned about and masked.

Digits are taken in groups, as they were typed, and neighbouring groups are tried together. What is broken up by blanks
or hyphens must prove itself (a check digit, a usual grouping), for a row of amounts is broken up too; what stands
unbroken in 12 digits or more is taken for an account unless it begins with a day, as a receipt or a time does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.particulars import resident
from assistant.particulars.checking import passes_luhn
from assistant.particulars.fields import Field
from assistant.particulars.masking import mask

_MONTH_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_HARMLESS: Final = re.compile(
    "|".join(
        (
            # Amounts; 11 digits and more before a unit are left to be looked at, a phone may stand there.
            # In "110,138 0013 8000" the comma parts two numbers.
            r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?![ -]{1,3}[0-9])(?:\.[0-9]{1,2}(?![0-9]))?",
            r"(?<![0-9])[0-9]{1,10}\.[0-9]{1,2}(?![0-9])",
            r"(?<![0-9])[0-9]{1,10}(?= ?(?:[十百千]?万|[元圆块角分亿千百%]|yuan|CNY|RMB))",
            r"(?<=[¥￥]) ?[0-9]{1,10}(?![0-9])",
            # Days and times; after digits a day may be the middle of an identity number.
            r"(?<![0-9])(?<![0-9][ -])(?:19|20)[0-9]{2}[-/.年] ?[0-9]{1,2}[-/.月] ?[0-9]{1,2}(?![0-9])",
            r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])",
            # Case numbers: outlet, day, running number.
            rf"(?<![0-9A-Za-z-])[0-9A-Za-z]{{1,16}}-{_MONTH_DAY}-[0-9]{{3}}(?![0-9-])",
            # What a mask left.
            r"(?<![0-9])\+?[0-9]{3,6}\*{4,}[0-9]{2,4}X?|\*{4} ?[0-9]{1,4}X?",
        )
    )
)
_GROUP: Final = re.compile(r"\+?[0-9]+")
_GAP: Final = re.compile(r"[ -]{1,3}")
_LAST_X: Final = re.compile(r"[ -]{0,3}[Xx]")
_GROUPS_MOST: Final = 19
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86|0)?1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"(?:(?:\+|00)86|0)(?:(?:10|2[0-9])[2-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7})")
_ABROAD: Final = re.compile(r"\+[0-9]{8,15}")
_STAMP: Final = re.compile(rf"(?:19|20)[0-9]{{2}}{_MONTH_DAY}")
_CARD: Final = re.compile(r"[34569][0-9]{15,18}")
_CARD_IN_FOURS: Final = re.compile(r"(?:4,){4}(?:[1-3],)?|6,1[0-3],")
_OLD_IN_PARTS: Final = "6,6,3,"


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: the characters from `start` up to `end`, and what it is; a public phone number is none."""

    start: int
    end: int
    field: Field


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str


def find_numbers(text: str) -> tuple[Found, ...]:
    """Return the identity, account or card, and phone numbers in `text`, in their order, never overlapping.

    Full-width digits count, and up to three blanks or hyphens between digits. A number with a slip in it is found as
    well where it stands unbroken. Not found are passports, names, numbers in words, and a number whose last group is
    short and followed by a unit of money: that is an amount.
    """
    return tuple(found for found, _ in _find(text))


def mask_numbers(text: str) -> str:
    """Return `text` with a mask in the place of each number that `find_numbers` finds; the rest stays as it is."""
    parts: list[str] = []
    end = 0
    for found, number in _find(text):
        parts += text[end : found.start], mask(found.field, number)
        end = found.end
    return "".join((*parts, text[end:]))


def _find(text: str) -> Iterator[tuple[Found, str]]:
    folded = "".join(map(_fold, text))
    open_text = _HARMLESS.sub(lambda harmless: "|" * len(harmless[0]), folded)
    for run in _split_runs(open_text):
        at = 0
        while at < len(run):
            field, count, number, end = _read_at(open_text, run[at:])
            if field is not None:
                yield Found(run[at].start, end, field), number
            at += count


def _read_at(text: str, groups: list[_Group]) -> tuple[Field | None, int, str, int]:
    """Return what begins with the first group, how many groups it takes, its digits and its end; the longest wins."""
    for count in range(min(len(groups), _GROUPS_MOST), 0, -1):
        taken = groups[:count]
        number, end = "".join(group.digits for group in taken), taken[-1].end
        last = _LAST_X.match(text, end) if len(number) == 17 else None
        if last and resident.has_form(f"{number}X") and _is_person(f"{number}X", taken):
            return Field.ID_NUMBER, count, f"{number}X", last.end()
        if field := _name_field(number, taken):
            return field, count, number, end
    return None, 1, "", 0


def _name_field(number: str, groups: list[_Group]) -> Field | None:
    if _is_person(number, groups):
        return Field.ID_NUMBER
    if _is_phone(number, groups):
        return Field.PHONE
    return Field.ACCOUNT if _is_account(number, groups) else None


def _is_person(number: str, groups: list[_Group]) -> bool:
    if not resident.has_form(number):
        return False
    if resident.is_sound(number):
        return len(number) == 18 or len(groups) == 1 or _shape(groups) == _OLD_IN_PARTS
    # With a slip in it; cards begin with 62 as Gansu does.
    likely = resident.has_province(number) and resident.has_birth(number)
    return len(number) == 18 and len(groups) == 1 and likely and not passes_luhn(number.replace("X", "0"))


def _is_phone(number: str, groups: list[_Group]) -> bool:
    # 15 2000 50000 are amounts; 138 00 13 80 00 is how a phone is read out.
    whole = len(groups[0].digits) >= 3 or groups[0].digits in {"86", "+86"}
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return whole
    # A country's code stands by itself; +5000 20000 are amounts.
    return _ABROAD.fullmatch(number) is not None and (len(groups) == 1 or len(groups[0].digits) <= 4)


def _is_account(number: str, groups: list[_Group]) -> bool:
    if len(groups) == 1:
        return len(number.removeprefix("+")) >= 12 and _STAMP.match(number) is None
    if not _CARD.fullmatch(number):
        return False
    # UnionPay's own begin with 62: four of them in a row of fours are no row of amounts, even with a slip.
    return passes_luhn(number) or (number.startswith("62") and _CARD_IN_FOURS.fullmatch(_shape(groups)) is not None)


def _shape(groups: list[_Group]) -> str:
    return "".join(f"{len(group.digits)}," for group in groups)


def _split_runs(text: str) -> Iterator[list[_Group]]:
    """Yield the groups of digits, those together that only blanks or hyphens part; a plus begins a run."""
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        group = _Group(match.start(), match.end(), match[0])
        if run and (group.digits.startswith("+") or not _GAP.fullmatch(text, run[-1].end, group.start)):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _fold(character: str) -> str:
    """Return the one half-width character that stands for `character`, so that places in the text stay the same."""
    if character.isascii():
        return " " if character == "\t" else character
    kind = unicodedata.category(character)
    if kind == "Pd" or character == "\u2212":
        return "-"
    if kind == "Cf":
        return " "
    if character == "，":
        return character  # It parts sentences, and thousands hardly ever.
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded.isascii() else character

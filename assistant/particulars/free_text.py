"""Free text is where numbers about a person end up unasked: they are found there, to be warned about and masked.

Digits are taken in groups, as they were typed, and neighbouring groups are tried together. What is broken up must prove
itself (a check digit, a usual grouping), for a row of amounts is broken up too, and what points or commas break up must
prove more than what blanks do; what stands unbroken in 12 digits or more is taken for an account unless it begins with
a day, as a receipt or a time does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from assistant.particulars import resident
from assistant.particulars.checking import passes_luhn
from assistant.particulars.fields import Field
from assistant.particulars.masking import mask
from assistant.particulars.spelling import BETWEEN, NUMERALS, flatten, read_numerals

_MONTH_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_HARMLESS: Final = re.compile(
    # Most characters begin nothing of it, which is quickly seen.
    "(?=[0-9A-Za-z +*])(?:"
    + "|".join(
        (
            # Amounts; 11 digits and more are left to be looked at, a phone may stand there.
            # In "110,138 0013 8000" the comma parts two numbers.
            r"(?<![0-9])(?<![0-9],)(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9](?:,[0-9]{3}){3})(?![0-9])(?!,[0-9])"
            r"(?![ -]{1,3}[0-9])(?:\.[0-9]{1,2}(?![0-9]))?",
            r"(?<![0-9])(?<![0-9]\.)[0-9]{1,10}\.[0-9]{1,2}(?![0-9])(?!\.[0-9])",
            r"(?<![0-9])[0-9]{1,10}(?= ?(?:[十百千]?万|[元圆块角分亿千百%]|yuan|CNY|RMB))",
            r"(?<=[¥￥]) ?[0-9]{1,10}(?![0-9])",
            # Days and times.
            r"(?P<day>(?<![0-9])(?:19|20)[0-9]{2}[-/.年] ?[0-9]{1,2}[-/.月] ?[0-9]{1,2}(?![0-9]))",
            r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])",
            # Case numbers: outlet, day, running number.
            rf"(?<![0-9A-Za-z-])[0-9A-Za-z]{{1,16}}-{_MONTH_DAY}-[0-9]{{3}}(?![0-9-])",
            # What a mask left.
            r"(?<![0-9])\+?[0-9]{3,6}\*{4,}[0-9]{2,4}X?|\*{4} ?[0-9]{1,4}X?",
        )
    )
    + ")"
)
_DIGITS_BEFORE: Final = re.compile(rf"[0-9]{BETWEEN}{{1,3}}$")
_DIGITS_BEHIND: Final = re.compile(rf"{BETWEEN}{{1,3}}[0-9]")
_GROUP: Final = re.compile(rf"\+?[0-9]+|[{NUMERALS}]+")
_GAP: Final = re.compile(rf"{BETWEEN}{{1,3}}")
_TIGHT: Final = re.compile("[ ()-]*")
_LAST_X: Final = re.compile(rf"{BETWEEN}{{0,3}}[Xx]")
_SHORTEST: Final = 9
"""Of a number, a plus among its digits."""
_LONGEST: Final = 19
"""Of a number that is broken up, which has so many groups at most."""
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86|0)?1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"(?:(?:\+|00)86|0)(?:(?:10|2[0-9])[2-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7})")
_ABROAD: Final = re.compile(r"\+[0-9]{8,15}")
_STAMP: Final = re.compile(rf"(?:19|20)[0-9]{{2}}{_MONTH_DAY}")
_CARD: Final = re.compile(r"[34569][0-9]{15,18}")
_CARD_EVENLY: Final = re.compile(
    r"(?:4,){4}(?:[1-3],)?|6,1[0-3],|[1-3],(?:3,){5,}|(?:3,){5,}[12],|(?:2,){8,}(?:1,)?|(?:1,)+"
)
_OLD_IN_PARTS: Final = "6,6,3,"
_PHONE_IN_THOUSANDS: Final = [2, 3, 3, 3]


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: the characters from `start` up to `end`, and what it is; a public phone number is none."""

    start: int
    end: int
    field: Field


Mask: TypeAlias = tuple[Found, str]
"""What was found, and what is to stand in its place."""


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str
    gap: str
    """What stands between it and the group before it."""


def find_numbers(text: str) -> tuple[Found, ...]:
    """Return the identity, account or card, and phone numbers in `text`, in their order, never overlapping.

    Digits of any script count, full-width ones and Chinese numerals among them, and between digits up to three blanks,
    dashes, points, commas, strokes or brackets. A number with a slip in it is found as well where it stands unbroken.
    Not found are passports, names, what is counted in words, as one says an amount, and a number whose last group is
    short and followed by a unit of money: that is an amount. What a case itself knows is found by `known`.
    """
    return tuple(found for found, _ in find_masks(flatten(text)))


def mask_numbers(text: str) -> str:
    """Return `text` with a mask in the place of each number that `find_numbers` finds; the rest stays as it is."""
    return put_masks(text, find_masks(flatten(text)))


def find_masks(flat: str) -> Iterator[Mask]:
    """Yield the same numbers in a flattened text, each with the mask that is to stand in its place."""
    return ((found, mask(found.field, number)) for found, number in _find(flat))


def put_masks(text: str, masks: Iterable[Mask]) -> str:
    """Return `text` with these masks, which come in order and do not overlap, in the places of what was found."""
    parts: list[str] = []
    end = 0
    for found, shown in masks:
        parts += text[end : found.start], shown
        end = found.end
    return "".join((*parts, text[end:]))


def _find(flat: str) -> Iterator[tuple[Found, str]]:
    open_text = _HARMLESS.sub(_cover, flat)
    for run in _split_runs(open_text):
        at = 0
        while at < len(run):
            field, count, number, end = _read_at(open_text, run[at : at + _LONGEST])
            if field is not None:
                yield Found(run[at].start, end, field), number
            at += count


def _cover(harmless: re.Match[str]) -> str:
    """Return what stands for something harmless, unless it is a day amid digits: it may be the middle of an identity
    number."""
    text, start, end = harmless.string, harmless.start(), harmless.end()
    amid = harmless["day"] and _DIGITS_BEFORE.search(text, max(0, start - 4), start) and _DIGITS_BEHIND.match(text, end)
    return harmless[0] if amid else "|" * (end - start)


def _read_at(text: str, groups: list[_Group]) -> tuple[Field | None, int, str, int]:
    """Return what begins with the first group, how many groups it takes, its digits and its end; the longest wins."""
    digits = "".join(group.digits for group in groups)
    lengths = list(accumulate(len(group.digits) for group in groups))
    for count in range(len(groups), 0, -1):
        length = lengths[count - 1]
        if length < _SHORTEST or (count > 1 and length > _LONGEST):
            continue
        taken, number, end = groups[:count], digits[:length], groups[count - 1].end
        last = _LAST_X.match(text, end) if length == 17 else None
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
    if _MOBILE.fullmatch(number):
        return _is_read_out(groups)
    if _LANDLINE.fullmatch(number):
        # They differ in length: what stands behind a comma may be something else.
        return _is_read_out(groups) and (_is_tight(groups) or _is_evenly_parted(groups))
    # A country's code stands by itself; +5000 20000 are amounts.
    return _ABROAD.fullmatch(number) is not None and (
        len(groups) == 1 or (len(groups[0].digits) <= 4 and _is_tight(groups))
    )


def _is_read_out(groups: list[_Group]) -> bool:
    """Tell whether digits are grouped as those of a phone may be. 15 2000 50000 are amounts; 138 00 13 80 00 is how a
    phone is read out, and 13,800,138,000 how a spreadsheet shows it."""
    sizes = _list_sizes(groups)
    in_thousands = sizes == _PHONE_IN_THOUSANDS and {group.gap for group in groups[1:]} == {","}
    return sizes[0] >= 3 or groups[0].digits in {"86", "+86"} or in_thousands or set(sizes) == {1}


def _is_account(number: str, groups: list[_Group]) -> bool:
    if len(groups) == 1:
        return len(number.removeprefix("+")) >= 12 and _STAMP.match(number) is None
    if not _CARD.fullmatch(number):
        return False
    # UnionPay's own begin with 62: four of them in a row of fours are no row of amounts, even with a slip.
    evenly = _CARD_EVENLY.fullmatch(_shape(groups)) is not None
    return (passes_luhn(number) and (evenly or _is_tight(groups))) or (number.startswith("62") and evenly)


def _is_tight(groups: list[_Group]) -> bool:
    """Tell whether nothing but blanks, dashes and brackets stands between groups."""
    return all(_TIGHT.fullmatch(group.gap) for group in groups[1:])


def _is_evenly_parted(groups: list[_Group]) -> bool:
    return len({group.gap for group in groups[1:]}) == 1


def _shape(groups: list[_Group]) -> str:
    return "".join(f"{size}," for size in _list_sizes(groups))


def _list_sizes(groups: list[_Group]) -> list[int]:
    """Return how many digits stand together; those of two scripts do where nothing parts them."""
    sizes: list[int] = []
    for group in groups:
        if sizes and not group.gap:
            sizes[-1] += len(group.digits)
        else:
            sizes.append(len(group.digits))
    return sizes


def _split_runs(text: str) -> Iterator[list[_Group]]:
    """Yield the groups of digits, those together between which nothing stands but what may part the digits of a number;
    a plus begins a run."""
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        gap = text[run[-1].end : match.start()] if run else ""
        if run and (match[0].startswith("+") or (gap and not _GAP.fullmatch(gap))):
            yield run
            run, gap = [], ""
        run.append(_Group(match.start(), match.end(), read_numerals(match[0]), gap))
    if run:
        yield run

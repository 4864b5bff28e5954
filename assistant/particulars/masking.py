"""What is about a person is shown masked: enough to tell two cases apart, too little to call, pay or pose with."""

from __future__ import annotations

from typing import Final

from assistant.particulars.fields import Field
from assistant.particulars.services import is_service

_TAIL: Final = 4
_SHORTEST_WITH_TAIL: Final = 8
_PHONE_HIDES: Final = 3


def mask(field: Field, value: str) -> str:
    """Return `value`, as `check` made it, with the middle hidden; never the whole, save for a public number.

    `张*` (how long the name is stays hidden; a quotation mark or bracket is no letter of it), `310104********2834`,
    `**** 1234`, `138****5678`. Of a document that is no resident's only a third is kept, four characters at most.
    """
    match field:
        case Field.NAME:
            return _mask_name(value)
        case Field.ID_NUMBER:
            return _mask_id_number(value)
        case Field.ACCOUNT:
            return f"**** {value[-_TAIL:]}"
        case Field.PHONE:
            return _mask_phone(value)


def last_digits(field: Field, value: str) -> str | None:
    """Return the last four characters of a number, by which a case is found; None for a name.

    None as well for a number of fewer than 8 characters, of which four would be too much: those are short codes
    and rare documents.
    """
    if field is Field.NAME or len(value) < _SHORTEST_WITH_TAIL:
        return None
    return value[-_TAIL:]


def _mask_name(value: str) -> str:
    letters = [character for character in value if character.isalpha()]
    return f"{letters[0]}*" if len(letters) > 1 else "*"


def _mask_id_number(value: str) -> str:
    if len(value) in {15, 18} and value[:17].isdigit():
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-_TAIL:]}"
    return _keep_a_third(value)


def _mask_phone(value: str) -> str:
    if is_service(value):
        return value
    head = 4 if value.startswith("+") else 3
    if len(value) - head - _TAIL < _PHONE_HIDES:
        return _keep_a_third(value)
    return f"{value[:head]}****{value[-_TAIL:]}"


def _keep_a_third(value: str) -> str:
    kept = min(_TAIL, len(value) // 3)
    return f"****{value[len(value) - kept :]}"

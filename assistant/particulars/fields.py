"""The few things about a person that a case may hold, named once, so that checks, masks and records agree on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Party(StrEnum):
    """Whose particulars they are. The catalogue names them as `party.<value>`."""

    CUSTOMER = "customer"
    PAYEE = "payee"
    CONTACT = "contact"
    """Who called or wrote to the customer."""


class Field(StrEnum):
    """One thing about a person. The catalogue names them as `field.<value>`."""

    NAME = "name"
    ID_NUMBER = "id_number"
    ACCOUNT = "account"
    """A bank account or a card."""
    PHONE = "phone"


ASKED: Final = MappingProxyType(
    {
        Party.CUSTOMER: (Field.NAME, Field.ID_NUMBER, Field.ACCOUNT, Field.PHONE),
        Party.PAYEE: (Field.NAME, Field.ACCOUNT, Field.PHONE),
        Party.CONTACT: (Field.NAME, Field.PHONE),
    }
)
"""What may be noted about whom: no more than finds the person again."""


class Doubt(StrEnum):
    """Why something typed may be wrong although it can be used. The catalogue says it as `doubt.<value>`."""

    OTHER_DOCUMENT = "other_document"
    OLD_NUMBER = "old_number"
    AREA_UNKNOWN = "area_unknown"
    LUHN_FAILED = "luhn_failed"
    NOT_ASSIGNED = "not_assigned"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed in its one form, by which it is found again, and the doubts to show beside it.

    `doubts` are values of `Doubt`; none of them keeps anything from being saved.
    """

    value: str
    doubts: tuple[str, ...] = ()

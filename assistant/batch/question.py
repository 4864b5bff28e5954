"""What a program may ask: one visit as one JSON object, every part of it named and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr, WithJsonSchema
from pydantic_core import PydanticCustomError

from assistant.amounts import LARGEST, AmountUnreadable, read_amount
from rules.facts import AgeBand, Answer, Known, MoneyState, PaidFrom, PayeeAt, StepOutcome

LATEST: Final = 2**53 - 1
"""The last time that a case can hold, in UTC milliseconds."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _read_yuan(value: object) -> object:
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return read_amount(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = Decimal(str(value))
            # Written out in full only when that is short: 1e999999999 would fill the memory.
            if number.is_finite() and -3 < number.adjusted() < 16:
                return read_amount(_write_plainly(number))
    except (AmountUnreadable, ValueError):
        pass
    raise PydanticCustomError("amount", "not an amount")


def _write_plainly(number: Decimal) -> str:
    whole, _, part = format(number, "f").partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else whole


def _read_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("time", "not a time") from None
    if moment.tzinfo is None:
        raise PydanticCustomError("zone", "no zone")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _read_reply(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


def _read_requests(value: object) -> object:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


_YUAN_SCHEMA: Final[dict[str, Any]] = {
    "description": "Yuan, with at most two decimals: a number, or text such as 1,234.56 or 3.5万.",
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST // 100},
        {"type": "string"},
        {"type": "null"},
    ],
}
_TIME_SCHEMA: Final[dict[str, Any]] = {
    "description": "UTC milliseconds, or ISO 8601 with its zone.",
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": LATEST},
        {"type": "string", "format": "date-time"},
        {"type": "null"},
    ],
}
_REPLY_SCHEMA: Final[dict[str, Any]] = {
    "description": "The answer, or the answer and how it is known.",
    "anyOf": [
        {"enum": [answer.value for answer in Answer]},
        {
            "type": "object",
            "properties": {
                "value": {"enum": [answer.value for answer in Answer]},
                "known": {"enum": [*(known.value for known in Known), None]},
            },
            "required": ["value"],
            "additionalProperties": False,
        },
    ],
}
_REQUESTS_SCHEMA: Final[dict[str, Any]] = {
    "description": "What the customer came for; the first of several is foremost.",
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}, "maxItems": 5},
        {"type": "null"},
    ],
}

Yuan: TypeAlias = Annotated[StrictInt | None, BeforeValidator(_read_yuan), WithJsonSchema(_YUAN_SCHEMA)]
"""Given in yuan, held in fen."""
Time: TypeAlias = Annotated[
    Annotated[StrictInt, Field(ge=0, le=LATEST)] | None, BeforeValidator(_read_time), WithJsonSchema(_TIME_SCHEMA)
]
"""Held in UTC milliseconds."""


class Part(BaseModel):
    """A part of a question: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReplyPart(Part):
    """An answer and, where it is not known in the usual way, how it is known."""

    value: Answer
    known: Known | None = None


class MoneyPart(Part):
    """A portion of the money with a fate of its own."""

    state: MoneyState
    amount: Yuan = None
    when: Time = None
    paid_from: PaidFrom | None = None
    payee: PayeeAt | None = None


Word: TypeAlias = StrictStr
"""An id of the rulebook, which is the one to say whether it knows it."""
Replied: TypeAlias = Annotated[ReplyPart, BeforeValidator(_read_reply), WithJsonSchema(_REPLY_SCHEMA)]
Requests: TypeAlias = Annotated[
    tuple[Word, ...], BeforeValidator(_read_requests), Field(max_length=5), WithJsonSchema(_REQUESTS_SCHEMA)
]


class Question(Part):
    """One visit. A sign or account fact that is left out was not asked, which is never a no."""

    id: StrictStr = Field(min_length=1, max_length=200, description="Comes back in the answer.")
    request: Requests = ()
    requests: Requests = ()
    money: tuple[MoneyPart, ...] = Field(
        default=(), max_length=20, description="Left out or empty: one portion in the state usual for the request."
    )
    signs: Mapping[Word, Replied] = Field(
        default_factory=dict, description="By sign; known, left out, is as the rulebook says the sign is usually known."
    )
    amount: Yuan = None
    """Belongs to the first portion, which then has none of its own."""
    age_band: AgeBand | None = None
    accounts: Mapping[Word, Replied] = Field(
        default_factory=dict, description="By account fact; looked up, so verified unless said otherwise."
    )
    clearings: tuple[Word, ...] = Field(
        default=(), max_length=50, description="Only what was verified, with by whom and how on record."
    )
    steps: Mapping[Word, StepOutcome] = Field(
        default_factory=dict, description="What became of the steps that were advised before."
    )
    now: Time = None
    """The time of the visit; left out, it is the clock of the machine."""

"""Money as people write it: read exactly into fen or refused, for a misread amount is worse than one typed twice."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from rules.errors import BadInput
from rules.language import Catalogue, Language

_WORDS: Final = Catalogue("assistant")

LARGEST: Final = 10**15
"""The largest amount that a case holds, in fen."""

_UNITS: Final = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_FORM: Final = re.compile(
    r"(?:¥|CNY|RMB|人民币)?\s*"
    r"(?P<whole>[0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.(?P<part>[0-9]{1,10}))?"
    r"\s*(?P<unit>[十百千]?万|[百千亿])?\s*(?:元整?|圆整?|块钱?|CNY|RMB|yuan)?",
    re.IGNORECASE,
)


class AmountUnreadable(BadInput):
    """A text that is not an amount of money, or not one that a case can hold."""

    catalogue = _WORDS
    code = "amount_unreadable"


def read_amount(text: str, *, zero: bool = False) -> int:
    """Return the amount that `text` says in yuan, as fen: `1,234.56`, `￥５０万`, `3.5万`, `50000元`.

    `zero` allows 0, which a closing may need. Raises AmountUnreadable for anything else: three decimals (which may be
    a thousand), exponents, signs, and more than `LARGEST`.
    """
    found = _FORM.fullmatch(_fold_width(text).strip())
    if found is None:
        raise AmountUnreadable
    unit = _UNITS[found["unit"] or ""]
    part = found["part"] or ""
    if unit == 1 and len(part) > 2:
        raise AmountUnreadable
    fen = Decimal(f"{found['whole'].replace(',', '')}.{part or 0}") * unit * 100
    if fen != int(fen) or not (0 if zero else 1) <= fen <= LARGEST:
        raise AmountUnreadable
    return int(fen)


def write_amount(fen: int, language: Language) -> str:
    """Return `fen` in yuan with two decimals: `50,000.00 元`, `CNY 50,000.00`."""
    yuan, rest = divmod(fen, 100)
    return _WORDS("amount", language, number=f"{yuan:,}.{rest:02}")


def _fold_width(text: str) -> str:
    """Fold full-width characters; any other compatibility form (a superscript, a circled digit) is no digit here."""
    for character in text:
        kind = unicodedata.decomposition(character)
        if kind.startswith("<") and not kind.startswith(("<wide>", "<noBreak>")):
            raise AmountUnreadable
    return unicodedata.normalize("NFKC", text)

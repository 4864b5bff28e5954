"""What people, logins and outlets may be called: one check for all names, since others read them and terminals obey."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

NUMBER: Final = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$"
"""What a staff number looks like."""
LONGEST_NUMBER: Final = 32
LONGEST_NAME: Final = 60
LONGEST_LOGIN: Final = 64
LONGEST_OUTLET: Final = 40
_NO_LOGIN: Final = frozenset(" /:")


def tidy(text: str) -> str:
    """Return a name as it is kept: full-width letters and digits as the plain ones, no blanks around it (NFKC)."""
    return normalize("NFKC", text).strip()


def is_number(text: str) -> bool:
    """Tell whether a text can be a staff number."""
    return re.fullmatch(NUMBER, text) is not None


def is_name(text: str, longest: int = LONGEST_NAME) -> bool:
    """Tell whether a person or an outlet may be called so: with a letter or digit in it, on one line, and without
    anything that is not seen, or that would turn the line round or move the cursor."""
    return 1 <= len(text) <= longest and text.isprintable() and any(map(str.isalnum, text)) and text == text.strip()


def is_login(text: str) -> bool:
    """Tell whether the operating system can know somebody by this."""
    return is_name(text, LONGEST_LOGIN) and text == tidy(text) and _NO_LOGIN.isdisjoint(text)

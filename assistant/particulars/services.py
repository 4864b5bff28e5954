"""Numbers that many dial and nobody owns: short codes, hotlines, message ports; no library takes them for phones."""

from __future__ import annotations

import re
from typing import Final

_SERVICES: Final = re.compile(
    r"11[0-9]|12[0-9]"  # the police, the fire brigade, first aid, traffic
    r"|12[0-9]{3}"  # 12110, 12315, 12321, 12345, 12378, 12381
    r"|10[0-9]{3}"  # the carriers: 10000, 10010, 10086, 10099
    r"|11[68]114"
    r"|9[56][0-9]{3,6}"  # banks and firms: 95588, 950618, 95105188; the police's line against fraud: 96110
    r"|106[0-9]{5,17}"  # what a message in bulk shows as its sender
    r"|[48]00[0-9]{7}"
)


def is_service(number: str) -> bool:
    """Tell whether these digits are a public number. It says nothing about a person, so it is never masked."""
    return _SERVICES.fullmatch(number) is not None

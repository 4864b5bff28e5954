"""Free text as it may stand on a page: in one paragraph, the numbers about a person that it holds masked."""

from __future__ import annotations

from assistant.quoting import fold


def cover(text: str) -> str:
    """Return `text`, folded, with a mask in the place of each identity, account or phone number in it."""
    text = fold(text)
    if not any(map(str.isnumeric, text)):
        return text
    from assistant.particulars.free_text import mask_numbers

    return mask_numbers(text)

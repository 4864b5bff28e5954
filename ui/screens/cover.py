"""Free text as it may stand on a page: the numbers about a person that it holds are masked."""

from __future__ import annotations


def cover(text: str) -> str:
    """Return `text` with a mask in the place of each identity, account or phone number in it."""
    if not any(character.isdigit() for character in text):
        return text
    from assistant.particulars.free_text import mask_numbers

    return mask_numbers(text)

"""Any text at all, for tests that make theirs up."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

ANY: Final = st.characters(exclude_categories=["Cs"])
"""Every character that can be written; the same by a codec's name would first have all of Unicode spelled in it."""

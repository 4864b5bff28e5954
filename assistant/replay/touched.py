"""Where two rulebooks can differ at all: most visits touch nothing of what was edited, and need reading once."""

from __future__ import annotations

from typing import Final

from rules.model import Book

_RULES: Final = {
    "finding": "findings",
    "typology": "typology_rules",
    "level": "level_rules",
    "step": "step_rules",
}
_SHARED: Final = ("steps", "orders", "accounts")
"""What bears on the order of steps, and on which facts count as unknown, without being a rule that holds or not."""


def find_touched(old: Book, new: Book) -> frozenset[str] | None:
    """Return the clauses that are not the same in both books; None when the books differ in more than their rules.

    Where none of these holds in either book, every other clause is judged alike, stratum by stratum, and so the level
    and the steps are the same.
    """
    if any(list(getattr(old, shared).items()) != list(getattr(new, shared).items()) for shared in _SHARED):
        return None
    touched: set[str] = set()
    for kind, section in _RULES.items():
        before, after = getattr(old, section), getattr(new, section)
        names = before.keys() | after.keys()
        touched |= {f"{kind}.{name}" for name in names if before.get(name) != after.get(name)}
    return frozenset(touched)

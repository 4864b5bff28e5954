"""The slip in large print: the few lines that a customer reads from across the counter, and takes home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.export.documents.view import View

GENERAL: Final = "general"
"""The card that serves while nothing is suspected, or no card speaks of what is."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip says."""

    lines: tuple[str, ...]
    """The lines of the rulebook's card for what is suspected most, a few words each."""


def gather(view: View) -> Slip:
    """Return the lines of the slip, as the screen chooses them."""
    return Slip(find_slip(view))


def find_slip(view: View) -> tuple[str, ...]:
    """Return the lines of the card for the typology suspected most, else those of the general card; none of a rulebook
    without cards."""
    card = find_card(view)
    return tuple(view.book.cards[card].slip.read(view.language).splitlines()) if card else ()


def find_card(view: View) -> str | None:
    """Return the name of that card; None where there is none."""
    cards, advice = view.book.cards, view.case.advice
    suspected = advice.typologies[:1] if advice else ()
    return next((name for name in (*suspected, GENERAL) if name in cards), None)

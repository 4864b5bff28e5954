"""Signals and habits as the questions that they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from assistant.review.habits import VISITS, Habit
from assistant.review.signals import Signal
from rules.language import Catalogue, Language

REVIEW_WORDS: Final = Catalogue("assistant.review")
_STEPS: Final = frozenset({"step", "before", "first", "second"})


def ask_signal(signal: Signal, language: Language, name_step: Callable[[str], str]) -> str:
    """Return a signal as a question; `name_step` gives the name of a step by its id."""
    details: Mapping[str, object] = {
        name: name_step(str(value)) if name in _STEPS else value for name, value in signal.details.items()
    }
    return REVIEW_WORDS(f"signal.{signal.code}", language, **details)


def ask_habit(habit: Habit, language: Language) -> str:
    """Return a habit as a question."""
    return REVIEW_WORDS(f"habit.{habit.code}", language, teller=habit.teller, count=VISITS)

"""How the screens look on this machine, and where that is remembered from one day to the next."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.places import find_log
from rules.errors import BadInput
from ui.themes import ThemeName
from ui.wording import SCREEN

THEME_VARIABLE: Final = "ASSISTANT_THEME"
NO_COLOR_VARIABLE: Final = "NO_COLOR"
"""Set to anything, by a convention of terminal programs: draw without colours."""


@dataclass(frozen=True, slots=True)
class Look:
    """A theme; `plain` is for terminals that draw ambiguous characters two cells wide."""

    theme: ThemeName = ThemeName.DARK
    plain: bool = False


class ThemeUnknown(BadInput):
    """No theme has this name."""

    catalogue = SCREEN
    code = "theme_unknown"


def choose_look(theme: str | None = None, *, plain: bool = False) -> Look:
    """Return the look that is asked for, by word, else by the environment, else as it was left. Raises ThemeUnknown."""
    kept = _read_kept()
    named = theme or os.environ.get(THEME_VARIABLE)
    colourless = bool(os.environ.get(NO_COLOR_VARIABLE))
    try:
        chosen = ThemeName(named) if named else ThemeName.MONO if colourless else kept.theme
    except ValueError:
        shown = "".join(character for character in (named or "") if character.isprintable())[:20]
        raise ThemeUnknown(word=shown, names=", ".join(ThemeName)) from None
    return Look(chosen, plain or kept.plain)


def keep_look(look: Look) -> None:
    """Remember the look. One that cannot be remembered is no reason to stop a teller, and is let go."""
    path = _find_kept()
    fresh = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"theme": look.theme, "plain": look.plain}, file)
        fresh.replace(path)


def _find_kept() -> Path:
    return find_log().with_name("screen.json")


def _read_kept() -> Look:
    try:
        kept: Any = json.loads(_find_kept().read_text("utf-8"))
        return Look(ThemeName(kept["theme"]), kept["plain"] is True)
    except (OSError, ValueError, KeyError, TypeError):
        return Look()

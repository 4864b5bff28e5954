"""The colours of the screens: dark, light, high contrast, and none; every text is readable on what it stands on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from textual.theme import Theme


class ThemeName(StrEnum):
    """The themes in the order in which the key goes through them."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    MONO = "mono"

    @property
    def following(self) -> ThemeName:
        """The theme after this one, the first after the last."""
        order = list(ThemeName)
        return order[(order.index(self) + 1) % len(order)]


_WHOLE: Final = {"text": "auto 100%", "foreground-muted": "auto 100%", "boost": "transparent"}
"""Textual thins its texts out; here a text is either there or not."""

DARK: Final = Theme(
    name=ThemeName.DARK,
    primary="#1f5f9e",
    secondary="#3b4654",
    accent="#7cc4ff",
    warning="#e0a100",
    error="#b3302a",
    success="#1c7038",
    foreground="#e8e8e8",
    background="#0e1013",
    surface="#121417",
    panel="#1f2630",
    variables={
        **_WHOLE,
        "text-muted": "#a9b1bb",
        "text-primary": "#7cc4ff",
        "text-success": "#6fd08c",
        "text-error": "#ff8f86",
        "text-warning": "#ffc35a",
        "text-accent": "#7cc4ff",
        "success-muted": "#12301c",
        "primary-muted": "#14293f",
        "warning-muted": "#382a06",
        "error-muted": "#431614",
        "block-cursor-background": "#1f5f9e",
        "block-cursor-foreground": "#ffffff",
        "input-cursor-background": "#e8e8e8",
        "input-cursor-foreground": "#121417",
        "input-selection-background": "#1f5f9e",
        "scrollbar": "#5b6675",
        "scrollbar-background": "#1f2630",
    },
)

LIGHT: Final = Theme(
    name=ThemeName.LIGHT,
    dark=False,
    primary="#1f5f9e",
    secondary="#5a6572",
    accent="#124f8c",
    warning="#f0b429",
    error="#b3261e",
    success="#1c7038",
    foreground="#1a1a1a",
    background="#ffffff",
    surface="#fafafa",
    panel="#e2e7ee",
    variables={
        **_WHOLE,
        "text-muted": "#4d555e",
        "text-primary": "#124f8c",
        "text-success": "#14602d",
        "text-error": "#a11b14",
        "text-warning": "#714800",
        "text-accent": "#124f8c",
        "success-muted": "#d9f0df",
        "primary-muted": "#dbe8f6",
        "warning-muted": "#fdf0cc",
        "error-muted": "#fadcd9",
        "block-cursor-background": "#1f5f9e",
        "block-cursor-foreground": "#ffffff",
        "input-cursor-background": "#1a1a1a",
        "input-cursor-foreground": "#ffffff",
        "input-selection-background": "#b9d3ee",
        "scrollbar": "#7d8794",
        "scrollbar-background": "#e2e7ee",
    },
)

CONTRAST: Final = Theme(
    name=ThemeName.CONTRAST,
    primary="#5fd0ff",
    secondary="#ffffff",
    accent="#8fdcff",
    warning="#ffd600",
    error="#8f0000",
    success="#2fe070",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={
        **_WHOLE,
        "text-muted": "#dcdcdc",
        "text-primary": "#8fdcff",
        "text-success": "#69f0ae",
        "text-error": "#ffb0aa",
        "text-warning": "#ffd600",
        "text-accent": "#8fdcff",
        "success-muted": "#002b12",
        "primary-muted": "#00233a",
        "warning-muted": "#2e2600",
        "error-muted": "#3a0000",
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "input-cursor-background": "#ffff00",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#00507f",
        "scrollbar": "#ffffff",
        "scrollbar-background": "#1c1c1c",
    },
)

MONO: Final = Theme(
    name=ThemeName.MONO,
    primary="#000000",
    secondary="#000000",
    accent="#ffffff",
    warning="#000000",
    error="#000000",
    success="#000000",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    variables={
        **_WHOLE,
        **{f"text-{role}": "#ffffff" for role in ("muted", "primary", "success", "error", "warning", "accent")},
        **{f"{level}-muted": "#000000" for level in ("success", "primary", "warning", "error")},
        "block-cursor-background": "#000000",
        "block-cursor-foreground": "#ffffff",
        "input-cursor-background": "#000000",
        "input-cursor-foreground": "#ffffff",
        "input-cursor-text-style": "reverse",
        "scrollbar": "#ffffff",
        "scrollbar-background": "#000000",
    },
)
"""Drawn without a single colour: what is meant to stand out is bold, underlined or reversed (`themes.tcss`)."""

THEMES: Final = (DARK, LIGHT, CONTRAST, MONO)

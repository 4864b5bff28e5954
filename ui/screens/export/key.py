"""The key that leads out of the program, on every page that has something to give out."""

from __future__ import annotations

from typing import Final

from ui.actions import Action

EXPORT: Final = Action("export", "ctrl+e", "export", "Ctrl+E", rank=13)
PAPER_STEPS: Final = frozenset({"emergency_stop_application", "notice_and_appeal", "written_confirmation"})
"""The steps that are done with a paper from there."""

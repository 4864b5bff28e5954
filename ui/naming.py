"""How the screens name who works here."""

from __future__ import annotations

from assistant.desk import Desk
from ui.wording import Wording


def name_actor(desk: Desk, wording: Wording) -> str:
    """Return role and staff number of whoever works here now; where nobody is named yet, anybody is a teller."""
    member = desk.member
    return wording.say(f"top.role.{member.role}" if member else "top.actor", actor=desk.actor)

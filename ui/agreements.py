"""How the agreements to a case stand, in words: what is asked for, what another agreed to, and what was done alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from assistant.agreement import list_carried_out, list_standing, needed_by
from assistant.people.requests import WHY, Standing
from assistant.quoting import clip
from ui.screens.cover import cover
from ui.wording import SCREEN, Wording

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.desk import Desk
    from assistant.people.requests import Request

DONE_SHOWN: Final = 3
"""So many of the agreements that a case has made use of stand on its page; what was done alone goes first."""


def write_agreements(desk: Desk, case: Case, wording: Wording) -> Iterator[str]:
    """Yield in a few words each how the agreements stand on which the case goes on, and what was done alone; of a
    closed case all that another agreed to. What is kept from whoever works here is left out."""
    hidden = desk.hidden_steps(case)
    for request in list_standing(desk.store, case):
        needed = needed_by(request)
        key = f"agreement.{needed.matter}.{request.standing}"
        if key in SCREEN and needed.step not in hidden:
            step = wording.step(needed.step) if needed.step else ""
            yield wording.say(key, who=request.settled_by or request.asked_by, step=step)
    done = [
        request
        for request in list_carried_out(desk.store, case)
        if needed_by(request).step not in hidden and (case.closing or request.standing is not Standing.APPROVED)
    ]
    # Sorting keeps the order of those that are alike: the newest first.
    done.sort(key=lambda request: request.standing is Standing.APPROVED)
    yield from (_write_carried_out(request, wording) for request in done[:DONE_SHOWN])
    if len(done) > DONE_SHOWN:
        yield wording.say("agreement.more", count=len(done) - DONE_SHOWN)


def _write_carried_out(request: Request, wording: Wording) -> str:
    """Return what another agreed to, or what was done alone and what he who looked at it found."""
    needed, done, last = needed_by(request), request.carried_out_by, request.history[-1]
    what = wording.say(f"agreement.what.{needed.matter}", step=wording.step(needed.step) if needed.step else "")
    reason = done.body.get("reason") if done else None
    return wording.say(
        f"agreement.done.{request.standing}",
        who=done.actor if done else "",
        what=what,
        reason=_bracket(wording.person_word(f"emergency.{reason}") if reason else "", wording),
        by=last.actor,
        why=_bracket(last.private.get(WHY, ""), wording),
    )


def _bracket(text: str, wording: Wording) -> str:
    """Return what somebody said of a case in brackets; nothing on the quiet screen."""
    return wording.say("mark.bracket", text=clip(cover(text))) if text and not wording.quiet else ""


def write_answer(request: Request | None, wording: Wording) -> str:
    """Return how a request stands, who says so, when and why, for the page that it was asked from; "" for none."""
    key = f"agreement.{request.standing}" if request else ""
    if request is None or key not in SCREEN:
        return ""
    last = request.history[-1]
    why = _bracket(last.private.get(WHY, ""), wording)
    return wording.say(key, who=last.actor, time=wording.clock(last.at), why=why)

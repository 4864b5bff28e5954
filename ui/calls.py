"""What the screens say of a call for the supervisor: to whoever may answer it, and of the answer to whoever called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.people.permissions import Move
from ui.wording import Wording, wait

if TYPE_CHECKING:
    from assistant.attendance import Attendance
    from assistant.case.case import Case
    from assistant.case.review import Call
    from assistant.desk import Desk


def may_answer(desk: Attendance, case: Case) -> bool:
    """Tell whether a call waits in the case that whoever works here now may answer."""
    call = case.call
    waits = call is not None and call.answer is None and call.actor != desk.actor
    return waits and case.closing is None and desk.may(Move.ANSWER_CALL, case)


def write_call(desk: Desk, case: Case, wording: Wording) -> str:
    """Return how the call of an open case stands, for its page; "" where nobody was called."""
    call = case.call
    if call is None or case.closing is not None:
        return ""
    if call.answer is None:
        wanted = name_wanted(call, wording)
        waited = wait(desk.clock() - call.at)
        return wording.say("call.waits", who=call.actor, wanted=wanted, time=waited)
    answer = wording.case_word(f"call_answer.{call.answer}")
    role = _name_role(desk, call.answered_by or "", wording)
    return wording.say("call.answered", who=role, answer=answer, time=wording.clock(call.answered_at or call.at))


def tell_call(desk: Desk, case: Case, wording: Wording) -> str:
    """Return that a call came, for whoever may answer it; "" for anybody else."""
    if case.call is None or not may_answer(desk, case):
        return ""
    wanted = name_wanted(case.call, wording)
    return wording.say("call.came", number=case.number, who=case.call.actor, wanted=wanted)


def tell_answer(desk: Desk, case: Case, wording: Wording) -> str:
    """Return what was answered, for whoever called; "" for anybody else."""
    call = case.call
    if call is None or call.answer is None or call.actor != desk.actor:
        return ""
    return f"{case.number}  {write_call(desk, case, wording)}".rstrip()


def name_wanted(call: Call, wording: Wording) -> str:
    """Return what the supervisor is wanted for."""
    return wording.case_word(f"call_for.{call.wanted}")


def _name_role(desk: Desk, number: str, wording: Wording) -> str:
    member = desk.store.roster.members.get(number)
    return wording.say(f"top.role.{member.role}" if member else "top.actor", actor=number)

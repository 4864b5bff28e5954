"""What can be done on the page of a case, and which of it is of use as the case stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from assistant.case.case import Case
from assistant.desk import Desk
from ui.actions import Action
from ui.others import may_call
from ui.reviews import may_reply
from ui.screens.export.key import EXPORT, PAPER_STEPS
from ui.screens.page import HELP, LANGUAGE, QUIET

SWAP: Final = Action("swap", "f5,tab", "swap", "F5", rank=4)
CALL: Final = Action("call", "ctrl+s", "call", "Ctrl+S", rank=8)
REOPEN: Final = Action("reopen", "", "reopen", "F8")
CLOSE: Final = Action("close", "f8", "close", "F8", rank=7)
PAPERS: Final = replace(EXPORT, rank=11)
ACTIONS: Final = (
    HELP,
    Action("back", "escape", "home", "Esc", rank=2),
    Action("record", "f6", "record", "F6", rank=3),
    Action("enter", "", "enter", "Enter"),
    Action("answer('yes','seen')", "1", "seen", "1", rank=20),
    Action("answer('yes','said')", "2", "said", "2", rank=21),
    Action("answer('yes','verified')", "3", "verified", "3", rank=22),
    Action("answer('no','')", "0,n", "no", "0", rank=23),
    Action("answer('yes','')", "y", "yes", "Y"),
    Action("clear", "space,delete", "clear", "Space"),
    Action("undo", "backspace", "undo", "Bksp", rank=12),
    Action("find", "f7,slash", "find", "F7", rank=5),
    Action("ask", "f3", "ask", "F3", rank=6),
    SWAP,
    Action("facts", "f2", "facts", "F2", rank=9),
    Action("persons", "ctrl+d", "persons", "Ctrl+D"),
    CLOSE,
    REOPEN,
    CALL,
    Action("words", "f9", "words", "F9", rank=10),
    Action("why", "f4", "why", "F4", rank=13),
    PAPERS,
    QUIET,
    LANGUAGE,
)
_LOOKING: Final = frozenset({"app.help", "back", "export", "persons", "record", "swap", "words", "why"})
"""What one does on a closed case, which is there to be looked at, until it is reopened."""
_READING: Final = _LOOKING - {"record"} | {"facts"}
"""What one does on an open case that one's role only reads."""


def list_offered(desk: Desk, case: Case, *, works: bool, steps: bool) -> list[Action]:
    """Return the actions for a case on which one `works` or not, while the `steps` have the keys or the red flags."""
    if case.closing:
        shown = _bring_forward({PAPERS}, 3, (action for action in ACTIONS if action.name in _LOOKING))
        shown.insert(0, replace(REOPEN, rank=3))
        if may_reply(desk, case):
            shown.append(replace(CALL, word="reply", rank=3))
    elif not works:
        shown = [action for action in ACTIONS if action.name in _READING]
    else:
        left_out = {REOPEN} if may_call(desk, case) else {REOPEN, CALL}
        shown = [action for action in ACTIONS if action not in left_out]
        if case.next_step in PAPER_STEPS:
            shown = _bring_forward({PAPERS, CLOSE}, 4, shown)
    # The key is named after where it leads.
    return [replace(SWAP, word="swap_back") if steps and action is SWAP else action for action in shown]


def _bring_forward(wanted: set[Action], rank: int, actions: Iterable[Action]) -> list[Action]:
    """Return the actions with the wanted ones further to the left: where it is narrow the last are not shown."""
    return [replace(action, rank=rank) if action in wanted else action for action in actions]

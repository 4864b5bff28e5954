"""A case as those see it who need not know of some of its steps: as if these had never been advised nor recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assistant.case.case import Case
from assistant.case.events import Event, EventKind


def conceal(case: Case, steps: frozenset[str], rules: frozenset[str] = frozenset()) -> Case:
    """Return `case` without anything of `steps`, nor of the `rules` that advise nothing else.

    It is for looking at only: the hashes of its events are those of the whole ones, and it admits what the case does
    not.
    """
    return Case.of(_leave_out(case.history, steps, rules))


def _leave_out(history: tuple[Event, ...], steps: frozenset[str], rules: frozenset[str]) -> Iterator[Event]:
    gone = {event.id for event in history if event.kind is EventKind.STEP_RECORDED and event.body["step"] in steps}
    said: Any = None
    for event in history:
        if event.id in gone or (event.kind is EventKind.TAKEN_BACK and event.body["event"] in gone):
            continue
        if event.kind is EventKind.AUTHORISED and event.body.get("step") in steps:
            continue
        if event.kind is not EventKind.ADVISED:
            yield event
            continue
        body = _leave_out_advice(event.body, steps, rules)
        if body != said:
            # Advice that differed in nothing else would tell by its repetition that something was left out.
            said = body
            yield replace(event, body=body)


def _leave_out_advice(body: Any, steps: frozenset[str], rules: frozenset[str]) -> dict[str, Any]:
    kept = {
        "steps": [_leave_out_links(step, steps) for step in body.get("steps", ()) if step["id"] not in steps],
        "withheld": [held for held in body.get("withheld", ()) if held["step"] not in steps],
        "rules": [rule for rule in body.get("rules", ()) if rule not in rules],
    }
    # An empty list is written down in no advice: one that stands here would tell that something was left out of it.
    return {key: value for key, value in {**body, **kept}.items() if value or key not in kept}


def _leave_out_links(step: Any, steps: frozenset[str]) -> dict[str, Any]:
    return {**step, "after": [name for name in step["after"] if name not in steps]} if "after" in step else dict(step)

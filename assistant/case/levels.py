"""How far the advice on a case ever went: what was once to be held stays so, whatever is answered afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from assistant.case.events import ANSWERS, Event, EventKind
from rules.facts import Level

SLIP_MS: Final = 30_000
"""An answer that is taken back, or given anew, within so long was a slip of the finger."""
_QUESTIONS: Final = {EventKind.ANSWERED: "sign", EventKind.ACCOUNT_ANSWERED: "fact"}
"""The answers that are given anew, and the key of what they answer."""


def find_highest(story: Sequence[Event]) -> Level:
    """Return the highest level that was advised, oldest event first; not counting what was advised only while the
    latest answer was a slip."""
    undone = dict(_find_slips(story))
    highest = standing = Level.PROCEED
    given: list[Event] = []
    for place, event in enumerate(story):
        if event.kind is EventKind.ADVISED:
            standing = Level(str(event.body["level"]))
        elif event.kind is EventKind.TAKEN_BACK:
            given = [answer for answer in given if answer.id != event.body["event"]]
        elif event.kind in ANSWERS:
            given.append(event)
        # The advice on a move comes behind it: until then, what stands is the advice before.
        advised = place + 1 == len(story) or story[place + 1].kind is not EventKind.ADVISED
        if advised and not (given and place < undone.get(given[-1].id, 0)):
            highest = max(highest, standing, key=lambda level: level.rank)
    return highest


def _find_slips(story: Iterable[Event]) -> Iterator[tuple[str, int]]:
    """Yield the ids of the answers that were slips, each with the place of the event that undid it."""
    answers: dict[str, Event] = {}
    for place, event in enumerate(story):
        undone = answers.get(name_undone(event))
        if undone is not None and is_slip(event, undone):
            yield undone.id, place
        if event.kind in ANSWERS:
            answers[event.id] = answers[name_undone(event)] = event


def is_slip(undoing: Event, undone: Event) -> bool:
    """Tell whether an answer was undone so soon that it was a slip of the finger."""
    return 0 <= undoing.at - undone.at <= SLIP_MS


def name_undone(event: Event) -> str:
    """Return a name for what an event undoes: the event that it takes back, or what was answered to the same question;
    for most, one of its own."""
    if event.kind is EventKind.TAKEN_BACK:
        return str(event.body["event"])
    key = _QUESTIONS.get(event.kind)
    return f"{event.kind} {event.body[key]}" if key else event.id

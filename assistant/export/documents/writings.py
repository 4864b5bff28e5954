"""What people wrote down in a case, fit to be printed: masked unless in full, and never longer than can be read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.amounts import AmountUnreadable, read_amount, write_amount
from assistant.case.events import EventKind

if TYPE_CHECKING:
    from assistant.case.case import StepRecord
    from assistant.export.documents.view import View

LONGEST: Final = 2_000
"""Characters of one text on a page; the whole record of the case has all of them."""
_REACH: Final = 200
"""Characters in which any number or name ends that begins before the limit."""
_AMOUNT: Final = "amount"
"""The kind of a field that asks for money."""
_NOTES: Final = frozenset({EventKind.NOTED, EventKind.CLOSED})


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written down where it was asked for."""

    label: str
    """What was asked for."""
    text: str
    """What was written."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the file."""

    when: str
    """When it was written, on the outlet's clock."""
    by: str
    """The staff number of whoever wrote it."""
    text: str
    """What was written."""


def show_text(view: View, text: str) -> str:
    """Return what somebody wrote, as the document may show it: with the names and numbers in it masked unless it is in
    full, and cut where it is too long, which is then said."""
    whole = text.strip()
    head = whole[: LONGEST + _REACH]
    if len(whole) <= LONGEST:
        return whole if view.in_full else view.known.mask(whole)
    # Half a number is none that a mask would know.
    across = (found.start for found, _ in view.known.find(head) if found.start < LONGEST < found.end)
    cut = head[: min(across, default=LONGEST)]
    shown = cut if view.in_full else view.known.mask(cut)
    return view.say("common.cut", text=shown, count=f"{len(whole):,}")


def list_written(view: View, step: str, record: StepRecord, told: Container[str] = ()) -> tuple[Written, ...]:
    """Return what was written down with the record of a step, in the order in which the step asks for it, but for the
    fields that are `told` elsewhere."""
    private = {name: text for name, text in record.private.items() if name not in told}
    return tuple(
        Written(label, _show_field(view, step, name, private[name])) for name, label in _label(view, step, private)
    )


def find_written(view: View, *places: tuple[str, str]) -> str | None:
    """Return what was written in the first of these fields, each a step and a field of it, that holds something; None,
    which prints as a blank, where none does."""
    return next(iter(find_all_written(view, *places)), None)


def find_all_written(view: View, *places: tuple[str, str]) -> tuple[str, ...]:
    """Return what was written in all of these fields, each text once."""
    steps = view.case.steps
    texts = ((step, field, steps[step].private.get(field, "")) for step, field in places if step in steps)
    return tuple(dict.fromkeys(_show_field(view, *one) for one in texts if one[-1].strip()))


def list_notes(view: View) -> tuple[Note, ...]:
    """Return the notes of the file, oldest first."""
    return tuple(
        Note(view.writer.time(event.at), event.actor, show_text(view, text))
        for event in view.case.history
        if event.kind in _NOTES
        for text in event.private.values()
        if text.strip()
    )


def join_texts(view: View, texts: Iterable[str]) -> str | None:
    """Return several texts in one, None where there is none."""
    return view.writer.plain("mark.and").join(texts) or None


def _show_field(view: View, step: str, field: str, text: str) -> str:
    """Return what was written in a field of a step: an amount as every other is written, as far as it can be read."""
    entry = view.book.steps.get(step)
    asked = entry is not None and any(one.id == field and one.kind == _AMOUNT for one in entry.record)
    # A number that a mask hides is somebody's, wherever it was written.
    if not asked or view.known.find(text):
        return show_text(view, text)
    try:
        return write_amount(read_amount(text, zero=True), view.language)
    except AmountUnreadable:
        return show_text(view, text)


def _label(view: View, step: str, private: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that hold something, each with what was asked for."""
    entry = view.book.steps.get(step)
    asked = {field.id: field.ask.read(view.language) for field in entry.record} if entry else {}
    for name in sorted(private, key=[*asked, *private].index):
        if private[name].strip():
            yield name, asked.get(name, name)

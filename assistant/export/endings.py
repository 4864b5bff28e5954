"""By what a file's name ends, and in which form it is then: whoever opens it goes by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.export.documents.kinds import DocumentForm
from assistant.export.tables.layout import TableForm

_ENDINGS: Final[Mapping[str, str]] = {
    **{form.value: form.value for form in (*TableForm, *DocumentForm)},
    "jsonl": TableForm.NDJSON,
    "xml": DocumentForm.GOAML,
    "htm": DocumentForm.HTML,
    "markdown": DocumentForm.MARKDOWN,
}
"""What the name of a file ends with, and the form that it has then."""


def find_ending(path: Path) -> str:
    """Return what the name of a file ends with, in small letters; empty where it has no ending."""
    return path.suffix[1:].casefold()


def find_form(path: Path) -> str | None:
    """Return the form that a file of that name has; None where the name tells of none."""
    return _ENDINGS.get(find_ending(path))


def name_ending(form: str) -> str:
    """Return what the name of a file of that form usually ends with."""
    return "xml" if form == DocumentForm.GOAML else form


def list_endings(forms: Sequence[StrEnum]) -> tuple[str, ...]:
    """Return every ending that a file of one of these forms may have."""
    return tuple(ending for ending, form in _ENDINGS.items() if form in forms)

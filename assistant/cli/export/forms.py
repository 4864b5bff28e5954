"""In which form something is exported: as `--format` says, else as the name of the file ends."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from assistant.cli.export.target import STREAM
from assistant.cli.parsing import UsageWrong, read_choice
from assistant.export.documents.kinds import DocumentForm
from assistant.export.tables.layout import TableForm
from assistant.quoting import clip

_Form = TypeVar("_Form", bound=StrEnum)

_ENDINGS: Final[Mapping[str, str]] = {
    **{form.value: form.value for form in (*TableForm, *DocumentForm)},
    "jsonl": TableForm.NDJSON,
    "xml": DocumentForm.GOAML,
    "htm": DocumentForm.HTML,
    "markdown": DocumentForm.MARKDOWN,
}
"""What the name of a file ends with, and the form that it has then."""


def read_form(options: Namespace, known: type[_Form], forms: Sequence[_Form], command: str) -> _Form:
    """Return the form among `known` that `--format` names, else the one of `forms` by which the file of `-o` is
    called, else the first of these.

    Raises UsageWrong where the name of the file promises another form, or none that is made.
    """
    ending = _find_ending(options.output)
    meant = _ENDINGS.get(ending)
    if options.form:
        form = read_choice(options.form, known, "--format", command)
        if meant is not None and meant != form:
            raise UsageWrong("ending_otherwise", command, ending=ending, form=form, fit=_name_endings([form]))
        return form
    if not ending:
        return forms[0]
    if meant is None or meant not in forms:
        raise UsageWrong("ending", command, ending=clip(ending), fit=_name_endings(forms))
    return known(meant)


def name_ending(form: StrEnum) -> str:
    """Return what the name of a file of that form usually ends with."""
    return "xml" if form is DocumentForm.GOAML else form.value


def _find_ending(output: str | None) -> str:
    return "" if output in (None, STREAM) else Path(str(output)).suffix[1:].casefold()


def _name_endings(forms: Sequence[StrEnum]) -> str:
    return ", ".join(f".{ending}" for ending, form in _ENDINGS.items() if form in forms)

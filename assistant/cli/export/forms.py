"""In which form something is exported: as `--format` says, else as the name of the file ends."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from assistant.cli.export.target import STREAM
from assistant.cli.parsing import UsageWrong, read_choice
from assistant.export.endings import find_ending, find_form, list_endings
from assistant.quoting import clip

_Form = TypeVar("_Form", bound=StrEnum)


def read_form(options: Namespace, known: type[_Form], forms: Sequence[_Form], command: str) -> _Form:
    """Return the form among `known` that `--format` names, else the one of `forms` by which the file of `-o` is
    called, else the first of these.

    Raises UsageWrong where the name of the file promises another form, or none that is made.
    """
    path = Path(options.output or STREAM)
    ending, meant = find_ending(path), find_form(path)
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


def _name_endings(forms: Sequence[StrEnum]) -> str:
    return ", ".join(f".{ending}" for ending in list_endings(forms))

"""Where an export goes, as the command line says it, and what is told once it is there."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from assistant.cli.output import note
from assistant.export.delivery import Delivered, Target
from assistant.export.placing import find_stamp
from assistant.export.words import WORDS
from assistant.people.bodies import Leaving
from rules.language import Language

STREAM: Final = "-"


def find_target(options: Namespace, usual: str, *, stamp_beside: bool = False) -> Target:
    """Return where the export goes: `-o`, or a file of the usual name in this folder."""
    if options.output == STREAM:
        return Target(stream=sys.stdout.buffer)
    path = Path(options.output or usual).expanduser().absolute()
    return Target(path=path, replace=options.force, stamp_beside=stamp_beside)


def tell_delivered(delivered: Delivered, target: Target, language: Language) -> None:
    """Say on standard error what left and by what it is known again."""
    if delivered.stamp.order.what is Leaving.TABLE and not delivered.count:
        note(WORDS("said.empty", language))
    if target.path is None and delivered.stamp.order.what is not Leaving.DOCUMENT:
        note(WORDS("said.streamed", language, count=f"{delivered.count:,}", size=f"{delivered.size:,}"))
    if target.path is not None:
        key = "delivered_document" if delivered.stamp.order.what is Leaving.DOCUMENT else "delivered"
        details = {"path": target.path, "count": f"{delivered.count:,}", "size": f"{delivered.size:,}"}
        note(WORDS(f"said.{key}", language, **details))
        if target.stamp_beside:
            note(WORDS("said.stamp", language, path=find_stamp(target.path)))
    note(WORDS("said.export", language, export=delivered.stamp.export, sha256=delivered.sha256))

"""Whether exports may become files here: a program that runs as another user would write wherever that one may."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

from assistant.export.words import WORDS
from rules.errors import Trouble
from rules.language import Catalogue

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE: Final = "ASSISTANT_EXPORTS"
"""Set by whoever starts the program for others, who cannot change it."""
FILES: Final = "files"


class FilesRefused(Trouble):
    """Here exports go to the standard output, and into no file; nothing was written or recorded."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "files_refused"
    exit_status: ClassVar[int] = 5


def may_write_files() -> bool:
    """Tell whether an export may become a file here; whatever else the variable says than `files` forbids it."""
    return os.environ.get(VARIABLE, FILES) == FILES


def refuse_files(path: Path) -> None:
    """Raise FilesRefused where an export to `path` is not to be."""
    if not may_write_files():
        raise FilesRefused(path=path)

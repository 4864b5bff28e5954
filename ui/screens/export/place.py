"""Where an export is put: a name that is free in a folder, and a line to type another, in which Tab completes."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from rules.errors import BadInput
from rules.language import Catalogue
from ui.screens.ask import AskScreen
from ui.wording import SCREEN, Wording


class FolderMissing(BadInput):
    """There is no such folder."""

    catalogue: ClassVar[Catalogue] = SCREEN
    code = "folder_missing"


class NameTaken(BadInput):
    """Something of that name is there already."""

    catalogue: ClassVar[Catalogue] = SCREEN
    code = "name_taken"


def find_usual_folder() -> Path:
    """Return the user's folder for documents, or the home folder where there is none."""
    # It takes a moment to import, and only who exports something needs it.
    from platformdirs import user_documents_path

    folder = user_documents_path()
    return folder if folder.is_dir() else Path.home()


def find_free(path: Path) -> Path:
    """Return `path`, with a number behind its name where something of that name is there already."""
    if not os.path.lexists(path):
        return path
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(other for other in numbered if not os.path.lexists(other))


def read_place(text: str, folder: Path, name: str) -> Path:
    """Return the path that was typed: a folder stands for a file of that `name` in it, and what does not begin at the
    root lies in `folder`. Raises FolderMissing and NameTaken."""
    path = folder / _expand(text)
    if text.endswith(os.sep) or os.path.isdir(path):  # noqa: PTH112 (a name that is too long is none)
        path = find_free(path / name)
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise FolderMissing(folder=path.parent)
    if os.path.lexists(path):
        raise NameTaken(path=path)
    return path


def complete(text: str, folder: Path) -> str:
    """Return `text` with as much behind it as all folders have in common whose paths begin with it."""
    typed = _expand(text)
    parent, begun = (typed, "") if text.endswith(os.sep) else (typed.parent, typed.name)
    try:
        found = sorted(entry.name for entry in (folder / parent).iterdir() if entry.is_dir())
    except OSError:
        return text
    fitting = [name for name in found if name.startswith(begun) and not (name.startswith(".") and not begun)]
    if not fitting:
        return text
    longest = os.path.commonprefix(fitting)  # noqa: RUF071 (of names, not of paths)
    whole = text[: len(text) - len(begun)] + longest
    return whole + os.sep if len(fitting) == 1 else whole


def _expand(text: str) -> Path:
    return Path(os.path.expanduser(text))  # noqa: PTH111 (leaves a home alone that there is not)


class PlaceScreen(AskScreen):
    """Returns the path as it was typed, which can be written to."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False, priority=True)]

    def __init__(self, path: Path, name: str) -> None:
        def check(text: str) -> None:
            read_place(text, path.parent, name)

        super().__init__(_name_line, str(path), check, _hint)
        self._folder = path.parent

    def is_unsaved(self) -> bool:
        # A path is no text that anybody would miss.
        return False

    def action_complete(self) -> None:
        """Complete the name of a folder."""
        line = self.query_one(Input)
        line.value = complete(line.value, self._folder)
        line.cursor_position = len(line.value)


def _name_line(wording: Wording) -> str:
    return wording.say("export.place")


def _hint(wording: Wording) -> str:
    return wording.say("export.place_hint")

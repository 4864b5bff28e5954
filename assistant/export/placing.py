"""Where an export may be put, and how a file comes to be there whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from io import BufferedRandom
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, ClassVar, Final

from assistant.export.unfinished import undoing
from assistant.export.words import WORDS
from assistant.places import OVERLAY_FILE, RULES_FOLDER, find_settings
from assistant.sealing.keyplaces import find_place
from assistant.settings import read_settings
from assistant.store.anchor import find_anchor
from rules.errors import BadInput
from rules.language import Catalogue

if TYPE_CHECKING:
    from assistant.store import Store

STAMP_ENDING: Final = ".stamp.json"
"""What is added to the name of an export whose format has no place for its stamp."""
PART: Final = ".part"
"""How the name of a file ends that is being made."""
LOCK: Final = "lock"
"""Within a folder of such files, the one that is held as long as they are needed."""
_LEFT: Final = re.compile(r"\..+\.[0-9a-f]{16}\.part")
_BESIDE: Final = ("", "-journal", "-wal", "-shm")
_EMPTY_SECONDS: Final = 3600
"""An empty file, which says nothing about anybody, may be one that is just being made; not for so long."""


class TargetTaken(BadInput):
    """Something lies at `path` already."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "target_taken"


class TargetUnfit(BadInput):
    """No export is to lie at `path`: it is no plain file, or one that the program itself needs."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "target_unfit"


class FolderMissing(BadInput):
    """There is no folder `folder` for an export to be put into."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "folder_missing"


def find_stamp(path: Path) -> Path:
    """Return where the stamp of an export lies whose format has no place for it."""
    return path.with_name(path.name + STAMP_ENDING)


def name_part(path: Path) -> Path:
    """Return a name beside `path` for what becomes that file; what is left under such a name is swept away."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}{PART}")


def check_target(store: Store, places: Iterable[Path]) -> None:
    """Raise TargetUnfit for a place where no export may lie, whatever was asked: what is not, or cannot be, a plain
    file with a name in UTF-8, and whatever the program needs: the cases and what is beside them, the key, the
    settings and what they name. Raises FolderMissing where there is no folder for it."""
    files, folders = _list_own(store)
    for path in places:
        real = Path(os.path.realpath(path))
        if not _can_be_file(path) or real in files or not folders.isdisjoint((real, *real.parents)):
            raise TargetUnfit(path=ascii(str(path)) if not _is_utf8(path) else path)
        if any(_is_same(path, own) for own in files):
            raise TargetUnfit(path=path)
        if not _may_be_folder(path.parent):
            raise FolderMissing(folder=path.parent)


def refuse_taken(places: Iterable[Path]) -> None:
    """Raise TargetTaken when something lies at one of the places."""
    for path in places:
        if os.path.lexists(path):
            raise TargetTaken(path=path)


@contextmanager
def spooling(target: Path | None) -> Iterator[tuple[BufferedRandom, Path | None]]:
    """Give an empty file of its owner alone, beside the target, of which nothing is left in the end; without a target
    one that has no name. sqlite3 and OS errors pass untranslated."""
    if target is None:
        with _letting_go(TemporaryFile()) as nameless:
            yield nameless, None
        return
    sweep(target.parent)
    name = name_part(target)
    handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with undoing(lambda: name.unlink(missing_ok=True)), _letting_go(os.fdopen(handle, "w+b")) as file:
            flock(file, LOCK_SH)
            yield file, name
    finally:
        name.unlink(missing_ok=True)


def put(name: Path, path: Path, *, replace: bool) -> None:
    """Give a whole file its place. Raises FileExistsError where something lies there that may not be replaced."""
    if replace:
        name.replace(path)
        return
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:
        # A stick, on which a file has one name only.
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST)) from None
        name.replace(path)


def sweep(folder: Path) -> None:
    """Delete what a program of this user that was killed left of its exports: nobody holds it any longer."""
    for name in folder.iterdir():
        if _LEFT.fullmatch(name.name):
            with suppress(OSError):
                _sweep_one(name)


def _sweep_one(name: Path) -> None:
    status = name.lstat()
    if status.st_uid != os.geteuid():
        return
    if stat.S_ISDIR(status.st_mode):
        with (name / LOCK).open("rb") as file:
            flock(file, LOCK_EX | LOCK_NB)
            shutil.rmtree(name)
    elif stat.S_ISREG(status.st_mode) and (status.st_size or time.time() - status.st_mtime > _EMPTY_SECONDS):
        with name.open("rb") as file:
            flock(file, LOCK_EX | LOCK_NB)
            name.unlink()


@contextmanager
def _letting_go(file: BufferedRandom) -> Iterator[BufferedRandom]:
    """Close a file in the end: all of one that is to be kept is on the disk by then, and of another the rest, which a
    full disk still does not take, need not be."""
    try:
        yield file
    finally:
        with suppress(OSError):
            file.close()


def _list_own(store: Store) -> tuple[set[Path], set[Path]]:
    """Return the files and the folders that no export may touch."""
    cases = store.path
    settings = find_settings(cases)
    files = {cases.with_name(cases.name + ending) for ending in _BESIDE}
    files |= {find_anchor(cases), settings, cases.with_name(OVERLAY_FILE)}
    folders = {cases.with_name(RULES_FOLDER)}
    if key := find_place(store.db_id).path:
        files.add(key)
    documents = read_settings(cases).documents
    if documents.goaml_schema:
        files.add(settings.parent / documents.goaml_schema)
    if documents.templates:
        folder = Path(os.path.realpath(settings.parent / documents.templates))
        if folder not in settings.parents:
            folders.add(folder)
    return {Path(os.path.realpath(file)) for file in files}, {Path(os.path.realpath(folder)) for folder in folders}


def _can_be_file(path: Path) -> bool:
    if not path.name or not _is_utf8(path):
        return False
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return True


def _may_be_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # Whatever else it is, writing there says it.
        return True


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_same(path: Path, own: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), own.stat())
    except OSError:
        return False

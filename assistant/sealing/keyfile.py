"""A key in a file of its own: made once and never written over, and read only if nobody else could have."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from assistant.durability import sync
from assistant.sealing.faults import (
    KeyExists,
    KeyExposed,
    KeyFolderOpen,
    KeyLost,
    KeyNotAFile,
    KeyNotOurs,
    KeyTrouble,
    KeyUnfit,
    KeyUnkept,
    KeyUnread,
)
from assistant.sealing.masterkey import MasterKey
from rules.language import Text

_MOST_BYTES: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_ROOT: Final = 0


def write_key(path: Path, key: MasterKey) -> None:
    """Write `key` to a new file at `path`, mode 0600, durably; a folder that has to be made for it gets 0700.

    It is written whole under another name and then put in its place, so half a key never lies there.
    Raises KeyExists, whatever it is that lies there, KeyFolderOpen and KeyUnkept.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        if path.is_symlink() or path.exists():
            raise KeyExists(place=_tell(path))
        made = _make_folder(path.parent)
        _check_folder(path.parent)
        try:
            _write(draft, key)
            os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        for folder in (path.parent, *made):
            sync(folder)
    except FileExistsError:
        raise KeyExists(place=_tell(path)) from None
    except OSError as error:
        raise KeyUnkept(place=_tell(path), problem=_say(error)) from None


def read_key(path: Path) -> MasterKey:
    """Return the key in the file at `path`.

    Before a byte is read, the file must be a regular one, belong to this user or root, be closed to all others, and
    lie in a folder in which they can put nothing in its place.
    Raises KeyLost, KeyNotAFile, KeyNotOurs, KeyExposed, KeyFolderOpen, KeyUnread and KeyUnfit.
    """
    try:
        # Not to hang where somebody put a pipe in its place.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise KeyLost(place=_tell(path)) from None
    except OSError as error:
        raise KeyUnread(place=_tell(path), problem=_say(error)) from None
    try:
        if (trouble := _distrust(path, os.fstat(handle))) is not None:
            raise trouble
        _check_folder(path.parent)
        key = MasterKey.parse(os.read(handle, _MOST_BYTES))
    except OSError as error:
        raise KeyUnread(place=_tell(path), problem=_say(error)) from None
    finally:
        os.close(handle)
    if key is None:
        raise KeyUnfit(place=_tell(path))
    return key


def _distrust(path: Path, status: os.stat_result) -> KeyTrouble | None:
    """Return why a file of that status cannot hold a secret of ours, or None."""
    if not stat.S_ISREG(status.st_mode):
        return KeyNotAFile(place=_tell(path))
    if status.st_uid not in {os.geteuid(), _ROOT}:
        owner, user = _name_user(status.st_uid), _name_user(os.geteuid())
        return KeyNotOurs(place=_tell(path), owner=owner, command=f"chown {user} {_quote(path)}")
    if status.st_mode & _OTHERS:
        mode = f"{stat.S_IMODE(status.st_mode):04o}"
        return KeyExposed(place=_tell(path), mode=mode, command=f"chmod 600 {_quote(path)}")
    return None


def _check_folder(folder: Path) -> None:
    """Raise KeyFolderOpen when others may rename or remove what lies there; in a sticky folder they may not."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & _OTHERS_WRITE and not mode & stat.S_ISVTX:
        raise KeyFolderOpen(folder=folder, mode=f"{mode:04o}", command=f"chmod go-w {_quote(folder)}")


def _make_folder(folder: Path) -> list[Path]:
    """Make `folder` where there is none, for this user only; return the folders in which a name was added."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [place.parent for place in missing]


def _write(path: Path, key: MasterKey) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        # The umask may have taken from the owner what the next start needs.
        os.fchmod(file.fileno(), 0o600)
        file.write(f"{key.spell()}\n")
        file.flush()
        os.fsync(file.fileno())


def _tell(path: Path) -> Text:
    # Read from the catalogue in trouble only, for every start reads the key.
    from assistant.sealing.words import fill

    return fill("place.file", path=path)


def _quote(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _name_user(number: int) -> str:
    from pwd import getpwuid

    try:
        return getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _say(error: OSError) -> str:
    return error.strerror or type(error).__name__

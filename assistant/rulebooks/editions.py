"""A copy on this machine of every rulebook that passed its trial here, under the digest of its files: what advised a
case can be read again, and the last good one is there when a newer one is broken."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from assistant.rulebooks.archive import BOOK, MARK_DIGITS, MOST_BYTES, OVERLAY, digest_of, mark_of
from rules.errors import BadInput, Trouble
from rules.language import Catalogue
from rules.names import Shelf

_LEFT_SECONDS: Final = 3600
"""After which an unfinished copy is nobody's any more."""
_BUILT_IN: Final = Path(__file__).resolve().parents[2] / "rules" / "book"


class RulebookUnreadable(BadInput):
    """A rulebook, or a part of it, cannot be read."""

    catalogue = Catalogue("assistant")
    code = "rulebook_unreadable"


class RulebookTooLarge(BadInput):
    """What lies in the folder of the rulebook is too much to be one."""

    catalogue = Catalogue("assistant")
    code = "rulebook_too_large"


class RulebookUnkept(Trouble):
    """No copy of the rulebook can be kept, so it is not taken up."""

    catalogue = Catalogue("assistant")
    code = "rulebook_unkept"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rulebook lies: its folder (None for the one that comes with the program), and the bank's file over it."""

    folder: Path | None
    overlay: Path | None

    def read(self) -> dict[str, bytes]:
        """Return the content of every file under the name it has in a copy.

        Raises RulebookUnreadable and RulebookTooLarge.
        """
        read: dict[str, bytes] = {}
        left = MOST_BYTES
        for name, path in self._files():
            try:
                if path.stat().st_size > left:
                    raise RulebookTooLarge(path=path, most=MOST_BYTES // 2**20)
                read[name] = path.read_bytes()
            except OSError as error:
                raise RulebookUnreadable(path=path, problem=error.strerror or str(error)) from None
            left -= len(read[name])
        if not any(name.startswith(f"{BOOK}/") for name in read):
            raise RulebookUnreadable(path=self.folder, problem=os.strerror(errno.ENOENT))
        return read

    def _files(self) -> Iterator[tuple[str, Path]]:
        root = self.folder or _BUILT_IN
        for path in sorted(root.rglob("*.yaml")):
            yield f"{BOOK}/{path.relative_to(root).as_posix()}", path
        if self.overlay is not None:
            yield OVERLAY, self.overlay


class Editions:
    """The folder of copies; several programs may use it at once. A copy is never changed, and known by its digest."""

    def __init__(self, find_folder: Callable[[], Path]) -> None:
        self._find_folder = find_folder

    @cached_property
    def _folder(self) -> Path:
        """Found when it is first needed: where no rulebook was published, it never is."""
        return self._find_folder()

    @contextmanager
    def copying(self, files: dict[str, bytes]) -> Iterator[Path]:
        """Make a copy in a place of its own, which is gone at the end unless `keep` moved it.

        Raises RulebookUnkept.
        """
        # Beside what the first screen needs, it would bring archives and their decoders along.
        from shutil import rmtree

        partial = self._folder / f"{digest_of(files)}.{os.getpid()}.part"
        for left in [partial, *self._list_left()]:
            rmtree(left, ignore_errors=True)
        try:
            for name, content in files.items():
                path = partial / name
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(stat.S_IRUSR)
        except OSError as error:
            rmtree(partial, ignore_errors=True)
            raise RulebookUnkept(path=self._folder, problem=error.strerror or str(error)) from None
        try:
            yield partial
        finally:
            rmtree(partial, ignore_errors=True)

    def keep(self, partial: Path, digest: str) -> None:
        """Move a copy to its place, whole or not at all. Raises RulebookUnkept."""
        from shutil import rmtree

        place = self._folder / digest
        try:
            if place.exists() and self._digest(digest) != digest:
                rmtree(place)
            if not place.exists():
                partial.rename(place)
        except OSError as error:
            # Another program may have kept the very same one a moment ago.
            if self._digest(digest) != digest:
                raise RulebookUnkept(path=place, problem=error.strerror or str(error)) from None

    def open(self, digest: str) -> Shelf | None:
        """Return the kept rulebook of that digest, or None when there is none or it is no longer what it was."""
        if self._digest(digest) != digest:
            return None
        book, overlay = find_parts(self._folder / digest)
        return Shelf(book, self._folder / f"{digest}.names.json", overlay=overlay, mark=mark_of(digest))

    @staticmethod
    def marks(label: str) -> bool:
        """Tell whether `label` is a version with the mark of a copy behind it."""
        version, tilde, mark = label.rpartition("~")
        return bool(version and tilde and len(mark) == MARK_DIGITS and mark.isalnum())

    def _list_left(self) -> Iterator[Path]:
        """Yield the unfinished copies of programs that were killed."""
        for path in self._folder.glob("*.part"):
            with suppress(OSError):
                if path.stat().st_mtime < time.time() - _LEFT_SECONDS:
                    yield path

    def _digest(self, digest: str) -> str | None:
        """Return the digest of what lies under that name now."""
        place = self._folder / digest
        if not digest.isalnum() or not place.is_dir():
            return None
        with suppress(Trouble):
            return digest_of(Source(*find_parts(place)).read())
        return None


def find_parts(copy: Path) -> tuple[Path, Path | None]:
    """Return where in a copy the rulebook's folder lies, and the bank's file over it where there is one."""
    overlay = copy / OVERLAY
    return copy / BOOK, overlay if overlay.exists() else None

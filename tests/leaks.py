"""Marked words, every way in which they could stand in a file, and the files as they were at any moment of a play."""

from __future__ import annotations

import hashlib
import json
import os
import select
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

LOOK_SECONDS: Final = 0.002
DRAFT: Final = ".draft"
ROOT: Final = Path(__file__).parents[1]


def spell(mark: str | bytes) -> dict[str, bytes]:
    """Return the bytes that a mark becomes wherever it is written, by the name of the way."""
    ways = {"raw": mark} if isinstance(mark, bytes) else _encode(mark)
    spelled = dict(ways)
    for name, text in ways.items():
        if name != "json":
            spelled |= {f"{name} in hex": text.hex().encode(), f"{name} in capital hex": text.hex().upper().encode()}
            spelled |= {f"{name} in base64 at {offset}": _b64(text, offset) for offset in range(3)}
    return spelled


def _encode(mark: str) -> dict[str, bytes]:
    escaped = json.dumps(mark)[1:-1].encode()
    return {"utf-8": mark.encode(), "utf-16": mark.encode("utf-16le"), "gb18030": mark.encode("gb18030")} | (
        {} if mark.isascii() else {"json": escaped}
    )


def _b64(text: bytes, offset: int) -> bytes:
    """Return the characters that `text` surely becomes where it stands `offset` bytes behind a group of three."""
    whole = b64encode(bytes(offset) + text)
    return whole[-(-offset * 8 // 6) : (offset + len(text)) * 8 // 6]


def find_marks(texts: Mapping[str, bytes], marks: Mapping[str, str | bytes]) -> set[tuple[str, str, str]]:
    """Return which mark stands where and in which way: the names of the text, the mark and the way."""
    needles = [(name, way, needle) for name, mark in marks.items() for way, needle in spell(mark).items()]
    return {(where, name, way) for where, text in texts.items() for name, way, needle in needles if needle in text}


def read_files(folder: Path, known: dict[str, tuple[int, ...]] | None = None) -> dict[str, bytes]:
    """Return every file under a folder by its path there; one that goes meanwhile is left out.

    So is, with `known`, what was not written since.
    """
    found: dict[str, bytes] = {}
    for entry in _list_files(folder):
        name = entry.path.removeprefix(f"{folder}/")
        try:
            status = entry.stat()
            mark = (status.st_ino, status.st_size, status.st_mtime_ns)
            # What lies in shared memory may be written without a new time.
            if known is None or known.get(name) != mark or name.endswith("-shm"):
                found[name] = Path(entry.path).read_bytes()
        except FileNotFoundError:
            continue
        if known is not None:
            known[name] = mark
    return found


def _list_files(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _list_files(entry.path)
            elif entry.is_file():
                yield entry


class Onlooker:
    """Somebody who copies every file of `folder` into `kept`, again and again, as long as the block lasts.

    In a process of its own: one that closes a file gives up all its locks on it, those of a store that is open too.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self._folder = folder
        self._kept = kept

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.leaks", str(self._folder), str(self._kept)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        assert self._process.returncode == 0

    def copies(self) -> dict[str, bytes]:
        """Return the copies so far by the path of the file and what it held."""
        return {path.name: path.read_bytes() for path in self._kept.glob("*") if path.name != DRAFT}


def copy_files(folder: Path, kept: Path, known: dict[str, tuple[int, ...]]) -> None:
    """Copy whatever is not known yet; no copy is there half written. `known` holds how each file was the last time."""
    for name, text in read_files(folder, known).items():
        copy = kept / f"{name.replace('/', '|')}|{hashlib.sha256(text).hexdigest()[:16]}"
        if not copy.exists():
            draft = kept / DRAFT
            draft.write_bytes(text)
            draft.rename(copy)


def look_on(folder: Path, kept: Path) -> None:
    """Copy files until nobody listens any more, and once more then."""
    known: dict[str, tuple[int, ...]] = {}
    while not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        copy_files(folder, kept, known)
    copy_files(folder, kept, {})


def write_unsealed(folder: Path, texts: Iterable[str | bytes]) -> None:
    """Write `texts` in the clear into files as a careless program would: in databases, in base64, in hex, escaped."""
    folder.mkdir()
    values = [(text,) for text in texts]
    for encoding in ("UTF-8", "UTF-16le"):
        raw = sqlite3.connect(folder / f"{encoding}.db")
        raw.execute(f"PRAGMA encoding = '{encoding}'")
        raw.execute("CREATE TABLE private_texts (text)")
        raw.executemany("INSERT INTO private_texts VALUES (?)", values)
        raw.commit()
        raw.close()
    written = [text.encode() if isinstance(text, str) else text for (text,) in values]
    (folder / "base64").write_bytes(b64encode(b"".join(written)))
    (folder / "hex").write_text("".join(text.hex() for text in written))
    (folder / "json").write_text(json.dumps([text for (text,) in values if isinstance(text, str)]))
    (folder / "gb18030").write_bytes("".join(text for (text,) in values if isinstance(text, str)).encode("gb18030"))


if __name__ == "__main__":
    look_on(Path(sys.argv[1]), Path(sys.argv[2]))

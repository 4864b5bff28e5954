"""A rulebook as one piece of bytes, which lies in the file of cases under the digest of what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from rules.errors import Trouble
from rules.language import Catalogue

MOST_BYTES: Final = 8 * 2**20
"""Of all files of a rulebook together; the one that comes with the program has less than a tenth of it."""
MARK_DIGITS: Final = 8
BOOK: Final = "book"
OVERLAY: Final = "bank.yaml"


class RulebookTampered(Trouble):
    """What lies in the file of cases as a published rulebook is not what was published."""

    catalogue = Catalogue("assistant")
    code = "rulebook_tampered"


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return what stands for these files and no others (64 hex digits)."""
    whole = sha256()
    for part in _lay_out(files):
        whole.update(part)
    return whole.hexdigest()


def mark_of(digest: str) -> str:
    """Return what stands behind the version of a rulebook with that digest, such as `~3fa9c1d2`."""
    return f"~{digest[:MARK_DIGITS]}"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files, by name, as the same bytes whenever they are the same: what the digest is of, compressed."""
    import zlib

    return zlib.compress(b"".join(_lay_out(files)), 9)


def unpack(packed: bytes, digest: str) -> dict[str, bytes]:
    """Return the files that were packed. Raises RulebookTampered unless they are those of that digest."""
    import zlib

    reader = zlib.decompressobj()
    try:
        whole = reader.decompress(packed, 2 * MOST_BYTES)
    except zlib.error:
        raise RulebookTampered(digest=mark_of(digest)) from None
    if sha256(whole).hexdigest() != digest:
        raise RulebookTampered(digest=mark_of(digest))
    files = dict(_take_apart(whole))
    # The digest is right, so somebody published it; it may not say where on this machine a file is to be written.
    if not all(name == OVERLAY or _is_inside(name) for name in files):
        raise RulebookTampered(digest=mark_of(digest))
    return files


def _lay_out(files: Mapping[str, bytes]) -> Iterator[bytes]:
    for name in sorted(files):
        yield f"{name}\n{len(files[name])}\n".encode()
        yield files[name]


def _take_apart(whole: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    while place < len(whole):
        name, length, _ = whole[place:].split(b"\n", 2)
        place += len(name) + len(length) + 2
        yield name.decode(), whole[place : place + int(length)]
        place += int(length)


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] == BOOK and ".." not in parts and "\\" not in name

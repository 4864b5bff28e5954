"""What sealing costs: opening, listing and reading a sealed file beside the same file sealed with nothing, in one run.

`python -m bench.sealed [CASES [PAIRS]]` fills both files with the same moves, times each act on one and then on the
other, and prints the medians and the ratio of the pairs; exit status 1 when a ratio is above its limit.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias

import uuid6

from assistant.case.events import Event
from assistant.sealing.keyplaces import FILE_VARIABLE, KEY_VARIABLE
from assistant.store import Outlet, Store
from assistant.store.keys import Keyring
from assistant.store.seals import Sealing
from bench.append import ANSWERS_A_CASE, clock, make_draft

LIMIT: Final = 1.3
CASES: Final = 500
PAIRS: Final = 200
STARTS: Final = 15
"""How many programs of their own are started for a pair each; they take long."""
BATCH: Final = 50

Act: TypeAlias = Callable[[Store, str], object]
"""What is done with a case of that id in a file."""


class Plain:
    """Seals nothing: what the store would cost without."""

    def make_key(self, subject: str) -> bytes:
        return b"no key"

    def seal(self, subject: str, wrapped: bytes, context: bytes, text: bytes) -> bytes:
        return text

    def unseal(self, subject: str, wrapped: bytes, context: bytes, sealed: bytes) -> bytes:
        return sealed

    def forget(self, subject: str) -> None:
        """Forget nothing, for nothing is known."""

    def digest(self, kind: str, value: str) -> bytes:
        return sha256(f"{kind}/{value}".encode()).digest()[:16]

    def mark(self, message: bytes) -> bytes:
        return sha256(message).digest()


def take_plain(db_id: str) -> tuple[Sealing, str]:
    """Return what seals nothing for a new file."""
    return Plain(), ""


PLAIN: Final = Keyring(take_plain, lambda db_id, key_check: Plain())


def open_file(path: Path, keyring: Keyring | None) -> Store:
    """Open one of the two files."""
    return Store.open(path, keyring=keyring)


def fill(path: Path, keyring: Keyring | None, case_ids: list[str]) -> None:
    """Make a file with these cases, a private text in each of their events."""
    turns = count()
    with Store.create(path, Outlet("0312", "示范网点"), keyring=keyring) as store:
        for first in range(0, len(case_ids), BATCH):
            some = case_ids[first : first + BATCH]
            store.append_all(make_draft(next(turns), case_id) for case_id in some for _ in range(ANSWERS_A_CASE))


def open_and_close(path: Path, keyring: Keyring | None) -> None:
    """Open a file and close it."""
    open_file(path, keyring).close()


def read_all(events: tuple[Event, ...]) -> int:
    """Open every private text of a case and return how many characters they have together."""
    return sum(len(text) for event in events for text in event.private.values())


def start_program(how: str, path: Path) -> None:
    """Start a program of its own that opens a file, lists its cases and reads the newest with all its texts."""
    subprocess.run([sys.executable, "-m", "bench.sealed", how, str(path)], check=True, stdout=subprocess.DEVNULL)


def measure(name: str, sealed: Callable[[], object], plain: Callable[[], object], pairs: int) -> float:
    """Time two acts in turns, either first as often, print the line, and return the ratio of the pairs."""
    taken: list[tuple[float, float]] = []
    for turn in range(pairs + 2):
        if turn % 2:
            ours = clock(sealed)
            taken.append((ours, clock(plain)))
        else:
            theirs = clock(plain)
            taken.append((clock(sealed), theirs))
    kept = taken[2:]
    ratio = median(ours / theirs for ours, theirs in kept)
    ours, theirs = (median(side) for side in zip(*kept, strict=True))
    print(f"{name:<34} sealed {ours:9.3f} ms   unsealed {theirs:9.3f} ms   ratio {ratio:.2f}   (limit {LIMIT})")
    return ratio


def compare(folder: Path, cases: int, pairs: int) -> float:
    """Print all lines and return the highest ratio."""
    case_ids = [str(uuid6.uuid7()) for _ in range(cases)]
    paths = folder / "sealed.db", folder / "plain.db"
    rings = None, PLAIN
    for path, ring in zip(paths, rings, strict=True):
        fill(path, ring, case_ids)
    draw = random.Random(1)  # noqa: S311 (which case is read is no secret)
    acts: dict[str, Act] = {
        "list of 50 cases": lambda store, case_id: store.list(),
        "a case, its texts left sealed": lambda store, case_id: store.read_case(case_id),
        "a case, all its texts opened": lambda store, case_id: read_all(store.read_case(case_id)),
        "a case as it stands": lambda store, case_id: store.case(case_id),
    }
    files = list(zip(paths, rings, strict=True))
    openings = [partial(open_and_close, *file) for file in files]
    ratios = [measure("opening", openings[0], openings[1], pairs)]
    stores = [open_file(*file) for file in files]
    for name, act in acts.items():
        chosen = draw.choices(case_ids, k=pairs + 2)
        sides = [partial(act_on_next, act, store, iter(chosen)) for store in stores]
        ratios.append(measure(name, sides[0], sides[1], pairs))
    for store in stores:
        store.close()
    programs = [partial(start_program, how, path) for how, path in zip(("sealed", "plain"), paths, strict=True)]
    ratios.append(measure("a program that does all of it once", programs[0], programs[1], STARTS))
    return max(ratios)


def act_on_next(act: Act, store: Store, chosen: Iterator[str]) -> None:
    """Do it with the next of the chosen cases."""
    act(store, next(chosen))


def run_program(how: str, path: Path) -> int:
    """Be the program that opens a file, lists its cases and reads the newest with all its texts."""
    with open_file(path, PLAIN if how == "plain" else None) as store:
        print(read_all(store.read_case(store.list()[0].case_id)))
    return 0


def main(arguments: list[str]) -> int:
    """Print the lines; exit status 1 when a ratio is above the limit."""
    if arguments and not arguments[0].isdigit():
        return run_program(arguments[0], Path(arguments[1]))
    given = [int(word) for word in arguments]
    cases, pairs = (*given, *(CASES, PAIRS)[len(given) :])
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop(KEY_VARIABLE, None)
        os.environ[FILE_VARIABLE] = str(Path(folder) / "bench.key")
        highest = compare(Path(folder), cases, pairs)
    return 0 if highest <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

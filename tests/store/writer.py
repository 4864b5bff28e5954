"""A teller as a process of its own: saves cases and says each event's id only after it was acknowledged."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import uuid6

from assistant.case.events import Draft, EventKind
from assistant.store import Outlet, Store
from assistant.store.faults import StoreExists


def write_cases(path: Path, count: int) -> None:
    """Save `count` cases of two events and print the id of each event."""
    with Store.open(path) as store:
        for _ in range(count):
            case_id = str(uuid6.uuid7())
            for kind, body in (
                (EventKind.OPENED, {"request": "transfer"}),
                (EventKind.ANSWERED, {"sign": "on_phone", "value": "yes"}),
            ):
                now = time.time_ns() // 1_000_000
                event = store.append(
                    Draft(str(uuid6.uuid7()), case_id, now, "teller", kind, dict(body), {"note": "记"})
                )
                print(event.id, flush=True)


def create(path: Path, start_at: float) -> None:
    """Make the file at the moment agreed on and say whether it was this process that made it."""
    time.sleep(max(0.0, start_at - time.time()))
    try:
        Store.create(path, Outlet("0312", "示范网点")).close()
    except StoreExists:
        Store.open(path).close()
        print("found")
    else:
        print("made")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", path, count]:
            write_cases(Path(path), int(count))
        case ["create", path, start_at]:
            create(Path(path), float(start_at))

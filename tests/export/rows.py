"""What the tests let leave, and who works there: two rows, and what is recorded and lies there afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from assistant.case.events import Event
from assistant.case.subjects import EXPORT
from assistant.desk import Desk
from assistant.export.delivery import (
    Written,
)
from assistant.export.stamp import Order, Stamp
from assistant.people.bodies import Leaving
from rules.language import Language
from rules.names import Shelf
from tests.people.branch import Branch

ROWS = "编号,级别\r\n0312-1123-001,停办\r\n".encode()


def sit(branch: Branch, number: str) -> Desk:
    return Desk(branch.store, Shelf(), number, branch.clock)


def order(**told: object) -> Order:
    return Order(what=Leaving.TABLE, form="csv", language=Language.ZH, **told)  # type: ignore[arg-type]


def write_rows(stamp: Stamp, file: BinaryIO) -> Written:
    file.write(f"{stamp.export}\r\n".encode() + ROWS)
    return Written(1)


def list_exports(branch: Branch) -> tuple[Event, ...]:
    return branch.store.read_log(EXPORT)


def list_files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}

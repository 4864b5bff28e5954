"""The record is written once and copied for each test, with its anchors and an earlier copy."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from assistant.integrity.checkpoints import checkpoint_line
from assistant.store import Store
from assistant.store.anchor import find_anchor
from tests.integrity.record import VISITS, make_record

LATER: Final = 2
"""How many visits came after the earlier copy."""


@dataclass(frozen=True)
class Kept:
    """A file of cases, an earlier copy of it, and a checkpoint of its end that was kept elsewhere."""

    path: Path
    earlier: Path
    line: str


def copy_file(source: Path, target: Path) -> Path:
    """Copy a file of cases with its anchors and return where the copy is."""
    shutil.copy(source, target)
    shutil.copy(find_anchor(source), find_anchor(target))
    return target


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The record as it was written."""
    path = tmp_path_factory.mktemp("record") / "cases.db"
    make_record(path, visits=VISITS - LATER, tail=0)
    earlier = copy_file(path, path.with_name("earlier.db"))
    make_record(path, visits=LATER, begin=VISITS - LATER)
    with Store.open(path) as store:
        return Kept(path, earlier, checkpoint_line(store))


@pytest.fixture
def kept(original: Kept, tmp_path: Path) -> Kept:
    """A copy of the record to do something to."""
    return Kept(copy_file(original.path, tmp_path / "cases.db"), original.earlier, original.line)

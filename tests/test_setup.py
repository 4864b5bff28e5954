"""A counter must get exactly the packages that were tried: the locked requirements leave nothing to chance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def read_pins(lock: Path) -> dict[str, str]:
    """Map each requirement line (name, version, marker) of `lock` to its hashes, as text."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {line.split(" --hash=")[0].strip(): line.partition(" --hash=")[2] for line in lines}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_to_one_version_and_its_hashes(lock: Path) -> None:
    pins = read_pins(lock)
    assert pins
    for requirement, hashes in pins.items():
        assert re.match(r"[a-z0-9-]+==[^\s;*]+( ; |$)", requirement), requirement
        assert re.match(r"sha256:[0-9a-f]{64}\b", hashes), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_lock_names_the_place_its_packages_came_from(lock: Path) -> None:
    assert not re.search(r"https?:|file:|--[a-z-]*(index|find)|-[if] ", lock.read_text(encoding="utf-8"))


def test_a_developer_gets_the_very_versions_that_the_counter_runs() -> None:
    run, dev = (read_pins(ROOT / "requirements" / name) for name in ("run.txt", "dev.txt"))
    assert run.items() <= dev.items()


def test_the_engine_that_is_compiled_apart_is_the_one_the_program_asks_for() -> None:
    run, engine = (read_pins(ROOT / "requirements" / name) for name in ("run.txt", "engine.txt"))
    assert engine.items() <= run.items()

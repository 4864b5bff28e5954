"""What the tests of the screens share: folders of their own, a pilot that waits for nothing, and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

from assistant.desk import Desk
from rules.advice import Adviser
from tests.ui.frames import Frames
from tests.ui.machine import Hour
from tests.ui.pilot import new_desk


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the look that this machine's user chose out of the tests, and the faults they make out of its log."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("ASSISTANT_THEME", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def brisk_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pilot go on as soon as a key has done what it does."""
    frames = Frames()
    monkeypatch.setattr(Screen, "_compositor_refresh", lambda screen: frames.put_off(screen))
    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", frames.settle)


@pytest.fixture(scope="session", autouse=True)
def shared_styles() -> Iterator[None]:
    """Let every program that a test opens take over the styles that another has read: they are the same."""
    read: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        key = (given, *named.items(), *sheet._variables.items())
        if key not in read:
            read[key] = parse(sheet, *given, **named)
        return read[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = new_desk(tmp_path / "cases.db", adviser)
    yield made
    made.store.close()

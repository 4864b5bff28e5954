"""What the tests of the screens share: folders of their own, a pilot that waits for nothing, and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from assistant.desk import Desk
from rules.advice import Adviser
from tests.ui import styles
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
    frames, shut_down, render_strips = Frames(), App._shutdown, Compositor.render_strips

    def render(compositor: Compositor, size: Size | None = None) -> list[Strip]:
        frames.look(compositor)
        return render_strips(compositor, size)

    async def finish(app: App[Any]) -> None:
        try:
            frames.finish()
        finally:
            await shut_down(app)

    monkeypatch.setattr(App, "_shutdown", finish)
    monkeypatch.setattr(Compositor, "render_strips", render)
    monkeypatch.setattr(Screen, "_compositor_refresh", lambda screen: frames.put_off(screen))
    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", frames.settle)


@pytest.fixture(scope="session", autouse=True)
def shared_styles() -> Iterator[None]:
    """Let every program that a test opens take over the styles that another has read: they are the same."""
    with styles.shared():
        yield


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def desk(tmp_path: Path, adviser: Adviser) -> Iterator[Desk]:
    made = new_desk(tmp_path / "cases.db", adviser)
    yield made
    made.store.close()

"""A machine of its own for each test: no key in the environment, an empty data folder, and no keyring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.sealing.masterkey import MasterKey
from rules.errors import Trouble
from rules.language import Language

DB_ID: Final = "3f0f0c0e-58c7-4a37-9d6b-7f2f7d6a1c11"
ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data folder of the machine."""
    monkeypatch.delenv("ASSISTANT_KEY", raising=False)
    monkeypatch.delenv("ASSISTANT_KEY_FILE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def key() -> MasterKey:
    """Return the master key of this test."""
    return MasterKey.make()


def list_files(folder: Path) -> dict[str, bytes]:
    """Return every file under `folder` with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refuse(kind: type[Trouble], ask: Callable[..., object], *given: Any) -> str:
    """Ask, see it refused by that kind of trouble, and return what the user is told in English."""
    with pytest.raises(kind) as refused:
        ask(*given)
    assert type(refused.value) is kind
    for language in Language:
        sentence = refused.value.sentence(language)
        assert "{" not in sentence
        assert "没有" in sentence or "nothing" in sentence or "no new key" in sentence
    return refused.value.sentence(Language.EN)

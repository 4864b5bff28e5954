"""The files that the list is measured on are files like any other: their chain holds, and their rows are as folded."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.register.filters import Filter
from assistant.sealing.keyplaces import KEY_VARIABLE
from assistant.store import Store
from bench import invented


def test_an_invented_file_keeps_every_promise_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, invented.KEY)
    monkeypatch.setattr(invented, "MODELS", 40)
    path = tmp_path / "cases.db"
    invented.make_file(path, 250)
    with Store.open(path) as store:
        assert store.warnings == []
        assert sum(1 for _ in store.walk_chain()) == store.head().seq
        rows = store.list(limit=500)
        assert len(rows) == 250
        found = [store.list_cases(Filter(words=(word,)), limit=500).rows for word in invented.COMMON]
        assert all(found)
        assert store.remake_cases() == 250
        assert store.list(limit=500) == rows
        assert [store.list_cases(Filter(words=(word,)), limit=500).rows for word in invented.COMMON] == found

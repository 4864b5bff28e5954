"""What the tests of the documents share: the staged file, laid down once a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.advice import Adviser
from tests.export.documents.staging import Stage, keep_quiet, stage


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Stage]:
    """The staged file, to which no test of the module does more than look."""
    with stage(tmp_path_factory.mktemp("staged") / "cases.db", adviser) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path, adviser: Adviser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The same for one test alone, which may write into it and give commands."""
    keep_quiet(monkeypatch, tmp_path)
    with stage(tmp_path / "cases.db", adviser) as made:
        yield made

"""A program that runs for others as another user writes no export into a file, whichever way it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.case.subjects import EXPORT
from assistant.cli import main
from assistant.desk import Desk
from assistant.export.confinement import VARIABLE
from assistant.store import Store
from rules.advice import Adviser
from tests.outlet import lay

NOT_PERMITTED: Final = 5


@pytest.mark.parametrize("said", ["stream", "no such word", ""])
def test_what_goes_into_a_file_is_refused_and_what_goes_to_the_caller_is_not(
    tmp_path: Path,
    adviser: Adviser,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    said: str,
) -> None:
    path, file = tmp_path / "cases.db", tmp_path / "slip.md"
    lay(path)
    with Store.open(path) as store:
        case_id = Desk(store, adviser, "t1").open("transfer").case.id
    monkeypatch.setenv(VARIABLE, said)
    monkeypatch.chdir(tmp_path)
    command = ["--db", str(path), "export", "case", case_id, "--document", "slip", "--format", "md", "--lang", "en"]
    before = sorted(tmp_path.iterdir())
    for words in (["-o", str(file)], []):
        assert main([*command, *words]) == NOT_PERMITTED
        assert b"-o -" in capfdbinary.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
    assert main([*command, "-o", "-"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"# ")
    with Store.open(path) as store:
        assert len(store.read_log(EXPORT)) == 1


def test_without_such_a_word_it_goes_into_a_file(
    tmp_path: Path, adviser: Adviser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, file = tmp_path / "cases.db", tmp_path / "slip.md"
    lay(path)
    with Store.open(path) as store:
        case_id = Desk(store, adviser, "t1").open("transfer").case.id
    monkeypatch.delenv(VARIABLE, raising=False)
    assert (
        main(["--db", str(path), "export", "case", case_id, "--document", "slip", "--format", "md", "-o", str(file)])
        == 0
    )
    assert file.is_file()

"""Where the file of cases lies, and the first start that makes it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.store import Store
from tests.cli.conftest import ROOT, Give


def test_the_command_line_goes_before_the_environment(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DB", str(tmp_path / "other.db"))
    answer = give("init", "--outlet", "0312", "--name", "东汽支行", "--db", str(tmp_path / "mine.db"))
    assert answer.status == 0
    assert [path.name for path in tmp_path.glob("*.db")] == ["mine.db"]


def test_the_environment_goes_before_the_usual_place(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DB", str(tmp_path / "folder" / "other.db"))
    assert give("init", "--outlet", "0312", "--name", "东汽支行").status == 0
    assert (tmp_path / "folder" / "other.db").exists()


def test_a_checkout_keeps_its_cases_in_its_root_and_an_installed_program_in_the_data_folder(tmp_path: Path) -> None:
    for place in ("checkout", "installed"):
        for package in ("assistant", "rules"):
            shutil.copytree(ROOT / package, tmp_path / place / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "checkout")
    program = "from assistant.places import find_database, find_demo; print(find_database()); print(find_demo())"
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    found = {
        place: subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path / place, env=env, capture_output=True, text=True, check=True
        ).stdout.split()
        for place in ("checkout", "installed")
    }
    assert found["checkout"] == [str(tmp_path / "checkout" / name) for name in ("cases.db", "demo.db")]
    assert found["installed"] == [str(tmp_path / "data/teller-assistant" / name) for name in ("cases.db", "demo.db")]


def test_the_first_start_makes_a_file_for_its_owner_only_and_names_it(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    answer = give("init", "--outlet", "0312", "--name", "东汽支行", "--zone", "Asia/Urumqi", "--db", str(path))
    assert answer.out.startswith(f"已建立网点 0312 东汽支行 的案件库：{path}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Store.open(path) as store:
        assert (store.outlet.code, store.outlet.name, store.outlet.zone) == ("0312", "东汽支行", "Asia/Urumqi")


def test_a_second_start_leaves_the_file_as_it_is(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    give("init", "--outlet", "0312", "--name", "东汽支行", "--db", str(path))
    before = path.read_bytes()
    answer = give("init", "--outlet", "0999", "--name", "别处", "--db", str(path))
    assert (answer.status, answer.out) == (3, "")
    assert "已经存在" in answer.err
    assert path.read_bytes() == before


def test_an_unfit_outlet_is_refused_and_nothing_is_made(give: Give, tmp_path: Path) -> None:
    answer = give("init", "--outlet", "03-12", "--name", "x", "--db", str(tmp_path / "cases.db"))
    assert (answer.status, answer.out) == (2, "")
    assert list(tmp_path.glob("*.db*")) == []

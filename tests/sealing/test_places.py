"""Where the master key lies: made once, loaded where it was made, trusted only if nobody else could have had it."""

from __future__ import annotations

import os
import re
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from pwd import getpwuid

import pytest

from assistant.sealing.faults import (
    KeyExists,
    KeyExposed,
    KeyLost,
    KeyNotAFile,
    KeyNotOurs,
    KeyUnfit,
    KeyUnkept,
    KeyUnread,
    KeyWrong,
)
from assistant.sealing.keyplaces import Kind, find_place, load_key, make_key, take_key
from assistant.sealing.masterkey import MasterKey
from rules.language import Language
from tests.conftest import NOBODY
from tests.sealing.conftest import DB_ID, ROOT, list_files, refuse


@pytest.fixture
def made() -> tuple[Path, str]:
    """A key in its usual place: return its path and what the file of cases knows it by."""
    key, place = make_key(DB_ID)
    assert place.path is not None
    return place.path, key.check(DB_ID)


def test_the_first_start_makes_a_key_for_this_user_only_in_the_data_folder(machine: Path) -> None:
    key, place = make_key(DB_ID)
    path = machine / "teller-assistant" / "keys" / f"{DB_ID}.key"
    assert (place.kind, place.path, place.named) == (Kind.FILE, path, False)
    assert list_files(machine) == {f"teller-assistant/keys/{DB_ID}.key": f"{key.spell()}\n".encode()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_key(DB_ID, key.check(DB_ID)) == key


@pytest.mark.parametrize("mask", [0o000, 0o277, 0o077])
def test_no_umask_opens_the_key_to_others_or_closes_it_to_its_owner(mask: int) -> None:
    find_folder = find_place(DB_ID).path
    assert find_folder is not None
    find_folder.parent.mkdir(parents=True)
    before = os.umask(mask)
    try:
        _, place = make_key(DB_ID)
    finally:
        os.umask(before)
    assert place.path is not None
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600


def test_two_files_of_cases_have_two_keys(machine: Path) -> None:
    one, two = make_key(DB_ID)[0], make_key("another")[0]
    assert one != two
    assert len(list_files(machine)) == 2


def test_the_environment_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: Path) -> None:
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(tmp_path / "safe" / "master"))
    key, place = make_key(DB_ID)
    assert (place.kind, place.path, place.named) == (Kind.FILE, tmp_path / "safe" / "master", True)
    assert load_key(DB_ID, key.check(DB_ID)) == key
    assert not machine.exists()


def test_a_key_in_the_environment_goes_before_any_file_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: MasterKey
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY", key.spell())
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(tmp_path / "master"))
    taken, place = make_key(DB_ID)
    assert (taken, place.kind, place.path) == (key, Kind.ENVIRONMENT, None)
    assert load_key(DB_ID, key.check(DB_ID)) == key
    assert list_files(tmp_path) == {}


def test_a_key_that_the_bank_hands_out_is_taken_and_one_that_is_missing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(tmp_path / "master"))
    key, place = take_key(DB_ID)
    before = list_files(tmp_path)
    assert take_key("another") == (key, find_place("another"))
    assert place.path == tmp_path / "master"
    assert list_files(tmp_path) == before


def test_in_the_usual_place_a_key_is_never_taken_for_a_new_file(made: tuple[Path, str], machine: Path) -> None:
    before = list_files(machine)
    refuse(KeyExists, take_key, DB_ID)
    assert list_files(machine) == before


def test_a_key_is_never_written_over(made: tuple[Path, str], machine: Path) -> None:
    path, check = made
    before = list_files(machine)
    assert str(path) in refuse(KeyExists, make_key, DB_ID)
    assert list_files(machine) == before
    load_key(DB_ID, check)


@pytest.mark.parametrize("left", ["empty", "broken link", "folder"])
def test_whatever_lies_where_a_key_should_go_is_left_there(left: str, machine: Path) -> None:
    path = machine / "teller-assistant" / "keys" / f"{DB_ID}.key"
    path.parent.mkdir(parents=True)
    match left:
        case "empty":
            path.touch()
        case "broken link":
            path.symlink_to(machine / "elsewhere")
        case _:
            path.mkdir()
    refuse(KeyExists, make_key, DB_ID)
    assert [(found.name, found.is_symlink(), found.is_dir()) for found in path.parent.iterdir()] == [
        (path.name, left == "broken link", left == "folder")
    ]
    assert not (machine / "elsewhere").exists()


def test_a_lost_key_is_one_clear_sentence_and_no_other_is_made(made: tuple[Path, str], machine: Path) -> None:
    path, check = made
    path.unlink()
    sentence = refuse(KeyLost, load_key, DB_ID, check)
    assert str(path) in sentence
    assert "backup" in sentence
    assert list_files(machine) == {}


def test_a_key_of_another_file_of_cases_is_told_apart_and_left(made: tuple[Path, str], machine: Path) -> None:
    path, check = made
    path.write_text(f"{MasterKey.make().spell()}\n")
    before = list_files(machine)
    assert str(path) in refuse(KeyWrong, load_key, DB_ID, check)
    assert list_files(machine) == before


def test_a_wrong_key_in_the_environment_is_told_apart_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch, key: MasterKey
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY", key.spell())
    sentence = refuse(KeyWrong, load_key, DB_ID, MasterKey.make().check(DB_ID))
    assert "ASSISTANT_KEY" in sentence
    assert key.spell() not in sentence


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666, 0o4601])
def test_a_key_file_open_to_others_is_not_used_and_the_mending_command_mends_it(
    mode: int, made: tuple[Path, str], machine: Path
) -> None:
    path, check = made
    path.chmod(mode)
    before = list_files(machine)
    sentence = refuse(KeyExposed, load_key, DB_ID, check)
    assert f"{mode:04o}" in sentence
    assert f'"chmod 600 {path}"' in sentence
    assert (list_files(machine), stat.S_IMODE(path.stat().st_mode)) == (before, mode)
    path.chmod(0o600)
    load_key(DB_ID, check)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_a_key_file_closed_to_others_is_used(mode: int, made: tuple[Path, str]) -> None:
    path, check = made
    path.chmod(mode)
    assert load_key(DB_ID, check).check(DB_ID) == check


def test_the_mending_command_stands_a_path_with_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: MasterKey
) -> None:
    path = tmp_path / "my keys; rm" / "master key"
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(path))
    make_key(DB_ID)
    path.chmod(0o644)
    assert f"chmod 600 '{path}'" in refuse(KeyExposed, load_key, DB_ID, "")


@pytest.mark.parametrize("content", [b"", b"\n", b"not a key\n", b"\xff" * 32, bytes(range(32)), b"A" * 5000])
def test_a_file_that_holds_no_key_is_one_clear_sentence(content: bytes, made: tuple[Path, str], machine: Path) -> None:
    path, check = made
    path.write_bytes(content)
    assert str(path) in refuse(KeyUnfit, load_key, DB_ID, check)
    assert list(list_files(machine).values()) == [content]


def test_a_variable_that_holds_no_key_is_one_clear_sentence_that_does_not_quote_it(
    monkeypatch: pytest.MonkeyPatch, key: MasterKey
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY", key.spell()[:-2])
    for ask in ((load_key, DB_ID, ""), (make_key, DB_ID)):
        sentence = refuse(KeyUnfit, *ask)
        assert "ASSISTANT_KEY" in sentence
        assert key.spell()[:8] not in sentence


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_regular_file_is_not_read(kind: str, made: tuple[Path, str]) -> None:
    path, check = made
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert str(path) in refuse(KeyNotAFile, load_key, DB_ID, check)
    assert path.exists()


def test_a_path_that_cannot_be_followed_is_one_clear_sentence(made: tuple[Path, str]) -> None:
    path, check = made
    path.unlink()
    path.symlink_to(path)
    assert str(path) in refuse(KeyUnread, load_key, DB_ID, check)


def test_a_key_that_cannot_be_kept_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    monkeypatch.setenv("ASSISTANT_KEY_FILE", str(tmp_path / "taken" / "keys" / "master"))
    before = list_files(tmp_path)
    assert str(tmp_path / "taken") in refuse(KeyUnkept, make_key, DB_ID)
    assert list_files(tmp_path) == before


def test_an_id_that_no_file_of_cases_has_names_no_file() -> None:
    for unfit in ("", "../other", "a/b", "x" * 65, "a\n"):
        with pytest.raises(ValueError, match=f"^{re.escape(unfit)}$"):
            find_place(unfit)


def test_every_place_says_in_words_where_the_key_lies_and_to_back_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = find_place(DB_ID)
    monkeypatch.setenv("ASSISTANT_KEY", "keyring")
    ring = find_place(DB_ID)
    monkeypatch.setenv("ASSISTANT_KEY", MasterKey.make().spell())
    environment = find_place(DB_ID)
    named = {str(usual.path): usual, f"teller-assistant/{DB_ID}": ring, "ASSISTANT_KEY": environment}
    for name, place in named.items():
        for language in Language:
            assert name in place.describe().read(language)
            assert place.describe().read(language) in place.advise().read(language)
            assert "Text(" not in place.advise().read(language)
        assert "备份" in place.advise().zh
        assert "back" in place.advise().en.lower()


def test_a_key_file_of_another_user_is_not_used(made: tuple[Path, str], machine: Path) -> None:
    path, check = made
    # Only root can give a file away; for anybody else it stays the own one, and is used.
    if os.geteuid() != 0:
        assert load_key(DB_ID, check).check(DB_ID) == check
        return
    os.chown(path, NOBODY, -1)
    before = list_files(machine)
    sentence = refuse(KeyNotOurs, load_key, DB_ID, check)
    assert getpwuid(NOBODY).pw_name in sentence
    assert f'"chown root {path}"' in sentence
    assert (list_files(machine), path.stat().st_uid) == (before, NOBODY)
    os.chown(path, 0, -1)
    load_key(DB_ID, check)


def test_a_key_file_that_this_user_may_not_read_is_one_clear_sentence(
    made: tuple[Path, str], unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    path, check = made
    path.chmod(0)
    with unprivileged():
        sentence = refuse(KeyUnread, load_key, DB_ID, check)
    assert str(path) in sentence
    path.chmod(0o600)
    load_key(DB_ID, check)


def test_a_folder_that_may_not_be_written_keeps_no_key(
    made: tuple[Path, str], machine: Path, unprivileged: Callable[[], AbstractContextManager[None]]
) -> None:
    folder = made[0].parent
    before = list_files(machine)
    folder.chmod(0o500)
    with unprivileged():
        sentence = refuse(KeyUnkept, make_key, "another")
    folder.chmod(0o700)
    assert "another.key" in sentence
    assert list_files(machine) == before


def test_on_a_full_disk_no_half_key_is_left(machine: Path) -> None:
    folder = machine / "teller-assistant" / "keys"
    folder.mkdir(parents=True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        refuse(KeyUnkept, make_key, DB_ID)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(folder.iterdir()) == []
    make_key(DB_ID)


def test_of_two_first_starts_at_once_one_makes_the_key_and_the_other_leaves_it(machine: Path) -> None:
    program = f"""
from assistant.sealing.faults import KeyExists
from assistant.sealing.keyplaces import make_key
try:
    print(make_key({DB_ID!r})[0].check({DB_ID!r}))
except KeyExists:
    print("exists")
"""
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)
    ]
    told = [child.communicate()[0].strip() for child in started]
    checks = [answer for answer in told if answer != "exists"]
    assert len(checks) == 1
    assert load_key(DB_ID, checks[0]).check(DB_ID) == checks[0]
    assert len(list_files(machine)) == 1

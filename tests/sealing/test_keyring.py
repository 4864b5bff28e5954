"""A key in the keyring of the desktop; the package that speaks to it stands here as a small one that does the same."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from rich.console import Console
from rich.traceback import Traceback

from assistant.sealing.faults import KeyExists, KeyLost, KeyringMissing, KeyUnfit, KeyWrong
from assistant.sealing.keyplaces import Kind, load_key, make_key, remove_key, take_key
from assistant.sealing.masterkey import MasterKey
from tests.sealing.conftest import DB_ID, list_files, refuse

ERRORS: Final = """
class KeyringError(Exception): ...
class NoKeyringError(KeyringError, RuntimeError): ...
class KeyringLocked(KeyringError): ...
"""
WORKING: Final = """
from keyring import errors
kept = {}
def get_password(service, username): return kept.get((service, username))
def set_password(service, username, password): kept[service, username] = password
def delete_password(service, username): del kept[service, username]
"""
NO_BACKEND: Final = """
from keyring import errors
def get_password(service, username): raise errors.NoKeyringError("no recommended backend")
set_password = get_password
"""
LOCKED: Final = """
from keyring import errors
given = []
def get_password(service, username): return None
def set_password(service, username, password):
    given.append(password)
    raise errors.KeyringLocked(password)
"""
BROKEN: Final = LOCKED.replace("errors.KeyringLocked", "OSError")
FORGETFUL: Final = LOCKED.replace("raise errors.KeyringLocked(password)", "return None")
ABSENT: Final = "raise ImportError(name='keyring')"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put a package `keyring` with that code where it is imported from, and ask for it in the environment."""
    real = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "keyring"}
    monkeypatch.setenv("ASSISTANT_KEY", "keyring")

    def put(code: str) -> None:
        folder = tmp_path / "packages" / "keyring"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(code)
        (folder / "errors.py").write_text(ERRORS)
        monkeypatch.syspath_prepend(folder.parent)

    yield put
    for name in [name for name in sys.modules if name.partition(".")[0] == "keyring"]:
        del sys.modules[name]
    sys.modules.update(real)


def test_a_key_is_kept_in_the_keyring_and_loaded_from_it_and_no_file_is_made(
    install: Callable[[str], None], machine: Path
) -> None:
    install(WORKING)
    key, place = make_key(DB_ID)
    assert (place.kind, place.path) == (Kind.KEYRING, None)
    assert load_key(DB_ID, key.check(DB_ID)) == key
    assert take_key(DB_ID)[0] == key
    assert make_key("another")[0] != key
    assert not machine.exists()


def test_a_key_is_taken_out_of_the_keyring_and_no_other_with_it(install: Callable[[str], None]) -> None:
    install(WORKING)
    key, other = make_key(DB_ID)[0], make_key("another")[0]
    for _ in range(2):
        remove_key(DB_ID)
        with pytest.raises(KeyLost):
            load_key(DB_ID, key.check(DB_ID))
    assert load_key("another", other.check("another")) == other


def test_a_key_in_the_keyring_is_never_written_over(install: Callable[[str], None]) -> None:
    install(WORKING)
    key, _ = make_key(DB_ID)
    assert DB_ID in refuse(KeyExists, make_key, DB_ID)
    assert load_key(DB_ID, key.check(DB_ID)) == key


def test_an_entry_that_is_lost_or_wrong_or_damaged_is_one_clear_sentence_each(install: Callable[[str], None]) -> None:
    install(WORKING)
    refuse(KeyLost, load_key, DB_ID, "")
    make_key(DB_ID)
    refuse(KeyWrong, load_key, DB_ID, MasterKey.make().check(DB_ID))
    sys.modules["keyring"].kept["teller-assistant", DB_ID] = "damaged"
    assert "damaged;" in refuse(KeyUnfit, load_key, DB_ID, "")
    refuse(KeyExists, make_key, DB_ID)


@pytest.mark.parametrize(("code", "why"), [(ABSENT, "is not installed"), (NO_BACKEND, "this machine has none")])
def test_a_keyring_that_is_not_there_is_one_clear_sentence(
    code: str, why: str, install: Callable[[str], None], machine: Path
) -> None:
    install(code)
    assert why in refuse(KeyringMissing, load_key, DB_ID, "")
    assert why in refuse(KeyringMissing, make_key, DB_ID)
    assert list_files(machine) == {}


@pytest.mark.parametrize(("code", "why"), [(LOCKED, "is locked"), (BROKEN, "is locked"), (FORGETFUL, "give back")])
def test_a_keyring_that_keeps_nothing_is_one_clear_sentence_and_the_key_is_not_in_the_report(
    code: str, why: str, install: Callable[[str], None]
) -> None:
    install(code)
    with pytest.raises(KeyringMissing, match=why) as refused:
        make_key(DB_ID)
    assert refused.value.__context__ is None
    out = io.StringIO()
    report = Traceback.from_exception(KeyringMissing, refused.value, refused.value.__traceback__, show_locals=True)
    Console(file=out, width=200).print(report)
    assert "MasterKey(…)" in out.getvalue()
    assert sys.modules["keyring"].given[0] not in out.getvalue()

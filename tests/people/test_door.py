"""A bank may put its own directory behind the signing on; the attempts are counted and recorded all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.attendance import NOBODY
from assistant.case.events import Draft, EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.people.refusals import DoorUnfit, SignOnRefused
from assistant.people.roster import Member
from assistant.people.signing import SignOn
from assistant.settings import SettingsUnfit, SignOnSettings
from assistant.stamps import make_id, read_clock
from assistant.store import Outlet, Store
from assistant.workplace import recognise
from rules.language import Language


class Directory:
    """Knows one login and one password for everybody, as no bank does."""

    def find_login(self) -> str:
        """Return the one login."""
        return "wang.fang"

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """Tell whether that is the one password."""
        return password == "from the directory"  # noqa: S105 (invented)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    body = {"number": "9001", "role": "outlet_manager", "login": "wang.fang"}
    first = Draft(make_id(), STAFF, read_clock(), "9001", EventKind.MEMBER_NAMED, body)
    with Store.create(tmp_path / "cases.db", Outlet("0312", "示范网点"), begin=[first]) as made:
        yield made


def sign_on(store: Store, directory: str, password: str) -> Member:
    settings = SignOnSettings(directory=directory)
    return SignOn(store, settings, read_clock, make_id).sign_on("9001", password)


def test_the_directory_that_the_settings_name_says_who_it_is(store: Store) -> None:
    assert sign_on(store, f"{__name__}:Directory", "from the directory").number == "9001"
    with pytest.raises(SignOnRefused):
        sign_on(store, f"{__name__}:Directory", "another")
    kinds = [event.kind for event in store.read_log(SIGN_ON + "9001")]
    assert kinds == [EventKind.SIGN_ON_FAILED, EventKind.SIGNED_ON]


def test_the_directory_says_who_signed_on_to_the_machine(store: Store) -> None:
    assert recognise(store) == NOBODY
    store.path.with_name("settings.yaml").write_text(f"sign_on: {{directory: '{__name__}:Directory'}}\n", "utf-8")
    assert recognise(store) == "9001"


def test_nobody_is_recognised_past_settings_that_cannot_be_read(store: Store) -> None:
    store.path.with_name("settings.yaml").write_text("sign_on: {directori: x}\n", "utf-8")
    with pytest.raises(SettingsUnfit):
        recognise(store)


class Half:
    """Knows passwords, and not who is at the machine."""

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """Let anybody in."""
        return True


@pytest.mark.parametrize(
    "directory", [f"{__name__}:Half", "", "nowhere", f"{__name__}:Nobody", "no.such.module:Directory", ":Directory"]
)
def test_a_directory_that_is_not_there_lets_nobody_in_and_is_told_in_a_sentence(store: Store, directory: str) -> None:
    with pytest.raises(DoorUnfit) as refused:
        sign_on(store, directory, "from the directory")
    assert "sign_on.directory" in refused.value.sentence(Language.ZH)

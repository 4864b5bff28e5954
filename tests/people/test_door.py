"""A bank may put its own directory behind the signing on; the attempts are counted and recorded all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import SIGN_ON, STAFF
from assistant.people.refusals import DoorUnfit, SignOnRefused
from assistant.people.roster import Member
from assistant.people.signing import SignOn
from assistant.settings import SignOnSettings
from assistant.stamps import make_id, read_clock
from assistant.store import Outlet, Store
from rules.language import Language


class Directory:
    """Knows one password for everybody, as no bank does."""

    def recognises(self, number: str, member: Member | None, password: str) -> bool:
        """Tell whether that is the one password."""
        return password == "from the directory"  # noqa: S105 (invented)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    body = {"number": "9001", "role": "outlet_manager"}
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


@pytest.mark.parametrize("directory", ["", "nowhere", f"{__name__}:Nobody", "no.such.module:Directory", ":Directory"])
def test_a_directory_that_is_not_there_lets_nobody_in_and_is_told_in_a_sentence(store: Store, directory: str) -> None:
    with pytest.raises(DoorUnfit) as refused:
        sign_on(store, directory, "from the directory")
    assert "sign_on.directory" in refused.value.sentence(Language.ZH)

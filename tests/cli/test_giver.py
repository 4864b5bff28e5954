"""`--as NUMBER`: on a machine whose OS login is bound to one, another gives a command under the own password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from assistant.cli.integrity import UNFIT
from assistant.people.logins import find_login
from assistant.store import Outlet, Store
from tests.cli.conftest import Give, Team
from tests.integrity.record import past_the_program

TypeIn: TypeAlias = Callable[[str], None]
OWN: Final = "spruce-lantern-42"
NEW: Final = "another-lantern-43"


@pytest.fixture
def shared(give: Give, team: Team, type_in: TypeIn) -> Team:
    """A machine on which the supervisor has a password, and the OS login is the manager's."""
    team.turn(team.SUPERVISOR)
    type_in(f"{OWN}\n")
    assert give("staff", "password").status == 0
    team.turn(team.MANAGER)
    return team


def test_another_approves_where_the_login_is_the_askers(give: Give, shared: Team, type_in: TypeIn) -> None:
    digits = give("staff", "suspend", shared.TELLER).out.split()[-1]
    assert give("approvals", "approve", digits).status == 5
    type_in(f"{OWN}\n")
    assert give("approvals", "approve", digits, "--as", shared.SUPERVISOR).status == 0
    with Store.open(shared.path) as store:
        (request,) = store.list_requests(waiting=False, asked_by=shared.MANAGER, limit=1)
        assert (request.settled_by, store.roster.members[shared.TELLER].active) == (shared.SUPERVISOR, False)


def test_a_wrong_password_gives_no_command_and_is_recorded(give: Give, shared: Team, type_in: TypeIn) -> None:
    type_in("something else\n")
    answer = give("case", "list", "--as", shared.SUPERVISOR)
    assert (answer.status, answer.out) == (5, "")
    assert answer.err.startswith("工号或密码不对")
    with Store.open(shared.path) as store:
        assert store.read_log(f"sign-on:{shared.SUPERVISOR}")[0].kind == "sign_on_failed"


def test_no_password_is_not_the_managers(give: Give, shared: Team, type_in: TypeIn) -> None:
    type_in("")
    answer = give("case", "list", "--as", shared.SUPERVISOR)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("没有读到输入的内容")


def test_the_own_password_is_set_with_the_present_one_typed_once(give: Give, shared: Team, type_in: TypeIn) -> None:
    type_in(f"{OWN}\n{NEW}\n")
    said = give("staff", "password", "--as", shared.SUPERVISOR)
    assert (said.status, said.out) == (0, f"已设置密码：工号 {shared.SUPERVISOR}\n")
    type_in(f"{NEW}\n")
    assert give("outlet", "show", "--as", shared.SUPERVISOR).status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("case", "list"),
        ("staff", "list"),
        ("approvals", "list"),
        ("outlet", "show"),
        ("access", "list"),
        ("rules", "versions"),
        ("retention", "run"),
    ],
    ids=" ".join,
)
def test_every_command_over_the_cases_takes_it(
    give: Give, shared: Team, type_in: TypeIn, words: tuple[str, ...]
) -> None:
    type_in(f"{OWN}\n")
    give(*words, "--as", shared.SUPERVISOR)
    with Store.open(shared.path) as store:
        assert store.read_log(f"sign-on:{shared.SUPERVISOR}")[0].kind == "signed_on"


def test_what_is_mended_in_letting_somebody_in_is_found_all_the_same(give: Give, shared: Team, type_in: TypeIn) -> None:
    with past_the_program(shared.path) as raw:
        raw.execute("UPDATE tally SET events = 7")
    for status in (UNFIT, 0):
        type_in(f"{OWN}\n")
        assert give("verify", "--as", shared.SUPERVISOR).status == status


def test_where_nobody_is_named_there_is_nobody_to_be(give: Give, tmp_path: Path, type_in: TypeIn) -> None:
    path = tmp_path / "cases.db"
    Store.create(path, Outlet("0312", "示范网点")).close()
    type_in(f"{OWN}\n")
    answer = give("case", "list", "--as", find_login(), "--db", str(path))
    assert (answer.status, answer.out) == (5, "")
    assert "staff first" in answer.err

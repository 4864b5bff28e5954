"""Nobody but root's sudo and the kernel says who is at the keyboard, whatever a teller writes into the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.people.logins import (
    ROOT,
    UNSET,
    LoginContradicted,
    LoginHidden,
    Origin,
    Parent,
    find_login,
    name_user,
    recognise,
)
from rules.errors import Trouble
from rules.language import Language
from tests.texts import ANY

LI: Final = 4_000_000_001
WANG: Final = 4_000_000_002
SERVICE: Final = 4_000_000_003
SUDO: Final = Parent("sudo", (ROOT,) * 4)
SHELL: Final = Parent("bash", (LI,) * 4)

people: Final = st.sampled_from([ROOT, LI, WANG, SERVICE])
texts: Final = st.one_of(
    st.none(),
    people.map(str),
    st.sampled_from(["", "-1", "01", " 0", "٣", str(UNSET), "9" * 30, "li"]),
    st.text(ANY, max_size=4),
)
sessions: Final = st.one_of(st.none(), st.just(UNSET), people)
parents: Final = st.one_of(
    st.none(),
    st.builds(Parent, st.sampled_from(["sudo", "bash", "su", "systemd", ""]), st.tuples(*[people] * 4)),
    st.builds(lambda caller: Parent("sudo", (caller, ROOT, ROOT, ROOT)), people),
)
origins: Final = st.builds(Origin, uid=people, sudo_uid=texts, login_uid=sessions, parent=parents)


def is_sudo(origin: Origin) -> bool:
    """Tell whether the parent is a sudo with root's rights."""
    return origin.parent is not None and (origin.parent.name, *origin.parent.uids[1:]) == ("sudo", ROOT, ROOT, ROOT)


def answer(origin: Origin) -> int | None:
    """Return who is recognised, None when the start is refused."""
    try:
        return recognise(origin)
    except (LoginHidden, LoginContradicted):
        return None


@given(origins)
def test_only_the_user_or_whom_sudo_names_or_who_became_root_is_ever_recognised(origin: Origin) -> None:
    person = answer(origin)
    may = {None, origin.uid}
    if is_sudo(origin):
        may.add(next((who for who in (ROOT, LI, WANG, SERVICE) if str(who) == origin.sudo_uid), None))
    if ROOT in may:
        may.add(origin.login_uid)
    assert person in may


@given(origins, texts)
def test_without_a_sudo_of_roots_nothing_in_the_environment_makes_one_user_another(origin: Origin, forged: str) -> None:
    if is_sudo(origin):
        return
    honest = Origin(origin.uid, None, origin.login_uid, origin.parent)
    assert answer(Origin(origin.uid, forged, origin.login_uid, origin.parent)) in (None, recognise(honest))


@given(origins)
def test_a_sudo_that_bears_its_callers_id_never_makes_him_another(origin: Origin) -> None:
    if origin.parent is not None and is_sudo(origin) and origin.parent.uids[0] != ROOT:
        assert answer(origin) in (None, origin.parent.uids[0])


@given(origins, sessions)
def test_a_session_that_a_user_may_write_himself_never_makes_him_another(origin: Origin, forged: int | None) -> None:
    honest = answer(Origin(origin.uid, origin.sudo_uid, None, origin.parent))
    if honest == ROOT:
        return
    assert answer(Origin(origin.uid, origin.sudo_uid, forged, origin.parent)) in (None, honest)


@given(texts.filter(lambda text: text != str(SERVICE)), st.sampled_from([None, UNSET, ROOT, LI, WANG]))
def test_through_sudo_the_service_user_is_never_taken_for_the_teller(text: str | None, session: int | None) -> None:
    assert answer(Origin(SERVICE, text, session, SUDO)) != SERVICE


@pytest.mark.parametrize(("starter", "session"), list(product([LI, WANG], [None, UNSET, ROOT])))
def test_sudo_names_the_teller_where_the_session_says_nothing(starter: int, session: int | None) -> None:
    assert recognise(Origin(SERVICE, str(starter), session, SUDO)) == starter


def test_a_session_of_the_same_teller_agrees() -> None:
    assert recognise(Origin(SERVICE, str(LI), LI, SUDO)) == LI


def test_a_session_of_another_is_refused() -> None:
    with pytest.raises(LoginContradicted):
        recognise(Origin(SERVICE, str(LI), WANG, SUDO))


def test_who_became_root_and_then_went_through_sudo_is_named() -> None:
    assert recognise(Origin(SERVICE, str(ROOT), LI, SUDO)) == LI
    assert recognise(Origin(ROOT, str(LI), LI, SUDO)) == LI
    assert recognise(Origin(ROOT, None, LI, SHELL)) == LI


def test_root_who_uses_sudo_in_a_container_is_root() -> None:
    assert recognise(Origin(SERVICE, str(ROOT), UNSET, SUDO)) == ROOT


def test_a_shell_that_was_once_started_by_sudo_keeps_no_belief() -> None:
    assert recognise(Origin(SERVICE, str(LI), None, Parent("bash", (SERVICE,) * 4))) == SERVICE


@pytest.mark.parametrize("uids", [(LI,) * 4, (LI, LI, ROOT, ROOT), (ROOT, LI, ROOT, ROOT), (ROOT, ROOT, ROOT, LI)])
def test_a_program_that_only_calls_itself_sudo_is_not_believed(uids: tuple[int, ...]) -> None:
    assert recognise(Origin(SERVICE, str(LI), None, Parent("sudo", uids))) == SERVICE


def test_a_sudo_of_another_caller_than_it_says_is_refused() -> None:
    assert recognise(Origin(SERVICE, str(LI), LI, Parent("sudo", (LI, ROOT, ROOT, ROOT)))) == LI
    with pytest.raises(LoginHidden):
        recognise(Origin(SERVICE, str(WANG), None, Parent("sudo", (LI, ROOT, ROOT, ROOT))))


def test_where_the_parent_is_not_shown_a_start_through_sudo_is_refused() -> None:
    with pytest.raises(LoginHidden):
        recognise(Origin(SERVICE, str(LI), LI, None))


def test_where_the_parent_is_not_shown_an_ordinary_start_is_the_users_own() -> None:
    assert recognise(Origin(LI, None, None, None)) == LI
    assert recognise(Origin(LI, str(LI), None, None)) == LI


@pytest.mark.parametrize("text", [None, "", "-1", "007", "li", "4294967295", "4_0", "１"])
def test_sudo_that_does_not_say_for_whom_is_refused(text: str | None) -> None:
    with pytest.raises(LoginHidden):
        recognise(Origin(SERVICE, text, LI, SUDO))


@pytest.mark.parametrize("origin", [Origin(SERVICE, None, LI, SUDO), Origin(SERVICE, str(LI), WANG, SUDO)])
def test_a_refusal_says_in_both_languages_who_was_seen_and_what_to_do(origin: Origin) -> None:
    with pytest.raises(Trouble) as caught:
        recognise(origin)
    for language in Language:
        sentence = caught.value.sentence(language)
        assert "uid-400000000" in sentence
        assert "{" not in sentence


def test_a_user_without_a_name_is_known_by_number() -> None:
    assert name_user(LI) == f"uid-{LI}"


def test_a_real_process_is_its_users_whatever_the_environment_says() -> None:
    forged = {"USER": "wang", "LOGNAME": "wang", "SUDO_USER": "wang", "SUDO_UID": str(WANG), "USERNAME": "wang"}
    line = "from assistant.people.logins import find_login; print(find_login())"
    run = subprocess.run(
        [sys.executable, "-c", line], env=os.environ | forged, capture_output=True, text=True, check=True, timeout=120
    )
    assert run.stdout.strip() == find_login()

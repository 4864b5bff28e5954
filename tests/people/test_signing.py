"""Signing on with number and password: attempts are slowed, locked and recorded, and nobody learns who works here."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from assistant.case.events import EventKind
from assistant.case.subjects import SIGN_ON
from assistant.people.doors import FileDoor
from assistant.people.office import hand_out
from assistant.people.refusals import SignOnLocked, SignOnRefused, SignOnSlowed
from assistant.people.roster import Member
from assistant.people.signing import SignOn
from assistant.sealing.passwords import PasswordUnfit, hash_password
from assistant.settings import SignOnSettings
from assistant.stamps import make_id
from assistant.store import Store
from tests.case.visits import MINUTE, SECOND, Clock
from tests.people.branch import MANAGER, STRANGER, SUPERVISOR, SUSPENDED, TELLER, Branch

RIGHT = "the-right-one-42"
WRONG = "the-wrong-one-42"
ATTEMPTS = SignOnSettings().attempts


def door_of(store: Store, clock: Clock) -> SignOn:
    return SignOn(store, SignOnSettings(), clock, make_id)


@pytest.fixture
def door(branch: Branch) -> SignOn:
    made = door_of(branch.store, branch.clock)
    made.set_password(TELLER, RIGHT)
    return made


def fail(door: SignOn, branch: Branch, times: int) -> None:
    """Fail so often, each time after having waited long enough."""
    for _ in range(times):
        with pytest.raises(SignOnRefused):
            door.sign_on(TELLER, WRONG)
        branch.clock.wait(MINUTE)


def kinds(branch: Branch, number: str = TELLER) -> list[EventKind]:
    return [event.kind for event in branch.store.read_log(SIGN_ON + number)]


def test_the_right_password_signs_on_and_is_recorded(door: SignOn, branch: Branch) -> None:
    assert door.sign_on(TELLER, RIGHT).number == TELLER
    assert kinds(branch) == [EventKind.SIGNED_ON]


def test_every_failed_attempt_of_a_member_is_recorded(door: SignOn, branch: Branch) -> None:
    fail(door, branch, 3)
    assert kinds(branch) == [EventKind.SIGN_ON_FAILED] * 3


def test_one_slip_costs_nothing_and_two_a_moment(door: SignOn, branch: Branch) -> None:
    for _ in range(2):
        with pytest.raises(SignOnRefused):
            door.sign_on(TELLER, WRONG)
    with pytest.raises(SignOnSlowed) as slowed:
        door.sign_on(TELLER, RIGHT)
    assert slowed.value.details["seconds"] == 2
    branch.clock.wait(2 * SECOND)
    assert door.sign_on(TELLER, RIGHT).number == TELLER


def test_too_many_attempts_lock_the_number_for_its_time(door: SignOn, branch: Branch) -> None:
    fail(door, branch, ATTEMPTS)
    with pytest.raises(SignOnLocked) as locked:
        door.sign_on(TELLER, RIGHT)
    assert locked.value.details["minutes"] == SignOnSettings().lock_minutes - 1
    branch.clock.wait(SignOnSettings().lock_minutes * MINUTE)
    assert door.sign_on(TELLER, RIGHT).number == TELLER


def test_after_the_lock_one_more_failure_locks_again(door: SignOn, branch: Branch) -> None:
    fail(door, branch, ATTEMPTS)
    branch.clock.wait(SignOnSettings().lock_minutes * MINUTE)
    fail(door, branch, 1)
    with pytest.raises(SignOnLocked):
        door.sign_on(TELLER, RIGHT)


def test_the_lock_outlives_the_program(door: SignOn, branch: Branch, path: Path) -> None:
    fail(door, branch, ATTEMPTS)
    with Store.open(path) as again, pytest.raises(SignOnLocked):
        door_of(again, branch.clock).sign_on(TELLER, RIGHT)


def test_a_clock_set_back_opens_no_lock(door: SignOn, branch: Branch) -> None:
    fail(door, branch, ATTEMPTS)
    branch.clock.wait(-600 * MINUTE)
    with pytest.raises(SignOnLocked):
        door.sign_on(TELLER, RIGHT)


def test_the_others_are_not_locked(door: SignOn, branch: Branch) -> None:
    door.set_password(SUPERVISOR, RIGHT)
    fail(door, branch, ATTEMPTS)
    assert door.sign_on(SUPERVISOR, RIGHT).number == SUPERVISOR


def test_a_password_that_two_reset_lifts_the_lock_and_must_be_replaced(door: SignOn, branch: Branch) -> None:
    fail(door, branch, ATTEMPTS)
    asked = branch.office(MANAGER).change(EventKind.PASSWORD_RESET, {"number": TELLER})
    assert asked is not None
    branch.office(SUPERVISOR).approve(asked.subject, {"hash": hash_password("one-time-42")})
    assert door.sign_on(TELLER, "one-time-42").must_replace
    assert not door.set_password(TELLER, "of-my-own-now-42").must_replace


@pytest.mark.parametrize("number", [STRANGER, SUSPENDED, SUPERVISOR, ""])
def test_whoever_is_unknown_suspended_or_without_a_password_hears_the_same(door: SignOn, number: str) -> None:
    with pytest.raises(SignOnRefused) as refused:
        door.sign_on(number, RIGHT)
    assert not refused.value.details


def test_a_password_that_was_given_out_for_one_use_is_not_ones_own(door: SignOn, branch: Branch) -> None:
    given, sealed = hand_out(EventKind.PASSWORD_RESET, {})
    asked = branch.office(MANAGER).change(EventKind.PASSWORD_RESET, {"number": TELLER})
    assert asked is not None
    branch.office(SUPERVISOR).approve(asked.subject, sealed)
    assert door.sign_on(TELLER, given).must_replace
    events = branch.count()
    with pytest.raises(PasswordUnfit):
        door.set_password(TELLER, given)
    assert branch.count() == events
    assert not door.set_password(TELLER, RIGHT).must_replace


def test_nor_is_ones_own_set_again_however_the_keyboard_writes_it(door: SignOn) -> None:
    for same in (RIGHT, RIGHT.replace("42", "４２")):
        with pytest.raises(PasswordUnfit):
            door.set_password(TELLER, same)


def test_an_unknown_number_is_refused_after_the_same_work(door: SignOn) -> None:
    def measure(number: str) -> float:
        start = process_time()
        with pytest.raises(SignOnRefused):
            door.sign_on(number, WRONG)
        return process_time() - start

    known = measure(TELLER)
    unknown = min(measure(STRANGER) for _ in range(3))
    assert unknown > known / 4


def test_nothing_is_recorded_of_a_number_that_nobody_has(door: SignOn, branch: Branch) -> None:
    before = branch.count()
    with pytest.raises(SignOnRefused):
        door.sign_on(STRANGER, WRONG)
    assert branch.count() == before


def test_a_directory_of_the_bank_can_stand_in_for_the_passwords_of_the_file(branch: Branch) -> None:
    class Directory(FileDoor):
        def recognises(self, number: str, member: Member | None, password: str) -> bool:
            return member is not None and password == f"directory-{number}"

    door = SignOn(branch.store, SignOnSettings(), branch.clock, make_id, Directory())
    assert door.sign_on(TELLER, f"directory-{TELLER}").number == TELLER
    with pytest.raises(SignOnRefused):
        door.sign_on(SUSPENDED, f"directory-{SUSPENDED}")

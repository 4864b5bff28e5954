"""Every sentence about people and what they may do is said somewhere, in both languages."""

from __future__ import annotations

import io
import os
import pty
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import OUTLET, STAFF
from assistant.cli.signing import signed_on
from assistant.people import refusals
from assistant.people.office import Office
from assistant.people.permissions import Move, State, name_move, name_role, name_state
from assistant.people.refusals import NotPermitted
from assistant.people.roles import Role
from assistant.people.signing import SignOn
from assistant.sealing.passwords import hash_password
from assistant.settings import SignOnSettings
from assistant.stamps import make_id
from assistant.store import Outlet, Store
from rules.language import Language, Text
from tests.case.visits import NOON, Clock
from tests.people.branch import COMPLIANCE, MANAGER, STRANGER, SUPERVISOR, SUSPENDED, TELLER, Branch
from tests.people.moves import RELEASE, approve

WORDS: Final = yaml.safe_load(Path(refusals.__file__).with_name("text.yaml").read_text("utf-8"))
SAID_BY_LOGINS: Final = {"login_hidden", "login_contradicted"}
"""Told where the operating system's word is doubted: test_logins."""

PASSWORD: Final = "an-invented-one-42"  # noqa: S105 (of nobody)


def change(kind: EventKind, **body: Any) -> Callable[[Branch], object]:
    """Return the attempt of the manager to have the staff changed."""
    return lambda branch: branch.change(kind, body)


def approve_own(branch: Branch) -> None:
    asked = branch.office(MANAGER).change(EventKind.MEMBER_SUSPENDED, {"number": TELLER})
    assert asked is not None
    branch.office(MANAGER).approve(asked.subject)


def settle_twice(branch: Branch) -> None:
    asked = branch.office(MANAGER).change(EventKind.MEMBER_SUSPENDED, {"number": TELLER})
    assert asked is not None
    branch.office(SUPERVISOR).decline(asked.subject)
    branch.office(SUPERVISOR).decline(asked.subject)


def approve_another_thing(branch: Branch) -> None:
    asked = branch.office(MANAGER).change(EventKind.MEMBER_SUSPENDED, {"number": TELLER})
    assert asked is not None
    approval, effect = approve(branch, asked.subject, SUPERVISOR)
    other = branch.draft(STAFF, effect.kind, {**effect.body, "number": COMPLIANCE}, SUPERVISOR)
    branch.store.append_all([approval, other])


def use_emergency_where_there_is_none(branch: Branch) -> None:
    asked = branch.office(MANAGER).ask(EventKind.OUTLET_RENAMED, {"name": "新网点"}, about=OUTLET)
    branch.office(MANAGER).use_emergency(asked.subject, "system_down", 1)


def fault_without_a_word(branch: Branch) -> None:
    asked = branch.office(MANAGER).change(EventKind.MEMBER_SUSPENDED, {"number": TELLER})
    assert asked is not None
    branch.office(MANAGER).use_emergency(asked.subject, "system_down", 1)
    branch.office(SUPERVISOR).review(asked.subject, upheld=False, why=" ")


def reveal_another_ones(branch: Branch) -> None:
    case_id = branch.open_case(MANAGER)
    branch.append(f"access:{case_id}", EventKind.ACCESSED, {"how": "revealed", "reason": "review"}, TELLER)


def answer_for_another(branch: Branch) -> None:
    case_id = branch.close(branch.open_case(MANAGER), MANAGER)
    branch.append(case_id, EventKind.REVIEW_CLAIMED, {}, COMPLIANCE)
    judged = {"typology": "right", "level": "right", "steps": "wrong", "reasons": ["record_thin"]}
    branch.append(case_id, EventKind.REVIEW_RETURNED, judged, COMPLIANCE, {"comment": "虚构"})
    branch.append(case_id, EventKind.REVIEW_ANSWERED, {}, TELLER, {"comment": "虚构"})


def approve_for_a_suspended(branch: Branch) -> None:
    branch.name("m2", Role.OUTLET_MANAGER)
    asked = branch.office("m2").change(EventKind.MEMBER_SUSPENDED, {"number": TELLER})
    assert asked is not None
    branch.suspend("m2")
    branch.office(SUPERVISOR).approve(asked.subject)


def bind_two(branch: Branch) -> None:
    for number in (TELLER, COMPLIANCE):
        branch.change(EventKind.LOGIN_BOUND, {"number": number, "login": "zhang"})


def suspend_two(branch: Branch) -> None:
    for number in (COMPLIANCE, SUPERVISOR):
        branch.suspend(number)


def erase_early(branch: Branch) -> None:
    case_id = branch.close(branch.open_case())
    branch.agree(EventKind.RESTRICTED, case_id)
    branch.agree(EventKind.ERASED, case_id)


def begin_without_a_supervisor(branch: Branch) -> None:
    with begun(branch) as store:
        person(store, "m1", "m1", Role.OUTLET_MANAGER)
        person(store, "m1", "t1", Role.TELLER)


def begin_with_a_teller(branch: Branch) -> None:
    with begun(branch) as store:
        person(store, "t1", "t1", Role.TELLER)


def ask_where_nobody_is_named(branch: Branch) -> None:
    with begun(branch) as store:
        Office(store, "teller", Clock(), make_id).ask(EventKind.OUTLET_RENAMED, {"name": "新"}, about=OUTLET)


def begun(branch: Branch) -> Store:
    return Store.create(branch.store.path.with_name("other.db"), Outlet("0313", "另一网点"))


def person(store: Store, actor: str, number: str, role: Role) -> None:
    store.append(Draft(make_id(), STAFF, NOON, actor, EventKind.MEMBER_NAMED, {"number": number, "role": role.value}))


def release(branch: Branch) -> None:
    case_id = branch.open_case()
    branch.append(case_id, EventKind.ADVISED, {"rulebook": "1", "level": "hold", "steps": []}, TELLER)
    body = {"outcome": "cleared", "at_risk": 0, "protected": 0, "lost": 0}
    branch.append(case_id, EventKind.CLOSED, body, TELLER)


def set_aside(branch: Branch) -> None:
    body = {"step": "probe_questions", "outcome": "not_applicable", "reason": "supervisor_decided"}
    branch.append(branch.open_case(), EventKind.STEP_RECORDED, body, TELLER)


def interview_alone(branch: Branch) -> None:
    body = {"step": "probe_questions", "outcome": "done", "colleague": TELLER}
    branch.append(branch.open_case(), EventKind.STEP_RECORDED, body, TELLER)


def sign_on(failures: int) -> Callable[[Branch], object]:
    """Return the attempt to sign on once more after so many that failed."""

    def attempt(branch: Branch) -> None:
        signing = SignOn(branch.store, SignOnSettings(), branch.clock, make_id)
        for _ in range(failures):
            with pytest.raises(refusals.SignOnRefused):
                signing.sign_on(TELLER, PASSWORD)
            branch.clock.wait(20_000)
        branch.clock.wait(-20_000 if failures else 0)
        signing.sign_on(TELLER, PASSWORD)

    return attempt


def come_without_a_login(branch: Branch) -> None:
    signed_on(branch.store, Language.ZH)


CAUSES: Final[dict[str, Callable[[Branch], object]]] = {
    "not_allowed": lambda branch: branch.office(TELLER).change(EventKind.MEMBER_SUSPENDED, {"number": MANAGER}),
    "not_own": reveal_another_ones,
    "no_hand": answer_for_another,
    "not_on_staff": lambda branch: branch.open_case(STRANGER),
    "suspended": lambda branch: branch.open_case(SUSPENDED),
    "not_named": ask_where_nobody_is_named,
    "takes_two": lambda branch: branch.append(STAFF, EventKind.MEMBER_SUSPENDED, {"number": TELLER}, MANAGER),
    "same_person": approve_own,
    "not_this_request": approve_another_thing,
    "request_settled": settle_twice,
    "request_unknown": lambda branch: branch.office(SUPERVISOR).find("ffff"),
    "no_emergency": use_emergency_where_there_is_none,
    "fault_unexplained": fault_without_a_word,
    "second_first": begin_without_a_supervisor,
    "colleague_unfit": interview_alone,
    "asker_gone": approve_for_a_suspended,
    "term_running": erase_early,
    "sign_on_refused": sign_on(0),
    "sign_on_slowed": sign_on(3),
    "sign_on_locked": sign_on(5),
    "door_unfit": lambda branch: SignOn(branch.store, SignOnSettings(directory="none"), branch.clock, make_id),
    "sign_on_needed": come_without_a_login,
    "record_unfit": lambda branch: branch.append(OUTLET, EventKind.SIGNED_ON, {}, MANAGER),
    "staff_unfit.unknown": change(EventKind.MEMBER_SUSPENDED, number="z1"),
    "staff_unfit.known": change(EventKind.MEMBER_NAMED, number=TELLER, role="teller"),
    "staff_unfit.login_taken": bind_two,
    "staff_unfit.first_manager": begin_with_a_teller,
    "staff_unfit.last_manager": change(EventKind.ROLE_CHANGED, number=MANAGER, role="supervisor"),
    "staff_unfit.two_approvers": suspend_two,
    "needs_authority.release": release,
    "needs_authority.set_aside": set_aside,
}
"""By the name of a sentence, what leads to it."""


@pytest.mark.parametrize("name", CAUSES)
def test_a_refusal_says_in_both_languages_what_is_wrong(
    branch: Branch, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    code, _, part = name.partition(".")
    with pytest.raises(NotPermitted) as refused:
        CAUSES[name](branch)
    assert refused.value.code == code
    for language in Language:
        said = refused.value.sentence(language)
        assert "{" not in said
        words = WORDS["trouble"][code] if not part else WORDS["unfit" if code == "staff_unfit" else "matter"][part]
        # Up to the first name or number in it.
        assert words[language].partition("{")[0] in said
        if code == "not_allowed":
            assert all(word[language] in said for word in (WORDS["role"]["teller"], WORDS["move"]["ask_staff_change"]))


@pytest.mark.parametrize(
    ("kind", "body", "private", "part"),
    [
        (EventKind.MEMBER_NAMED, {"number": "王 五", "role": "teller"}, {}, "number"),
        (EventKind.MEMBER_SUSPENDED, {"number": "t1\n"}, {}, "number"),
        (EventKind.LOGIN_BOUND, {"number": TELLER, "login": "a b"}, {}, "login"),
        (EventKind.MEMBER_NAMED, {"number": "t5", "role": "teller"}, {"name": "\x1b[31m"}, "member_name"),
        (EventKind.OUTLET_RENAMED, {"name": "\u202e点网"}, {}, "name"),
    ],
)
def test_what_was_typed_and_will_not_do_is_told_in_words(
    branch: Branch, kind: EventKind, body: dict[str, Any], private: dict[str, str], part: str
) -> None:
    with pytest.raises(refusals.RecordUnfit) as refused:
        branch.office(MANAGER).ask(kind, body, private, about=OUTLET if kind is EventKind.OUTLET_RENAMED else STAFF)
    for language in Language:
        assert WORDS["part"][part][language] in refused.value.sentence(language)


def test_a_password_for_one_use_lets_nobody_do_anything_but_replace_it(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = branch.office(MANAGER).change(EventKind.PASSWORD_RESET, {"number": TELLER})
    assert asked is not None
    branch.office(SUPERVISOR).approve(asked.subject, {"hash": hash_password(PASSWORD)})
    with terminal(f"{TELLER}\n{PASSWORD}\n") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr("getpass.getpass", lambda prompt: stdin.readline().rstrip("\n"))
        monkeypatch.setattr("assistant.cli.signing.read_clock", branch.clock)
        with pytest.raises(refusals.PasswordOutworn) as refused:
            signed_on(branch.store, Language.ZH)
    assert {refused.value.sentence(language) for language in Language} == set(
        WORDS["trouble"]["password_outworn"].values()
    )


def terminal(typed: str) -> Any:
    """Return standard input as it is at a terminal, with that typed into it."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    return os.fdopen(theirs, "r")


def test_no_sentence_is_left_that_nothing_leads_to() -> None:
    said = {name.partition(".")[0] for name in CAUSES}
    assert said | SAID_BY_LOGINS | {"password_outworn"} == set(WORDS["trouble"])
    for code, part in (("staff_unfit", "unfit"), ("needs_authority", "matter")):
        assert {name.partition(".")[2] for name in CAUSES if name.startswith(code)} == set(WORDS[part])


@pytest.mark.parametrize(
    ("name", "words", "members"),
    [(name_role, "role", Role), (name_move, "move", Move), (name_state, "state", State)],
)
def test_every_role_move_and_state_has_a_name_and_every_name_is_of_one(name: Any, words: str, members: Any) -> None:
    assert set(WORDS[words]) == {member.value for member in members}
    for member in members:
        text = name(member)
        assert isinstance(text, Text)
        assert all(text.read(language) for language in Language)


def entries(words: Any) -> Iterator[dict[str, str]]:
    """Yield every text of the catalogue."""
    if set(words) == {"zh", "en"}:
        yield words
    else:
        for part in words.values():
            yield from entries(part)


def test_every_text_is_there_in_chinese_and_in_english() -> None:
    for text in entries(WORDS):
        assert text["zh"].strip()
        assert text["en"].strip()
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text["en"])


def test_the_agreement_that_was_needed_lets_the_case_be_released(branch: Branch) -> None:
    case_id = branch.open_case()
    branch.append(case_id, EventKind.ADVISED, {"rulebook": "1", "level": "hold", "steps": []}, TELLER)
    asked = branch.office(TELLER).ask(EventKind.AUTHORISED, RELEASE, about=case_id)
    branch.office(SUPERVISOR).approve(asked.subject)
    body = {"outcome": "cleared", "at_risk": 0, "protected": 0, "lost": 0}
    branch.append(case_id, EventKind.CLOSED, body, TELLER)
    assert branch.store.case(case_id).closing is not None

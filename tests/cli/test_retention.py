"""`assistant retention`: shows what is due, asks for all of it as one request, and carries out what two agreed on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.case.events import EventKind
from assistant.case.summary import Keeping
from assistant.cli.retention.orders import NUMBERS_SHOWN
from assistant.people.logins import find_login
from assistant.people.roles import Role
from assistant.stamps import read_clock
from tests.case.visits import NOON
from tests.cli.conftest import Give
from tests.people.branch import COMPLIANCE, DAY, MANAGER, YEAR, Branch


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    """A branch whose manager is whoever runs the tests."""
    made = Branch(tmp_path / "cases.db")
    made.name(COMPLIANCE, Role.COMPLIANCE_OFFICER)
    made.name("t1", Role.TELLER)
    made.bind(MANAGER, find_login())
    yield made
    made.store.close()


@pytest.fixture
def due(branch: Branch) -> list[str]:
    """Four cases that were closed four years before the invented now, and so before any now."""
    return [branch.closed_at(NOON - 4 * YEAR + number * DAY) for number in range(4)]


def say_run(give: Give, branch: Branch, *words: str) -> str:
    said = give("--db", str(branch.store.path), "retention", "run", "--lang", "en", *words)
    assert (said.status, said.err) == (0, "")
    return said.out


def test_a_run_shows_counts_days_and_numbers_and_changes_nothing(give: Give, branch: Branch, due: list[str]) -> None:
    before = branch.count()
    out = say_run(give, branch)
    numbers = [branch.store.case(case_id).number for case_id in due]
    assert "to restrict, 3 years after closing: 4" in out
    assert ", ".join(numbers) in out
    assert "Nothing was changed" in out
    assert branch.count() == before


def test_a_run_is_asked_for_once_approved_by_another_and_then_carried_out(
    give: Give, branch: Branch, due: list[str]
) -> None:
    asked = json.loads(say_run(give, branch, "--yes", "--json"))
    assert asked["stage"] == "asked"
    assert [case["case_id"] for case in asked["restrict"]] == due
    assert json.loads(say_run(give, branch, "--yes", "--json"))["stage"] == "waiting"
    branch.office(COMPLIANCE).approve(f"request:{asked['request']}")
    assert "is approved and not finished" in say_run(give, branch)
    done = json.loads(say_run(give, branch, "--yes", "--json"))
    assert (done["stage"], done["done"], done["request"]) == ("done", 4, asked["request"])
    assert {branch.store.case(case_id).keeping for case_id in due} == {Keeping.RESTRICTED}
    assert json.loads(say_run(give, branch, "--json"))["restrict"] == []


def test_one_case_is_asked_for_with_a_reason(give: Give, branch: Branch) -> None:
    case_id = branch.closed_at(read_clock() - DAY)
    number = branch.store.case(case_id).number
    said = give("--db", str(branch.store.path), "retention", "restrict", number, "--why", "本人要求", "--lang", "en")
    (request,) = branch.store.list_requests(about=case_id)
    assert said.status == 0
    assert request.subject[-4:] in said.out
    assert request.history[0].private["why"] == "本人要求"
    branch.office(COMPLIANCE).approve(request.subject)
    said = give("--db", str(branch.store.path), "retention", "erase", number, "--why", "本人要求", "--lang", "en")
    assert said.status == 5
    assert "10 years" in said.err


def test_who_is_to_approve_sees_every_number_and_is_told_what_carries_it_out(
    give: Give, branch: Branch, due: list[str]
) -> None:
    digits = json.loads(say_run(give, branch, "--yes", "--json"))["request"][-4:]
    branch.bind(MANAGER, None)
    branch.bind(COMPLIANCE, find_login())
    shown = give("--db", str(branch.store.path), "approvals", "show", digits, "--lang", "en").out
    for case_id in due:
        assert branch.store.case(case_id).number in shown
    assert "assistant retention run --yes" not in shown
    approved = give("--db", str(branch.store.path), "approvals", "approve", digits, "--lang", "en").out
    assert "assistant retention run --yes" in approved
    assert {branch.store.case(case_id).keeping for case_id in due} == {None}
    assert (
        "assistant retention run --yes"
        in give("--db", str(branch.store.path), "approvals", "show", digits, "--lang", "en").out
    )


def test_more_than_a_page_of_numbers_is_shown_whole_to_who_is_to_approve(give: Give, branch: Branch) -> None:
    cases = [branch.closed_at(NOON - 4 * YEAR + number * DAY) for number in range(NUMBERS_SHOWN + 1)]
    numbers = [branch.store.case(case_id).number for case_id in cases]
    out = say_run(give, branch, "--yes")
    assert (numbers[-1] in out, "and 1 more" in out) == (False, True)
    (order,) = branch.store.list_requests()
    shown = give("--db", str(branch.store.path), "approvals", "show", order.subject[-4:], "--lang", "en").out
    assert [number for number in numbers if number not in shown] == []


@pytest.mark.parametrize(
    ("kinds", "zh", "en"),
    [
        ((EventKind.RESTRICTED,), "已限制处理", "restricted"),
        ((EventKind.RESTRICTED, EventKind.ERASED), "已清除", "erased"),
    ],
    ids=["restricted", "erased"],
)
def test_a_list_tells_what_is_only_kept_or_erased_from_what_is_closed(
    give: Give, branch: Branch, kinds: tuple[EventKind, ...], zh: str, en: str
) -> None:
    case_id = branch.closed_at(NOON - 12 * YEAR)
    for kind in kinds:
        branch.agree(kind, case_id)
    for language, word in (("zh", zh), ("en", en)):
        said = give("--db", str(branch.store.path), "case", "list", "--lang", language)
        assert said.out.split()[1] == word


def test_whoever_may_not_ask_sees_nothing(give: Give, branch: Branch, due: list[str]) -> None:
    branch.bind(MANAGER, None)
    branch.bind("t1", find_login())
    said = give("--db", str(branch.store.path), "retention", "run", "--lang", "en")
    assert (said.status, said.out) == (5, "")
    assert "teller" in said.err

"""`assistant rules publish`, `rollback` and `versions`: one asks with what was found, another agrees."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.people.requests import Request
from assistant.rulebooks.editions import Source
from assistant.rulebooks.proposing import COMPARED
from assistant.rulebooks.publications import Publications
from assistant.store import Store
from assistant.workplace import open_desk
from rules.language import Language
from tests.cli.conftest import ROOT, Give, Said
from tests.publishing import MANAGER, OFFICER, SHIPPED, TELLER, make_branch, office, put_in_force, write_draft

BANK: Final = ROOT / "tests" / "rules" / "bank.overlay.yaml"
FAILING: Final = ("examples/levels.yaml", "    then: {level: police}", "    then: {level: proceed}")
UNSAFE: Final = ("levels.yaml", "  amount-asks:\n    level: ask", "  amount-asks:\n    level: hold")


class Desk:
    """A compliance officer at the command line of a branch, and the manager who decides."""

    def __init__(self, folder: Path, give: Give) -> None:
        self.database = folder / "cases.db"
        self.draft = folder / "rulebook"
        self._give = give
        make_branch(self.database, own=OFFICER)

    def give(self, *words: str, lang: str = "en") -> Said:
        """Give a command of the rule desk over the file of cases."""
        return self._give("rules", *words, "--db", str(self.database), "--lang", lang)

    def publish(self, version: str, *words: str) -> Said:
        """Write a draft of that version beside the file of cases and ask for it."""
        write_draft(self.draft, version, whole=True)
        return self.give("publish", "--why", f"because of {version}", *words)

    def show(self, request: Request, language: Language) -> str:
        """Return what a person who has to decide is shown."""
        words = ("show", request.subject[-4:], "--db", str(self.database), "--lang", language)
        said = self._give("approvals", *words)
        assert (said.status, said.err) == (0, "")
        return said.out

    def approve(self) -> Request:
        """Approve what waits, as the manager."""
        with Store.open(self.database) as store:
            (request,) = store.list_requests()
            return office(store, MANAGER).approve(request.subject)

    def lists_nothing(self) -> bool:
        """Tell whether nothing was published and nothing waits."""
        with Store.open(self.database) as store:
            return store.list_requests() == () == Publications(store).list()

    def versions(self) -> list[dict[str, Any]]:
        """Return what was published, as programs read it."""
        found: list[dict[str, Any]] = json.loads(self.give("versions", "--json").out)
        return found


@pytest.fixture
def desk(tmp_path: Path, give: Give) -> Desk:
    return Desk(tmp_path, give)


@pytest.fixture
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the proofs are not installed."""
    monkeypatch.setitem(sys.modules, "z3", None)


def test_a_draft_is_checked_asked_for_and_in_force_only_when_another_agreed(desk: Desk, tmp_path: Path) -> None:
    teller = open_desk(desk.database, actor=TELLER, names=tmp_path / "names.json")
    try:
        teller.open("transfer")
    finally:
        teller.leave()
    said = desk.publish("2027.1.1")
    assert (said.status, said.err) == (0, "")
    for told in (
        "publish the rulebook 2027.1.1~",
        "safety properties proved",
        "Examples: all ",
        f"Against {SHIPPED}, over 1 saved cases: another level in 0",
    ):
        assert told in said.out, told
    assert desk.versions() == []
    with Store.open(desk.database) as store:
        (request,) = store.list_requests()
    assert f"assistant approvals approve {request.subject[-4:]}" in said.out
    desk.approve()
    (published,) = desk.versions()
    assert (published["author"], published["approver"], published["in_force"]) == (OFFICER, MANAGER, True)
    assert published["why"] == "because of 2027.1.1"
    assert published["results"]["proved"] is True
    assert published["results"]["cases"] == 1
    assert published["results"].keys() - COMPARED == {"proved", "properties", "examples", "visits", "overlaid"}
    assert published["results"].keys() >= COMPARED


@pytest.mark.usefixtures("no_solver")
def test_without_the_solver_it_is_said_that_nothing_was_proved(desk: Desk) -> None:
    said = desk.publish("2027.1.1")
    assert said.status == 0
    assert "NOT proved" in said.out
    desk.approve()
    assert desk.versions()[0]["results"]["proved"] is False
    assert "没有证明" in desk.give("versions", lang="zh").out


@pytest.mark.long
@pytest.mark.usefixtures("no_solver")
def test_the_second_person_is_shown_what_differs_from_the_one_in_force(desk: Desk) -> None:
    said = desk.give("publish", "--rules", "built-in", "--overlay", str(BANK), "--why", "own names")
    assert said.status == 0
    with Store.open(desk.database) as store:
        (request,) = store.list_requests()
    label = f"{SHIPPED}+examplebank.3~{str(request.body['digest'])[:8]}"
    told = {language: desk.show(request, language) for language in Language}
    for text in told.values():
        assert label in text.splitlines()[0]
        assert text.count("own names") == 1
        assert "gold_purchase" in text
    assert "买金或提金" in told[Language.ZH]
    assert "leads to something else in 14 of them" in told[Language.EN]


@pytest.mark.usefixtures("no_solver")
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (FAILING, "visits of its examples failed"),
        (("levels.yaml", "level: police", "level: polize"), "polize"),
        (("book.yaml", "review_by: 2027-05-24", "review_by: 2026-01-01"), "flaws"),
    ],
)
def test_what_is_not_fit_is_not_asked_for(desk: Desk, edit: tuple[str, str, str], said: str) -> None:
    write_draft(desk.draft, "2027.1.1", [edit])
    answer = desk.give("publish", "--why", "try")
    assert answer.status in (1, 4)
    assert said in answer.err
    assert desk.lists_nothing()


def test_what_breaks_a_safety_property_is_not_asked_for(desk: Desk) -> None:
    write_draft(desk.draft, "2027.1.1", [UNSAFE])
    answer = desk.give("publish", "--why", "try")
    assert answer.status == 1
    assert "1 safety properties not proved" in answer.err
    assert desk.lists_nothing()


def test_a_draft_has_to_be_named_or_to_lie_there(desk: Desk) -> None:
    answer = desk.give("publish", "--why", "try")
    assert answer.status == 2
    assert "neither rulebook/ nor bank.yaml" in answer.err
    assert desk.give("publish", "--rules", str(desk.draft), "--why", "try").status == 2
    assert "--why" in desk.give("publish", "--rules", "built-in", "--why", " ").err
    assert "--why" in desk.give("publish", "--rules", "built-in").err


def test_only_who_may_ask_has_it_checked_at_all(tmp_path: Path, give: Give) -> None:
    make_branch(tmp_path / "cases.db", own=TELLER)
    for words in (("publish", "--rules", "built-in"), ("rollback",)):
        said = give("rules", *words, "--why", "try", "--db", str(tmp_path / "cases.db"), "--lang", "en")
        assert said.status == 5
        assert "teller may not do this" in said.err


@pytest.mark.usefixtures("no_solver")
def test_going_back_is_one_command_and_takes_two(desk: Desk) -> None:
    assert desk.give("rollback", "--why", "try").status == 2
    for version in ("2027.1.1", "2027.2.1"):
        put_in_force(desk.database, Source(write_draft(desk.draft, version), None), version)
    said = desk.give("rollback", "--why", "too many stops")
    assert (said.status, said.err) == (0, "")
    assert "go back to the rulebook 2027.1.1~" in said.out
    assert "assistant approvals approve" in said.out
    in_force = desk.versions()[0]
    assert in_force["version"] == "2027.2.1"
    # With the one that it would take the place of, and not with the one that it took the place of once.
    assert f"(against {in_force['label']})" in said.out
    desk.approve()
    assert desk.versions()[0]["results"]["against"] == in_force["label"]
    assert [each["version"] for each in desk.versions()] == ["2027.1.1", "2027.2.1", "2027.1.1"]
    listed = desk.give("versions").out
    assert listed.startswith("* 2027.1.1~")
    assert "(rollback)" in listed.splitlines()[0]
    assert "reason: too many stops" in listed
    assert desk.give("rollback", "--to", "2027.9.9", "--why", "try").status == 2
    assert desk.give("rollback", "--to", "2027.1.1", "--why", "try").status == 2


def test_where_nothing_was_published_the_list_says_so(desk: Desk) -> None:
    assert "the one that comes with the program" in desk.give("versions").out
    assert "随程序附带" in desk.give("versions", lang="zh").out

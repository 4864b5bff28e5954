"""Rules in force by two: one asks, another approves, and what was published stays what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.case.events import EventKind, JsonValue
from assistant.people.refusals import NotAllowed, NotNamed, RecordUnfit, RequestSettled, SamePerson
from assistant.rulebooks.archive import RulebookTampered, digest_of, pack, unpack
from assistant.rulebooks.editions import Source
from assistant.rulebooks.proposing import (
    AskedAlready,
    InForceAlready,
    NothingBefore,
    PublicationUnknown,
    VersionTaken,
    find_earlier,
    propose,
    propose_rollback,
)
from assistant.rulebooks.publications import Publications
from assistant.store import Outlet, Store
from assistant.store.rulebooks import RulebookNotKept
from assistant.store.schema import GUARDS
from rules.facts import Answer, Level
from tests.publishing import (
    MANAGER,
    OFFICER,
    SHIPPED,
    TELLER,
    Branch,
    advised_by,
    ask_for,
    at_branch,
    keep_copy,
    office,
    told,
    write_draft,
)

BANK = Path(__file__).with_name("rules") / "bank.overlay.yaml"


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Branch]:
    with at_branch(tmp_path, monkeypatch) as made:
        yield made


def test_as_long_as_nobody_approved_it_a_rulebook_is_not_in_force(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1")
    request = ask_for(branch.database, Source(branch.draft, None), "2027.1.1")
    desk = branch.sit_down()
    assert not desk.rulebooks.stirred()
    assert desk.names.version == SHIPPED
    office(desk.store, MANAGER).approve(request.subject)
    assert desk.rulebooks.stirred()


def test_who_asked_for_a_rulebook_cannot_approve_it(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1")
    request = ask_for(branch.database, Source(branch.draft, None), "2027.1.1")
    with Store.open(branch.database) as store:
        with pytest.raises(SamePerson):
            office(store, OFFICER).approve(request.subject)
        assert Publications(store).list() == ()


@pytest.mark.parametrize("actor", [MANAGER, TELLER])
def test_only_a_compliance_officer_asks_for_a_rulebook(branch: Branch, actor: str) -> None:
    write_draft(branch.draft, "2027.1.1")
    with Store.open(branch.database) as store, pytest.raises(NotAllowed):
        propose(office(store, actor), Source(branch.draft, None).read(), "2027.1.1", {}, "试行")


def test_a_teller_cannot_approve_a_rulebook_and_a_declined_one_is_settled(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1")
    request = ask_for(branch.database, Source(branch.draft, None), "2027.1.1")
    with Store.open(branch.database) as store:
        with pytest.raises(NotAllowed):
            office(store, TELLER).approve(request.subject)
        office(store, MANAGER).decline(request.subject, "先看附录")
        with pytest.raises(RequestSettled):
            office(store, MANAGER).approve(request.subject)
        assert Publications(store).list() == ()


def test_in_a_file_in_which_nobody_is_named_nothing_can_be_published(tmp_path: Path) -> None:
    with Store.create(tmp_path / "cases.db", Outlet("0312", "示范网点")) as store, pytest.raises(NotNamed):
        propose(office(store, "t1"), Source(None, BANK).read(), f"{SHIPPED}+examplebank.3", {}, "试行")


def test_a_publication_names_author_and_approver_and_says_why(branch: Branch) -> None:
    branch.publish("2027.1.1")
    with Store.open(branch.database) as store:
        (published,) = Publications(store).list()
    assert (published.author, published.approver, published.version) == (OFFICER, MANAGER, "2027.1.1")
    assert not published.rollback


def test_a_version_once_given_stands_for_the_same_content_for_ever(branch: Branch) -> None:
    branch.publish("2027.1.1")
    first = Source(branch.draft, None).read()
    write_draft(branch.draft, "2027.1.1", [("book.yaml", "2026-11-24", "2026-11-25")])
    other = Source(branch.draft, None).read()
    with Store.open(branch.database) as store:
        asking = office(store, OFFICER)
        with pytest.raises(VersionTaken):
            propose(asking, other, "2027.1.1", {}, "再试")
        with pytest.raises(InForceAlready):
            propose(asking, first, "2027.1.1", {}, "再试")
        with pytest.raises(VersionTaken):
            propose(asking, other, SHIPPED, {}, "冒用")


def test_a_version_that_waits_for_approval_is_taken_too_and_is_asked_for_once(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1")
    waiting = Source(branch.draft, None)
    ask_for(branch.database, waiting, "2027.1.1")
    with pytest.raises(AskedAlready):
        ask_for(branch.database, waiting, "2027.1.1")
    write_draft(branch.draft, "2027.1.1", [("book.yaml", "2026-11-24", "2026-11-25")])
    with pytest.raises(VersionTaken):
        ask_for(branch.database, Source(branch.draft, None), "2027.1.1")


def test_nobody_asks_for_a_rulebook_as_another_ones_work(branch: Branch) -> None:
    body: dict[str, JsonValue] = {"digest": "0" * 64, "version": "2027.1.1", "author": MANAGER}
    with Store.open(branch.database) as store:
        with pytest.raises(RecordUnfit):
            office(store, OFFICER).ask(EventKind.RULEBOOK_PUBLISHED, body, about="rulebook")
        assert store.list_requests() == ()


def test_what_does_not_lie_in_the_file_cannot_be_put_in_force(branch: Branch) -> None:
    body: dict[str, JsonValue] = {"digest": "0" * 64, "version": "2027.1.1", "author": OFFICER}
    with Store.open(branch.database) as store:
        request = office(store, OFFICER).ask(EventKind.RULEBOOK_PUBLISHED, body, about="rulebook")
        with pytest.raises(RulebookNotKept):
            office(store, MANAGER).approve(request.subject)
        assert store.request(request.subject).waiting
        assert Publications(store).list() == ()


def tamper(database: Path, files: bytes) -> None:
    """Change the published rulebook behind the program's back, as whoever can write the file could."""
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER rulebooks_no_update")
        raw.execute("UPDATE rulebooks SET files = ?", (files,))
        raw.execute(GUARDS["rulebooks_no_update"])


@pytest.mark.parametrize("kind", ["another", "nonsense", "longer"])
def test_a_published_rulebook_that_somebody_changed_in_the_file_is_not_used(branch: Branch, kind: str) -> None:
    branch.publish("2027.1.1")
    files = Source(branch.draft, None).read()
    levels = files["book/levels.yaml"].replace(b"level: police", b"level: ask")
    changed = {
        "another": pack({**files, "book/levels.yaml": levels}),
        "nonsense": b"\x00" * 100,
        "longer": pack({**files, "book/more.yaml": b"{}"}),
    }
    tamper(branch.database, changed[kind])
    desk = branch.sit_down()
    assert digest_of(files)[:8] in told(desk)
    assert not desk.rulebooks.stirred()
    case_id = desk.open("transfer").case.id
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.level is Level.POLICE
    assert set(advised_by(desk, case_id)) == {SHIPPED}
    with pytest.raises(RulebookTampered):
        propose_rollback(office(desk.store, OFFICER), Publications(desk.store).list()[0], "退回")


@pytest.mark.parametrize("name", ["../book/levels.yaml", "/book/levels.yaml", "book/../../levels.yaml", "levels.yaml"])
def test_a_packed_rulebook_writes_nowhere_but_into_its_own_folder(name: str) -> None:
    files = {name: b"{}"}
    with pytest.raises(RulebookTampered):
        unpack(pack(files), digest_of(files))


def test_what_was_packed_comes_back_as_it_was() -> None:
    files = Source(None, BANK).read()
    assert unpack(pack(files), digest_of(files)) == files
    assert pack(files) == pack(dict(reversed(files.items())))


def test_an_earlier_rulebook_is_put_in_force_again_by_two(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    branch.publish("2027.2.1", tried=True)
    desk = branch.sit_down()
    case_id = desk.open("transfer").case.id
    branch.roll_back()
    assert desk.rulebooks.stirred()
    desk.rulebooks.look()
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.rulebook.startswith("2027.2.1~")
    assert desk.open("transfer").advice.rulebook.startswith("2027.1.1~")
    assert [each.version for each in Publications(desk.store).list()] == ["2027.1.1", "2027.2.1", "2027.1.1"]
    assert Publications(desk.store).list()[0].rollback
    branch.roll_back()
    desk.rulebooks.look()
    assert desk.open("transfer").advice.rulebook.startswith("2027.2.1~")


def test_one_goes_back_to_a_version_or_the_beginning_of_a_digest_that_was_in_force(branch: Branch) -> None:
    with Store.open(branch.database) as store:
        publications = Publications(store)
        with pytest.raises(NothingBefore):
            find_earlier(publications, None)
        branch.publish("2027.1.1")
        with pytest.raises(NothingBefore):
            find_earlier(publications, None)
        branch.publish("2027.2.1")
        branch.publish("2027.3.1")
        newest, before, first = publications.list()
        assert find_earlier(publications, None) == before
        for word in (first.version, first.label, first.digest, first.digest[:8], f"~{first.digest[:8]}"):
            assert find_earlier(publications, word) == first
        for word in ("2027.9.9", "ffffffff", "", first.digest[:2]):
            with pytest.raises(PublicationUnknown):
                find_earlier(publications, word)
        with pytest.raises(InForceAlready):
            find_earlier(publications, newest.version)


def test_a_copy_that_was_never_published_advises_nobody(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1", [("levels.yaml", "level: police", "level: ask")])
    source = Source(branch.draft, None)
    keep_copy(source)
    desk = branch.sit_down()
    desk.rulebooks.turn_to(f"2027.1.1~{digest_of(source.read())[:8]}")
    assert desk.names.version == SHIPPED


def test_what_two_published_wakes_a_screen_that_runs_in_another_program(branch: Branch) -> None:
    desk = branch.sit_down()
    old = desk.open("transfer").case.id
    branch.publish("2027.1.1")
    assert desk.rulebooks.stirred()
    desk.rulebooks.look()
    assert not desk.rulebooks.stirred()
    assert desk.resume(old).advice.rulebook == SHIPPED
    assert desk.open("transfer").advice.rulebook.startswith("2027.1.1~")

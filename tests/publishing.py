"""Three invented members of staff, and a rulebook put in force by two of them, for tests of what comes after that."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.people.logins import find_login
from assistant.people.office import Office
from assistant.people.requests import Request
from assistant.people.roles import Role
from assistant.places import find_editions
from assistant.rulebooks.archive import digest_of
from assistant.rulebooks.editions import Editions, Source
from assistant.rulebooks.proposing import find_earlier, propose, propose_rollback
from assistant.rulebooks.publications import Publications
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from assistant.workplace import open_desk
from rules.language import Language
from rules.loading import load_book
from tests.outlet import OUTLET, lay, name_staff

BUILT_IN: Final = Path(__file__).parents[1] / "rules" / "book"
SHIPPED: Final = load_book().meta.version
MANAGER, OFFICER, TELLER = "m1", "c1", "t1"
ROLES: Final = {MANAGER: Role.OUTLET_MANAGER, OFFICER: Role.COMPLIANCE_OFFICER, TELLER: Role.TELLER}

Edit = tuple[str, str, str]
"""A file of a rulebook, what it says there first, and what it is to say."""


def make_branch(database: Path, own: str = TELLER) -> None:
    """Lay a file of cases with a manager, a compliance officer and a teller; `own` is bound to this OS login."""
    lay(database, _BRANCHES[own])


def _make_branch(database: Path, own: str) -> None:
    # Whoever is not of this process has a login that nobody here has.
    logins = {number: find_login() if number == own else f"nobody-{number}" for number in ROLES}
    with Store.create(database, OUTLET) as store:
        name_staff(store, ROLES, logins=logins)


_BRANCHES: Final = {own: partial(_make_branch, own=own) for own in ROLES}


def office(store: Store, actor: str) -> Office:
    """Return what takes two as `actor` sees it."""
    return Office(store, actor, read_clock, make_id)


def write_draft(folder: Path, version: str, edits: Iterable[Edit] = (), *, whole: bool = False) -> Path:
    """Write a rulebook of that version into `folder`, otherwise as the one of the program but for the edits.

    Of the examples beside it, which take longest to check, only those of the levels come along unless it is `whole`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BUILT_IN, folder, ignore=None if whole else _other_examples)
    for name, old, new in [("book.yaml", f'version: "{SHIPPED}"', f'version: "{version}"'), *edits]:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


def _other_examples(place: str, names: Iterable[str]) -> set[str]:
    return set(names) - {"levels.yaml"} if Path(place).name == "examples" else set()


def ask_for(database: Path, source: Source, version: str) -> Request:
    """Ask for a rulebook as the compliance officer, whatever is wrong with it."""
    with Store.open(database) as store:
        return propose(office(store, OFFICER), source.read(), version, {}, "试行")


def put_in_force(database: Path, source: Source, version: str) -> None:
    """Put a rulebook in force: the compliance officer asks, the manager approves."""
    request = ask_for(database, source, version)
    with Store.open(database) as store:
        office(store, MANAGER).approve(request.subject)


def keep_copy(source: Source) -> None:
    """Leave a copy of a rulebook on this machine, as a program does that tried it and found it good."""
    files, editions = source.read(), Editions(find_editions)
    with editions.copying(files) as copy:
        editions.keep(copy, digest_of(files))


class Branch:
    """A file of cases with three people in it, and the draft of a rulebook."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "cases.db"
        self.draft = folder / "rulebook"
        self.names = folder / "names.json"
        self.desks: list[Desk] = []
        make_branch(self.database)

    def publish(self, version: str, *edits: Edit, tried: bool = False) -> None:
        """Have a rulebook of that version published, as the one that comes with the program but for the edits.

        `tried` says that another program of this machine has tried it already.
        """
        source = Source(write_draft(self.draft, version, edits), None)
        put_in_force(self.database, source, version)
        if tried:
            keep_copy(source)

    def lay_over(self, text: str, number: str = "3") -> None:
        """Have the program's rulebook published with a bank's file over it."""
        overlay = self.database.with_name("bank.yaml")
        overlay.write_text(text, "utf-8")
        put_in_force(self.database, Source(None, overlay), f"{SHIPPED}+examplebank.{number}")

    def roll_back(self, word: str | None = None) -> None:
        """Have an earlier rulebook put in force again."""
        with Store.open(self.database) as store:
            wanted = find_earlier(Publications(store), word)
            request = propose_rollback(office(store, OFFICER), wanted, "新版有误")
            office(store, MANAGER).approve(request.subject)

    def sit_down(self, *, look: bool = True) -> Desk:
        """Start the program; `look` lets it look at what was published, as it does after the first paint."""
        desk = open_desk(self.database, actor=TELLER, names=self.names)
        self.desks.append(desk)
        if look:
            desk.rulebooks.look()
        return desk


@contextmanager
def at_branch(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Branch]:
    """Make a branch in `folder`, with folders of this user in it, for the length of a block."""
    environment.setenv("XDG_STATE_HOME", str(folder / "state"))
    made = Branch(folder)
    yield made
    for desk in made.desks:
        desk.leave()


def told(desk: Desk, language: Language = Language.EN) -> str:
    """Return what is said to be wrong with the published rulebook."""
    assert desk.rulebooks.notice is not None
    return desk.rulebooks.notice.trouble.sentence(language)


def advised_by(desk: Desk, case_id: str) -> list[str]:
    """Return the versions of the rulebook that the advice of a case was recorded with, in order."""
    return [str(e.body["rulebook"]) for e in desk.store.read_case(case_id) if e.kind is EventKind.ADVISED]

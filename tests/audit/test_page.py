"""`assistant case show`: the page of one case as whoever answers for it reads it, for people and for programs.

The pages stand in `golden/`, for people to read; `GOLDEN=write pytest tests/audit` writes them anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.audit.page import write_span
from assistant.case.events import EventKind, Matter, Outcome, Reason
from assistant.cli import main
from assistant.desk import Desk
from assistant.particulars.fields import Field, Party
from assistant.people.logins import find_login
from rules.facts import Answer, Known, StepOutcome
from tests.audit.story import TELLING, agree, begin, close, hold, refer, settle_gates
from tests.case.visits import HOUR, MINUTE, SECOND, Clock
from tests.outlet import change
from tests.people.branch import MANAGER, SUPERVISOR, TELLER

PAGES: Final = Path(__file__).with_name("golden")
PHONE: Final = "13800138000"
NAME: Final = "欧阳小满"


@dataclass(frozen=True, slots=True)
class Show:
    """Gives the command in the name of whoever has the login of this machine."""

    desk: Desk
    read: Callable[[], Any]

    def __call__(self, case_id: str, *words: str) -> str:
        self.read()
        number = self.desk.store.case(case_id).number
        assert main(["case", "show", number, "--db", str(self.desk.store.path), *words]) == 0
        said = self.read()
        assert said.err == ""
        return str(said.out)

    def data(self, case_id: str, *words: str) -> dict[str, Any]:
        """Return what programs get."""
        told: dict[str, Any] = json.loads(self(case_id, "--json", *words))
        return told

    def turn(self, number: str) -> None:
        """Let the commands from now on be given by that member."""
        store, login = self.desk.store, find_login()
        if before := store.roster.find_login(login):
            change(store, EventKind.LOGIN_BOUND, {"number": before.number}, MANAGER, SUPERVISOR, self.desk.clock)
        body = {"number": number, "login": login}
        change(store, EventKind.LOGIN_BOUND, body, MANAGER, SUPERVISOR, self.desk.clock)


@pytest.fixture
def show(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Show:
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    made = Show(desk, capsys.readouterr)
    made.turn(SUPERVISOR)
    return made


def play(desk: Desk, clock: Clock) -> str:
    """Play an invented visit in which much is left of what was advised, after an earlier one of the same customer."""
    earlier = begin(desk)
    desk.note_particulars(earlier, Party.CUSTOMER, Field.PHONE, PHONE)
    clock.wait(HOUR)
    case_id = hold(desk)
    desk.note_particulars(case_id, Party.CUSTOMER, Field.PHONE, PHONE)
    desk.note_particulars(case_id, Party.CUSTOMER, Field.NAME, NAME)
    for move in (
        lambda: desk.record_step(case_id, "call_110", StepOutcome.DONE, written={"unit": f"演示派出所，{PHONE}"}),
        lambda: desk.record_step(case_id, "pause_transaction", StepOutcome.NOT_APPLICABLE, Reason.DOES_NOT_FIT),
        lambda: desk.answer(case_id, TELLING, None),
        lambda: desk.answer(case_id, "hurried", Answer.YES, Known.SEEN),
        lambda: desk.take_back(case_id),
        lambda: desk.note(case_id, "虚构的备注"),
        lambda: settle_gates(desk, case_id),
        lambda: agree(desk, case_id, Matter.RELEASE),
        lambda: close(desk, case_id, Outcome.CLEARED),
    ):
        clock.wait(MINUTE + SECOND)
        move()
    return case_id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_reads_as_the_one_kept(show: Show, desk: Desk, clock: Clock, language: str) -> None:
    text = show(play(desk, clock), "--lang", language, "--texts", "--replay")
    # The id of a request is made anew each time.
    text = re.sub("(?<=^  申请 )[0-9a-f]{4,}|(?<=^  Request )[0-9a-f]{4,}", "....", text, flags=re.MULTILINE)
    path = PAGES / f"case.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_programs_get_the_same_in_figures(show: Show, desk: Desk, clock: Clock) -> None:
    case_id = play(desk, clock)
    case, told = desk.store.case(case_id), show.data(case_id, "--replay")
    assert told["moments"]["opened"] == case.history[0].at
    assert told["moments"]["police_called"] == case.history[0].at + MINUTE + SECOND
    assert [(one["code"], one["override"]) for one in told["departures"]] == [
        ("out_of_order", False),
        ("does_not_fit", True),
        ("level_lowered", False),
        ("level_lowered", False),
        ("released", True),
    ]
    assert told["earlier"] == [
        {
            "number": desk.store.list()[-1].number,
            "same": [{"party": "customer", "field": "phone"}],
            "certain": True,
        }
    ]
    events = [line for line in told["timeline"] if not line["depth"]]
    assert {line["seq"] for line in events} >= {event["seq"] for event in told["history"]}
    assert told["rulebooks"] == [told["hindsight"]["rulebook"]]
    assert told["hindsight"]["passages"] == []


def test_nobody_has_texts_or_looks_told_without_asking(show: Show, desk: Desk, clock: Clock) -> None:
    case_id = play(desk, clock)
    for form in ((), ("--json",)):
        told = show(case_id, *form)
        assert "虚构的备注" not in told
        assert "查看案件" not in told
        assert "虚构的备注" in show(case_id, "--texts", *form)
        assert "查看案件" in show(case_id, "--looks", *form)


def test_a_teller_asks_for_looks_in_vain_and_nobody_reads_a_number_in_full(
    show: Show, desk: Desk, clock: Clock
) -> None:
    case_id = play(desk, clock)
    show.turn(TELLER)
    for form in ((), ("--json",)):
        told = show(case_id, "--texts", "--looks", "--replay", *form)
        assert "查看案件" not in told
        assert [secret for secret in (PHONE, NAME) if secret in told] == []
        assert "138****8000" in told


def test_no_option_brings_a_suspicious_transaction_report_to_light(show: Show, desk: Desk) -> None:
    case_id = refer(desk)
    for reader, seen in ((SUPERVISOR, True), (TELLER, False)):
        show.turn(reader)
        for form in ((), ("--json",)):
            told = show(case_id, "--texts", "--looks", "--replay", *form)
            assert ("提交可疑交易线索" in told) is seen
            assert ("s-opening-referral" in told) is seen


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [(0, "0:00"), (65_999, "1:05"), (3_599_000, "59:59"), (7_241_000, "2:00:41"), (-61_000, "-1:01")],
)
def test_a_span_is_written_to_the_second(milliseconds: int, written: str) -> None:
    assert write_span(milliseconds) == written

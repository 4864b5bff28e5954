"""The whole record of a case: read back and folded it is the very case, for any case; others get what they may see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator

from assistant.case.concealment import conceal
from assistant.case.events import RevealReason
from assistant.confidence import find_confidential
from assistant.desk import Desk
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.preparing import Prepared, prepare, preview, write_document
from assistant.export.documents.record import FILE, make_schema, read_record
from assistant.export.stamp import make_stamp
from assistant.export.verification import Verdict, verify_export
from assistant.people.permissions import State
from assistant.store.chain import hash_event, name_file, write_canonical
from rules.advice import Adviser
from rules.language import Language
from tests.case.test_any_order import Visit
from tests.export.documents.staging import (
    ALONE,
    AUDITOR,
    COMPLIANCE,
    FRESH,
    RICH,
    SECRETS,
    STR_TRACES,
    SUPERVISOR,
    TELLER,
    Stage,
)
from tests.people.branch import COMPLIANCE as BRANCH_COMPLIANCE
from tests.people.branch import Branch

RECORD: Final = DocumentName.RECORD
WHY: Final = RevealReason.COMPLAINT
SCHEMA: Final = Path(__file__).parents[3] / "docs" / "schema" / FILE


def lay_out(desk: Desk, prepared: Prepared) -> dict[str, Any]:
    """Return what the file of a record holds."""
    content, missing = write_document(prepared, DocumentForm.JSON, make_stamp(desk, prepared.view.order))
    assert missing == ()
    told: dict[str, Any] = json.loads(content)
    return told


def write_record(staged: Stage, number: str = RICH, by: str = SUPERVISOR, reason: RevealReason | None = WHY) -> Any:
    """Return the record of a case as somebody gets it, in full unless there is no reason for it."""
    return lay_out(staged.desk, staged.prepare(RECORD, number, by=by, reason=reason))


class Recorded(Visit):
    """A visit in which anything may be tried; whatever came of it, its record is the same case again."""

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            prepared = prepare(self.desk, self.case_id, RECORD, Language.ZH, (self.desk.book,), WHY)
            read = read_record(lay_out(self.desk, prepared))
            assert read.case == self.case
            assert [event.hash for event in read.case.history] == [event.hash for event in self.case.history]
        super().teardown()


TestAnyCase = Recorded.TestCase
TestAnyCase.settings = settings(
    max_examples=settings().max_examples // 5,
    stateful_step_count=12,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.mark.parametrize("number", [RICH, ALONE, FRESH])
def test_read_back_a_record_in_full_is_the_very_case_and_what_belongs_to_it(staged: Stage, number: str) -> None:
    read = read_record(write_record(staged, number))
    case = staged.case(number)
    assert read.case == case
    assert read.case.summary() == case.summary()
    assert read.requests == tuple(reversed(staged.desk.store.list_requests(waiting=False, about=case.id)))
    assert read.looks == staged.desk.store.read_log(f"access:{case.id}", 500)[::-1][: len(read.looks)]
    assert read.looks


def test_with_nothing_but_the_file_each_hash_comes_out_again(staged: Stage) -> None:
    told = write_record(staged)
    assert len(told["history"]) == len(staged.case(RICH).history)
    for event in told["history"]:
        names = ("seq", "id", "subject", "at", "actor", "kind")
        seq, event_id, subject, at, actor, kind = (event[name] for name in names)
        file, body = name_file(staged.desk.store.db_id), write_canonical(event["body"])
        assert hash_event(event["prev"], file, seq, event_id, subject, at, actor, kind, body) == event["hash"]


@pytest.mark.parametrize("reason", [WHY, None])
@pytest.mark.parametrize("number", [RICH, ALONE, FRESH])
def test_it_fits_its_published_schema(staged: Stage, number: str, reason: RevealReason | None) -> None:
    told = write_record(staged, number, reason=reason)
    Draft202012Validator(make_schema()).validate(told)
    assert told["masked"] is told["stamp"]["masked"] is (reason is None)


def test_the_published_schema_is_the_one_of_the_program() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == make_schema()


def test_masked_it_is_the_same_case_without_what_is_about_persons(staged: Stage) -> None:
    told = write_record(staged, reason=None)
    text = json.dumps(told, ensure_ascii=False)
    assert [secret for secret in (*SECRETS, "13700137000") if secret in text] == []
    assert "137****7000" in text
    assert {"party": "customer", "field": "account", "value": "**** 0128"} in told["particulars"]
    history, whole = read_record(told).case.history, staged.case(RICH).history
    assert [(event.id, event.body, event.hash) for event in history] == [(one.id, one.body, one.hash) for one in whole]
    assert [event.private.keys() for event in history] == [event.private.keys() for event in whole]


@pytest.mark.parametrize(
    ("reader", "told"), [(SUPERVISOR, True), (COMPLIANCE, True), (TELLER, False), (AUDITOR, False)]
)
def test_only_who_needs_to_know_finds_a_suspicious_transaction_report(staged: Stage, reader: str, told: bool) -> None:
    record = write_record(staged, by=reader, reason=None)
    text = json.dumps(record, ensure_ascii=False)
    assert any(trace in text for trace in STR_TRACES) is told
    shown = [event["id"] for event in record["history"]]
    assert shown == [event.id for event in _show(staged, told=told)]


@pytest.mark.parametrize("number", [RICH, ALONE, FRESH])
@pytest.mark.parametrize(
    ("reader", "told"), [(SUPERVISOR, True), (COMPLIANCE, True), (TELLER, False), (AUDITOR, False)]
)
def test_by_no_hash_can_the_others_tell_that_something_was_left_out(
    staged: Stage, number: str, reader: str, told: bool
) -> None:
    record = write_record(staged, number, by=reader, reason=None)
    Draft202012Validator(make_schema()).validate(record)
    events = [*record["history"], *record["looks"], *(one for each in record["requests"] for one in each["history"])]
    assert len(events) >= len(record["history"]) > 0
    assert {event[name] is not None for event in events for name in ("hash", "prev")} == {told}
    assert read_record(record).case.number == number


def _show(staged: Stage, *, told: bool) -> Any:
    case = staged.case(RICH)
    return case.history if told else conceal(case, find_confidential(staged.desk.book)).history


def test_who_looked_is_told_to_those_who_may_read_that(staged: Stage) -> None:
    assert write_record(staged, by=TELLER, reason=None)["looks"] == []
    looks = write_record(staged, by=AUDITOR, reason=None)["looks"]
    assert (looks[-1]["actor"], looks[-1]["body"]) == (AUDITOR, {"how": "opened"})


def test_the_command_writes_one_that_is_known_again(own: Stage, tmp_path: Path) -> None:
    own.turn(SUPERVISOR)
    target = tmp_path / "record.json"
    assert own.export(target, "--document", "record", "--reveal", "complaint") == 0
    assert read_record(json.loads(target.read_bytes())).case == own.case(RICH)
    assert verify_export(own.desk.store, target).verdict is Verdict.GENUINE


def test_a_record_that_was_tampered_with_is_no_record_or_not_ours(own: Stage, tmp_path: Path) -> None:
    own.turn(SUPERVISOR)
    target = tmp_path / "record.json"
    assert own.export(target, "--document", "record", "--format", "json") == 0
    target.write_bytes(target.read_bytes().replace(b"hold", b"held", 1))
    assert verify_export(own.desk.store, target).verdict is Verdict.CHANGED


def test_of_an_erased_case_every_document_is_made_of_what_is_left(tmp_path: Path, adviser: Adviser) -> None:
    branch = Branch.full(tmp_path / "cases.db")
    try:
        case_id = branch.case_in(State.ERASED)
        desk = Desk(branch.store, adviser, BRANCH_COMPLIANCE, branch.clock)
        prepared = prepare(desk, case_id, RECORD, Language.ZH, (desk.book,), None)
        assert read_record(lay_out(desk, prepared)).case == branch.store.case(case_id)
        for name in (DocumentName.CASE_SUMMARY, DocumentName.RECEIPT, DocumentName.POLICE_HANDOVER):
            page = preview(prepare(desk, case_id, name, Language.ZH, (desk.book,), None))
            assert "虚构的备注" not in page
            assert branch.store.case(case_id).number in page
    finally:
        branch.store.close()

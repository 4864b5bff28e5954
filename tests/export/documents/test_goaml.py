"""The draft of a suspicious transaction report as goAML XML: it fits the schema that the bank supplies, or is refused
with what does not fit, and never claims to have been filed.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assistant.case.events import RevealReason
from assistant.export.documents import goaml_codes
from assistant.export.documents.goaml import tidy_value, write_goaml, write_yuan
from assistant.export.documents.goaml_codes import (
    GoamlCheckerMissing,
    GoamlCodesUnread,
    GoamlMasked,
    GoamlSchemaMissing,
    GoamlSchemaUnread,
    GoamlUnfit,
)
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.stamp import MARK
from assistant.particulars.fields import Field
from rules.advice import Adviser
from rules.errors import Trouble
from rules.facts import Known
from rules.language import Language
from tests.export.documents.papers import make_still, open_case, suspect
from tests.export.documents.staging import COMPLIANCE, CUSTOMER, PAYEE, SECRETS, SETTINGS, Stage, stage

SCHEMA: Final = Path(__file__).with_name("report.xsd")
ENTITY: Final = "  goaml_entity: '31000017'\n"
FULL: Final = RevealReason.POLICE_REQUEST


def write(made: Stage, number: str, reason: RevealReason | None = FULL) -> bytes:
    """Return the XML of a case, as a compliance officer has it made."""
    prepared = made.prepare(DocumentName.STR_PAPER, number, by=COMPLIANCE, reason=reason)
    return write_goaml(prepared.view, make_still(made, prepared))


@pytest.fixture
def ready(tmp_path: Path, adviser: Adviser) -> Iterator[Stage]:
    """The staged file of a bank that was given a schema and a number."""
    with stage(tmp_path / "cases.db", adviser, settings=f"{SETTINGS}{ENTITY}  goaml_schema: {SCHEMA}\n") as made:
        yield made


def test_the_report_of_a_case_fits_the_schema(ready: Stage) -> None:
    xml = write(ready, suspect(ready.desk))
    rules = etree.XMLSchema(etree.parse(str(SCHEMA)))
    tree = etree.fromstring(xml)
    assert rules.validate(tree), rules.error_log
    assert tree.findtext("report_code") == "STR"
    assert tree.findtext("rentity_id") == "31000017"
    assert next(tree.iter("indicator")).text == "official_impersonation"


def test_each_portion_of_the_money_is_a_transaction_with_one_side_from_and_one_to(ready: Stage) -> None:
    tree = etree.fromstring(write(ready, suspect(ready.desk)))
    transactions = tree.findall("transaction")
    assert [one.findtext("amount_local") for one in transactions] == ["50000.50", "1200.00"]
    assert [one.findtext("date_transaction") for one in transactions] == ["2025-11-24T18:00:00", "2025-11-23T12:00:00"]
    sides = [[side.tag for side in one if side.tag.startswith("t_")] for one in transactions]
    assert sides == [["t_from_my_client", "t_to"], ["t_from_my_client", "t_to_my_client"]]
    for one in transactions:
        assert one.findtext("t_from_my_client/from_account/account") == CUSTOMER[Field.ACCOUNT]
        assert one.findtext(".//to_account/account_name") == PAYEE[Field.NAME]


def test_the_file_says_that_it_is_no_filing_and_bears_its_stamp(ready: Stage) -> None:
    number = suspect(ready.desk)
    said = etree.fromstring(write(ready, number))[0].text
    assert "不代表已报送" in said
    assert MARK in said


def test_no_value_has_a_line_end_or_a_blank_at_its_end(ready: Stage) -> None:
    number = suspect(ready.desk)
    values = [node.text for node in etree.fromstring(write(ready, number)).iter() if node.tag is not etree.Comment]
    leaves = [value for value in values if value and value.strip()]
    assert leaves
    assert [value for value in leaves if value != value.strip() or "\n" in value or "\r" in value] == []


@given(st.text())
def test_any_text_becomes_a_value_that_xml_can_hold(text: str) -> None:
    value = tidy_value(text)
    assert value == " ".join(value.split())
    node = etree.Element("value")
    node.text = value
    assert etree.fromstring(etree.tostring(node)).text == (value or None)


@given(st.integers(min_value=0, max_value=10**15))
def test_an_amount_is_exact_to_the_last_fen(fen: int) -> None:
    told = write_yuan(fen)
    assert told is not None
    assert int(told.replace(".", "")) == fen
    assert told[-3] == "."


def test_without_a_schema_it_is_refused(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser) as made, pytest.raises(GoamlSchemaMissing) as refused:
        write(made, suspect(made.desk))
    assert "documents.goaml_schema" in refused.value.sentence(Language.EN)


def test_masked_it_is_refused(ready: Stage) -> None:
    with pytest.raises(GoamlMasked):
        write(ready, suspect(ready.desk), reason=None)


def test_what_does_not_fit_is_said_by_line_and_place_and_without_anything_about_a_person(
    tmp_path: Path, adviser: Adviser
) -> None:
    settings = f"{SETTINGS}  goaml_schema: {SCHEMA}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(GoamlUnfit) as refused:
        write(made, suspect(made.desk))
    for language in Language:
        said = refused.value.sentence(language)
        assert "rentity_branch" in said
        assert "rentity_id" in said
        assert ("第4行" if language is Language.ZH else "line 4") in said
        assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize(
    ("rule", "stricter", "place"),
    [
        ('<xs:maxLength value="50"/>', '<xs:maxLength value="10"/>', "transactionnumber"),
        ('name="account" type="number"', 'name="account" type="short"', "account"),
    ],
)
def test_a_value_that_does_not_fit_is_not_repeated_in_the_sentence(
    rule: str, stricter: str, place: str, tmp_path: Path, adviser: Adviser
) -> None:
    short = '<xs:simpleType name="short"><xs:restriction base="xs:decimal"><xs:totalDigits value="3"/></xs:restriction>'
    strict = SCHEMA.read_text("utf-8").replace(rule, stricter)
    strict = strict.replace('<xs:simpleType name="words">', f'{short}</xs:simpleType><xs:simpleType name="words">')
    schema = tmp_path / "strict.xsd"
    schema.write_text(strict, "utf-8")
    settings = f"{SETTINGS}{ENTITY}  goaml_schema: {schema}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(GoamlUnfit) as refused:
        write(made, suspect(made.desk))
    for language in Language:
        said = refused.value.sentence(language)
        assert place in said
        assert not [secret for secret in SECRETS if secret in said]


def test_a_case_of_which_no_amount_is_known_does_not_fit_and_none_is_made_up(ready: Stage) -> None:
    number = ready.desk.store.case(open_case(ready.desk, "transfer", {"official_caller": Known.SAID})).number
    with pytest.raises(GoamlUnfit) as refused:
        write(ready, number)
    assert "amount_local" in refused.value.sentence(Language.ZH)


@pytest.mark.parametrize(
    ("content", "problem"),
    [("", "line"), ("<xs:schema", "line"), ("<report/>", "line"), (None, "No such file")],
)
def test_what_is_no_schema_is_said(content: str | None, problem: str, tmp_path: Path, adviser: Adviser) -> None:
    schema = tmp_path / "broken.xsd"
    if content is not None:
        schema.write_text(content, "utf-8")
    settings = f"{SETTINGS}{ENTITY}  goaml_schema: {schema}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(GoamlSchemaUnread) as refused:
        write(made, suspect(made.desk))
    said = refused.value.sentence(Language.EN)
    assert "broken.xsd" in said
    assert problem in said or "cannot be read" in said


def test_a_relative_schema_lies_beside_the_file_of_cases(tmp_path: Path, adviser: Adviser) -> None:
    (tmp_path / "bank.xsd").write_bytes(SCHEMA.read_bytes())
    settings = f"{SETTINGS}{ENTITY}  goaml_schema: bank.xsd\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made:
        assert write(made, suspect(made.desk)).startswith(b"<?xml")


def test_a_bank_brings_the_codes_of_its_own_unit(tmp_path: Path, adviser: Adviser) -> None:
    ours = Path(goaml_codes.__file__).with_name(goaml_codes.NAME).read_text("utf-8")
    own = ours.replace("other: D", "transfer: A\n    other: D").replace(
        "indicators: {}", "indicators: {official_impersonation: FR01}"
    )
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "goaml.yaml").write_text(own, "utf-8")
    settings = f"{SETTINGS}{ENTITY}  goaml_schema: {SCHEMA}\n  templates: papers\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made:
        tree = etree.fromstring(write(made, suspect(made.desk)))
    assert {one.text for one in tree.iter("transmode_code")} == {"A"}
    assert next(tree.iter("indicator")).text == "FR01"


@pytest.mark.parametrize("content", ["codes: {", "codes: {submission_code: 3}", "[]", "\xff"])
def test_codes_that_cannot_be_used_are_said(content: str, tmp_path: Path, adviser: Adviser) -> None:
    (tmp_path / "goaml.yaml").write_bytes(content.encode("latin-1"))
    settings = f"{SETTINGS}{ENTITY}  goaml_schema: {SCHEMA}\n  templates: {tmp_path}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(GoamlCodesUnread):
        write(made, suspect(made.desk))


def test_without_the_checker_it_is_refused(ready: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    number = suspect(ready.desk)
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(GoamlCheckerMissing) as refused:
        write(ready, number)
    assert "lxml" in refused.value.sentence(Language.EN)


def test_a_schema_fetches_nothing_from_elsewhere(tmp_path: Path, adviser: Adviser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        schema = tmp_path / "far.xsd"
        schema.write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
            f'<xs:include schemaLocation="http://127.0.0.1:{elsewhere.getsockname()[1]}/types.xsd"/>'
            '<xs:element name="report" type="far"/></xs:schema>'
        )
        settings = f"{SETTINGS}{ENTITY}  goaml_schema: {schema}\n"
        with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(GoamlSchemaUnread):
            write(made, suspect(made.desk))
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_every_refusal_is_a_sentence_in_both_languages() -> None:
    details: dict[str, Any] = {"path": "x", "problem": "y", "count": 1, "first": "z"}
    kinds: tuple[type[Trouble], ...] = (
        GoamlSchemaMissing,
        GoamlMasked,
        GoamlSchemaUnread,
        GoamlCodesUnread,
        GoamlUnfit,
    )
    for kind in (*kinds, GoamlCheckerMissing):
        zh, en = (kind(**details).sentence(language) for language in Language)
        assert (zh[-1], en[-1]) == ("。", ".")


def test_the_form_is_offered(ready: Stage) -> None:
    prepared = ready.prepare(DocumentName.STR_PAPER, suspect(ready.desk), by=COMPLIANCE, reason=FULL)
    assert DocumentForm.GOAML in prepared.view.kind.forms
    assert b"<report>" in ready.write(prepared, DocumentForm.GOAML)

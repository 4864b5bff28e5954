"""The JSON Schemas that editors use fit what the loader takes, and the stored ones are those of this release."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from rules.language import read_yaml
from rules.loading import PROPERTIES, RulebookUnsound, load_book
from rules.proof.properties import parse_properties
from rules.review.schema import FILE, PROPERTIES_FILE, main, make_properties_schema, make_schema, write_schema

ROOT: Final = Path(__file__).parents[2]
BOOK: Final = ROOT / "rules" / "book"
FILES: Final = [path for path in sorted(BOOK.rglob("*.yaml")) if path.name != PROPERTIES]
SCHEMA: Final = make_schema()
PROPERTIES_SCHEMA: Final = make_properties_schema()


def as_json(entry: Any) -> Any:
    """Return what YAML read as JSON would hold it: a date is a text."""
    if isinstance(entry, Mapping):
        return {name: as_json(value) for name, value in entry.items()}
    if isinstance(entry, list):
        return [as_json(value) for value in entry]
    return entry.isoformat() if isinstance(entry, datetime.date) else entry


def fits(text: str, schema: Mapping[str, Any] = SCHEMA) -> bool:
    """Tell whether a file with this text fits the schema."""
    return bool(Draft202012Validator(schema).is_valid(as_json(read_yaml(text))))


@pytest.mark.parametrize("name", [FILE, PROPERTIES_FILE])
def test_the_schemas_that_are_handed_out_are_those_of_this_release(tmp_path: Path, name: str) -> None:
    main(tmp_path)
    assert (ROOT / "docs" / "schema" / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8")


def test_the_rulebooks_schema_is_the_one_that_the_command_writes(tmp_path: Path) -> None:
    main(tmp_path)
    assert (tmp_path / FILE).read_text("utf-8") == write_schema()


@pytest.mark.parametrize("schema", [SCHEMA, PROPERTIES_SCHEMA], ids=["rulebook", "properties"])
def test_a_schema_is_itself_sound(schema: Mapping[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BOOK)))
def test_every_file_of_the_rulebook_fits(path: Path) -> None:
    assert fits(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("urgency: five_minutes", "urgency: soon"),
        ("urgency: five_minutes", "urgancy: five_minutes"),
        ("owner: supervisor", "owner: boss"),
        ("basis: practice", "basis: experience"),
        ("when: payee_listed", "when: {maybe: payee_listed}"),
        ("when: payee_listed", "when: Payee"),
        ("when: payee_listed", "when: payee_listed=perhaps"),
        ("when: payee_listed", "when: {any: []}"),
        ("when: payee_listed", "when: {points: many, of: {payee_listed: 1}}"),
        ("when: payee_listed", "when: {portion: {state: [pendin]}}"),
        ("when: payee_listed", "when: {portion: {paid_from: [here]}}"),
    ],
)
def test_a_slip_in_a_step_is_marked_by_the_editor(right: str, wrong: str) -> None:
    text = (BOOK / "steps" / "people.yaml").read_text("utf-8") + (BOOK / "steps" / "stop.yaml").read_text(
        "utf-8"
    ).partition("steps:\n")[2]
    assert fits(text)
    assert right in text
    assert not fits(text.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("needs: [money_missing]", "needs: [{not: money_missing}]"),
        ("needs: [money_missing]", "neads: [money_missing]"),
        ("yuan: 52000", "yuan: much"),
        ("yuan: 52000", "yuen: 52000"),
        ("level: police", "level: polise"),
    ],
)
def test_a_slip_in_an_example_is_marked_by_the_editor(right: str, wrong: str) -> None:
    text = (BOOK / "examples" / "stories.yaml").read_text("utf-8")
    assert right in text
    assert not fits(text.replace(right, wrong, 1))


def test_the_properties_kept_beside_the_rulebook_fit_their_schema_and_no_other_file_does() -> None:
    assert fits((BOOK / PROPERTIES).read_text("utf-8"), PROPERTIES_SCHEMA)
    assert [path.name for path in FILES if fits(path.read_text("utf-8"), PROPERTIES_SCHEMA)] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("basis: practice", "basis: experience"),
        ("never: ", "newer: "),
        ("never: ", "always: listed\n    never: "),
        ("    monotone: true", "    monotone: false"),
        ('whenever: "money:pending"', 'whenever: "monney:pending"'),
        ('always: "advised:call_110"', 'always: "advice:call_110"'),
        ('always: "advised:call_110"', 'always: "advised:call-110"'),
        ("{before: [call_110, refuse_service]}", "{before: [call_110]}"),
        ("{before: [call_110, refuse_service]}", "{first: [call_110, refuse_service]}"),
        ("{in_order: [locate_funds, close_class_2]}", "{in_order: close_class_2}"),
        ("{step: call_110, by: customer}", "{step: call_110, by: client}"),
        ("{step: call_110, by: customer}", "{step: call_110}"),
        ("{only: [elderly,", "{only: [{elderly: yes},"),
        ("payee: [payment_account]", "payee: [wallet]"),
        ("  help-is-heard:", "  Help_Is_Heard:"),
        ('    whenever: "request:help"\n', "    whenever: {all: []}\n"),
    ],
)
def test_a_slip_in_a_property_is_marked_by_the_editor_and_refused_by_the_loader(right: str, wrong: str) -> None:
    text = (BOOK / PROPERTIES).read_text("utf-8")
    assert right in text
    slip = text.replace(right, wrong, 1)
    assert not fits(slip, PROPERTIES_SCHEMA)
    with pytest.raises(RulebookUnsound):
        parse_properties(load_book(), slip)


def test_whatever_a_property_may_say_fits_inside_whatever_else_it_may_say() -> None:
    said = [
        "now:call_110",
        "withheld:call_110",
        "on_phone=seen",
        "{at_least: 2, of: [on_phone, hurried]}",
        "{points: 3, of: {on_phone: 2, hurried: 1}}",
        "{amount_from: 50000}",
        "{only: []}",
        "{portion: {state: [pending]}}",
        "{before: [call_110, refuse_service]}",
        "{step: call_110, by: supervisor}",
    ]
    for part in said:
        whole = f"{{not: {{any: [{part}, {{all: [{part}]}}]}}}}"
        text = f"properties: {{a: {{name: {{zh: 甲, en: a}}, basis: practice, whenever: {part}, never: {whole}}}}}"
        assert fits(text, PROPERTIES_SCHEMA), part
        assert list(parse_properties(load_book(), text)) == ["a"]

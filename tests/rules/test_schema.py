"""The JSON Schema that editors use fits what the loader takes, and the stored one is that of this release."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from rules.language import read_yaml
from rules.loading import PROPERTIES
from rules.review.schema import FILE, make_schema, write_schema

ROOT: Final = Path(__file__).parents[2]
BOOK: Final = ROOT / "rules" / "book"
FILES: Final = [path for path in sorted(BOOK.rglob("*.yaml")) if path.name != PROPERTIES]
SCHEMA: Final = make_schema()


def as_json(entry: Any) -> Any:
    """Return what YAML read as JSON would hold it: a date is a text."""
    if isinstance(entry, Mapping):
        return {name: as_json(value) for name, value in entry.items()}
    if isinstance(entry, list):
        return [as_json(value) for value in entry]
    return entry.isoformat() if isinstance(entry, datetime.date) else entry


def fits(text: str) -> bool:
    """Tell whether a file with this text fits the schema."""
    return bool(Draft202012Validator(SCHEMA).is_valid(as_json(read_yaml(text))))


def test_the_schema_that_is_handed_out_is_that_of_this_release() -> None:
    assert (ROOT / "docs" / "schema" / FILE).read_text("utf-8") == write_schema()


def test_the_schema_is_itself_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


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

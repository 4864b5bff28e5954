"""The JSON Schemas of a rulebook's files and of its properties, for the editors in which officers write them:

python -m rules.review.schema docs/schema
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from rules.conditions import ASPECTS, Subject
from rules.facts import MoneyState, PaidFrom, PayeeAt
from rules.model import Book, Entry, Owner, RuleId
from rules.proof.properties import Property
from rules.review.examples import Examples

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FILE: Final = "rulebook.schema.json"
PROPERTIES_FILE: Final = "properties.schema.json"

_ID: Final = "[a-z][a-z0-9_]*"
_TOGETHER: Final = frozenset({"given", "needs", "without", "plus"})
_CHOICES: Final = frozenset({"each", "none", "unless"})
_CLAIMS: Final = ("whenever", "always", "never")


def make_schema() -> dict[str, Any]:
    """Return the schema that every file of a rulebook fits: one with sections of the book, or one with examples."""
    book, examples = _read(Book), _read(Examples)
    definitions = {**book.pop("$defs"), **examples.pop("$defs"), **_conditions()}
    for section in (book, examples):
        # A file holds some sections of the whole.
        section.pop("required", None)
        section["minProperties"] = 1
    whole = {"anyOf": [{"$ref": "#/$defs/Book"}, {"$ref": "#/$defs/Examples"}]}
    return {
        "$schema": DIALECT,
        "title": "Rulebook",
        **whole,
        "$defs": {**definitions, "Book": _refer(book), "Examples": _refer(examples)},
    }


def make_properties_schema() -> dict[str, Any]:
    """Return the schema of the properties that are kept beside a rulebook."""
    one = Property.model_json_schema()
    definitions = one.pop("$defs")
    # What is claimed is read by hand, so the model says nothing of its form, nor that there is one claim.
    one["properties"].update({name: {"$ref": "#/$defs/Statement"} for name in _CLAIMS})
    held = {"required": ["monotone"], "properties": {"monotone": {"const": True}}}
    one["oneOf"] = [{"required": ["always"]}, {"required": ["never"]}, held]
    names = TypeAdapter(RuleId).json_schema()
    named = {"type": "object", "propertyNames": names, "additionalProperties": {"$ref": "#/$defs/Property"}}
    return {
        "$schema": DIALECT,
        "title": "Properties",
        **_only({"properties": named}),
        "$defs": {**definitions, "Atom": _atom(), "Property": one, "Statement": _statement()},
    }


def write_schema(schema: Mapping[str, Any] | None = None) -> str:
    """Return a schema, by default that of a rulebook's files, as the text of its file."""
    return json.dumps(schema or make_schema(), ensure_ascii=False, indent=2) + "\n"


def _read(model: type[Entry]) -> dict[str, Any]:
    schema = model.model_json_schema()
    schema["$defs"] = {name: _refer(entry) for name, entry in schema["$defs"].items()}
    return schema


def _refer(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with its conditions and facts, which are read by hand, put under their definitions."""
    fields: dict[str, Any] = entry.get("properties", {})
    put: dict[str, Any] = {}
    for name in fields:
        if name == "when":
            put[name] = {"$ref": "#/$defs/Condition"}
        elif name in _TOGETHER:
            put[name] = {"$ref": "#/$defs/Facts"}
        elif name in _CHOICES and "given" in fields:
            put[name] = {"type": "array", "items": {"$ref": "#/$defs/Facts"}}
    return {**entry, "properties": {**fields, **put}} if put else entry


def _conditions() -> Mapping[str, Any]:
    fact = {"anyOf": [{"$ref": "#/$defs/Atom"}, {"$ref": "#/$defs/Money"}]}
    return {
        "Atom": _atom(),
        "Condition": {"description": "When something holds.", "anyOf": _forms("Condition")},
        "Facts": {"description": "What is given.", "anyOf": [*fact["anyOf"], {"type": "array", "items": fact}]},
        "Money": _money(),
    }


def _statement() -> dict[str, Any]:
    step = {"type": "string", "pattern": f"^{_ID}$"}
    steps = {"type": "array", "items": step}
    several = {**steps, "minItems": 2}
    about_steps = [
        {"type": "string", "pattern": f"^(advised|now|withheld|first):{_ID}$"},
        _only({"before": several}),
        _only({"in_order": several}),
        _only({"step": step, "by": {"enum": [owner.value for owner in Owner]}}),
        _only({"only": steps}),
    ]
    return {"description": "What is so of a visit and its advice.", "anyOf": [*_forms("Statement"), *about_steps]}


def _forms(whole: str) -> list[dict[str, Any]]:
    """Return the forms of a condition; the parts of `all`, `any` and `not` are each a `whole`."""
    part = {"$ref": f"#/$defs/{whole}"}
    parts = {"type": "array", "items": part, "minItems": 1}
    atoms = {"type": "array", "items": {"$ref": "#/$defs/Atom"}, "minItems": 1}
    count = {"type": "integer", "minimum": 1}
    weights = {"type": "object", "propertyNames": {"$ref": "#/$defs/Atom"}, "additionalProperties": count}
    portion = _only({"state": _some(MoneyState), "paid_from": _some(PaidFrom), "payee": _some(PayeeAt)}, "state")
    return [
        {"$ref": "#/$defs/Atom"},
        _only({"all": parts}),
        _only({"any": parts}),
        _only({"not": part}),
        _only({"at_least": count, "of": atoms}),
        _only({"points": count, "of": {**weights, "minProperties": 1}}),
        _only({"portion": portion}),
        _only({"amount_from": count}),
    ]


def _atom() -> dict[str, Any]:
    return {"type": "string", "anyOf": [{"pattern": pattern} for pattern in _patterns()]}


def _patterns() -> list[str]:
    patterns = []
    for subject in Subject:
        aspects = "|".join(sorted(ASPECTS.get(subject, {"yes"})))
        prefix = f"({subject}:)?" if subject is Subject.SIGN else f"{subject}:"
        patterns.append(f"^{prefix}{_ID}(=({aspects}))?$")
    return patterns


def _money() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    fields = {"state": _one(MoneyState), "paid_from": _one(PaidFrom), "payee": _one(PayeeAt)}
    return _only({**fields, "yuan": whole, "hours": whole}, "state")


def _only(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    needed = list(required or properties)
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _one(words: type[MoneyState | PaidFrom | PayeeAt]) -> dict[str, Any]:
    return {"enum": [word.value for word in words]}


def _some(words: type[MoneyState | PaidFrom | PayeeAt]) -> dict[str, Any]:
    return {"type": "array", "items": _one(words)}


def main(folder: Path) -> None:
    """Write both schemas into `folder`."""
    (folder / FILE).write_text(write_schema(), encoding="utf-8")
    (folder / PROPERTIES_FILE).write_text(write_schema(make_properties_schema()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The list of what a template can say, for a bank that writes its own, drawn from the documents themselves:

python -m assistant.export.documents.fields docs/documents.md
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from assistant.export.documents.kinds import KINDS, PAGES, DocumentName
from assistant.export.documents.words import WORDS
from rules.language import Language

BEGIN: Final = "<!-- fields -->"
"""What stands above it in the page was written by hand."""
_KINDS: Final = {
    "str": "text",
    "str | None": "text or blank",
    "None": "blank",
    "bool": "yes or no",
    "tuple[str, ...]": "list of texts",
}


@dataclass(frozen=True, slots=True)
class FactField:
    """A field of what a document says."""

    name: str
    kind: str
    """What it is, in words; a class of the same module for a list of its own."""
    rows: type | None
    """What is in it, if it is more than text."""
    says: str
    """Its docstring."""


def list_fields(facts: type) -> Iterator[FactField]:
    """Yield the fields of a class of facts, in their order."""
    said = _read_docstrings(facts)
    for field in fields(facts):
        kind, rows = str(field.type), None
        if kind not in _KINDS:
            name = kind.removesuffix(" | None").removeprefix("tuple[").removesuffix(", ...]")
            rows = getattr(sys.modules[facts.__module__], name)
            kind = f"list of {name}" if kind.startswith("tuple") else f"{name}, or nothing"
        yield FactField(field.name, _KINDS.get(kind, kind), rows, said.get(field.name, ""))


def find_facts(name: DocumentName) -> type:
    """Return the class of what the document of that name says."""
    module = import_module(f"assistant.export.documents.{name}")
    found: Any = getattr(module, str(module.gather.__annotations__["return"]))
    assert is_dataclass(found)  # noqa: S101 (of our own making)
    return found if isinstance(found, type) else type(found)


def write_fields() -> str:
    """Return the list of all fields of all documents, as Markdown."""
    return "\n".join(_write_all()) + "\n"


def write_page(page: str) -> str:
    """Return the page with the list in the place of the one it has."""
    return page.partition(BEGIN)[0] + f"{BEGIN}\n\n{write_fields()}"


def _write_all() -> Iterator[str]:
    for name, kind in KINDS.items():
        if PAGES[0] not in kind.forms:
            continue
        zh, en = (WORDS(f"name.{name}", language) for language in (Language.ZH, Language.EN))
        yield f"## {zh} · {en}: `{name}`"
        yield ""
        yield from write_classes(find_facts(name))


def write_classes(first: type) -> Iterator[str]:
    """Yield the fields of a class of facts as lines of Markdown, and of all classes that are in it."""
    waiting, seen = [first], set[type]()
    while waiting:
        facts = waiting.pop(0)
        if facts not in seen:
            if seen:
                yield from (f"In {facts.__name__}:", "")
            seen.add(facts)
            yield from _write_class(facts)
            waiting += [field.rows for field in list_fields(facts) if field.rows]


def _write_class(facts: type) -> Iterator[str]:
    yield "| field | what it is | what it says |"
    yield "| --- | --- | --- |"
    for field in list_fields(facts):
        yield f"| `{field.name}` | {field.kind} | {field.says} |"
    yield ""


@cache
def _read_docstrings(facts: type) -> dict[str, str]:
    """Return what stands below each field of a class: Python itself forgets it."""
    module = sys.modules[facts.__module__]
    tree = next(node for node in _parse(module).body if isinstance(node, ast.ClassDef) and node.name == facts.__name__)
    said: dict[str, str] = {}
    for node, below in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(below, ast.Expr):
            said[node.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return said


@cache
def _parse(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def main(path: Path) -> None:
    """Write the list into the page."""
    path.write_text(write_page(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

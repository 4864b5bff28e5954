"""Holds an XML file against a schema. What is said of a misfit names places and never a value: those are of persons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from assistant.export.documents.goaml_codes import (
    GOAML_WORDS,
    GoamlCheckerMissing,
    GoamlSchemaUnread,
    GoamlUnfit,
)
from rules.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator


class Misfit(Protocol):
    """What the checker says of one misfit."""

    line: int
    type_name: str
    message: str
    path: str | None


FIRST: Final = 3
"""So many of the misfits are told."""
_ORDER: Final = "SCHEMAV_ELEMENT_CONTENT"
"""The kind of misfit whose message names elements only: which one stands where another was expected."""
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*?) \)")


def check_xml(xml: bytes, schema: Path) -> None:
    """Raise GoamlUnfit unless `xml` fits the schema; GoamlSchemaUnread, GoamlCheckerMissing where that cannot be told.

    Nothing is fetched: what a schema includes must lie beside it.
    """
    try:
        from lxml import etree
    except ImportError:
        raise GoamlCheckerMissing from None
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    try:
        rules = etree.XMLSchema(etree.parse(str(schema), parser))
    except OSError as error:
        raise GoamlSchemaUnread(path=schema, problem=error.strerror or _say("unread")) from None
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        entries = list(error.error_log)
        problem = _say("at_line", line=entries[0].line) if entries else _say("unread")
        raise GoamlSchemaUnread(path=schema, problem=problem) from None
    if not rules.validate(etree.fromstring(xml, parser)):
        found = list(rules.error_log)
        raise GoamlUnfit(path=schema, count=len(found), first=tuple(_tell(entry) for entry in found[:FIRST]))


def _tell(entry: Misfit) -> Text:
    kind = entry.type_name.removeprefix("SCHEMAV_").removeprefix("CVC_").lower()
    expected = _EXPECTED.search(entry.message) if entry.type_name == _ORDER else None
    if expected:
        what = _say("expected", expected=expected[1])
    elif f"texts.kind.{kind}" in GOAML_WORDS:
        what = _say(f"kind.{kind}")
    else:
        what = Text(kind, kind)
    place = "/".join(_list_names(entry.path))
    zh, en = (
        GOAML_WORDS("texts.misfit", language, line=entry.line, place=place, what=what.read(language))
        for language in (Language.ZH, Language.EN)
    )
    return Text(zh, en)


def _list_names(path: str | None) -> Iterator[str]:
    """Yield the elements of a path without where they come from."""
    for part in (path or "").split("/"):
        if part:
            yield part.rpartition(":")[-1]


def _say(key: str, **details: object) -> Text:
    zh, en = (GOAML_WORDS(f"texts.{key}", language, **details) for language in (Language.ZH, Language.EN))
    return Text(zh, en)

"""`assistant rules schema`: the JSON Schema by which an editor helps to write a rulebook's files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from assistant.cli.output import say
from assistant.cli.rules.words import RULE_WORDS
from assistant.quoting import clip
from rules.errors import BadInput
from rules.language import Language
from rules.review.schema import write_schema

STANDARD_OUTPUT: Final = "-"


class SchemaUnwritten(BadInput):
    """The file for the schema could not be written."""

    catalogue = RULE_WORDS
    code = "schema_unwritten"


def run(options: Namespace, language: Language) -> int:
    """Print the schema, or write it into `options.output`. Raises SchemaUnwritten."""
    if options.output == STANDARD_OUTPUT:
        say(write_schema().removesuffix("\n"))
        return 0
    try:
        Path(options.output).expanduser().write_text(write_schema(), encoding="utf-8")
    except OSError as error:
        raise SchemaUnwritten(path=clip(options.output), problem=error.strerror) from None
    say(RULE_WORDS("schema.written", language, path=options.output))
    return 0

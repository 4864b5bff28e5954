"""The catalogue of the screens and the code agree: no text is asked for that is not there, none lies there unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from rules.language import Catalogue

UI = Path(__file__).parents[2] / "ui"
SCREEN = Catalogue("ui")
QUIET = {"quiet.word.": Catalogue("rules"), "quiet.case.": Catalogue("assistant.case")}


def nodes() -> Iterator[ast.AST]:
    """Yield every piece of the code of the screens."""
    for path in sorted(UI.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text("utf-8")))


def text_of(node: ast.AST) -> str | None:
    """Return the text of a literal, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def pattern(made: ast.JoinedStr) -> str:
    """Return what an f-string can become, as a regular expression."""
    texts = [text_of(part) for part in made.values]
    return "".join(r"[^.]+" if text is None else re.escape(text) for text in texts)


def says(call: ast.Call) -> bool:
    """Tell whether this is a call that asks the catalogue of the screens for a text."""
    match call.func:
        case ast.Attribute(attr="say") | ast.Name(id="say" | "SCREEN"):
            return True
    return False


def test_every_text_that_a_screen_says_is_in_the_catalogue() -> None:
    calls = [node for node in nodes() if isinstance(node, ast.Call) and node.args and says(node)]
    said = {text for call in calls if (text := text_of(call.args[0])) is not None}
    assert len(said) > 50
    assert sorted(key for key in said if key not in SCREEN) == []


def test_no_text_of_the_catalogue_lies_there_unused() -> None:
    found = list(nodes())
    words = {text for node in found if (text := text_of(node)) is not None}
    joined = {pattern(node) for node in found if isinstance(node, ast.JoinedStr)}
    # A trouble's own code is put behind this word where troubles are told.
    joined |= {rf"trouble\.{word}" for word in words if word.isidentifier()}
    made = re.compile("|".join(joint for joint in joined if re.match(r"[a-z_]+\\\.", joint)))

    def is_used(key: str) -> bool:
        # The name of a key is put behind the word `key`, so that any name at all would pass as made.
        name = key.rpartition(".")[2]
        return key in words or (made.fullmatch(key) is not None and (name in words or not key.startswith("key.")))

    def is_quiet_word(key: str) -> bool:
        # What the quiet face says in place of a word of the rules or of the case is used where that one is.
        return any(key.startswith(face) and key.removeprefix(face) in other for face, other in QUIET.items())

    assert [key for key in SCREEN if not is_used(key.removeprefix("quiet.")) and not is_quiet_word(key)] == []


def test_every_text_says_the_same_things_in_both_languages() -> None:
    def braces(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)", text))

    texts = {key: SCREEN.text(key) for key in SCREEN}
    assert [key for key, text in texts.items() if not text.zh.strip() or not text.en.strip()] == []
    assert [key for key, text in texts.items() if braces(text.zh) != braces(text.en)] == []

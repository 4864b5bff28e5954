"""From the YAML files of a rulebook to a checked `Book`: every fault names file, line, entry and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.check import Misfit, find_misfits, suggest
from rules.errors import Trouble
from rules.language import Catalogue, Language
from rules.model import Book, Entry

Path: TypeAlias = tuple[str | int, ...]
_Read = TypeVar("_Read", bound=Entry)

EXAMPLES: Final = "examples"
"""The folder beside a rulebook's own files that holds the examples kept with it."""
PROPERTIES: Final = "properties.yaml"
"""The file beside a rulebook's own files that holds what must be provable of it."""

_WORDS: Final = Catalogue("rules")
_KINDS: Final[Mapping[str, str]] = {
    "literal_error": "enum",
    "unexpected_keyword_argument": "extra_forbidden",
    "model_type": "dict_type",
    "dataclass_type": "text_form",
    "int_type": "number",
    "int_parsing": "number",
    "int_from_float": "number",
    "bool_type": "yes_or_no",
    "bool_parsing": "yes_or_no",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
}
"""The sentences that several of pydantic's kinds of error share."""
_FORMS: Final = frozenset({"basis", "version"})
"""Fields whose form has a sentence of its own."""
_BOOKS_KEPT: Final = 2
_BASE: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a rulebook. `line` counts from 1; `kind` and `details` pick the sentence."""

    file: str
    line: int
    where: str
    kind: str
    details: Mapping[str, object]

    def sentence(self, language: Language) -> str:
        """Return file, line, entry and the mend in one line."""
        key = f"fault.{self.kind}" if f"fault.{self.kind}" in _WORDS else "fault.other"
        joint = "、" if language is Language.ZH else ", "
        details = {name: joint.join(d) if isinstance(d, tuple) else d for name, d in self.details.items()}
        said = _WORDS(key, language, **details)
        place = "fault.line" if self.where else "fault.line_only"
        return _WORDS(place, language, file=self.file, line=self.line, where=self.where, said=said)


class RulebookUnsound(Trouble):
    """The rulebook on disk cannot be used. `faults` says what is wrong, each with its place."""

    code = "rulebook_unsound"
    exit_status: ClassVar[int] = 4

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults

    def sentence(self, language: Language) -> str:
        """Return the verdict and one line for each fault."""
        lines = [super().sentence(language), *(fault.sentence(language) for fault in self.faults)]
        return "\n".join(lines)


def built_in() -> Traversable:
    """Return the folder of the rulebook that comes with the product."""
    return files("rules").joinpath("book")


def load_book(folder: Traversable | None = None, overlay: FilePath | None = None) -> Book:
    """Return the rulebook in `folder` (by default the one that comes with the product), under the bank's `overlay`.

    Its examples and properties speak about the rulebook and are no part of it. Raises RulebookUnsound; OSError where
    the file of the overlay cannot be read.
    """
    book = _read_book(*_read_files(folder or built_in(), aside=(EXAMPLES, PROPERTIES)))
    if overlay is None:
        return book
    # A module of its own, which builds on this one, and which few counters need.
    from rules.overlay import lay_over, read_overlay

    return lay_over(book, read_overlay(overlay, book))


@lru_cache(_BOOKS_KEPT)
def _read_book(*texts: tuple[str, str]) -> Book:
    """Return what these files say, name and text; a command may look into one rulebook from several sides."""
    return read_entries(dict(texts), Book, find_misfits)


def read_texts(folder: Traversable) -> Mapping[str, str]:
    """Return every YAML file in `folder` and below by its path; raises RulebookUnsound at one that is not UTF-8."""
    return dict(_read_files(folder, f"{folder.name}/"))


def read_entries(texts: Mapping[str, str], model: type[_Read], misfits: Callable[[_Read], Iterable[Misfit]]) -> _Read:
    """Return what the files in `texts` hold together as a `model`; raises RulebookUnsound.

    `misfits` finds what does not fit together once the form is right.
    """
    merged, homes = _merge(texts)
    try:
        entries = model.model_validate(merged)
    except ValidationError as error:
        raise RulebookUnsound(tuple(_place(texts, homes, *fault) for fault in _explain_all(error, model))) from None
    except RecursionError:
        raise RulebookUnsound(tuple(_find_aliases(texts))) from None
    if found := tuple(misfits(entries)):
        raise RulebookUnsound(tuple(_place(texts, homes, m.path, m.kind, m.details) for m in found))
    return entries


class _Twice(yaml.MarkedYAMLError):
    """A key that stands twice in one mapping; `problem` is the key."""


class _Loader(_BASE):  # type: ignore[misc]
    """Refuses a key that stands twice, which YAML would silently settle in favour of the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise _Twice(problem=str(key.value), problem_mark=key.start_mark)
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def _read_files(folder: Traversable, prefix: str = "", aside: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    for child in sorted(folder.iterdir(), key=lambda child: child.name):
        if child.name in aside:
            continue
        if child.is_dir():
            yield from _read_files(child, f"{prefix}{child.name}/")
        elif child.name.endswith(".yaml"):
            yield f"{prefix}{child.name}", decode(f"{prefix}{child.name}", child.read_bytes())


def decode(name: str, raw: bytes) -> str:
    """Return the text of the file `name`, whose bytes are `raw`; raises RulebookUnsound when it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RulebookUnsound((Fault(name, line, "", "encoding", {}),)) from None


def _find_aliases(texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield where the files refer back to an earlier part of themselves: only so can a part hold itself."""
    for name, text in texts.items():
        for event in yaml.parse(text, Loader=_BASE):
            if isinstance(event, yaml.AliasEvent) and event.start_mark:
                yield Fault(name, event.start_mark.line + 1, "", "alias", {"word": event.anchor})


def _merge(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[Path, str]]:
    """Lay the files together, section by section; `homes` remembers which file an entry came from."""
    merged: dict[str, Any] = {}
    homes: dict[Path, str] = {}
    for name, text in texts.items():
        for section, entries in _parse(name, text).items():
            if not isinstance(entries, dict):
                raise RulebookUnsound((Fault(name, 1, str(section), "dict_type", {}),))
            target = merged.setdefault(section, {})
            for entry, content in entries.items():
                if entry in target:
                    place = _line(text, (section, entry))
                    raise RulebookUnsound((Fault(name, place, f"{section}.{entry}", "twice", {"word": entry}),))
                target[entry] = content
                homes[(section, entry)] = name
            homes.setdefault((section,), name)
    return merged, homes


def _parse(name: str, text: str) -> dict[Any, Any]:
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        kind = "twice" if isinstance(error, _Twice) else "yaml"
        details = {"problem": error.problem, "word": error.problem}
        raise RulebookUnsound((Fault(name, line, "", kind, details),)) from None
    except yaml.YAMLError as error:
        raise RulebookUnsound((Fault(name, 1, "", "yaml", {"problem": str(error)}),)) from None
    if not isinstance(found, dict):
        raise RulebookUnsound((Fault(name, 1, "", "dict_type", {}),))
    return found


def _explain_all(error: ValidationError, model: type[Entry] = Book) -> list[tuple[Path, str, Mapping[str, object]]]:
    """Return what is wrong, each thing once: of the ways to write a basis, pydantic complains of every one."""
    found = {fault[:2]: fault for fault in (_explain(found, model) for found in error.errors())}
    deeper = {path[:length] for path, _ in found for length in range(len(path))}
    return [fault for (path, kind), fault in found.items() if not (kind == "basis" and path in deeper)]


def _explain(error: ErrorDetails, model: type[Entry]) -> tuple[Path, str, Mapping[str, object]]:
    path = tuple(part for part in error["loc"] if not str(part).startswith(("tuple[", "literal[", "[key]")))
    word = path[-1] if path else ""
    kind = _KINDS.get(error["type"], error["type"])
    details: dict[str, Any] = {"problem": error["msg"], "raw": str(error["input"])[:60], **error.get("ctx", {})}
    details["word"] = word
    if "expected" in details:
        details["expected"] = tuple(re.findall("'([^']*)'", str(details["expected"])))
    if error["input"] is None:
        kind = "empty"
    elif word in _FORMS and kind != "missing":
        kind = str(word)
    elif kind == "enum" and (hint := suggest(str(details["raw"]), details["expected"])):
        kind, details["hint"] = "enum_near", hint
    elif kind == "extra_forbidden" and (hint := suggest(str(word), _fields(path, model))):
        kind, details["hint"] = "extra_forbidden_near", hint
    return path, kind, details


def _fields(path: Path, model: Any) -> Iterator[str]:
    """Yield the field names that an entry at `path` of `model` may have, for the hint to a misspelt one."""
    for part in path[:-1]:
        inner = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        kind = inner.annotation if inner else model
        model = next((arg for arg in getattr(kind, "__args__", ()) if hasattr(arg, "model_fields")), model)
    yield from getattr(model, "model_fields", ())


def _place(
    texts: Mapping[str, str], homes: Mapping[Path, str], path: Path, kind: str, details: Mapping[str, object]
) -> Fault:
    expected = f"{path[0]}.yaml" if path else ""
    name = homes.get(path[:2]) or homes.get(path[:1]) or (expected if expected in texts else next(iter(texts), ""))
    where = ".".join(str(part) for part in path)
    return Fault(name, _line(texts.get(name, ""), path, str(details.get("word", ""))), where, kind, details)


def _line(text: str, path: Path, word: str = "") -> int:
    """Return the line of the deepest part of `path` that stands in `text`, or below it the line that holds `word`."""
    node: Any = yaml.compose(text, Loader=_BASE)
    line = 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return next((n for n, held in _lines_of(text, node) if word and word in held), line)


def _lines_of(text: str, node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    if node is not None:
        lines = text.splitlines()[node.start_mark.line : node.end_mark.line + 1]
        yield from enumerate(lines, node.start_mark.line + 1)

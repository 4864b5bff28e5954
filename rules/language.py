"""Text for people stands in catalogues, in every language the product speaks; this is the one way to read it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar


class Language(StrEnum):
    """A language the product speaks; Chinese is the default."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    zh: str
    en: str

    def read(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language is Language.ZH else self.en


class Catalogue:
    """The texts of one package: a YAML file that maps keys to `{zh: ..., en: ...}`, nested as deep as it likes.

    A key is the path through the file, joined by dots. The file is read at the first use.
    """

    def __init__(self, package: str, name: str = "text.yaml") -> None:
        self._package = package
        self._name = name

    def __call__(self, key: str, language: Language, **details: object) -> str:
        """Return the text of `key` with `details` filled into its `{braces}`; a missing key raises KeyError."""
        text = self._texts[key].read(language)
        return text.format(**details) if details else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def text(self, key: str) -> Text:
        """Return the text of `key` in every language, unfilled."""
        return self._texts[key]

    @cached_property
    def _texts(self) -> Mapping[str, Text]:
        return _read_texts(self._package, self._name)


def read_yaml(raw: str) -> Any:
    """Parse YAML safely, by the C parser where PyYAML was built with it."""
    import yaml

    return yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (safe loaders both)


@cache
def _read_texts(package: str, name: str) -> Mapping[str, Text]:
    # Not by importlib.resources: it brings zip files and their decoders along, before the first line is painted.
    source = Path(import_module(package).__file__ or "").with_name(name)
    status = source.stat()
    mark = f"{status.st_size}-{status.st_mtime_ns}"
    # As Python does with its own sources: the first screen would wait longer for YAML than for anything else.
    kept = source.parent / "__pycache__" / f"{name}.json"
    texts = _read_kept(kept, mark)
    if texts is None:
        texts = dict(_flatten(read_yaml(source.read_text("utf-8"))))
        _keep(kept, mark, texts)
    return texts


def _read_kept(path: Path, mark: str) -> dict[str, Text] | None:
    """Return the texts that were kept of a source with this mark, or None."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_bytes())
        if kept["mark"] == mark:
            return {key: Text(*both) for key, both in kept["texts"].items()}
    return None


def _keep(path: Path, mark: str, texts: Mapping[str, Text]) -> None:
    """Keep the texts for the next start, where that can be done."""
    if sys.dont_write_bytecode:
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        whole = {"mark": mark, "texts": {key: [text.zh, text.en] for key, text in texts.items()}}
        partial.write_text(json.dumps(whole), "utf-8")
        partial.replace(path)


def _flatten(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Text]]:
    for name, value in tree.items():
        key = f"{path}.{name}" if path else name
        if set(value) == {"zh", "en"}:
            yield key, Text(**value)
        else:
            yield from _flatten(value, key)

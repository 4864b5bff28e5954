"""Markdown for one rulebook in one language: names with their ids, sentences with their labels, nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rules.conditions import Condition
from rules.language import Catalogue, Language, Text
from rules.model import Basis, Book
from rules.review.sentences import outline

WORDS: Final = Catalogue("rules.document")
RULES: Final = Catalogue("rules")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|&~#])")


def escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def slug(title: str) -> str:
    """Return the anchor of a heading, by the rule that code forges follow too."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes what a rulebook says in one language."""

    book: Book
    language: Language

    def fill(self, key: str, **details: object) -> str:
        """Return the text of `key` in the document's own catalogue."""
        return WORDS(key, self.language, **details)

    def read(self, text: Text) -> str:
        """Return an entry's text, escaped; its lines become one."""
        lines = (escape(line) for line in text.read(self.language).splitlines())
        return " / ".join(line for line in lines if line)

    def mark(self, name: str, entry: str) -> str:
        """Return a name with the entry's id behind it."""
        return f"{self.fill('quote', text=escape(name))} `{entry}`"

    def named(self, entries: Mapping[Any, Any], ids: Iterable[str]) -> str:
        """Return the names of `ids`, each with its id."""
        marked = (self.mark(entries[entry].name.read(self.language), entry) for entry in ids)
        return self.fill("list").join(marked)

    def title(self, name: Text, entry: str) -> str:
        """Return a heading's text."""
        return f"{self.read(name)} `{entry}`"

    def heading(self, depth: int, title: str) -> Iterator[str]:
        """Yield a heading with room about it."""
        yield from ("", f"{'#' * depth} {title}", "")

    def head(self, label: str, depth: int = 0) -> Iterator[str]:
        """Yield a label that stands over a list of its own."""
        yield f"{'  ' * depth}- **{self.fill(f'label.{label}')}**"

    def item(self, label: str, text: str, depth: int = 0) -> Iterator[str]:
        """Yield a labelled item of a list, or nothing when there is no text."""
        if text:
            said = self.fill("pair", label=f"**{self.fill(f'label.{label}')}**", text=text)
            yield f"{'  ' * depth}- {said}"

    def condition(self, label: str, condition: Condition, depth: int = 0) -> Iterator[str]:
        """Yield a condition behind its label, spread over several lines where it has parts of parts."""
        (_, first), *others = outline(condition, self.book, self.language, self.mark)
        yield from self.item(label, first, depth)
        for deeper, line in others:
            yield f"{'  ' * (depth + deeper)}- {line}"

    def basis(self, basis: Basis, depth: int = 0) -> Iterator[str]:
        """Yield what a rule or step stands on."""
        if isinstance(basis, str):
            yield from self.item("basis", self.fill("practice"), depth)
            return
        for citation in basis:
            source = self.book.sources[citation.source]
            said = {"title": self.read(source.title), "article": escape(citation.article)}
            article = self.fill("article", **said, text=self.read(source.articles[citation.article]))
            yield from self.item("basis", f"{article} `{citation.source}`", depth)

    def source(self, name: str) -> str:
        """Return kind, number and dates of a source."""
        source = self.book.sources[name]
        kind = f"source.{source.kind}"
        parts = [self.fill(kind) if kind in WORDS else escape(source.kind)]
        if source.number:
            parts.append(self.fill("source.number", number=escape(source.number)))
        for field in ("issued", "in_force", "checked_on"):
            if date := getattr(source, field):
                parts.append(self.fill(f"source.{field}", date=date.isoformat()))
        return self.fill("semicolon").join(parts)

    def link(self, title: str) -> str:
        """Return a link to the heading `title`."""
        return f"[{title}](#{slug(plain(title))})"


def plain(title: str) -> str:
    """Return a heading's text without its marks."""
    return re.sub(r"\\([^\w\s])", r"\1", title.replace("`", ""))

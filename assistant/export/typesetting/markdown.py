"""A page as Markdown from which any reader of Markdown gets the same text back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from assistant.export.typesetting.blocks import (
    Block,
    Callout,
    Heading,
    Item,
    Listing,
    PageBreak,
    Paragraph,
    Rule,
    Run,
    Table,
    Words,
)
from assistant.export.typesetting.characters import read_value, show_hidden
from assistant.export.typesetting.marks import Marks
from assistant.export.typesetting.reading import PAGE

_SPECIAL: Final = "\\`*_[]<>&~|$#"
_FIRST: Final = re.compile(r"^(?:[+\-=:]|[0-9]{1,9}[.)])", re.MULTILINE)
_OUTER: Final = re.compile(r"^[^\S\n]+|[^\S\n]+$", re.MULTILINE)
_EDGE: Final = "PSZ"
"""The kinds of characters at which a bold text may neither begin nor end: marks, signs, spaces."""
_DELIMITERS: Final = {"left": "---", "center": ":-:", "right": "--:"}


@dataclass(frozen=True, slots=True)
class Ends:
    """How lines and pages end where Markdown has no way to say it."""

    in_cell: str = "<br>"
    in_heading: str = " "
    page: str = PAGE


def write_markdown(blocks: tuple[Block, ...], marks: Marks, ends: Ends = Ends()) -> bytes:
    """Return a page as Markdown."""
    writer = _Writer(ends)
    parts = list(writer.write_all(blocks))
    if marks.watermark:
        parts.insert(0, writer.write(Paragraph((Run(read_value(marks.watermark), strong=True),))))
    if marks.footer:
        parts += [writer.write(Rule()), writer.write(Paragraph((Run(read_value(marks.footer)),)))]
    return ("\n\n".join(parts) + "\n").encode()


@dataclass(frozen=True, slots=True)
class _Writer:
    ends: Ends

    def write_all(self, blocks: Iterable[Block]) -> Iterator[str]:
        before = None
        for block in blocks:
            if isinstance(block, Listing) and isinstance(before, Listing):
                # Otherwise the one list would go on in the other.
                yield "<!-- -->"
            yield self.write(block)
            before = block

    def write(self, block: Block) -> str:
        match block:
            case Heading(level, words):
                return f"{'#' * level} {_write_line(words, self.ends.in_heading)}".rstrip()
            case Paragraph(words):
                return _FIRST.sub(_guard, _write_words(words)).replace("\n", "\\\n")
            case Listing(items, start):
                return "\n".join(self.write_item(item, number, start) for number, item in enumerate(items, start or 0))
            case Table():
                return self.write_table(block)
            case Callout(blocks):
                inner = "\n\n".join(self.write_all(blocks))
                return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
            case Rule():
                return "---"
            case PageBreak():
                return self.ends.page

    def write_item(self, item: Item, number: int, start: int | None) -> str:
        sign = "- " if start is None else f"{number}. "
        box = "" if item.ticked is None else f"[{'x' if item.ticked else ' '}] "
        inner = box + "\n\n".join(self.write_all(item.blocks))
        first, *others = inner.split("\n")
        return "\n".join((f"{sign}{first}".rstrip(), *(f"{' ' * len(sign)}{line}".rstrip() for line in others)))

    def write_table(self, table: Table) -> str:
        head = table.head or ((),) * len(table.aligns)
        rows = [[_write_line(words, self.ends.in_cell) for words in row] for row in (head, *table.rows)]
        rows.insert(1, [_DELIMITERS[align] for align in table.aligns])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _write_line(words: Words, end: str) -> str:
    return _write_words(words).replace("\n", end)


def _write_words(words: Words) -> str:
    """Return words as they are written in a block, with the ends of their lines."""
    hands = (
        _write_hand("".join(show_hidden(run.text) for run in runs), strong)
        for strong, runs in groupby(words, key=lambda run: run.strong)
    )
    return _OUTER.sub(_number, "".join(hands))


def _write_hand(text: str, strong: bool) -> str:
    return "\n".join(map(_write_strong, text.split("\n"))) if strong else _escape(text)


def _write_strong(text: str) -> str:
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start])[0] in _EDGE:
        start += 1
    while end > start and unicodedata.category(text[end - 1])[0] in _EDGE:
        end -= 1
    if start == end:
        return _escape(text)
    return f"{_escape(text[:start])}**{_escape(text[start:end])}**{_escape(text[end:])}"


def _escape(text: str) -> str:
    # One after the other: many times as fast as a pattern, and a note may be long.
    for special in _SPECIAL:
        text = text.replace(special, f"\\{special}")
    return text


def _number(found: re.Match[str]) -> str:
    """Return the outer spaces of a line so that no reader strips them."""
    return "".join(f"&#{ord(space)};" for space in found[0])


def _guard(found: re.Match[str]) -> str:
    """Return the beginning of a line so that it begins nothing else."""
    digits = found[0].rstrip(".)+-=:")
    return f"{digits}\\{found[0][len(digits) :]}"

"""A page as a tree of blocks, the same for every form: what the template says, with the values in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one hand. A line's end in it is one on the page."""

    text: str
    strong: bool = False


Words: TypeAlias = tuple[Run, ...]


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A title (1), the head of a section (2), or of a part of one (3)."""

    level: int
    words: Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together."""

    words: Words


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `ticked` is None where it has no box."""

    blocks: tuple[Block, ...]
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered from `start` on if there is one."""

    items: tuple[Item, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. `head` is empty where the first column names what stands in the others."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    aligns: tuple[Align, ...]
    widths: tuple[int, ...] = ()
    """Of the columns to each other, 0 for one that is as wide as what is in it; empty where all are."""


@dataclass(frozen=True, slots=True)
class Callout:
    """What must not be overlooked, in a box."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page."""


Block: TypeAlias = Heading | Paragraph | Listing | Table | Callout | Rule | PageBreak


def list_words(blocks: Iterable[Block]) -> Iterator[Words]:
    """Yield all words of a page, in their order."""
    for block in blocks:
        match block:
            case Heading(_, words) | Paragraph(words):
                yield words
            case Listing(items):
                for item in items:
                    yield from list_words(item.blocks)
            case Table(head, rows):
                yield from head
                for row in rows:
                    yield from row
            case Callout(inner):
                yield from list_words(inner)


def is_poster(blocks: tuple[Block, ...]) -> bool:
    """Tell whether a page in large print has titles and nothing beside them, as a slip: it is set as a poster."""
    return bool(blocks) and all(isinstance(block, Heading) and block.level == 1 for block in blocks)


def plain(words: Words) -> str:
    """Return words as one line of plain text."""
    return "".join(run.text for run in words).replace("\n", " ")

"""Reads a filled template as Markdown into blocks, and only then puts the values in their places.

The dialect is the part of Markdown that a page of a bank needs; what does not belong to it stands there as it is
written. Bold needs no space around it, as Chinese has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from assistant.export.typesetting.blocks import (
    Align,
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
from assistant.export.typesetting.characters import read_value
from assistant.export.typesetting.faults import TemplateUnsound
from assistant.export.typesetting.filling import MARK, Filled
from assistant.export.typesetting.templates import Template

PAGE: Final = "<!-- page -->"
DEEPEST_HEADING: Final = 3
_BOX: Final = re.compile(r"\[([ xX])\][ \t]")
_DASHES: Final = re.compile(r":?-+:?")
_NARROW: Final = 3
_WIDE: Final = "\u2e80"
"""From here on characters are as wide as they are high, and have no spaces between them."""


def read_blocks(template: Template, filled: Filled) -> tuple[Block, ...]:
    """Return the page that a filled template makes. Raises TemplateUnsound for a value that has no place on it."""
    reader = _Reader(filled)
    tree = SyntaxTreeNode(_reader().parse(filled.text, {}))
    blocks = tuple(reader.read_all(tree.children))
    lost = next((number for number in range(len(filled.values)) if number not in reader.placed), None)
    if lost is not None:
        raise TemplateUnsound.at(template.path, filled.lines[lost], "lost")
    return blocks


@dataclass(slots=True)
class _Reader:
    filled: Filled
    placed: set[int] = field(default_factory=set)
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.filled.text.split("\n")

    def read_all(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            yield from self.read(node)

    def read(self, node: SyntaxTreeNode) -> Iterator[Block]:
        match node.type:
            case "heading":
                yield Heading(min(int(node.tag[1]), DEEPEST_HEADING), self.read_words(node))
            case "paragraph":
                if words := self.read_words(node):
                    yield Paragraph(words)
            case "bullet_list" | "ordered_list":
                numbered = node.type == "ordered_list"
                items = tuple(self.read_item(child) for child in node.children)
                yield Listing(items, int(node.attrs.get("start", 1)) if numbered else None)
            case "blockquote":
                yield Callout(tuple(self.read_all(node.children)))
            case "table":
                yield self.read_table(node)
            case "hr":
                yield Rule()
            case "page":
                yield PageBreak()

    def read_item(self, node: SyntaxTreeNode) -> Item:
        children = node.children
        ticked = None
        if children and children[0].type == "paragraph":
            inline = children[0].children[0]
            parts = inline.children
            if parts and parts[0].type == "text" and (box := _BOX.match(parts[0].content)):
                ticked = box[1] != " "
                words = self.read_words(children[0], skipped=box.end())
                first = (Paragraph(words),) if words else ()
                return Item((*first, *self.read_all(children[1:])), ticked)
        return Item(tuple(self.read_all(children)), ticked)

    def read_table(self, node: SyntaxTreeNode) -> Table:
        head, *body = (part.children for part in node.children)
        first = head[0].children
        heads = tuple(self.read_words(cell) for cell in first)
        rows = tuple(tuple(self.read_words(cell) for cell in row.children) for part in body for row in part)
        aligns = tuple(Align(str(cell.attrs.get("style", "text-align:left")).partition(":")[2]) for cell in first)
        return Table(heads if any(heads) else (), rows, aligns, self.find_widths(node))

    def find_widths(self, node: SyntaxTreeNode) -> tuple[int, ...]:
        """Return the widths that the line under the head tells: three dashes or less for what the cells need."""
        line = self.lines[(node.map or (0, 0))[0] + 1]
        widths = tuple(found.count("-") for found in _DASHES.findall(line))
        return tuple(width if width > _NARROW else 0 for width in widths) if max(widths) > _NARROW else ()

    def read_words(self, node: SyntaxTreeNode, skipped: int = 0) -> Words:
        """Return the words of a block; `skipped` characters at the beginning are none of them."""
        parts = [part for inline in node.children for part in inline.children]
        toggles = sum(part.type == "bold" for part in parts)
        words: list[Run] = []
        strong = False
        for place, part in enumerate(parts):
            if part.type == "bold" and (strong or toggles > 1):
                strong = not strong
                toggles -= 1
            elif part.type == "softbreak":
                words.append(Run(self.join_lines(parts[place - 1], parts[place + 1])))
            elif part.type == "hardbreak":
                words.append(Run("\n"))
            else:
                words += self.put_values(part.content[skipped:], strong)
                skipped = 0
        return _trim([run for run in words if run.text])

    def join_lines(self, before: SyntaxTreeNode, after: SyntaxTreeNode) -> str:
        """Return what stands for a line's end in the template: a space, but nothing between Chinese characters."""
        ends = (self.fill_in(before.content)[-1:], self.fill_in(after.content)[:1])
        return "" if all(end >= _WIDE for end in ends) else " "

    def fill_in(self, text: str) -> str:
        return MARK.sub(lambda found: read_value(self.filled.values[int(found[1])]), text)

    def put_values(self, text: str, strong: bool) -> Iterator[Run]:
        for place, part in enumerate(MARK.split(text)):
            if place % 2:
                self.placed.add(int(part))
                yield Run(read_value(self.filled.values[int(part)]), strong)
            else:
                yield Run(part, strong)


def _trim(words: list[Run]) -> Words:
    """Return the words without empty lines at their ends."""
    while words and not words[0].text.strip("\n"):
        del words[0]
    while words and not words[-1].text.strip("\n"):
        del words[-1]
    return tuple(words)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"maxNesting": 100})
    reader.enable(["heading", "table", "blockquote", "list", "hr", "newline", "escape"])
    reader.block.ruler.before("paragraph", "page", _read_page, {"alt": ["paragraph", "blockquote", "list"]})
    reader.inline.ruler.after("escape", "bold", _read_bold)
    return reader


def _read_page(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if line.strip() != PAGE:
        return False
    if not silent:
        state.line = start + 1
        token: Any = state.push("page", "", 0)
        token.map = [start, start + 1]
    return True


def _read_bold(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("**", state.pos):
        return False
    if not silent:
        token: Token = state.push("bold", "", 0)
        token.content = "**"
    state.pos += 2
    return True

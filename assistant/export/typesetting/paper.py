"""A page on paper: the blocks go to Typst as data, never as its language, and come back as PDF/A.

A look gets `page`, the JSON of `{blocks, title, known_by, footer, watermark, large, poster, language, page_of}`. A text
in it is a list of `{text, strong}`, `{text, strong, long}` for a word that may be torn anywhere, because it is longer
than a line, `{code, strong}` for a character that is shown by its number, and `{break}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

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
    is_poster,
    list_words,
)
from assistant.export.typesetting.characters import HIDDEN, name_character, read_value, show_hidden
from assistant.export.typesetting.faults import LookUnsound, TooManyPages, TypesetterMissing
from assistant.export.typesetting.font import Coverage, find_font, read_coverage
from assistant.export.typesetting.marks import Marks
from assistant.export.typesetting.measuring import LONGEST, Plan, plan_table
from assistant.export.typesetting.own_look import compile_apart, find_problem
from assistant.export.typesetting.press import STANDARD
from assistant.export.typesetting.words import WORDS

if TYPE_CHECKING:
    from typst import Compiler

LOOK: Final = "page.typ"
OURS: Final = Path(__file__).with_name("look") / LOOK
MOST_PAGES: Final = 200
"""As they are counted beforehand; the typesetter takes a megabyte and a twentieth of a second for each."""
_ON_A_PAGE: Final = 1_500
"""Characters."""
_LINE_COST: Final = 40
_CODE_COST: Final = 20
"""What the end of a line and a character that is shown by its number take, in characters."""
_PAGES: Final = re.compile(rb"/Type/Pages/Count (\d+)")
_WORD: Final = "[!-\u2e7f]"
"""A character of a word that is not torn between two lines, as Chinese is."""
_LONGEST_IN_FOOTER: Final = 80
"""Which is in small print, and has numbers that are typed again."""
_LONGEST_TORN: Final = 2_000
_SEAM: Final = "\u200b"
"""Where the typesetter breaks the words of a text longer than that: fast, but it comes along when they are copied."""
_TURN: Final = Lock()
"""A compiler takes one page at a time."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, its pages, and the characters the font has no shape for, by their numbers."""

    content: bytes
    pages: int
    missing: tuple[str, ...]


def write_pdf(blocks: tuple[Block, ...], marks: Marks, title: str, own: Path | None) -> Printed:
    """Return a page as PDF, laid out by the bank's look `own`, or by ours.

    The same page at the same time gives the same bytes. Raises TypesetterMissing, TemplateUnread, LookUnsound and
    TooManyPages.
    """
    data, missing = describe_page(blocks, marks, title)
    content = _compile(OURS, data, marks.at // 1000) if own is None else compile_apart(own, data, marks)
    found = _PAGES.search(content)
    return Printed(content, int(found[1]) if found else 1, missing)


def describe_page(blocks: tuple[Block, ...], marks: Marks, title: str) -> tuple[str, tuple[str, ...]]:
    """Return what a look gets of a page, and the characters without a shape, by their numbers.

    Raises TypesetterMissing and TooManyPages.
    """
    coverage = read_coverage()
    pages = _count_pages(blocks, coverage)
    if pages > MOST_PAGES:
        raise TooManyPages(pages=pages, limit=MOST_PAGES)
    writer = _Writer(coverage, marks.large)
    data = {
        "blocks": [writer.write(block) for block in blocks],
        "title": show_hidden(read_value(title)).replace("\n", " "),
        "known_by": marks.known_by,
        "footer": writer.spell((Run(read_value(marks.footer)),), _LONGEST_IN_FOOTER),
        "watermark": writer.spell((Run(read_value(marks.watermark)),)) if marks.watermark else [],
        "large": marks.large,
        "poster": marks.large and is_poster(blocks),
        "language": marks.language.value,
        "page_of": WORDS("page_of", marks.language, page="{page}", pages="{pages}"),
    }
    return json.dumps(data, ensure_ascii=False), tuple(map(name_character, sorted(writer.missing)))


def _count_pages(blocks: Iterable[Block], coverage: Coverage) -> int:
    """Return about how many pages the blocks take, too many rather than too few."""
    cost = 0
    for words in list_words(blocks):
        text = "".join(run.text for run in words)
        shapeless = 0 if text.isascii() else sum(text.count(letter) for letter in set(text) if letter not in coverage)
        hidden = 0 if text.isprintable() else sum(len(found) for found in HIDDEN.findall(text))
        cost += len(text) + _LINE_COST * (1 + text.count("\n")) + _CODE_COST * (shapeless + hidden)
    return 1 + cost // _ON_A_PAGE


def _compile(look: Path, data: str, at: int) -> bytes:
    try:
        import typst
    except ImportError:
        raise TypesetterMissing(problem="typst") from None
    status = look.stat()
    with _TURN:
        compiler = _start(look, (status.st_mtime_ns, status.st_size))
        try:
            content = compiler.compile(
                format="pdf", sys_inputs={"page": data}, pdf_standards=STANDARD, timestamp=max(at, 0)
            )
        except typst.TypstError as error:
            raise LookUnsound(
                path=look, problem=find_problem(error.message, error.hints, (error.diagnostic, *error.trace))
            ) from None
    assert isinstance(content, bytes)  # noqa: S101 (it does so for PDF)
    return content


@lru_cache(maxsize=2)
def _start(look: Path, _version: tuple[int, int]) -> Compiler:
    """Return the compiler that is kept for a look, as it stands in its file; it has read the font."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(find_font().parent)])
    return typst.Compiler(str(look), root=str(look.parent), font_paths=fonts, ignore_system_fonts=True)


@dataclass(slots=True)
class _Writer:
    coverage: Coverage
    large: bool
    missing: set[str] = field(default_factory=set)

    def write(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading(level, words):
                return {"kind": "heading", "level": level, "words": self.spell(words)}
            case Paragraph(words):
                return {"kind": "paragraph", "words": self.spell(words)}
            case Listing(items, start):
                return {"kind": "list", "start": start, "items": [self.write_item(item) for item in items]}
            case Table():
                return self.write_table(block)
            case Callout(inner):
                return {"kind": "callout", "blocks": [self.write(block) for block in inner]}
            case Rule():
                return {"kind": "rule"}
            case PageBreak():
                return {"kind": "page"}

    def write_item(self, item: Item) -> dict[str, Any]:
        return {"ticked": item.ticked, "blocks": [self.write(block) for block in item.blocks]}

    def write_table(self, table: Table) -> dict[str, Any]:
        plan = plan_table(table, self.large)
        return {
            "kind": "table",
            "head": self.spell_row(table.head, plan),
            "rows": [self.spell_row(row, plan) for row in table.rows],
            "torn": plan.torn,
            "aligns": [align.value for align in table.aligns],
            "widths": plan.widths,
        }

    def spell_row(self, row: tuple[Words, ...], plan: Plan) -> list[list[dict[str, Any]]]:
        return [self.spell(words, longest) for words, longest in zip(row, plan.longest, strict=False)]

    def spell(self, words: Words, longest: int = LONGEST) -> list[dict[str, Any]]:
        """Return words as the look takes them: a character that the font has no shape for by its number."""
        return [part for run in words for part in self.split(run, longest)]

    def split(self, run: Run, longest: int) -> Iterator[dict[str, Any]]:
        text = run.text
        missing = set() if text.isascii() else {letter for letter in set(text) if letter not in self.coverage}
        missing = {letter for letter in missing if letter != "\n" and not HIDDEN.match(letter)}
        self.missing |= missing
        shapeless = f"|[{re.escape(''.join(sorted(missing)))}]+" if missing else ""
        for place, part in enumerate(re.split(f"(\n|{HIDDEN.pattern}{shapeless})", text)):
            if part == "\n":
                yield {"break": True}
            elif place % 2:
                yield from ({"code": name_character(character), "strong": run.strong} for character in part)
            else:
                yield from _tear(part, run.strong, longest)


def _tear(text: str, strong: bool, longest: int) -> Iterator[dict[str, Any]]:
    for place, part in enumerate(re.split(rf"({_WORD}{{{longest + 1},}})", text)):
        if place % 2 and len(text) > _LONGEST_TORN:
            yield {"text": _SEAM.join(part), "strong": strong}
        elif part:
            yield {"text": part, "strong": strong} | ({"long": True} if place % 2 else {})

"""A page before it is written, as far as a terminal can show it: the same blocks as in the file, without its marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from assistant.export.typesetting.blocks import (
    Align,
    Block,
    Callout,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Rule,
    Run,
    Table,
    Words,
    plain,
)
from assistant.export.typesetting.characters import show_hidden
from ui.breaking import break_text
from ui.widgets.prose import HEADING

STRONG: Final = "bold"
MUTED: Final = "$text-muted"
BLANK: Final = Content("")
GAP: Final = "  "
LEAST_CELLS: Final = 8
"""Of a column: below that its words are a tower of syllables."""
WORD_CELLS: Final = 16
"""A word in Latin letters, or a number, of up to so many stays whole in its column if there is room."""
LINE_END: Final = re.compile("\n")
BLANKS: Final = re.compile(r"\s+|[\u2e80-\uffef]+")
LONGEST_WORDS: Final = 20_000
"""Characters of a paragraph; who has more to say is read in the file."""
MOST_LINES: Final = 1_500
CUT: Final = " […]"
NOTHING: Final = (Paragraph(()),)
BOXES: Final = {None: "- ", True: "[x] ", False: "[ ] "}


class Paper(Static):
    """Blocks as lines of the width that there is; give it some by `tell`."""

    DEFAULT_CSS = """
    Paper { width: 1fr; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._blocks: tuple[Block, ...] = ()
        self._ending = ""
        self._laid: tuple[int, list[Content]] = (0, [])

    def tell(self, blocks: tuple[Block, ...], ending: str = "") -> None:
        """Show these blocks; `ending` stands in the place of what is too long to be shown."""
        if (blocks, ending) != (self._blocks, self._ending):
            self._blocks, self._ending, self._laid = blocks, ending, (0, [])
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the blocks take at that width."""
        return len(self._lay_out(width))

    def render(self) -> Content:
        return Content("\n").join(self._lay_out(self.content_size.width))

    def _lay_out(self, width: int) -> list[Content]:
        if width > 0 and self._laid[0] != width:
            lines = list(islice(lay_out(self._blocks, width), MOST_LINES + 1))
            if len(lines) > MOST_LINES or any(line.plain.endswith(CUT.strip()) for line in lines):
                lines = [*lines[:MOST_LINES], BLANK, Content.styled(self._ending, STRONG)]
            self._laid = (width, lines)
        return self._laid[1]


def lay_out(blocks: Iterable[Block], width: int) -> Iterator[Content]:
    """Yield the lines of these blocks, each of at most `width` terminal cells, with an empty one between two blocks but
    for the head of a section and what follows it."""
    before: Block | None = None
    for block in blocks:
        if before is not None and not (isinstance(before, Heading) and before.level > 1):
            yield BLANK
        yield from _lay_out_block(block, width)
        before = block


def _lay_out_block(block: Block, width: int) -> Iterator[Content]:
    match block:
        case Heading(_, words):
            yield from flow(words, width, HEADING)
        case Paragraph(words):
            yield from flow(words, width)
        case Listing(items, start):
            for number, item in enumerate(items):
                mark = BOXES[item.ticked] if start is None or item.ticked is not None else f"{start + number}. "
                lead = chain([mark], _endless(" " * len(mark)))
                inner = (_lay_out_block(part, max(width - len(mark), LEAST_CELLS)) for part in item.blocks or NOTHING)
                yield from (Content(edge) + line for edge, line in zip(lead, chain.from_iterable(inner), strict=False))
        case Table():
            yield from _lay_out_table(block, width)
        case Callout(inner):
            for line in lay_out(inner, max(width - 2, LEAST_CELLS)):
                yield Content.styled("| ", STRONG) + line
        case Rule():
            yield Content.styled("-" * width, MUTED)
        case PageBreak():
            yield Content.styled(("= " * (width // 2)).rstrip(), MUTED)


def _endless(text: str) -> Iterator[str]:
    while True:
        yield text


def flow(words: Words, width: int, style: str = "") -> list[Content]:
    """Return words as lines; what is strong stays so across the ends of the lines."""
    pieces = [_show(run, style) for run in words]
    text = "".join(piece for piece, _ in pieces)
    if len(text) > LONGEST_WORDS:
        text = text[:LONGEST_WORDS] + CUT
    if text.count("\n") > MOST_LINES:
        text = "\n".join(text.split("\n", MOST_LINES)[:MOST_LINES]) + CUT
    lines = break_text(text, width)
    if len({shown for piece, shown in pieces if piece.strip()}) <= 1:
        shown = next((shown for piece, shown in pieces if piece.strip()), style)
        return [Content.styled(line, shown) if shown else Content(line) for line in lines]
    styles = list(chain.from_iterable([shown] * len(piece) for piece, shown in pieces))
    return list(_draw(lines, text, styles))


def _show(run: Run, style: str = "") -> tuple[str, str]:
    return show_hidden(run.text[: LONGEST_WORDS + 1]), style or (STRONG if run.strong else "")


def _draw(lines: Iterable[str], text: str, styles: Sequence[str]) -> Iterator[Content]:
    """Yield the lines of a text with its styles: a line lacks blanks of the text, or is set in by some more."""
    place = 0
    for line in lines:
        pieces = []
        for character in line:
            set_in = character == " " and text[place : place + 1] != " "
            while not set_in and place < len(text) - 1 and text[place] != character:
                place += 1
            pieces.append((character, "" if set_in or place >= len(styles) else styles[place]))
            place += 0 if set_in else 1
        yield Content.assemble(*pieces)


def _lay_out_table(table: Table, width: int) -> Iterator[Content]:
    rows = [*([table.head] if table.head else []), *table.rows]
    columns = [[row[number] for row in rows if number < len(row)] for number, _ in enumerate(table.aligns)]
    room = width - len(GAP) * (len(columns) - 1)
    wanted = [_measure(column, LINE_END, room) for column in columns]
    whole = [max(min(_measure(column, BLANKS, room), WORD_CELLS), LEAST_CELLS) for column in columns]
    widths = _share(wanted, whole, room) or _share(wanted, [LEAST_CELLS] * len(columns), room)
    if widths is None:
        yield from _stack(table, width)
        return
    if table.head:
        yield from _lay_out_row(table.head, widths, table.aligns, STRONG)
        yield Content.styled(GAP.join("-" * cells for cells in widths), MUTED)
    for row in table.rows:
        yield from _lay_out_row(row, widths, table.aligns, named=not table.head)


def _measure(column: Iterable[Words], ends: re.Pattern[str], room: int) -> int:
    """Return the cells of the longest piece of text between these ends that stands in a column."""
    texts = ("".join(_show(run)[0] for run in words)[: room * 2] for words in column)
    return max((cell_len(piece) for text in texts for piece in ends.split(text)), default=1)


def _share(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int] | None:
    """Return what each column gets of the room: the widest give way first, none below its least. None where that does
    not do."""
    widths = list(wanted)
    while (over := sum(widths) - room) > 0:
        yielding = [number for number, cells in enumerate(widths) if cells > least[number]]
        if not yielding:
            return None
        number = max(yielding, key=lambda each: widths[each])
        following = max((cells for cells in widths if cells < widths[number]), default=0)
        widths[number] = max(widths[number] - over, min(following, widths[number] - 1), least[number])
    return widths


def _lay_out_row(
    row: Sequence[Words], widths: list[int], aligns: Sequence[Align], style: str = "", *, named: bool = False
) -> Iterator[Content]:
    """Yield a row, of which the first column is the name of the others where it is `named`."""
    styles = (STRONG if named else style, *[style] * len(row))
    cells = [flow(words, cells, shown) for words, cells, shown in zip(row, widths, styles, strict=False)]
    for lines in zip_longest(*cells, fillvalue=BLANK):
        drawn = [_align(line, cells, align) for line, cells, align in zip(lines, widths, aligns, strict=False)]
        yield Content(GAP).join(drawn).rstrip()


def _align(line: Content, width: int, align: Align) -> Content:
    left = max(width - line.cell_length, 0)
    before = {Align.LEFT: 0, Align.CENTER: left // 2, Align.RIGHT: left}[align]
    return Content(" " * before) + line + Content(" " * (left - before))


def _stack(table: Table, width: int) -> Iterator[Content]:
    """Yield a table that is too wide, each row as lines below each other with what stands over them."""
    for row in table.rows:
        for number, words in enumerate(row):
            head = table.head[number] if number < len(table.head) else ()
            named = (Run(f"{plain(head)}  ", strong=True),) if head else ()
            yield from flow((*named, *words), width)
        yield BLANK

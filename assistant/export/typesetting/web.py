"""A page as one HTML file: it fetches nothing, runs nothing, and prints on A4."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
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
    Table,
    Words,
    is_poster,
    list_words,
)
from assistant.export.typesetting.characters import HIDDEN, name_all, read_value, show_hidden
from assistant.export.typesetting.marks import Marks
from assistant.export.typesetting.measuring import measure, plan_table
from assistant.export.typesetting.own_look import read_look
from rules.language import Language

STYLE: Final = "page.css"
_TAGS: Final = {Language.ZH: "zh-CN", Language.EN: "en"}
_TICK: Final = {True: "☑", False: "☐"}
_HALF: Final = 0.5
_STEERING: Final = re.compile("[^0-9A-Za-z \u00a0-\U0010ffff]")
_SHARE: Final = 0.9
"""Of the room for columns that take what they need: a browser makes the others narrower, and as high as it takes."""
_WHOLE: Final = re.compile("_{3,40}|[\u2588-\u258f]{2,40}")
"""A line to be filled in by hand, and a bar: neither says anything once it is broken."""
_TURNED: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def write_html(blocks: tuple[Block, ...], marks: Marks, title: str, style: str) -> bytes:
    """Return a page as an HTML file with the style sheet `style` in it."""
    writer = _Writer(marks.large)
    body = "\n".join(writer.write(block) for block in blocks)
    poster = marks.large and is_poster(blocks)
    if poster:
        writer.rules.append(_size_poster(blocks))
    foot = f'@page {{ @bottom-left {{ content: "{_quote(_flatten(marks.footer))}"; font: 7pt/1.4 sans-serif; }} }}'
    css = style + "".join(f"{rule}\n" for rule in (*([foot] if marks.footer else []), *writer.rules))
    digest = b64encode(sha256(f"\n{css}".encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    watermark = _write_text(marks.watermark)
    over = f'<p class="watermark">{watermark}</p>\n' if watermark else ""
    under = f"<footer>{_write_text(marks.footer)}</footer>\n" if marks.footer else ""
    size = f' class="large{" poster" if poster else ""}"' if marks.large else ""
    page = (
        f'<!DOCTYPE html>\n<html lang="{_TAGS[marks.language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(_flatten(title))}</title>\n<style>\n{css}</style>\n</head>\n"
        f"<body{size}>\n{over}<main>\n{body}\n</main>\n{under}</body>\n</html>\n"
    )
    return page.encode()


def read_style(path: Path) -> str:
    """Return a style sheet that cannot end the element in which it stands. Raises TemplateUnread and LookUnsound."""
    return read_look(path).replace("</", "<\\/")


@dataclass(slots=True)
class _Writer:
    large: bool
    rules: list[str] = field(default_factory=list)
    """Of the tables whose columns have widths of their own: attributes of style are not obeyed."""
    tables: int = 0

    def write(self, block: Block) -> str:
        match block:
            case Heading(level, words):
                return f"<h{level}>{_write_words(words)}</h{level}>"
            case Paragraph(words):
                return f"<p>{_write_words(words)}</p>"
            case Listing(items, start):
                return self.write_list(items, start)
            case Table():
                return self.write_table(block)
            case Callout(blocks):
                inner = "\n".join(map(self.write, blocks))
                return f'<aside class="callout">\n{inner}\n</aside>'
            case Rule():
                return "<hr>"
            case PageBreak():
                return '<hr class="page">'

    def write_list(self, items: tuple[Item, ...], start: int | None) -> str:
        tag = "ul" if start is None else "ol"
        head = f' start="{start}"' if start not in (None, 1) else ""
        boxes = ' class="boxes"' if items and all(item.ticked is not None for item in items) else ""
        inner = "\n".join(f"<li>{self.write_item(item)}</li>" for item in items)
        return f"<{tag}{head}{boxes}>\n{inner}\n</{tag}>"

    def write_item(self, item: Item) -> str:
        box = f'<span class="box">{_TICK[item.ticked]}</span> ' if item.ticked is not None else ""
        match item.blocks:
            case (Paragraph(words), *others):
                return "".join((box + _write_words(words), *map(self.write, others)))
            case blocks:
                return "".join((box, *map(self.write, blocks)))

    def write_table(self, table: Table) -> str:
        self.tables += 1
        name = f"t{self.tables}"
        columns = ""
        # A column that takes what it needs would otherwise push the others off the paper.
        widths = plan_table(table, self.large, _SHARE).widths if table.widths else ()
        if widths:
            self.rules += _write_rules(name, widths)
            columns = f"<colgroup>{'<col>' * len(widths)}</colgroup>\n"
        head = ""
        if table.head:
            cells = (_write_cell("th", words, place, table) for place, words in enumerate(table.head))
            head = f"<thead>\n<tr>{''.join(cells)}</tr>\n</thead>\n"
        rows = "\n".join(f"<tr>{''.join(_write_row(row, table))}</tr>" for row in table.rows)
        body = f"<tbody>\n{rows}\n</tbody>\n" if rows else ""
        kind = "table" if table.head else "fields"
        return f'<div class="across"><table id="{name}" class="{kind}">\n{columns}{head}{body}</table></div>'


def _size_poster(blocks: tuple[Block, ...]) -> str:
    """Return what the style has to know of a poster: how long its widest line is, and how many lines there are."""
    widest = max(measure(words)[0] for words in list_words(blocks))
    return f".poster{{--widest:{max(widest, 1):.1f};--lines:{len(blocks)}}}"


def _write_rules(name: str, widths: Sequence[int]) -> Iterator[str]:
    whole = sum(widths)
    for place, width in enumerate(widths, 1):
        if width:
            yield f"#{name} col:nth-child({place}){{width:{int(100 * width / whole + _HALF)}%}}"
        else:
            yield f"#{name} :is(th, td):nth-child({place}){{white-space:nowrap}}"


def _write_row(row: tuple[Words, ...], table: Table) -> Iterator[str]:
    for place, words in enumerate(row):
        yield _write_cell("td" if table.head or place else "th", words, place, table)


def _write_cell(tag: str, words: Words, place: int, table: Table) -> str:
    align = table.aligns[place]
    kind = f' class="{align}"' if align != "left" else ""
    scope = "col" if table.head else "row"
    head = f' scope="{scope}"' if tag == "th" else ""
    return f"<{tag}{head}{kind}>{_write_words(words)}</{tag}>"


def _write_words(words: Words) -> str:
    written = []
    strong = False
    for run in words:
        if run.strong != strong:
            strong = run.strong
            written.append("<strong>" if strong else "</strong>")
        written.append(_write_run(run.text))
    return "".join(written) + ("</strong>" if strong else "")


def _write_run(text: str) -> str:
    """Return text as HTML; one that is written from right to left is kept from turning what stands around it."""
    written = escape(text)
    if not text.isprintable():
        written = HIDDEN.sub(lambda found: f'<span class="hidden">{name_all(found[0])}</span>', written)
        written = written.replace("\n", "<br>")
    written = _WHOLE.sub(r'<span class="whole">\g<0></span>', written)
    return written if text.isascii() or not _TURNED.search(text) else f"<bdi>{written}</bdi>"


def _write_text(text: str) -> str:
    return _write_run(read_value(text))


def _quote(text: str) -> str:
    """Return a text for between quotation marks in a style sheet."""
    return _STEERING.sub(lambda found: f"\\{ord(found[0]):x} ", text)


def _flatten(text: str) -> str:
    """Return a text for a place that takes no elements."""
    return show_hidden(read_value(text)).replace("\n", " ")

"""What the tests of pages share: an invented sample, templates out of a string, and independent readers."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pypdfium2
from lxml import html

from assistant.export.typesetting.templates import Template
from assistant.export.typesetting.typesetting import Form, Marks, Typeset, typeset
from rules.language import Language

TEMPLATES: Final = Path(__file__).with_name("templates")
AT: Final = 1_796_120_000_000
RARE: Final = "\U00020bb7\U000323af"
"""Two characters of names: in the font, and (in Unicode since 2022) in no font yet."""


@dataclass(frozen=True)
class Row:
    clock: str
    who: str
    text: str
    amount: str


@dataclass(frozen=True)
class Step:
    name: str
    done: bool


@dataclass(frozen=True)
class Sample:
    number: str
    outlet: str
    customer: str
    phone: str | None
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    note: str


SAMPLES: Final = {
    Language.ZH: Sample(
        number="20261201-0007",
        outlet="城东支行（虚构）",
        customer=f"王{RARE}",
        phone=None,
        rows=tuple(
            Row(f"2026-12-01 10:{minute:02}:05", "1001", "客户称对方自称“公安机关”，要求转入“安全账户”。", "1,000.00")
            for minute in range(45)
        ),
        steps=(Step("核对收款人", True), Step("联系家属", False)),
        note="第一行 | 竖线\n第二行 **星号**",
    ),
    Language.EN: Sample(
        number="20261201-0007",
        outlet="East Town (invented)",
        customer=f"Wang {RARE}",
        phone=None,
        rows=tuple(
            Row(
                f"2026-12-01 10:{minute:02}:05",
                "1001",
                "The caller said he was “the police” and wanted it moved.",
                "1,000.00",
            )
            for minute in range(45)
        ),
        steps=(Step("Check the payee", True), Step("Call the family", False)),
        note="first line | a bar\nsecond line **stars**",
    ),
}


def mark(language: Language = Language.ZH, **changed: Any) -> Marks:
    """Return what is put around a page."""
    return Marks(**{"footer": "1001 · EX1-0", "language": language, "at": AT, **changed})


def write_template(source: str, own: Path | None = None) -> Template:
    """Return a template that stands in no file."""
    return Template("letter", Language.ZH, Path("letter.zh.md"), source, own)


def set_page(source: str, form: Form, marks: Marks | None = None, **facts: Any) -> Typeset:
    """Return a template that is given as text, filled with facts."""
    return typeset(write_template(source), facts, form, marks or mark(footer=""))


def read_html(content: bytes) -> Any:
    """Return an HTML page as lxml reads it."""
    return html.document_fromstring(content.decode())


def read_pdf(content: bytes) -> list[str]:
    """Return the text of each page of a PDF as PDFium reads it."""
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [page.get_textpage().get_text_range() for page in document]

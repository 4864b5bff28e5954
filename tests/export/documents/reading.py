"""Documents as others read them: the text of a PDF page by page, and how the page looks beside what it says."""

from __future__ import annotations

import pypdfium2
from lxml import html


def read_pages(content: bytes) -> list[str]:
    """Return the text of each page of a PDF, without blanks and line ends."""
    document = pypdfium2.PdfDocument(content)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def read_words(page: bytes) -> str:
    """Return the text of an HTML page without its footer; cells and runs of blanks are parted by one blank."""
    tree = html.fromstring(page.decode())
    for footer in tree.xpath("//footer"):
        footer.drop_tree()
    for cell in tree.xpath("//td | //th"):
        cell.tail = f" {cell.tail or ''}"
    return " ".join(str(tree.body.text_content()).split())

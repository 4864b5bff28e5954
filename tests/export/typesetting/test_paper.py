"""On paper a page is found to be what it is by an independent reader: its text, its pages, its one font, its bytes."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from threading import Thread
from typing import Final

import pypdfium2
import pytest

from assistant.export.typesetting.font import read_coverage
from assistant.export.typesetting.typesetting import Form, find_template, typeset
from rules.language import Language
from tests.export.typesetting.pages import SAMPLES, TEMPLATES, mark, read_pdf, set_page

PRINT: Final = """
from hashlib import sha256
from assistant.export.typesetting.typesetting import Form
from tests.export.typesetting.pages import set_page
print(sha256(set_page("# 甲{{ v }}", Form.PDF, v="乙").content).hexdigest())
"""


def test_the_same_page_has_the_same_bytes_whenever_and_wherever_it_is_made() -> None:
    first = set_page("# 甲{{ v }}", Form.PDF, v="乙").content
    set_page("something else", Form.PDF)
    assert set_page("# 甲{{ v }}", Form.PDF, v="乙").content == first
    other = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, check=True, text=True)
    assert other.stdout.strip() == sha256(first).hexdigest()


def test_screens_that_print_at_the_same_time_get_each_its_own_page() -> None:
    made: dict[int, bytes] = {}

    def run(number: int) -> None:
        made[number] = set_page("{{ v }}", Form.PDF, v=f"page {number}").content

    threads = [Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [read_pdf(made[number])[0].split("\r\n")[0] for number in range(6)] == [f"page {n}" for n in range(6)]


def test_a_file_tells_its_title_its_time_and_that_it_is_for_keeping() -> None:
    content = set_page("# 标题", Form.PDF, mark(title="给客户的通知")).content
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        told = document.get_metadata_dict()
        assert document.is_tagged()
    assert told["Title"] == "给客户的通知"
    assert told["CreationDate"] == told["ModDate"] == "D:20261201101320Z"
    assert b'pdfaid:part="2"' in content or b"<pdfaid:part>2" in content
    assert b"/Lang(zh" in content.replace(b" ", b"")


def test_only_the_one_font_is_in_a_file_and_all_of_what_is_used_of_it() -> None:
    content = set_page("# a **b** 中**文** ✓\n\n- [x] c\n\n{{ v }}", Form.PDF, mark(Language.EN), v="“d” 😀").content
    names = set()
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        for part in document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            font = part.get_font()
            assert font.is_embedded
            names.add(font.get_base_name().rpartition("+")[2])
    assert names
    assert all(name.startswith("NotoSansCJK") for name in names), names


def test_pages_are_counted_and_each_says_which_of_how_many_it_is() -> None:
    made = set_page("a\n\n<!-- page -->\n\nb\n\n<!-- page -->\n\nc", Form.PDF, mark(footer="1001"))
    assert made.pages == 3
    for page, text in enumerate(read_pdf(made.content), 1):
        assert text.split("\r\n")[1:] == [f"1001 第 {page} 页，共 3 页"]


@pytest.mark.parametrize("language", Language)
def test_a_table_repeats_its_head_and_keeps_its_rows_whole(language: Language) -> None:
    template = find_template("sample", language, TEMPLATES)
    made = typeset(template, SAMPLES[language], Form.PDF, mark(language))
    pages = [text for text in read_pdf(made.content) if "2026-12-01 10:" in text]
    assert len(pages) > 1
    assert all(("时间" if language is Language.ZH else "Time") in text for text in pages)
    assert made.missing == ("U+323AF",)


def test_what_is_longer_than_a_line_or_a_page_is_on_the_page_all_the_same() -> None:
    word = "x" * 1_500 + "y"
    source = (
        "{{ v }}\n\n| a | b | c | d | e |\n|---|---|---|---|---|\n| {{ w }} | {{ w }} | {{ w }} | {{ w }} | {{ w }} |"
    )
    content = set_page(source, Form.PDF, mark(large=True), v=word, w="6222021234567890123" * 20).content
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        for page in document:
            width, height = page.get_size()
            for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                left, bottom, right, top = part.get_bounds()
                assert 60 < left < right < width - 60
                assert 20 < bottom < top < height - 20
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert text.replace("\r\n", "").count("x") == 1_500


def test_large_print_is_eighteen_points_and_more() -> None:
    source = "# a\n\nb\n\n- c\n\n| d | e |\n|---|---|\n| f | g |\n\n> h"
    content = set_page(source, Form.PDF, mark(footer="", large=True)).content
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        text = document[0].get_textpage()
        whole = text.get_text_range()
        sizes = {
            letter: pypdfium2.raw.FPDFText_GetFontSize(text.raw, place)
            for place, letter in enumerate(whole)
            if letter in "abcdefgh"
        }
    assert set(sizes) >= set("bcdfgh")
    assert all(size >= 17.99 for size in sizes.values()), sizes


def test_every_character_of_the_font_can_be_kept_and_found() -> None:
    known = read_coverage()
    letters = [chr(start) for start in known.starts[::20] if chr(start).isprintable()]
    made = set_page("{{ v }}", Form.PDF, v="".join(letters))
    assert made.missing == ()
    assert [letter in known for letter in "王\U00020bb7😀\u0623"] == [True, True, False, False]

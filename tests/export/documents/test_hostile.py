"""Whatever somebody writes into a case, a document says it and does nothing of it: by the command, in every form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

import pytest
from lxml import html
from markdown_it import MarkdownIt

from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.record import read_record
from assistant.export.documents.writings import LONGEST
from assistant.particulars.fields import Field, Party
from rules.advice import Adviser
from tests.export.documents.reading import read_pages
from tests.export.documents.staging import FRESH, SUPERVISOR, TELLER, Stage, keep_quiet, stage

PHONE: Final = "13800138000"
HOSTILE: Final = (
    "=cmd|'/C calc'!A0 +1 -1 @SUM(1)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "**粗** | 格 | `码` {{ number }} {% for x in y %} <!-- page --> [x](javascript:alert(1))",
    "# 标题\n\n---\n\n> 框\n\n| a | b |\n|---|---|\n| c | d |",
    '#import "x": y; #eval("1") $x^2$ @ref \\ ~ <label>',
    "\u202e倒着写\u202c \u200b\u2066 \x1b[31m红 \x07",
    "\ue0000\ue001 \ue0001\ue001",
    "𠮷 𪚥 㐀 \U0002ebf0 😀 \U000e0041",
)
HUGE: Final = 10 * 2**20
NAME: Final = '<b>=1+1 "张𠮷|**'
SOME: Final = (DocumentName.CASE_SUMMARY, DocumentName.RECEIPT, DocumentName.POLICE_HANDOVER)
FORMS: Final = (DocumentForm.MARKDOWN, DocumentForm.HTML, DocumentForm.PDF)


class Export(Protocol):
    """Returns what the command writes."""

    def __call__(self, name: DocumentName, form: DocumentForm, *words: str) -> bytes: ...


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Stage]:
    """The staged file, in whose case that was only opened somebody wrote all of that."""
    patch = pytest.MonkeyPatch()
    keep_quiet(patch, tmp_path_factory.mktemp("places"))
    with stage(tmp_path_factory.mktemp("hostile") / "cases.db", adviser) as made:
        desk, case_id = made.as_(TELLER), made.case(FRESH).id
        for text in HOSTILE:
            desk.note(case_id, text)
        for party in (Party.CUSTOMER, Party.PAYEE, Party.CONTACT):
            desk.note_particulars(case_id, party, Field.NAME, NAME)
        desk.note(case_id, f"{'满' * (LONGEST - 5)}{PHONE}{'满' * (HUGE // 3)}")
        made.turn(SUPERVISOR)
        yield made
    patch.undo()


@pytest.fixture(scope="module")
def export(hostile: Stage, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """Gives the command, once for each document, form and words, and returns what it wrote."""
    folder = tmp_path_factory.mktemp("exports")

    @cache
    def write(name: DocumentName, form: DocumentForm, *words: str) -> bytes:
        target = folder / f"{name}{''.join(words)}.{form}"
        assert hostile.export(target, "--document", name, "--format", form, *words, number=FRESH) == 0
        return target.read_bytes()

    return write


@pytest.mark.parametrize("name", SOME)
def test_in_html_it_is_text_and_no_element(export: Export, name: DocumentName) -> None:
    page = export(name, DocumentForm.HTML, "--reveal", "complaint")
    tree = html.fromstring(page.decode())
    assert tree.xpath("//script | //img | //a | //iframe | //object | //label | //code | //@onerror") == []
    assert [part for part in tree.xpath("//body//b | //body//h1") if "张" in part.text_content()] == []
    if name is not DocumentName.CASE_SUMMARY:
        for text in (*HOSTILE[:2], "{{ number }} {% for x in y %} <!-- page -->", '#import "x"', "𠮷 𪚥 㐀"):
            assert text in tree.text_content()


@pytest.mark.parametrize("name", SOME)
def test_in_markdown_it_is_text_and_no_markup(export: Export, name: DocumentName) -> None:
    page = export(name, DocumentForm.MARKDOWN, "--reveal", "complaint").decode()
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    inline = [part for token in tokens for part in token.children or ()]
    markers = [
        token.content for token in (*tokens, *inline) if token.type.startswith(("html", "link", "code", "fence"))
    ]
    assert [content for content in markers if content.strip() != "<!-- page -->"] == []
    assert [token.type for token in inline if token.type == "image"] == []
    heads = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    assert "标题" not in heads


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_steers_a_terminal_or_turns_the_writing_is_left(
    export: Export, name: DocumentName, form: DocumentForm
) -> None:
    page = export(name, form, "--reveal", "complaint")
    text = "".join(read_pages(page)) if form is DocumentForm.PDF else page.decode()
    assert [mark for mark in "\u202e\u202c\u200b\u2066\x1b\x07\ue000\ue001" if mark in text] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", [(), ("--reveal", "complaint")])
def test_a_note_of_ten_million_bytes_is_cut_and_no_number_in_it_is_cut_open(
    export: Export, form: DocumentForm, words: tuple[str, ...]
) -> None:
    page = export(DocumentName.RECEIPT, form, *words)
    text = "".join(read_pages(page)) if form is DocumentForm.PDF else page.decode()
    assert text.count("满") == LONGEST - 5
    assert f"满{PHONE[0]}" not in text
    assert "已截短" in text
    assert len(page) < 2**20


def test_the_whole_record_has_all_of_it(hostile: Stage, export: Export) -> None:
    page = export(DocumentName.RECORD, DocumentForm.JSON, "--reveal", "complaint")
    assert read_record(json.loads(page)).case == hostile.case(FRESH)
    assert len(page) > HUGE


def test_a_preview_shows_it_and_steers_no_terminal(hostile: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert hostile.export(Path("-"), "--document", "receipt", "--preview", number=FRESH) == 0
    said = capsys.readouterr().out
    assert "alert(1)" in said
    assert [mark for mark in "\u202e\u202c\u200b\u2066\x1b\x07" if mark in said] == []

"""Whatever somebody writes into a case or calls himself, the papers for customers and analysts say it, if they may, and
do nothing of it: by the command, in every form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from assistant.export.documents.kinds import KINDS, PAGES, DocumentForm, DocumentName
from assistant.particulars.fields import Field, Party
from rules.advice import Adviser
from rules.facts import Answer, Known, MoneyState, Portion, StepOutcome
from tests.export.documents.papers import FOR_CUSTOMERS
from tests.export.documents.staging import COMPLIANCE, FRESH, SETTINGS, TELLER, Stage, keep_quiet, stage

NAME: Final = '<b>=1+1 "张𠮷|**'
NOTE: Final = "=cmd|'/C calc'!A0 <script>alert(1)</script> **x** | {{ number }} \u202e倒\x07 # t ]]> --> &amp; \ud7ff"
HUGE: Final = "满" * (10 * 2**20 // 3)
PAPER: Final = DocumentName.STR_PAPER
SCHEMA: Final = Path(__file__).with_name("report.xsd")
PAPERS: Final = (*FOR_CUSTOMERS, PAPER)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Stage]:
    """The staged file, in whose case that was only opened all of that stands; a compliance officer gives commands."""
    patch = pytest.MonkeyPatch()
    keep_quiet(patch, tmp_path_factory.mktemp("places"))
    settings = f"{SETTINGS}  goaml_schema: {SCHEMA}\n  goaml_entity: '7'\n"
    with stage(tmp_path_factory.mktemp("hostile") / "cases.db", adviser, settings=settings) as made:
        desk, case_id = made.as_(TELLER), made.case(FRESH).id
        desk.record_money(case_id, Portion(MoneyState.NOT_MOVED, 100), 1)
        desk.answer(case_id, "official_caller", Answer.YES, Known.SAID)
        desk.record_step(case_id, "pause_transaction", StepOutcome.DONE)
        for text in (NOTE, HUGE):
            desk.note(case_id, text)
        for party in (Party.CUSTOMER, Party.PAYEE, Party.CONTACT):
            desk.note_particulars(case_id, party, Field.NAME, NAME)
        made.turn(COMPLIANCE)
        yield made
    patch.undo()


def export(hostile: Stage, target: Path, name: DocumentName, form: DocumentForm) -> bytes:
    """Return what the command writes, in full."""
    words = ("--document", name, "--format", form, "--reveal", "police_request")
    assert hostile.export(target, *words, number=FRESH) == 0
    return target.read_bytes()


@pytest.mark.parametrize("name", PAPERS)
def test_in_html_it_is_text_and_no_element(hostile: Stage, name: DocumentName, tmp_path: Path) -> None:
    tree = html.fromstring(export(hostile, tmp_path / "x.html", name, DocumentForm.HTML).decode())
    assert tree.xpath("//script | //img | //iframe | //*[@onerror]") == []
    assert (NAME in tree.text_content()) is (name is not DocumentName.SLIP)


@pytest.mark.parametrize("name", PAPERS)
def test_in_markdown_it_is_read_back_as_it_was_written(hostile: Stage, name: DocumentName, tmp_path: Path) -> None:
    page = export(hostile, tmp_path / "x.md", name, DocumentForm.MARKDOWN).decode()
    tree = html.fromstring(MarkdownIt("commonmark").enable("table").render(page))
    assert (NAME in tree.text_content()) is (name is not DocumentName.SLIP)
    assert tree.xpath("//script") == []


@pytest.mark.parametrize("name", PAPERS)
def test_on_paper_it_is_there_with_every_character(hostile: Stage, name: DocumentName, tmp_path: Path) -> None:
    paper = pypdfium2.PdfDocument(export(hostile, tmp_path / "x.pdf", name, DocumentForm.PDF))
    said = "".join(paper[number].get_textpage().get_text_bounded() for number in range(len(paper)))
    assert ("张𠮷" in said) is (name is not DocumentName.SLIP)
    assert len(paper) <= (12 if name is PAPER else 2)


@pytest.mark.parametrize("form", PAGES)
def test_nothing_that_was_written_stands_on_what_a_customer_gets(
    hostile: Stage, form: DocumentForm, tmp_path: Path
) -> None:
    for name in FOR_CUSTOMERS:
        page = export(hostile, tmp_path / f"{name}.{form}", name, form)
        assert b"calc" not in page
        assert len(page) < 200_000


def test_the_draft_holds_all_of_it_to_the_last_character(hostile: Stage, tmp_path: Path) -> None:
    draft = json.loads(export(hostile, tmp_path / "x.json", PAPER, DocumentForm.JSON))
    assert [one["text"] for one in draft["behaviour"]["written"]] == [NOTE, HUGE]
    assert draft["subject"]["name"] == NAME


def test_the_xml_holds_the_name_as_a_value(hostile: Stage, tmp_path: Path) -> None:
    tree = etree.fromstring(export(hostile, tmp_path / "x.xml", PAPER, DocumentForm.GOAML))
    assert {one.text for one in tree.iter("last_name")} == {COMPLIANCE, NAME}


def test_every_form_of_these_papers_is_tried_here() -> None:
    assert {form for name in PAPERS for form in KINDS[name].forms} == {*PAGES, DocumentForm.JSON, DocumentForm.GOAML}

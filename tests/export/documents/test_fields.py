"""A bank that writes templates of its own finds in the manual every field that there is, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.export.documents.fields import find_facts, list_fields, write_page
from assistant.export.documents.kinds import KINDS, PAGES, DocumentForm, DocumentName
from rules.language import Language
from tests.export.documents.papers import write_still
from tests.export.documents.staging import COMPLIANCE, Stage

PAGE: Final = Path(__file__).parents[3] / "docs" / "documents.md"
TYPESET: Final = [name for name, kind in KINDS.items() if PAGES[0] in kind.forms]


def test_the_manual_lists_the_fields_that_there_are() -> None:
    page = PAGE.read_text("utf-8")
    assert page == write_page(page)


@pytest.mark.parametrize("name", TYPESET)
def test_each_field_says_what_it_is(name: DocumentName) -> None:
    waiting, seen = [find_facts(name)], set[type]()
    while waiting:
        facts = waiting.pop()
        seen.add(facts)
        for field in list_fields(facts):
            assert field.says, f"{facts.__name__}.{field.name}"
            waiting += [field.rows] if field.rows and field.rows not in seen else []


@pytest.mark.parametrize("name", KINDS)
def test_the_manual_names_each_document(name: DocumentName) -> None:
    assert f"| `{name}` |" in PAGE.read_text("utf-8")


def test_a_bank_prints_a_field_of_its_choice_in_its_own_words(own: Stage) -> None:
    folder = own.path.parent / "templates"
    folder.mkdir()
    (folder / "case_summary.zh.md").write_text("# 本行摘要\n\n本案 {{ number }}，{{ steps | length }} 步。\n", "utf-8")
    settings = own.path.parent / "settings.yaml"
    settings.write_text(settings.read_text("utf-8") + "  templates: templates\n", "utf-8")
    prepared = own.prepare(DocumentName.CASE_SUMMARY, by=COMPLIANCE)
    steps = len(own.case(prepared.view.case.number).steps)
    said = write_still(own, prepared, DocumentForm.MARKDOWN).decode()
    assert f"# 本行摘要\n\n本案 0312-1123-001，{steps} 步。\n" in said
    english = write_still(own, own.prepare(DocumentName.CASE_SUMMARY, language=Language.EN), DocumentForm.MARKDOWN)
    assert "\n# Case summary 0312-1123-001\n" in english.decode()

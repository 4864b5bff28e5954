"""The notice to the customer does what the law asks of it, clause by clause, and not a word more than the customer may
read.

`GOLDEN=write pytest tests/export/documents` writes the pages in `golden/` anew; read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest

from assistant.case.events import RevealReason
from assistant.desk import Desk
from assistant.export.documents import customer_notice
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.measures import MeasureBy, read_measures
from assistant.export.typesetting.templates import BUILT_IN
from assistant.particulars.fields import Field
from rules.advice import Adviser
from rules.conditions import Atom, Subject
from rules.facts import Known, StepOutcome
from rules.language import Language, read_yaml
from rules.loading import load_book
from tests.case.visits import MINUTE
from tests.export.documents.papers import (
    hold_against_golden,
    open_case,
    prepare_paper,
    protect,
    refuse,
    say_paper,
    suspect,
    take,
    write_still,
)
from tests.export.documents.staging import CUSTOMER, RICH, SETTINGS, SUPERVISOR, Stage, stage

NOTICE: Final = DocumentName.CUSTOMER_NOTICE
CLAUSES: Final = read_yaml(Path(__file__).with_name("clauses.yaml").read_text("utf-8"))["clauses"]


@dataclass(frozen=True)
class Noticed:
    """The staged file with three more cases in it: an account refused, accounts protected, a payment paused."""

    stage: Stage
    refused: str
    protected: str
    suspected: str


@pytest.fixture(scope="module")
def noticed(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Noticed]:
    with stage(tmp_path_factory.mktemp("notices") / "cases.db", adviser) as made:
        yield Noticed(made, refuse(made.desk), protect(made.desk), suspect(made.desk))


def find_missing(text: str, language: Language, *, aml: bool) -> list[str]:
    """Return the duties that a notice does not fulfil."""
    due = [clause for clause in CLAUSES if aml or clause["under"] == "always"]
    return [f"{one['article']}: {one['duty']}" for one in due if one[language.value] not in text]


@pytest.mark.parametrize("language", Language)
def test_a_notice_of_measures_against_fraud_fulfils_every_duty(noticed: Noticed, language: Language) -> None:
    for number in (RICH, noticed.protected):
        said = say_paper(noticed.stage, NOTICE, number, language)
        assert find_missing(said, language, aml=False) == []
        assert not [clause for clause in CLAUSES if clause["under"] == "aml" and clause[language.value] in said]


@pytest.mark.parametrize("language", Language)
def test_a_refusal_that_stands_on_the_aml_law_gives_the_rights_of_its_article_39_as_well(
    noticed: Noticed, language: Language
) -> None:
    said = say_paper(noticed.stage, NOTICE, noticed.refused, language)
    assert find_missing(said, language, aml=True) == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause["duty"])
def test_a_banks_own_notice_that_drops_a_clause_is_found_out(
    clause: dict[str, Any], language: Language, tmp_path: Path, adviser: Adviser
) -> None:
    said = _fill_in(clause[language.value], (BUILT_IN / f"customer_notice.{language}.md").read_text("utf-8"))
    (tmp_path / f"customer_notice.{language}.md").write_text(said, "utf-8")
    settings = f"{SETTINGS}  templates: {tmp_path}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made:
        number = refuse(made.desk)
        told = say_paper(made, NOTICE, number, language)
    assert f"{clause['article']}: {clause['duty']}" in find_missing(told, language, aml=True)


def _fill_in(words: str, template: str) -> str:
    """Return the template without the line that has the words, however its values are filled in."""
    settings = {"示范银行运营管理部": "{{ appeal_to }}", "021-00000001": "{{ appeal_phone }}"}
    settings |= {"有效身份证件、交易凭证": "{{ appeal_papers }}"}
    for value, name in settings.items():
        words = words.replace(value, name)
    lines = template.splitlines(keepends=True)
    kept = [line for line in lines if words not in line]
    return "".join(kept if len(kept) < len(lines) else [line for line in lines if "{{ laws }}" not in line])


def test_the_measures_of_the_bank_are_those_that_the_rulebook_lifts_when_the_customer_is_cleared() -> None:
    book = load_book()
    of_bank = {name for name, one in read_measures().measures.items() if one.by is MeasureBy.BANK}
    assert of_bank == {atom.id for atom in _list_atoms(book.step_rules["s-lift"].when) if atom.subject is Subject.DONE}
    assert read_measures().measures.keys() <= book.steps.keys()


def _list_atoms(condition: Any) -> Iterator[Atom]:
    if isinstance(condition, Atom):
        yield condition
    else:
        for part in getattr(condition, "parts", None) or [condition.part]:
            yield from _list_atoms(part)


def test_what_the_customer_asked_for_is_told_apart_from_what_the_bank_did(noticed: Noticed) -> None:
    view = prepare_paper(noticed.stage, NOTICE, noticed.protected).view
    told = customer_notice.gather(view)
    measures = read_measures().measures
    assert [one.what for one in told.measures] == [
        measures[step].what.zh for step in ("suspend_non_counter", "stop_pay_class_2")
    ]
    assert [one.what for one in told.requested] == [measures[step].what.zh for step in ("lower_limits", "region_lock")]


def test_a_measure_that_was_lifted_says_when(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "transfer", {"official_caller": Known.SAID})
        take(made.desk, case_id, ("pause_transaction",))
        made.desk.clear(case_id, "police_cleared", "示范派出所", "当面核实")
        number = made.desk.store.case(case_id).number
        assert "解除" not in say_paper(made, NOTICE, number).split("您有异议怎么办")[0]
        take(made.desk, case_id, ("lift_controls",))
        assert "已于 2025-11-24 18:00 解除" in say_paper(made, NOTICE, number)
        assert "lifted 2025-11-24 18:00" in say_paper(made, NOTICE, number, Language.EN)


def test_a_measure_taken_after_the_lifting_holds(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "transfer", {"official_caller": Known.SAID})
        take(made.desk, case_id, ("pause_transaction",))
        made.desk.clear(case_id, "police_cleared", "示范派出所", "当面核实")
        take(made.desk, case_id, ("lift_controls",))
        made.clock.wait(MINUTE)
        later = Desk(made.desk.store, adviser, made.desk.actor, made.clock)
        take(later, case_id, ("pause_transaction",))
        said = say_paper(made, NOTICE, made.desk.store.case(case_id).number)
    assert "2025-11-24 18:01" in said
    assert "已于" not in said


def test_a_step_that_was_refused_or_taken_back_is_no_measure(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "transfer", {"official_caller": Known.SAID})
        take(made.desk, case_id, ("pause_transaction",))
        made.desk.take_back(case_id)
        made.desk.record_step(case_id, "pause_transaction", StepOutcome.LATER)
        said = say_paper(made, NOTICE, made.desk.store.case(case_id).number)
    assert "措施：__________ 原因：__________" in said


@pytest.mark.parametrize("language", Language)
def test_an_article_that_speaks_of_reporting_is_not_cited(noticed: Noticed, language: Language) -> None:
    silent = read_measures().not_cited
    assert set(load_book().steps["refuse_service"].basis) & set(silent)
    said = say_paper(noticed.stage, NOTICE, noticed.refused, language)
    begins, ends = {Language.ZH: ("依据：", "网点："), Language.EN: ("Basis:", "Outlet:")}[language]
    laws = said.split(begins)[1].split(ends)[0]
    assert not [place.article for place in silent if place.article in laws]


@pytest.mark.parametrize("language", Language)
def test_a_protection_by_the_police_is_told_as_theirs(language: Language, tmp_path: Path, adviser: Adviser) -> None:
    theirs = {Language.ZH: "不由本行决定", Language.EN: "is not decided by the bank"}[language]
    signs = {"official_caller": Known.SAID, "hostile_to_questions": Known.SEEN, "ignored_warnings": Known.SEEN}
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "transfer", signs)
        number = made.desk.store.case(case_id).number
        assert theirs not in say_paper(made, NOTICE, number, language)
        take(made.desk, case_id, ("protective_stop_by_police",))
        assert theirs in say_paper(made, NOTICE, number, language)


def test_what_the_settings_lack_is_left_blank(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser, settings="") as made:
        said = say_paper(made, NOTICE, RICH)
    assert "您可以向本行申诉：__________，电话 __________。" in said
    assert "请带上这些资料：__________。" in said


def test_a_notice_in_full_names_the_customer_and_a_usual_one_does_not(noticed: Noticed) -> None:
    name = CUSTOMER[Field.NAME]
    full = noticed.stage.prepare(NOTICE, by=SUPERVISOR, reason=RevealReason.SERVE_CUSTOMER)
    assert name in write_still(noticed.stage, full, DocumentForm.MARKDOWN).decode()
    assert name not in say_paper(noticed.stage, NOTICE, RICH)


@pytest.mark.parametrize("language", Language)
def test_an_ordinary_notice_is_one_sheet_of_paper(noticed: Noticed, language: Language) -> None:
    for number in (RICH, noticed.refused, noticed.suspected):
        paper = write_still(noticed.stage, prepare_paper(noticed.stage, NOTICE, number, language), DocumentForm.PDF)
        assert len(pypdfium2.PdfDocument(paper)) == 1


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize("language", Language)
def test_the_pages_are_as_they_were_read(noticed: Noticed, language: Language, form: DocumentForm) -> None:
    for name, number in (("", noticed.suspected), ("_refused", noticed.refused), ("_protected", noticed.protected)):
        page = write_still(noticed.stage, prepare_paper(noticed.stage, NOTICE, number, language), form)
        hold_against_golden(f"customer_notice{name}.{language}.{form}", page)

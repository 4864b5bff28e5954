"""The risk notice that a customer signs, and the slip in large print: what serves against what is suspected, and not a
word more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pytest

from assistant.case.events import RevealReason
from assistant.export.documents import risk_notice, slip
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.view import View
from assistant.particulars.fields import Field
from rules.advice import Adviser
from rules.language import Language, read_yaml
from rules.loading import load_book
from tests.export.documents.papers import hold_against_golden, prepare_paper, say_paper, suspect, write_still
from tests.export.documents.staging import CUSTOMER, FRESH, PAYEE, SECRETS, Stage, stage

RISK, SLIP = DocumentName.RISK_NOTICE, DocumentName.SLIP
CARDS = load_book().cards
DUTIES = read_yaml(Path(__file__).with_name("clauses.yaml").read_text("utf-8"))["risks"]


@dataclass(frozen=True)
class Warned:
    """The staged file with one more case in it, of a customer whom false police direct."""

    stage: Stage
    number: str


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Warned]:
    with stage(tmp_path_factory.mktemp("risks") / "cases.db", adviser) as made:
        yield Warned(made, suspect(made.desk))


def suspecting(view: View, typology: str) -> View:
    """Return the view of the case as it were if this were suspected most."""
    assert view.case.advice is not None
    suspected = view.case.advice.model_copy(update={"typologies": (typology, "romance")})
    return replace(view, dossier=replace(view.dossier, case=replace(view.case, advice=suspected)))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("card", sorted(CARDS))
def test_every_risk_that_has_to_be_told_is_an_item_to_tick_and_is_told_once(
    warned: Warned, card: str, language: Language
) -> None:
    prepared = prepare_paper(warned.stage, RISK, warned.number, language)
    suspected = replace(prepared, view=suspecting(prepared.view, card))
    page = write_still(warned.stage, suspected, DocumentForm.MARKDOWN).decode()
    items = [line.replace("\\", "") for line in page.splitlines() if line.startswith("- [ ]")]
    assert all(item.endswith((".", "。")) for item in items)
    for duty in DUTIES:
        words = duty.get("slip", {}).get(card, duty)[language.value]
        for word in [words] if isinstance(words, str) else words:
            assert sum(word in item for item in items) == 1, duty["duty"]
        assert sum(duty[language.value] in item for item in items) == isinstance(words, str)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("typology", ["mule", "account_misuse"])
def test_a_line_of_the_slip_that_the_notice_says_with_its_place_in_the_law_is_left_to_it(
    warned: Warned, typology: str, language: Language
) -> None:
    view = suspecting(prepare_paper(warned.stage, RISK, warned.number, language).view, typology)
    lines = CARDS[typology].slip.read(language).splitlines()
    assert list(risk_notice.gather(view).items) == lines[2:]


@pytest.mark.parametrize("language", Language)
def test_the_items_begin_with_those_for_what_is_suspected(warned: Warned, language: Language) -> None:
    expected = CARDS["official_impersonation"].slip.read(language).splitlines()
    view = prepare_paper(warned.stage, RISK, warned.number, language).view
    assert list(risk_notice.gather(view).items) == expected


def test_where_nothing_is_suspected_the_general_lines_stand(warned: Warned) -> None:
    for name in (RISK, SLIP):
        said = say_paper(warned.stage, name, FRESH)
        assert all(line in said for line in CARDS["general"].slip.zh.splitlines())


@pytest.mark.parametrize("typology", sorted(set(CARDS) - {"general"}))
def test_the_slip_for_each_typology_says_its_lines_and_the_numbers_to_call_and_nothing_else(
    typology: str, warned: Warned
) -> None:
    view = prepare_paper(warned.stage, SLIP, warned.number).view
    told = slip.gather(suspecting(view, typology))
    assert told.lines == tuple(CARDS[typology].slip.zh.splitlines())


@pytest.mark.parametrize("language", Language)
def test_the_slip_names_no_case_no_person_and_no_bank(warned: Warned, language: Language) -> None:
    said = say_paper(warned.stage, SLIP, warned.number, language)
    lines = CARDS["official_impersonation"].slip.read(language).splitlines()
    assert said == " ".join((*lines, "110 · 96110"))


@pytest.mark.parametrize("language", Language)
def test_nobody_signs_for_a_mask_payee_account_and_name_are_left_to_the_customers_hand(
    warned: Warned, language: Language
) -> None:
    said = say_paper(warned.stage, RISK, warned.number, language)
    assert not [secret for secret in SECRETS if secret in said]
    assert "*" not in said
    lines = {
        Language.ZH: f"收款人：{'_' * 10} 账户：{'_' * 20} 金额：50,000.50 元 用途：{'_' * 20}",
        Language.EN: f"Payee: {'_' * 10} Account: {'_' * 20} Amount: CNY 50,000.50 Purpose: {'_' * 14}",
    }
    assert lines[language] in said


def test_in_full_the_notice_names_payee_and_customer(warned: Warned) -> None:
    full = warned.stage.prepare(RISK, warned.number, reason=RevealReason.SERVE_CUSTOMER)
    page = write_still(warned.stage, full, DocumentForm.MARKDOWN).decode()
    assert all(one in page for one in (CUSTOMER[Field.NAME], PAYEE[Field.NAME], PAYEE[Field.ACCOUNT]))


def test_money_that_is_gone_is_no_money_to_decide_about(warned: Warned) -> None:
    assert "金额：__________" in say_paper(warned.stage, RISK, FRESH)


@pytest.mark.parametrize("language", Language)
def test_slip_and_notice_are_one_sheet_of_paper_each(warned: Warned, language: Language) -> None:
    sheets = {}
    for name in (SLIP, RISK):
        paper = write_still(warned.stage, prepare_paper(warned.stage, name, warned.number, language), DocumentForm.PDF)
        sheets[name] = len(pypdfium2.PdfDocument(paper))
    assert sheets == {SLIP: 1, RISK: 1}


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", [RISK, SLIP])
def test_the_pages_are_as_they_were_read(
    warned: Warned, name: DocumentName, language: Language, form: DocumentForm
) -> None:
    page = write_still(warned.stage, prepare_paper(warned.stage, name, warned.number, language), form)
    hold_against_golden(f"{name}.{language}.{form}", page)

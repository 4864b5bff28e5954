"""The notice to the customer does what the law asks of it, clause by clause, and not a word more than the customer may
read.

`GOLDEN=write pytest tests/export/documents` writes the pages in `golden/` anew; read them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest

from assistant.case.events import RevealReason
from assistant.desk import Desk
from assistant.export.documents import customer_notice
from assistant.export.documents.kinds import DocumentForm, DocumentName, NoOccasion
from assistant.export.documents.measures import MeasureBy, MeasuresUnread, find_lifted, read_measures
from assistant.export.typesetting.templates import BUILT_IN
from assistant.particulars.fields import Field
from rules.advice import Adviser
from rules.facts import Known, StepOutcome
from rules.language import Language, read_yaml
from rules.loading import built_in, load_book
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
from tests.export.documents.staging import CUSTOMER, FRESH, RICH, SETTINGS, SUPERVISOR, Stage, stage

NOTICE: Final = DocumentName.CUSTOMER_NOTICE
CLAUSES: Final = read_yaml(Path(__file__).with_name("clauses.yaml").read_text("utf-8"))["clauses"]

OWN_STEP: Final = """
  hold_card:
    name: {zh: 卡片暂停使用, en: Hold the card}
    do: {zh: 在系统里暂停, en: Hold it in the system}
    owner: teller
    urgency: this_visit
    quiet: {zh: 核对卡片, en: Check the card}
    basis: [{source: anti-fraud-law-2022, article: "18"}]
"""
OWN_RULE: Final = """
  s-hold-card:
    when: "done:pause_transaction"
    advises: [hold_card]
    reason: {zh: 本行做法, en: The bank has it so}
    basis: practice
"""
OWN_MEASURES: Final = """
measures:
  pause_transaction: {by: bank, what: {zh: 暂停本次转账, en: Paused}, why: {zh: 核对中, en: being checked}}
  hold_card: {by: bank, what: {zh: 您的卡片暂停使用, en: Held}, why: {zh: 卡片需要核对, en: to be checked}}
"""
"""A bank's words for a measure of ours, and for one of its own."""


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
    assert of_bank == set(find_lifted(book)) != set()
    assert read_measures().measures.keys() <= book.steps.keys()


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adviser]:
    """A rulebook of a bank's own, in which one more step limits the customer and is lifted with the others."""
    folder = tmp_path_factory.mktemp("ruled") / "book"
    shutil.copytree(str(built_in()), folder)
    steps, advice = folder / "steps" / "stop.yaml", folder / "advice.yaml"
    steps.write_text(steps.read_text("utf-8") + OWN_STEP, "utf-8")
    told = advice.read_text("utf-8")
    lifted = told.replace("done:stop_pay_class_2]", "done:stop_pay_class_2, done:hold_card]")
    assert lifted != told
    advice.write_text(lifted.replace("step_rules:\n", f"step_rules:\n{OWN_RULE}", 1), "utf-8")
    adviser = Adviser(load_book(folder))
    yield adviser
    adviser.close()


def hold_card(made: Stage) -> str:
    """Take the bank's own measure after one that the program knows; return the number of the case."""
    case_id = open_case(made.desk, "transfer", {"official_caller": Known.SAID})
    take(made.desk, case_id, ("pause_transaction", "hold_card"))
    return made.desk.store.case(case_id).number


@pytest.mark.parametrize(("language", "told"), [(Language.ZH, "卡片暂停使用"), (Language.EN, "Hold the card")])
def test_a_measure_of_a_banks_own_rulebook_is_named_and_its_reason_left_to_fill_in(
    language: Language, told: str, tmp_path: Path, ruled: Adviser
) -> None:
    with stage(tmp_path / "cases.db", ruled) as made:
        view = prepare_paper(made, NOTICE, hold_card(made), language).view
        paused, held = customer_notice.gather(view).measures
        said = say_paper(made, NOTICE, made.desk.store.case(view.case.id).number, language)
    assert paused.what == read_measures().measures["pause_transaction"].what.read(language)
    assert (held.what, held.why) == (told, None)
    assert find_missing(said, language, aml=False) == []


def test_a_bank_words_its_own_measures_and_ours_beside_its_templates(tmp_path: Path, ruled: Adviser) -> None:
    (tmp_path / "measures.yaml").write_text(OWN_MEASURES, "utf-8")
    with stage(tmp_path / "cases.db", ruled, settings=f"{SETTINGS}  templates: {tmp_path}\n") as made:
        number = hold_card(made)
        told = customer_notice.gather(prepare_paper(made, NOTICE, number).view)
    assert [(one.what, one.why) for one in told.measures] == [
        ("暂停本次转账", "核对中"),
        ("您的卡片暂停使用", "卡片需要核对"),
    ]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("measures: {", "YAML"),
        ("measures: {hold_card: {by: nobody, what: {zh: 甲, en: a}, why: null}}", "measures.hold_card.by"),
        ("measures: {hold_card: {by: bank, why: null}}", "measures.hold_card.what"),
        ("- a", "measures.yaml"),
    ],
)
def test_measures_that_cannot_be_read_are_said_with_their_place(
    wrong: str, place: str, tmp_path: Path, adviser: Adviser
) -> None:
    (tmp_path / "measures.yaml").write_text(wrong, "utf-8")
    settings = f"{SETTINGS}  templates: {tmp_path}\n"
    with stage(tmp_path / "cases.db", adviser, settings=settings) as made, pytest.raises(MeasuresUnread) as unread:
        say_paper(made, NOTICE, RICH)
    for language in Language:
        assert place in unread.value.sentence(language)


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
        with pytest.raises(NoOccasion):
            say_paper(made, NOTICE, made.desk.store.case(case_id).number)


@pytest.mark.parametrize("language", Language)
def test_a_case_without_a_measure_has_no_notice_and_it_is_said_what_to_do(
    noticed: Noticed, language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noticed.stage.turn(SUPERVISOR)
    words = ("--document", NOTICE, "--format", "md", "--lang", language)
    assert noticed.stage.export(tmp_path / "notice.md", *words, number=FRESH) == 2
    told = {Language.ZH: "不出告知书。采取措施并登记后再导出。", Language.EN: "Record the measure first."}[language]
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", Language)
def test_what_was_done_at_the_customers_wish_alone_is_no_measure_to_object_to(
    language: Language, tmp_path: Path, adviser: Adviser
) -> None:
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "help", {"nfc_tap": Known.SAID})
        take(made.desk, case_id, ("region_lock",))
        said = say_paper(made, NOTICE, made.desk.store.case(case_id).number, language)
    assert read_measures().measures["region_lock"].what.read(language) in said
    assert not [word for word in ("采取了", "申诉", "措施和原因", "took", "Measures and", "object") if word in said]


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
        take(made.desk, case_id, ("pause_transaction",))
        number = made.desk.store.case(case_id).number
        assert theirs not in say_paper(made, NOTICE, number, language)
        take(made.desk, case_id, ("protective_stop_by_police",))
        assert theirs in say_paper(made, NOTICE, number, language)


def test_what_the_settings_lack_is_left_blank(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser, settings="") as made:
        said = say_paper(made, NOTICE, RICH)
    assert "您可以向本行申诉：__________，电话 __________。" in said
    assert "请带上这些资料：__________。" in said


@pytest.mark.parametrize("document", [NOTICE, DocumentName.POLICE_HANDOVER])
def test_whoever_makes_a_paper_is_told_which_settings_are_blanks_on_it(
    document: DocumentName, tmp_path: Path, adviser: Adviser, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--document", document, "--format", "md")
    with stage(tmp_path / "cases.db", adviser) as made:
        made.turn(SUPERVISOR)
        assert made.export(tmp_path / "set.md", *words) == 0
    assert "documents." not in capsys.readouterr().err
    settings = "documents: {outlet_address: 示范路1号, appeal_to: 示范部, appeal_papers: 证件}\n"
    (tmp_path / "other").mkdir()
    with stage(tmp_path / "other" / "cases.db", adviser, settings=settings) as made:
        made.turn(SUPERVISOR)
        assert made.export(tmp_path / "unset.md", *words) == 0
    (told,) = (line for line in capsys.readouterr().err.splitlines() if "documents." in line)
    missing = ["documents.appeal_phone"] if document is NOTICE else []
    assert re.findall(r"documents\.[a-z_]+", told) == [*missing, "documents.outlet_phone"]


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

"""Whatever was done in a case and whoever makes the paper: nothing that a customer gets says that a suspicious
transaction was referred, what was suspected, or anything that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assistant.case.events import RevealReason
from assistant.case.summary import CaseState
from assistant.confidence import find_confidential
from assistant.export.documents.kinds import KINDS, DocumentForm, DocumentName, NoOccasion
from assistant.export.documents.measures import read_measures
from assistant.export.documents.preparing import prepare, preview
from assistant.people.refusals import NotPermitted
from rules.advice import Adviser
from rules.facts import StepOutcome
from rules.language import Language
from rules.loading import load_book
from rules.model import texts_in
from tests.case.test_any_order import Visit
from tests.export.documents.papers import FOR_CUSTOMERS, prepare_paper, refuse, write_still
from tests.export.documents.staging import COMPLIANCE, MANAGER, RICH, SUPERVISOR, TELLER, Stage, stage

BOOK: Final = load_book()
LAW: Final = ("中华人民共和国反洗钱法", "Anti-Money Laundering Law")
"""Of which the notice gives the customer's rights."""
TELLING: Final = (
    "可疑交易",
    "可疑线索",
    "洗钱",
    "suspicious transaction",
    "laundering",
    "str_referral",
    "反洗钱岗",
    "aml post",
)
WRITTEN: Final = "已向反洗钱岗提交可疑交易报告 suspicious transaction report filed"


MEASURES: Final = read_measures().measures


def list_secrets() -> Iterator[str]:
    """Yield what must not be read on anything for a customer."""
    yield from TELLING
    yield WRITTEN
    confidential = find_confidential(BOOK)
    for step in confidential:
        for _, text in texts_in(BOOK.steps[step]):
            yield from (text.zh, text.en)
    for advised in BOOK.step_rules.values():
        if confidential.issuperset(advised.advises):
            yield from (advised.reason.zh, advised.reason.en)
    for typology in BOOK.typologies.values():
        yield from (typology.name.zh, typology.name.en)


SECRETS: Final = tuple(secret.lower() for secret in list_secrets())


def find_secrets(page: str) -> list[str]:
    """Return the secrets that a page lets out."""
    for law in LAW:
        page = page.replace(law, "")
    said = page.lower()
    return [secret for secret in SECRETS if secret in said]


class Papers(Visit):
    """A visit in which papers are made for the customer at any moment, and secrets written wherever one can write."""

    @rule(name=st.sampled_from(FOR_CUSTOMERS), language=st.sampled_from(Language), full=st.booleans())
    def hand_a_paper_to_the_customer(self, name: DocumentName, language: Language, full: bool) -> None:
        reason = RevealReason.SERVE_CUSTOMER if full else None
        try:
            prepared = prepare(self.desk, self.case_id, name, language, (BOOK,), reason)
        except NoOccasion:
            assert name is DocumentName.CUSTOMER_NOTICE
            assert not any(one.outcome is StepOutcome.DONE for step, one in self.case.steps.items() if step in MEASURES)
        else:
            assert find_secrets(preview(prepared)) == []

    @precondition(lambda self: self.case.state is CaseState.OPEN)
    @rule()
    def write_a_secret(self) -> None:
        self.make(lambda: self.desk.note(self.case_id, WRITTEN))

    @precondition(lambda self: self.case.state is CaseState.OPEN and self.case.next_step)
    @rule(outcome=st.sampled_from(StepOutcome))
    def write_a_secret_with_a_step(self, outcome: StepOutcome) -> None:
        offered = {step.id for step in self.case.advised_steps}
        step = next(iter(find_confidential(BOOK) & offered), self.case.next_step or "")
        written = {field.id: WRITTEN for field in BOOK.steps[step].record if field.kind != "staff"}
        self.make(
            lambda: self.desk.record_step(self.case_id, step, outcome, None, written),
            lambda state: state["steps"].update({step: outcome}),
        )


TestNeverAWord = Papers.TestCase
TestNeverAWord.settings = settings(
    max_examples=settings().max_examples // 5,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    # What is let out is named in the assertion; a shorter way to it takes minutes to find.
    phases=(Phase.generate,),
)


@pytest.fixture(scope="module")
def referred(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[tuple[Stage, str]]:
    with stage(tmp_path_factory.mktemp("referred") / "cases.db", adviser) as made:
        yield made, refuse(made.desk)


@pytest.mark.parametrize("name", FOR_CUSTOMERS)
def test_a_paper_for_the_customer_is_the_same_whether_its_maker_knows_of_the_report_or_not(
    referred: tuple[Stage, str], name: DocumentName
) -> None:
    made, number = referred
    for case in (RICH, number):
        for language in Language:
            views = [made.prepare(name, case, by=by, language=language).view for by in (COMPLIANCE, SUPERVISOR, TELLER)]
            assert "str_referral" not in views[0].case.steps
            knows, *others = (view.kind.gather(view) for view in views)
            assert others == [knows, knows]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", FOR_CUSTOMERS)
def test_no_form_of_it_lets_a_secret_out(referred: tuple[Stage, str], name: DocumentName, language: Language) -> None:
    made, number = referred
    for form in (DocumentForm.HTML, DocumentForm.MARKDOWN):
        page = write_still(made, made.prepare(name, number, by=COMPLIANCE, language=language), form)
        assert find_secrets(page.decode()) == []


def test_the_secrets_are_found_where_they_stand(referred: tuple[Stage, str]) -> None:
    made, number = referred
    page = write_still(made, prepare_paper(made, DocumentName.STR_PAPER, number), DocumentForm.MARKDOWN)
    assert {"可疑交易", "提交可疑交易线索（保密）"} <= set(find_secrets(page.decode()))


@pytest.mark.parametrize("by", [TELLER, MANAGER, SUPERVISOR, COMPLIANCE])
def test_the_working_paper_is_for_those_who_need_to_know(referred: tuple[Stage, str], by: str) -> None:
    made, number = referred
    if by == TELLER:
        with pytest.raises(NotPermitted):
            made.prepare(DocumentName.STR_PAPER, number, by=by)
    else:
        assert made.prepare(DocumentName.STR_PAPER, number, by=by).view.order.confidential


def test_every_paper_for_a_customer_is_tried_here() -> None:
    assert {name for name, kind in KINDS.items() if kind.for_customer} == set(FOR_CUSTOMERS)

"""The working paper for a suspicious transaction report: all that the case knows and blanks for the rest, and never a
claim that anything was filed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from assistant.batch.schema import write_schema
from assistant.case.events import RevealReason
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.str_draft import FILE, make_schema
from rules.advice import Adviser
from rules.facts import Answer, Known
from rules.language import Language
from tests.export.documents.papers import hold_against_golden, open_case, prepare_paper, say_paper, suspect, write_still
from tests.export.documents.staging import COMPLIANCE, CUSTOMER, FRESH, PAYEE, RICH, SECRETS, Stage, stage

PAPER: Final = DocumentName.STR_PAPER
SCHEMA: Final = Path(__file__).parents[3] / "docs" / "schema" / FILE
BLANK: Final = ("urgency", "crime_type", "feature_code", "device_code")


@dataclass(frozen=True)
class Drafted:
    """The staged file with one more case in it, of a customer whom false police direct."""

    stage: Stage
    number: str


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Drafted]:
    with stage(tmp_path_factory.mktemp("drafts") / "cases.db", adviser) as made:
        yield Drafted(made, suspect(made.desk))


@pytest.fixture
def staged(drafted: Drafted) -> Stage:
    return drafted.stage


def read_draft(made: Stage, number: str, reason: RevealReason | None = None) -> Any:
    prepared = made.prepare(PAPER, number, by=COMPLIANCE, reason=reason)
    return json.loads(write_still(made, prepared, DocumentForm.JSON))


def test_the_published_schema_is_that_of_the_program() -> None:
    assert SCHEMA.read_text("utf-8") == write_schema(make_schema())


@pytest.mark.parametrize("number", [RICH, FRESH])
def test_every_draft_fits_the_published_schema(staged: Stage, number: str) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(read_draft(staged, number))


def test_the_draft_is_a_working_paper_and_claims_no_filing(staged: Stage) -> None:
    draft = read_draft(staged, RICH)
    assert (draft["standing"], draft["filed"], draft["report_code"]) == ("working_paper", False, "STR")
    assert set(draft["judgement"].values()) == {None}
    for language, words in ((Language.ZH, "本底稿不代表已报送"), (Language.EN, "This paper is no filing")):
        assert words in say_paper(staged, PAPER, RICH, language)


def test_the_draft_holds_no_fraction(staged: Stage) -> None:
    assert not list(_list_floats(read_draft(staged, RICH)))


def _list_floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _list_floats(part)


@pytest.mark.parametrize("language", Language)
def test_what_reviewers_said_of_the_case_is_nothing_that_the_customer_did(staged: Stage, language: Language) -> None:
    (comment,) = (event.private["comment"] for event in staged.case(RICH).history if "comment" in event.private)
    assert comment not in [one["text"] for one in read_draft(staged, RICH)["behaviour"]["written"]]
    assert comment not in say_paper(staged, PAPER, RICH, language)


def test_the_draft_holds_what_the_case_knows(staged: Stage) -> None:
    draft, case = read_draft(staged, RICH), staged.case(RICH)
    assert [(one["portion"], one["amount_fen"], one["at"]) for one in draft["funds"]] == [
        (number, portion.amount, portion.when) for number, portion in sorted(case.money.items())
    ]
    assert {one["id"]: (one["value"], one["known"]) for one in draft["behaviour"]["signs"]} == {
        sign: (reply.value, reply.known) for sign, reply in case.answers.items()
    }
    assert [one["id"] for one in draft["steps"]] == list(case.steps)
    assert draft["trigger"]["first_flag_at"] == case.first_flag_at
    assert case.advice is not None
    assert [one["id"] for one in draft["suspicion"]["typologies"]] == list(case.advice.typologies)


def test_what_only_an_analyst_can_say_is_blank(staged: Stage) -> None:
    draft = read_draft(staged, RICH)
    assert [draft[name] for name in BLANK] == [None] * len(BLANK)
    assert set(draft["agent"].values()) == {None}


def test_every_ground_of_suspicion_says_why_and_where_it_is_laid_down(staged: Stage) -> None:
    grounds = read_draft(staged, RICH)["suspicion"]["grounds"]
    assert grounds
    assert all(one["why"] for one in grounds)
    assert [one for one in grounds if "《" in one["basis"]]
    assert not [one for one in grounds if not one["rule"].startswith(("finding.", "typology.", "level."))]


def test_what_speaks_against_it_stands_there_too_but_not_what_was_only_said(tmp_path: Path, adviser: Adviser) -> None:
    with stage(tmp_path / "cases.db", adviser) as made:
        case_id = open_case(made.desk, "transfer", {"official_caller": Known.SAID})
        made.desk.answer(case_id, "on_phone", Answer.NO, Known.SEEN)
        made.desk.answer(case_id, "secrecy", Answer.NO, Known.SAID)
        made.desk.clear(case_id, "purpose_documented", "林示范", "看过合同")
        number = made.desk.store.case(case_id).number
        against = read_draft(made, number)["exclusion"]
        page = say_paper(made, PAPER, number)
    assert [one["id"] for one in against["clearings"]] == ["purpose_documented"]
    assert [one["id"] for one in against["found_not"]] == ["on_phone"]
    assert against["clearings"][0]["name"] + "：已核清" in page


def test_a_masked_draft_holds_nothing_in_full_and_one_in_full_all_of_it(staged: Stage) -> None:
    masked = json.dumps(read_draft(staged, RICH), ensure_ascii=False)
    assert not [secret for secret in (*SECRETS, "13700137000") if secret in masked]
    full = read_draft(staged, RICH, RevealReason.POLICE_REQUEST)
    assert full["subject"] | dict(CUSTOMER) == full["subject"]
    assert full["counterparty"] | dict(PAYEE) == full["counterparty"]
    assert "13700137000" in json.dumps(full, ensure_ascii=False)
    assert (full["stamp"]["masked"], full["stamp"]["reason"]) == (False, "police_request")


def test_the_page_is_marked_confidential_with_who_made_it_and_when(staged: Stage) -> None:
    page = write_still(staged, prepare_paper(staged, PAPER, RICH), DocumentForm.MARKDOWN).decode()
    assert "机密 4004 2025-11-24 18:00:00" in page


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize("language", Language)
def test_the_pages_are_as_they_were_read(drafted: Drafted, language: Language, form: DocumentForm) -> None:
    page = write_still(drafted.stage, prepare_paper(drafted.stage, PAPER, drafted.number, language), form)
    hold_against_golden(f"str_paper.{language}.{form}", page)


def test_the_draft_is_as_it_was_read(drafted: Drafted) -> None:
    prepared = prepare_paper(drafted.stage, PAPER, drafted.number)
    hold_against_golden("str_paper.zh.json", write_still(drafted.stage, prepared, DocumentForm.JSON))

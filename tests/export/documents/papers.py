"""What the tests of the papers for customers and for analysts share: cases, a stamp that stands still, plain text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from lxml import html

from assistant.desk import Desk
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.preparing import Prepared, write_document
from assistant.export.stamp import Stamp, make_stamp
from assistant.particulars.fields import Party
from rules.facts import AgeBand, Answer, Known, MoneyState, PaidFrom, PayeeAt, Portion, StepOutcome
from rules.language import Language
from tests.case.visits import NOON
from tests.export.documents.staging import COMPLIANCE, CONTACT, CUSTOMER, PAYEE, SUPERVISOR, TELLER, Stage

GOLDEN: Final = Path(__file__).with_name("golden")
FOR_CUSTOMERS: Final = (DocumentName.CUSTOMER_NOTICE, DocumentName.RISK_NOTICE, DocumentName.SLIP)
EXPORT: Final = "EX1-00000000-0000-7000-8000-000000000000"
CHECKPOINT: Final = "FC1 00000000 1 20251123T040000Z 000000-000000-000000-000000 0000"
ACCOUNT: Final = {"class_1_available": Answer.YES}
"""Looked up to be so; every other fact of the accounts is looked up not to be."""
NOTE: Final = "客户女儿电话 13700137000，\n正在赶来。"
_STYLES: Final = re.compile(rb"<style>.*?</style>\n|<meta http-equiv=[^\n]*\n", re.DOTALL)
MAKERS: Final = {DocumentName.STR_PAPER: COMPLIANCE}


def prepare_paper(stage: Stage, name: DocumentName, number: str, language: Language = Language.ZH) -> Prepared:
    """Gather a paper for somebody who may have it."""
    return stage.prepare(name, number, by=MAKERS.get(name, SUPERVISOR), language=language)


def write_still(stage: Stage, prepared: Prepared, form: DocumentForm) -> bytes:
    """Return the bytes of a document with a stamp that is the same each time."""
    return write_document(prepared, form, make_still(stage, prepared))[0]


def make_still(stage: Stage, prepared: Prepared) -> Stamp:
    """Return a stamp that is the same each time."""
    made = make_stamp(stage.desk, prepared.view.order)
    return replace(made, export=EXPORT, checkpoint=CHECKPOINT, seq=1, hash="0" * 64)


def hold_against_golden(name: str, content: bytes) -> None:
    """Hold content against what is kept of it; `GOLDEN=write` in the environment keeps it anew, for people to read.

    How pages look is held elsewhere: their styles are left out here.
    """
    content = _STYLES.sub(b"", content)
    kept = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        kept.write_bytes(content)
    assert content.decode() == kept.read_text("utf-8")


def read_plain(page: bytes) -> str:
    """Return the text of an HTML page without its footer, each run of blanks as one."""
    tree = html.fromstring(page.decode())
    for footer in tree.xpath("//footer"):
        footer.drop_tree()
    return " ".join(str(tree.body.text_content()).split())


def say_paper(stage: Stage, name: DocumentName, number: str, language: Language = Language.ZH) -> str:
    """Return what a paper says."""
    return read_plain(write_still(stage, prepare_paper(stage, name, number, language), DocumentForm.HTML))


def open_case(desk: Desk, request: str, signs: Mapping[str, Known]) -> str:
    """Open a case in which these red flags are answered yes, and return its id."""
    desk.change_to(TELLER)
    case_id = desk.open(request).case.id
    for sign, known in signs.items():
        desk.answer(case_id, sign, Answer.YES, known)
    return case_id


def take(desk: Desk, case_id: str, steps: Iterable[str]) -> None:
    """Record steps as done, in that order, each with what it asks for."""
    for step in steps:
        for fact in desk.book.steps[step].check_first:
            if fact not in desk.store.case(case_id).accounts:
                desk.answer_account(case_id, fact, ACCOUNT.get(fact, Answer.NO))
        written = {field.id: SUPERVISOR if field.kind == "staff" else "虚构" for field in desk.book.steps[step].record}
        desk.record_step(case_id, step, StepOutcome.DONE, written=written)


def suspect(desk: Desk) -> str:
    """Have false police direct a customer, who has paid once and is about to again; return the number of the case."""
    signs = {"official_caller": Known.SAID, "safe_account_story": Known.SAID, "on_phone": Known.SEEN}
    case_id = open_case(desk, "transfer", signs)
    for party, known in ((Party.CUSTOMER, CUSTOMER), (Party.PAYEE, PAYEE), (Party.CONTACT, CONTACT)):
        for field, value in known.items():
            desk.note_particulars(case_id, party, field, value)
    desk.note_age(case_id, AgeBand.SENIOR)
    desk.record_money(case_id, Portion(MoneyState.NOT_MOVED, 5_000_050), 1)
    desk.record_money(case_id, Portion(MoneyState.CREDITED_RECENT, 120_000, NOON, PaidFrom.HERE, PayeeAt.THIS_BANK))
    desk.answer(case_id, "secrecy", Answer.NO, Known.SEEN)
    take(desk, case_id, ("pause_transaction",))
    desk.note(case_id, NOTE)
    return desk.store.case(case_id).number


def refuse(desk: Desk) -> str:
    """Have an account refused for an identity that is not sure, which is referred in confidence as well; return the
    number of the case."""
    case_id = open_case(desk, "account_opening", {"id_mismatch": Known.VERIFIED, "cannot_explain_need": Known.SEEN})
    desk.change_to(SUPERVISOR)
    take(desk, case_id, ("str_referral", "refuse_service"))
    return desk.store.case(case_id).number


def protect(desk: Desk) -> str:
    """Have the accounts protected of somebody whose codes are in other hands; return the number of the case."""
    case_id = open_case(desk, "help", {"credentials_given": Known.SAID, "money_missing": Known.SAID})
    desk.answer_account(case_id, "class_2_involved", Answer.YES)
    take(desk, case_id, ("suspend_non_counter", "stop_pay_class_2", "region_lock", "lower_limits"))
    return desk.store.case(case_id).number

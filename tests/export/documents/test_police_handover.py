"""The hand-over to the police: everything they ask for at once that the case knows, blanks for the rest, and the
application for an emergency stop-payment on a page of its own.

`GOLDEN=write pytest tests/export/documents` writes the pages in `golden/` anew; read them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import Draft, EventKind, JsonValue, Matter, RevealReason
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.police_handover import gather
from assistant.export.documents.preparing import preview
from assistant.particulars.fields import Field
from assistant.stamps import make_id
from rules.advice import Adviser
from rules.facts import Answer, Known, MoneyState, PaidFrom, PayeeAt, Portion, StepOutcome
from rules.language import Language
from tests.case.visits import NOON
from tests.export.documents.papers import hold_against_golden, open_case, suspect, take, write_still
from tests.export.documents.reading import read_pages, read_words
from tests.export.documents.staging import (
    COMPLIANCE,
    CONTACT,
    CUSTOMER,
    FRESH,
    MANAGER,
    PAYEE,
    REFERRAL,
    RICH,
    SECRETS,
    STR_TRACES,
    SUPERVISOR,
    TELLER,
    Stage,
    stage,
)

HANDOVER: Final = DocumentName.POLICE_HANDOVER
POLICE: Final = RevealReason.POLICE_REQUEST
BLANK: Final = "__________"
MASKED: Final = {Language.ZH: "本件已掩码，不能用于申请", Language.EN: "Masked, and no use as an application"}


def say(
    staged: Stage,
    number: str = RICH,
    language: Language = Language.ZH,
    by: str = SUPERVISOR,
    reason: RevealReason | None = POLICE,
) -> str:
    """Return what the hand-over of a case says, in full unless there is no reason for it."""
    prepared = staged.prepare(HANDOVER, number, by=by, language=language, reason=reason)
    return read_words(write_still(staged, prepared, DocumentForm.HTML))


@pytest.mark.parametrize("form", [DocumentForm.MARKDOWN, DocumentForm.HTML])
@pytest.mark.parametrize(("language", "reason"), [(Language.ZH, POLICE), (Language.EN, None)])
def test_the_page_reads_as_the_one_kept(
    staged: Stage, language: Language, reason: RevealReason | None, form: DocumentForm
) -> None:
    content = write_still(staged, staged.prepare(HANDOVER, language=language, reason=reason), form)
    hold_against_golden(f"police_handover.{language}.{form}", content)


def test_all_that_the_police_ask_for_stands_there_as_the_case_knows_it(staged: Stage) -> None:
    said = say(staged)
    for told in (
        *CUSTOMER.values(),
        *PAYEE.values(),
        *CONTACT.values(),
        f"120,000.00 元 2025-11-23 09:00:00 {BLANK} 已到账48小时内 本行账户付出 收款户在他行",
        f"30,000.00 元 2025-11-23 11:00:00 {BLANK} 已受理未到账",
        f"10,000.00 元 2025-11-20 12:00:00 {BLANK} 已到账超过48小时 他行账户付出 收款户是支付账户",
        "尚未转出：200,000.00 元",
        "回单、流水号 HD20251123008",
        "凭证、截图 聊天截图12张、转账回单1张；一张手写账号、一张来历不明的“逮捕令”照片",
        "App、会议、网址 示范会议（屏幕共享）；示范安全助手 http://example.invalid/a",
        "客户说法 对方称账户涉嫌洗钱，要转到“安全账户”清查",
        "陌生人陪同 否（看到）",
        "同伙人数、特征 一人，灰衣，在门外等候 车辆和车牌 示A00001",
        "后续流向 示范二级行，尾号0003 转走金额 50,000.00 元",
        "受理公安机关 示范派出所 报警时间 2025-11-23 12:09",
        "接警编号、警员 示0001 申请止付发送 2025-11-23 12:14",
        "平台回执编号 PT0001 止付起止 2025-11-23 12:31 至 2025-11-25 12:31",
        "监控录像 3号柜台，11:40至12:40 证据和录像 已留存",
        "网点地址 示范市示范区示范路1号 回拨电话 021-00000000",
        "经办柜员 林示范（3003） 主管 顾示范（2002）",
        "客户女儿电话 13700137000",
    ):
        assert told in said, told


@pytest.mark.parametrize("language", Language)
def test_without_a_name_of_the_bank_in_the_settings_the_outlets_says_where_the_account_is(
    language: Language, tmp_path: Path, adviser: Adviser
) -> None:
    with stage(tmp_path / "cases.db", adviser, settings="") as made:
        number = suspect(made.desk)
        told = gather(made.prepare(HANDOVER, number, language=language, reason=POLICE).view)
        assert told.customer_bank == told.payee_bank == made.desk.store.outlet.name
    assert told.bank is None


@pytest.mark.parametrize(
    ("language", "when"),
    [
        (Language.ZH, "报警时间 2025-11-24 18:00:00（登记时间）"),
        (Language.EN, "Police called at 2025-11-24 18:00:00 (as recorded)"),
    ],
)
def test_a_call_to_the_police_of_which_nobody_wrote_the_time_has_that_of_its_record(
    own: Stage, language: Language, when: str
) -> None:
    desk = own.as_(TELLER)
    case_id = open_case(desk, "transfer", {"official_caller": Known.SAID, "safe_account_story": Known.SAID})
    number = desk.store.case(case_id).number
    assert when not in say(own, number, language)
    own.as_(TELLER).record_step(case_id, "call_110", StepOutcome.DONE, written={"unit": "示范派出所"})
    assert when in say(own, number, language)


def test_the_bank_that_was_asked_to_return_the_money_is_the_payees_bank(own: Stage) -> None:
    desk = own.as_(TELLER)
    case_id = open_case(desk, "help", {"paid_before": Known.SAID})
    desk.record_money(case_id, Portion(MoneyState.CREDITED_RECENT, 100, NOON, PaidFrom.HERE, PayeeAt.OTHER_BANK))
    number = desk.store.case(case_id).number
    assert f"收款银行 {BLANK}" in say(own, number)
    own.as_(SUPERVISOR)
    take(own.desk, case_id, ("call_110", "emergency_stop_application"))
    own.desk.record_step(case_id, "request_recall", StepOutcome.DONE, written={"bank": "虚构银行虚构支行"})
    assert "收款行 虚构银行虚构支行" in say(own, number)
    assert "收款银行 虚构银行虚构支行" in say(own, number)


@pytest.mark.parametrize("language", Language)
def test_a_blank_is_what_the_case_has_no_record_of_and_no_claim_about_the_bank(
    staged: Stage, language: Language
) -> None:
    told = {Language.ZH: "空白处本案没有登记，请手写补上。", Language.EN: "What is blank is not recorded in the case"}
    assert told[language] in say(staged, language=language)


def test_fraud_is_suspected_until_the_police_say_so(staged: Stage) -> None:
    assert "是否构成诈骗由公安机关认定；疑似：" in say(staged)
    assert "The police decide whether it is fraud; suspected:" in say(staged, language=Language.EN)


@pytest.mark.parametrize("language", Language)
def test_without_a_reason_it_is_masked_and_says_so_on_both_sheets(staged: Stage, language: Language) -> None:
    said = say(staged, language=language, reason=None)
    assert [secret for secret in (*SECRETS, "13700137000") if secret in said] == []
    assert "**** 0128" in said
    assert MASKED[language] in said
    assert MASKED[language] not in say(staged, language=language)


def test_what_the_case_does_not_know_is_a_blank(staged: Stage) -> None:
    said = say(staged, FRESH)
    for label in (
        "姓名",
        "证件号码",
        "付款账户",
        "收款人",
        "收款账户",
        "来电、联系号码",
        "客户说法",
        "陌生人陪同",
        "主管",
    ):
        assert f"{label} {BLANK}" in said, label
    assert "没有登记已转出的款项" in said
    assert "本案没有登记已到账的款项" in said
    assert "没有登记留存" in said
    assert f"现在何处 {BLANK}" in say(staged)


@pytest.mark.parametrize("language", Language)
def test_the_application_stands_on_a_sheet_of_its_own(staged: Stage, language: Language) -> None:
    pages = read_pages(staged.write(staged.prepare(HANDOVER, language=language, reason=POLICE), DocumentForm.PDF))
    title = {Language.ZH: "紧急止付申请表", Language.EN: "Applicationforanemergencystop-payment"}[language]
    assert pages[-1].startswith(title)
    assert [number for number, page in enumerate(pages, 1) if page.startswith(title)] == [len(pages)]
    assert PAYEE[Field.ACCOUNT] in pages[-1]
    assert "110" in pages[-1]


@pytest.mark.parametrize("language", Language)
def test_a_case_of_which_little_is_known_takes_one_sheet_and_the_application(staged: Stage, language: Language) -> None:
    assert len(read_pages(staged.write(staged.prepare(HANDOVER, FRESH, language=language), DocumentForm.PDF))) == 2


def test_the_application_says_what_the_notice_of_86_asks_for(staged: Stage) -> None:
    form = say(staged).partition("紧急止付申请表 请立即")[2]
    for told in (
        "拨打 110 报警",
        f"付款账户 {CUSTOMER[Field.ACCOUNT]}",
        f"申请止付的账户 {PAYEE[Field.ACCOUNT]}",
        f"120,000.00 元 2025-11-23 09:00:00 {BLANK} 收款户在他行",
        "收款户是支付账户的，请直接向公安机关报案",
        "自止付时点起 48 小时；对同一账户止付以两次为限",
        "期满没有收到协助冻结财产通知的，止付自动解除",
        "恶意举报造成损失的，依法追究责任",
        "本人承诺：以上内容属实，由本人承担法律责任",
        "申请人签名：",
        "银发〔2016〕86号",
    ):
        assert told in form, told
    assert "银行可以先行止付" not in form
    assert "30,000.00" not in form


@pytest.mark.parametrize("reader", [TELLER, SUPERVISOR, MANAGER, COMPLIANCE])
@pytest.mark.parametrize("language", Language)
def test_nobody_tells_the_police_of_a_suspicious_transaction_report(
    staged: Stage, reader: str, language: Language
) -> None:
    said = say(staged, language=language, by=reader, reason=None)
    assert [trace for trace in STR_TRACES if trace in said] == []


def test_who_took_part_in_a_referral_is_not_named_by_it(own: Stage) -> None:
    desk = own.as_(TELLER)
    case_id = open_case(desk, "account_opening", {"id_mismatch": Known.VERIFIED, "cannot_explain_need": Known.SEEN})
    number = desk.store.case(case_id).number
    body: dict[str, JsonValue] = {"step": REFERRAL, "outcome": "done", "colleague": MANAGER}
    desk.store.append(Draft(make_id(), case_id, own.clock(), SUPERVISOR, EventKind.STEP_RECORDED, body))
    asked = own.as_(SUPERVISOR).ask_authority(case_id, Matter.SET_ASIDE, REFERRAL)
    desk.office_of(MANAGER).approve(asked.subject)
    assert f"主管 {BLANK}" in say(own, number, reason=None)
    body = {"step": "supervisor_interview", "outcome": "done", "colleague": SUPERVISOR}
    desk.store.append(Draft(make_id(), case_id, own.clock(), TELLER, EventKind.STEP_RECORDED, body))
    assert "主管 顾示范（2002）" in say(own, number, reason=None)


def test_within_one_bank_it_may_stop_first_and_names_itself(own: Stage) -> None:
    desk = own.as_(TELLER)
    gone = Portion(MoneyState.CREDITED_RECENT, 500_00, NOON, PaidFrom.HERE, PayeeAt.THIS_BANK)
    number = desk.open("help", gone).case.number
    said = say(own, number)
    assert "收款户在本行（同行）" in said
    assert "收款行 示范银行" in said
    assert "开户银行 示范银行" in said
    assert "银行可以先行止付；请立即报案，公安机关在 24 小时内补送止付指令" in said


def test_somebody_whose_account_serves_a_crime_is_no_victim_and_applies_for_nothing(own: Stage) -> None:
    desk = own.as_(TELLER)
    case_id = desk.open("cash_withdrawal").case.id
    for sign in ("in_then_out", "many_senders"):
        desk.answer(case_id, sign, Answer.YES, Known.VERIFIED)
    said = say(own, desk.store.case(case_id).number, reason=None)
    assert "客户（当事人）" in said
    assert "疑似被害人" not in said
    assert "紧急止付申请表" not in said


@pytest.mark.parametrize(
    ("payees", "named"),
    [
        ((PayeeAt.THIS_BANK, PayeeAt.THIS_BANK), True),
        ((PayeeAt.THIS_BANK, None), True),
        ((PayeeAt.THIS_BANK, PayeeAt.OTHER_BANK), False),
        ((None,), False),
    ],
)
def test_the_payees_bank_is_named_only_where_no_portion_went_elsewhere(
    own: Stage, payees: tuple[PayeeAt | None, ...], named: bool
) -> None:
    case_id = open_case(own.desk, "transfer", {"official_caller": Known.SAID})
    for payee in payees:
        own.desk.record_money(case_id, Portion(MoneyState.CREDITED_RECENT, 100, NOON, PaidFrom.HERE, payee))
    told = gather(own.prepare(HANDOVER, own.desk.store.case(case_id).number).view)
    assert told.payee_bank == ("示范银行" if named else None)


def test_a_preview_is_for_a_terminal_that_shows_no_html(staged: Stage) -> None:
    page = preview(staged.prepare(HANDOVER))
    assert "# 紧急止付申请表" in page
    assert "<!--" not in page
    assert "<br>" not in page

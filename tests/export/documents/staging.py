"""An invented outlet with its people and three cases, of which the tests make documents: one in which about everything
happened that can, one that was released alone in an emergency, one that was only opened.

No person, account, phone or case in here exists. `stage` lays the file down; times stand still but where told to go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from assistant.case.case import Case
from assistant.case.events import (
    CallAnswer,
    CallFor,
    Draft,
    EventKind,
    Matter,
    Outcome,
    Reason,
    RevealReason,
    ReviewReason,
    Verdict,
)
from assistant.case.subjects import STAFF
from assistant.cli import main
from assistant.desk import Desk
from assistant.export.documents.kinds import DocumentForm, DocumentName
from assistant.export.documents.preparing import Prepared, prepare, write_document
from assistant.export.stamp import make_stamp
from assistant.particulars.fields import Field, Party
from assistant.people.logins import find_login
from assistant.people.office import Office
from assistant.people.requests import EmergencyReason
from assistant.people.roles import Role
from assistant.people.roster import NAME
from assistant.places import find_settings
from assistant.review.reviewer import Reviewer
from assistant.stamps import make_id
from assistant.store import Store
from rules.advice import Adviser
from rules.facts import AgeBand, Answer, Known, MoneyState, PaidFrom, PayeeAt, Portion, StepOutcome
from rules.language import Language
from rules.loading import load_book
from tests.case.visits import HOUR, MINUTE, NOON, Clock
from tests.outlet import OUTLET, change, lay

MANAGER: Final = "1001"
SUPERVISOR: Final = "2002"
TELLER: Final = "3003"
OTHER: Final = "3004"
COMPLIANCE: Final = "4004"
AUDITOR: Final = "5005"
PEOPLE: Final = {
    MANAGER: (Role.OUTLET_MANAGER, "沈示范"),
    SUPERVISOR: (Role.SUPERVISOR, "顾示范"),
    TELLER: (Role.TELLER, "林示范"),
    OTHER: (Role.TELLER, "何示范"),
    COMPLIANCE: (Role.COMPLIANCE_OFFICER, "邵示范"),
    AUDITOR: (Role.AUDITOR, "秦示范"),
}
RICH: Final = "0312-1123-001"
"""The number of the case in which about everything happened."""
ALONE: Final = "0312-1123-002"
"""The number of the case that was released alone in an emergency."""
FRESH: Final = "0312-1123-003"
"""The number of the case that was only opened."""

CUSTOMER: Final = {
    Field.NAME: "欧阳小满",
    Field.ID_NUMBER: "110101199003072834",
    Field.ACCOUNT: "6222021234567890128",
    Field.PHONE: "13800138000",
}
PAYEE: Final = {Field.NAME: "卞虚构", Field.ACCOUNT: "6217001234567890121", Field.PHONE: "13900139001"}
CONTACT: Final = {Field.NAME: "“王警官”", Field.PHONE: "+85251234567"}
SECRETS: Final = tuple(value.strip("“”") for kept in (CUSTOMER, PAYEE, CONTACT) for value in kept.values())
"""What must stand on nothing that is masked."""
REFERRAL: Final = "str_referral"
STR_TRACES: Final = ("可疑交易线索", "可疑交易报告", "Refer a suspicious transaction", "opening-referral", REFERRAL)
"""By any of these a paper would tell of a suspicious transaction report."""
SETTINGS: Final = """\
documents:
  bank: 示范银行
  outlet_address: 示范市示范区示范路1号
  outlet_phone: 021-00000000
  appeal_to: 示范银行运营管理部
  appeal_phone: 021-00000001
  appeal_papers: 有效身份证件、交易凭证
"""

MONEY_OUT: Final = (
    Portion(MoneyState.CREDITED_RECENT, 12_000_000, NOON - 3 * HOUR, PaidFrom.HERE, PayeeAt.OTHER_BANK),
    Portion(MoneyState.PENDING, 3_000_000, NOON - HOUR, PaidFrom.HERE, PayeeAt.OTHER_BANK),
    Portion(MoneyState.CREDITED_OLDER, 1_000_000, NOON - 72 * HOUR, PaidFrom.OTHER_BANK, PayeeAt.PAYMENT_ACCOUNT),
)
"""What has left already, beside what the customer is about to send."""
REFUSED: Final = "keep_off_phone"
SET_ASIDE: Final = "show_similar_case"
LEFT_OPEN: Final = ("silent_note", "lower_limits", "install_antifraud_app")
"""What becomes of some of the steps; the others are done."""
_WRITTEN: Final[Mapping[str, Mapping[str, str]]] = {
    "call_110": {"unit": "示范派出所", "called_at": "2025-11-23 12:09", "reference": "示0001"},
    "supervisor_interview": {"supervisor": SUPERVISOR, "opinion": "客户仍在被远程指挥，同意报警"},
    "probe_questions": {
        "said": "对方称账户涉嫌洗钱，要转到“安全账户”清查",
        "shown": "一张手写账号、一张来历不明的“逮捕令”照片",
    },
    "contact_family": {"ground": "客户同意", "relation": "女儿", "result": "女儿称不知情，正在赶来"},
    "cancel_pending_transfer": {"receipt": "HD20251123008", "amount": "30000", "result": "已撤销，资金退回原账户"},
    "emergency_stop_application": {"sent_at": "2025-11-23 12:14", "receipt": "PT0001", "amount": "120000"},
    "track_stop_expiry": {"starts_at": "2025-11-23 12:31", "expires_at": "2025-11-25 12:31"},
    "report_onward_flow": {"flow": "示范二级行，尾号0003", "amount": "50000"},
    "preserve_evidence": {"items": "聊天截图12张、转账回单1张", "clip": "3号柜台，11:40至12:40"},
    "end_call_disconnect": {"app": "示范会议（屏幕共享）"},
    "remove_app": {"app": "示范安全助手 http://example.invalid/a"},
    "observe_accomplice": {"description": "一人，灰衣，在门外等候", "vehicle": "示A00001"},
    "offer_safer_alternative": {"offered": "建议改为次日到账；客户同意先不办"},
    "notice_and_appeal": {"notice": "GZ20251123001"},
    "follow_up_call": {"result": "客户平安，已报案"},
    "verify_independently": {"source": "公开号码", "result": "该警号不存在"},
    "locate_funds": {"found": "活期尾号0128，余200000元", "amount": "200000"},
    "check_payee_lists": {"result": "未列入名单"},
}
"""What is written down with a step where it is done."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The staged file, with a desk at it in the name of whoever is asked for."""

    desk: Desk
    clock: Clock

    @property
    def path(self) -> Path:
        """The file of cases."""
        return self.desk.store.path

    def as_(self, number: str) -> Desk:
        """Return the desk, at which that member works from now on."""
        self.desk.change_to(number)
        return self.desk

    def case(self, number: str) -> Case:
        """Return a case by its number."""
        return self.desk.store.case(self.desk.store.find(number))

    def prepare(
        self,
        name: DocumentName,
        number: str = RICH,
        *,
        by: str = SUPERVISOR,
        language: Language = Language.ZH,
        reason: RevealReason | None = None,
    ) -> Prepared:
        """Gather a document as somebody may have it."""
        desk = self.as_(by)
        return prepare(desk, desk.store.find(number), name, language, (desk.book,), reason)

    def write(self, prepared: Prepared, form: DocumentForm) -> bytes:
        """Return the bytes of a document that nobody takes out of the program."""
        return write_document(prepared, form, make_stamp(self.desk, prepared.view.order))[0]

    def turn(self, number: str) -> None:
        """Let the commands from now on be given by that member: the one to whom this OS login is bound."""
        store, login = self.desk.store, find_login()
        if before := store.roster.find_login(login):
            change(store, EventKind.LOGIN_BOUND, {"number": before.number}, MANAGER, SUPERVISOR, self.clock)
        body = {"number": number, "login": login}
        change(store, EventKind.LOGIN_BOUND, body, MANAGER, SUPERVISOR, self.clock)

    def export(self, target: Path, *words: str, number: str = RICH) -> int:
        """Give the command that exports a document of a case; return how it ended."""
        return main(["export", "case", number, "-o", str(target), "--db", str(self.path), *words])


@contextmanager
def stage(path: Path, adviser: Adviser, *, settings: str = SETTINGS) -> Iterator[Stage]:
    """Lay the staged file at `path`, with these settings beside it."""
    lay(path, make_staged)
    if settings:
        find_settings(path).write_text(settings, "utf-8")
    clock = Clock(NOON + 30 * HOUR)
    with Store.open(path) as store:
        yield Stage(Desk(store, adviser, TELLER, clock), clock)


def keep_quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the usual places of this machine out of a test that gives commands."""
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("ASSISTANT_DB", "ASSISTANT_LANG"):
        monkeypatch.delenv(name, raising=False)


def make_staged(path: Path) -> None:
    """Make the file with its people and its cases."""
    clock, adviser = Clock(NOON - HOUR), Adviser(load_book())
    try:
        with Store.create(path, OUTLET) as store:
            _name_staff(store, clock)
            clock.now = NOON
            desk = Desk(store, adviser, TELLER, clock)
            _Rich(desk, clock).play()
            clock.now = NOON + 2 * HOUR
            _play_alone(desk, clock)
            clock.now = NOON + 3 * HOUR
            desk.open("transfer")
    finally:
        adviser.close()


def _name_staff(store: Store, clock: Clock) -> None:
    for number, (role, name) in PEOPLE.items():
        body = {"number": number, "role": role.value}
        if number == MANAGER:
            store.append(Draft(make_id(), STAFF, clock(), number, EventKind.MEMBER_NAMED, body, {NAME: name}))
        elif asked := Office(store, MANAGER, clock, make_id).change(EventKind.MEMBER_NAMED, body, {NAME: name}):
            Office(store, SUPERVISOR, clock, make_id).approve(asked.subject)


class _Rich:
    """False police had the customer pay, and want more: some is gone, some comes back, most stays."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._id = ""

    def play(self) -> None:
        self._id = self._desk.open("transfer", Portion(MoneyState.NOT_MOVED, 20_000_000)).case.id
        self._say_what_is()
        self._tick().answer(self._id, "all_savings", Answer.YES, Known.VERIFIED)
        self._record(("offer_safer_alternative", "probe_questions"))
        self._ask()
        self._call()
        self._act()
        self._close()

    def _tick(self) -> Desk:
        self._clock.wait(20_000)
        return self._desk

    def _say_what_is(self) -> None:
        self._tick().note_age(self._id, AgeBand.SENIOR)
        for party, known in ((Party.CUSTOMER, CUSTOMER), (Party.PAYEE, PAYEE), (Party.CONTACT, CONTACT)):
            for field, value in known.items():
                self._tick().note_particulars(self._id, party, field, value)

    def _ask(self) -> None:
        case_id, yes, no = self._id, Answer.YES, Answer.NO
        self._tick().answer(case_id, "on_phone", yes, Known.SEEN)
        self._tick().ask(
            case_id, "contact", {"official_caller": (yes, Known.SAID), "forged_document": (yes, Known.SEEN)}
        )
        self._tick().ask(case_id, "destination", {"safe_account_story": (yes, Known.SAID)})
        self._tick().ask(case_id, "family", {}, set_aside=True)
        for portion in MONEY_OUT:
            self._tick().record_money(case_id, portion)
        for sign, value, known in (
            ("screen_sharing", yes, Known.SAID),
            ("unknown_app", yes, Known.SEEN),
            ("credentials_given", no, Known.SAID),
            ("credentials_given", yes, Known.VERIFIED),
            ("hostile_to_questions", yes, Known.SEEN),
            ("handover_planned", yes, Known.SAID),
            ("id_mismatch", yes, Known.VERIFIED),
            ("companion_speaks", yes, Known.SEEN),
        ):
            self._tick().answer(case_id, sign, value, known)
        self._tick().take_back(case_id)
        self._tick().answer(case_id, "accompanied", no, Known.SEEN)
        for fact in ("payee_at_this_bank", "class_2_involved", "class_1_exposed", "accounts_at_other_banks"):
            self._tick().answer_account(case_id, fact, no)

    def _call(self) -> None:
        Reviewer(self._desk.store, TELLER, self._clock).call(self._id, CallFor.SECOND_INTERVIEW)
        self._clock.wait(MINUTE)
        Reviewer(self._desk.store, SUPERVISOR, self._clock).answer_call(self._id, CallAnswer.COMING)

    def _act(self) -> None:
        case_id = self._id
        self._tick().note(case_id, "客户女儿电话 13700137000，12:20 到场。\n客户称“王警官”仍在来电。")
        self._record(("call_110",))
        while step := self._find_next():
            if step == REFUSED:
                self._tick().record_step(case_id, step, StepOutcome.REFUSED, Reason.CUSTOMER_REFUSES)
            elif step == SET_ASIDE:
                self._agree(step)
            else:
                self._record((step,))
        self._refer()

    def _close(self) -> None:
        case_id = self._id
        self._tick().close(
            case_id, Outcome.PARTLY_INTERCEPTED, 36_000_000, 23_000_000, 13_000_000, "民警已到场带走材料"
        )
        self._clock.wait(26 * HOUR)
        self._record(("follow_up_call",))
        reviewer = Reviewer(self._desk.store, COMPLIANCE, self._clock)
        reviewer.claim(case_id)
        self._clock.wait(MINUTE)
        right = (Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG)
        reviewer.approve(case_id, *right, (ReviewReason.STEP_LATE,), "处置得当，报警还可以更早。")

    def _offers(self, step: str) -> bool:
        return step in {advised.id for advised in self._desk.store.case(self._id).advised_steps}

    def _record(self, steps: Iterable[str]) -> None:
        """Record as done those of the steps that are advised and not settled."""
        for step in steps:
            if not self._offers(step) or self._desk.store.case(self._id).settled(step):
                continue
            asked = {field.id: "已登记（虚构）" for field in self._desk.book.steps[step].record if field.required}
            self._tick().record_step(self._id, step, StepOutcome.DONE, written=asked | dict(_WRITTEN.get(step, {})))

    def _find_next(self) -> str | None:
        """Return the first step of the visit that is advised, not settled, and is not left open to the end."""
        case = self._desk.store.case(self._id)
        left = (step for step in case.advised_steps if not case.settled(step.id) and not step.after_visit)
        return next((step.id for step in left if step.id not in (*LEFT_OPEN, REFERRAL)), None)

    def _agree(self, step: str) -> None:
        """Have a step set aside, to which the supervisor agrees."""
        asked = self._tick().ask_authority(self._id, Matter.SET_ASIDE, step)
        self._clock.wait(MINUTE)
        self._desk.office_of(SUPERVISOR).approve(asked.subject)
        self._tick().record_step(self._id, step, StepOutcome.NOT_APPLICABLE, Reason.SUPERVISOR_DECIDED)

    def _refer(self) -> None:
        """Have the supervisor refer the matter, in confidence."""
        self._desk.change_to(SUPERVISOR)
        if self._offers(REFERRAL):
            self._tick().record_step(self._id, REFERRAL, StepOutcome.DONE)
        self._desk.change_to(TELLER)


def _play_alone(desk: Desk, clock: Clock) -> None:
    """The customer's story is borne out while nobody is in reach to agree to the release."""
    case_id = desk.open("transfer", Portion(MoneyState.NOT_MOVED, 5_000_000)).case.id
    clock.wait(MINUTE)
    desk.answer(case_id, "official_caller", Answer.YES, Known.SAID)
    clock.wait(MINUTE)
    desk.clear(case_id, "identity_verified", "林示范", "用柜台电话拨打公开号码核实")
    clock.wait(MINUTE)
    while gates := desk.store.case(case_id).open_gates():
        desk.record_step(case_id, gates[0], StepOutcome.NOT_APPLICABLE, Reason.CLEARED_MEANWHILE)
        clock.wait(MINUTE)
    subject = desk.ask_authority(case_id, Matter.RELEASE).subject
    desk.office.use_emergency(subject, EmergencyReason.NOBODY_IN_REACH, 24)
    desk.close(case_id, Outcome.CLEARED, 0, 0, 0)

"""The two cases of the article that this program began with, played in a real terminal from first key to last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.case.case import Case
from assistant.case.events import Event, EventKind, Outcome
from assistant.case.summary import CaseState, CaseSummary
from assistant.store import Store, receipt
from rules.facts import Answer, Known, Level, MoneyState, StepOutcome
from tests.ui.teller import Teller

YUAN = 100


@dataclass(frozen=True)
class Done:
    """A step as the teller records it: what the screen says to do, answers to its checks, what is written down."""

    step: str
    do: str
    checks: str = ""
    written: dict[str, str] = field(default_factory=dict)


VANISHED = (
    Done("locate_funds", "查遍各类账户", "1", {"资金所在": "二类账户尾号4417下的贵金属委托"}),
    Done("cancel_pending_order", "请客户本人撤销未成交", "", {"撤回金额": "80000"}),
    Done("green_channel", "请客户优先入座"),
    Done("suspend_non_counter", "经客户同意，暂停", "", {"已暂停的账户": "4417、9023"}),
    Done("move_to_class_1", "引导客户本人把资金转入", "0010", {"转入金额": "８万元"}),
    Done("stop_pay_class_2", "余额转出后", "", {"止付账户尾号": "4417"}),
    Done("reset_account_password", "请客户本人在柜面重设"),
    Done("reset_ebank_password", "请客户重设电子银行"),
    Done("region_lock", "指导客户本人设置地区锁"),
    Done("call_110", "由主管在客户和手机都听不到", "", {"受理的公安机关": "城关派出所", "接警编号": "J0312-77"}),
    Done("probe_questions", "用开放式问题问清"),
    Done("notice_and_appeal", "书面告知管控原因", "", {"告知单编号": "GZ-18"}),
)

OFFICER = (
    Done("pause_transaction", "暂不提交", "", {"拟办理金额": "６万"}),
    Done("supervisor_interview", "请主管到场", "", {"主管工号": "8801"}),
    Done("call_110", "由主管在客户和手机都听不到", "", {"受理的公安机关": "城关派出所"}),
    Done("probe_questions", "用开放式问题问清"),
    Done("verify_independently", "用自己查到的号码", "", {"号码来源": "市局官网公布", "核实结果": "查无此警"}),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


def record_all(teller: Teller, steps: Sequence[Done], before: int = 0) -> None:
    """Do one step after the other, each time as the screen says it is the next; `before` were done already."""
    for number, done in enumerate(steps, before + 1):
        teller.see("立即报警")
        teller.record(done.do, checks=done.checks, written=done.written)
        assert teller.steps_done() == number


def close_as_intercepted(teller: Teller) -> str:
    """Close with the first outcome, the amounts as the case knows them, and return the receipt shown."""
    teller.press("f8")
    teller.see("关键步骤均已登记", "请选择")
    teller.press("enter")
    teller.see("上下选择")
    teller.press("1")
    teller.see("全部拦截")
    teller.go_to("确认结案")
    teller.press("enter")
    teller.see("已结案。回执", "最近结案", "没有未结案件")
    found = re.search(r"回执 ([0-9a-f]+-\d+)", teller.text())
    assert found is not None, teller.text()
    return found[1]


def read_back(path: Path) -> tuple[Case, CaseSummary]:
    """Return the one case of the file, read anew, after its chain was recomputed to the last event."""
    with Store.open(path) as store:
        (summary,) = store.list()
        case = store.case(summary.case_id)
        # The first event of the file names the outlet manager.
        assert [link.seq for link in store.walk_chain()] == [1, *(event.seq for event in case.history)]
        assert store.warnings == []
    return case, summary


def answers_in(history: Sequence[Event]) -> list[str]:
    """Return the moves of the teller in order, each in a word."""
    names = {
        EventKind.ANSWERED: "sign",
        EventKind.ACCOUNT_ANSWERED: "fact",
        EventKind.STEP_RECORDED: "step",
    }
    return [str(event.body[names[event.kind]]) for event in history if event.kind in names]


def read_clock(at: int) -> str:
    """Return a time as the clock of the outlet shows it."""
    return datetime.fromtimestamp(at / 1000, ZoneInfo("Asia/Shanghai")).strftime("%H:%M:%S")


def test_a_vanished_balance_is_found_protected_and_closed(path: Path) -> None:
    with Teller(path) as teller:
        teller.set_up("0312", "示范网点")
        teller.press("9")
        teller.see("钱现在在哪里")
        teller.press("2")
        teller.see("核实询问", "求助 · 在本人名下被转移", "▸ 查遍各类账户", "对客户说：“您先别急")
        teller.answer("神色慌张", "1", "[是]")
        teller.answer("余额“消失”", "2", "[是]")
        teller.see("立即报警", "屏幕共享与账户盗控", "步骤 0/")
        teller.press("f2")
        teller.see("钱在二类账户或挂在其下吗？")
        teller.fill("金额（元）", "８万")
        teller.go_to("同名一类账户吗")
        teller.press("1")
        teller.wait(
            lambda: any("同名一类账户吗" in line and "[是]" in line for line in teller.lines()),
            "the account fact is not shown as answered",
        )
        teller.press("escape")
        teller.see("在本人名下被转移 · 80,000.00 元")
        record_all(teller, VANISHED)
        teller.see("步骤已全部登记，按F8结案")
        shown = teller.saved_at()
        number = close_as_intercepted(teller)
        teller.press("ctrl+q")
        assert teller.end() == 0
    case, summary = read_back(path)

    assert (case.state, summary.state) == (CaseState.CLOSED, CaseState.CLOSED)
    assert case.answers["distressed"].value is Answer.YES
    assert case.answers["distressed"].known is Known.SEEN
    assert case.answers["money_missing"].value is Answer.YES
    assert case.answers["money_missing"].known is Known.SAID
    assert {name: reply.value.value for name, reply in case.accounts.items()} == {
        "class_1_available": "yes",
        "class_2_involved": "yes",
        "class_1_exposed": "no",
        "class_1_stopped": "no",
        "class_2_bound": "yes",
        "class_2_over_cap": "no",
    }
    assert case.money[1].state is MoneyState.MOVED_OWN_NAME
    assert case.money[1].amount == 80_000 * YUAN
    assert answers_in(case.history) == [
        "distressed",
        "money_missing",
        "class_1_available",
        "class_2_involved",
        "locate_funds",
        "cancel_pending_order",
        "green_channel",
        "suspend_non_counter",
        "class_1_exposed",
        "class_1_stopped",
        "class_2_bound",
        "class_2_over_cap",
        *(done.step for done in VANISHED[4:]),
    ]
    assert {record.outcome for record in case.steps.values()} == {StepOutcome.DONE}
    assert case.steps["locate_funds"].private == {"found": "二类账户尾号4417下的贵金属委托"}
    assert case.steps["move_to_class_1"].private == {"amount": "８万元"}
    assert case.steps["call_110"].private["unit"] == "城关派出所"
    assert case.open_gates() == ()
    assert case.advice is not None
    assert case.advice.level is Level.POLICE
    assert case.closing is not None
    assert case.closing.outcome is Outcome.INTERCEPTED
    assert (summary.at_risk_fen, summary.protected_fen, summary.lost_fen) == (80_000 * YUAN, 80_000 * YUAN, 0)
    last_record = next(e for e in reversed(case.history) if e.kind is EventKind.STEP_RECORDED)
    assert shown == read_clock(last_record.at)
    assert number == receipt(case.history[-1])


def test_an_officer_on_the_phone_is_stopped_by_the_supervisor_at_80_columns(path: Path) -> None:
    with Teller(path, columns=80, rows=24) as teller:
        teller.set_up("0312", "示范网点")
        teller.press("1")
        teller.see("正常办理", "转账汇款 · 资金未动")
        teller.press("f2")
        teller.fill("金额（元）", "６万")
        teller.press("escape")
        teller.see("转账汇款 · 资金未动 · 60,000.00 元")
        teller.answer("对方自称公检法", "2", "[是]")
        teller.answer("神色慌张", "1", "[是]")
        teller.see("立即报警", "▸ 暂不提交", "冒充公检法及政府机关")
        record_all(teller, OFFICER[:2])
        teller.see("▸ 由主管在客户和手机都听不到的地方拨打110", "主管 · 5分钟内", "号码自己拨")
        record_all(teller, OFFICER[2:], before=2)
        number = close_as_intercepted(teller)
    case, summary = read_back(path)

    assert case.requests == ("transfer",)
    assert {sign: (reply.value.value, reply.known.value) for sign, reply in case.answers.items()} == {
        "official_caller": ("yes", "said"),
        "distressed": ("yes", "seen"),
    }
    assert answers_in(case.history) == ["official_caller", "distressed", *(done.step for done in OFFICER)]
    assert case.steps["supervisor_interview"].colleague == "8801"
    assert case.steps["call_110"].private == {"unit": "城关派出所"}
    assert case.advice is not None
    assert case.advice.typologies[0] == "official_impersonation"
    assert (summary.state, summary.outcome, summary.level) == (CaseState.CLOSED, "intercepted", "police")
    assert (summary.at_risk_fen, summary.protected_fen, summary.lost_fen) == (60_000 * YUAN, 60_000 * YUAN, 0)
    assert number == receipt(case.history[-1])

"""The flow of the card: money that vanished into a Class II account, and each way in which the case can differ."""

from __future__ import annotations

import pytest

from rules.advice import Adviser
from rules.facts import RECENT_MS, Facts, Known, Level, MoneyState, PaidFrom, PayeeAt, Portion
from rules.language import Language
from rules.model import Owner
from tests.rules.visits import NOON, ids, in_this_order, visit

CREDENTIALS = ("suspend_non_counter", "reset_account_password", "reset_ebank_password")
BOUND = {"class_2_involved": True, "class_1_available": True, "class_1_exposed": False, "class_2_bound": True}
EXPOSED = BOUND | {"class_1_exposed": True}
UNBOUND = BOUND | {"class_2_bound": False}
OVER_CAP = UNBOUND | {"class_2_over_cap": True}
WITHOUT_CLASS_1 = {"class_2_involved": True, "class_1_available": False}


def vanished(*more: str, accounts: dict[str, bool], done: tuple[str, ...] = ()) -> Facts:
    """Return the visit of a distressed customer whose balance vanished inside the own name."""
    signs = ("money_missing", "distressed", *more)
    return visit("help", yes=signs, money=MoneyState.MOVED_OWN_NAME, accounts=accounts, done=done)


def withheld(adviser: Adviser, facts: Facts) -> dict[str, str]:
    """Return the reason in Chinese of each step that is withheld."""
    return {held.id: held.reason.read(Language.ZH) for held in adviser.advise(facts).withheld}


def test_vanished_money_is_found_guarded_moved_and_locked_in_the_order_of_the_card(adviser: Adviser) -> None:
    advice = adviser.advise(vanished(accounts=BOUND))
    assert advice.level is Level.POLICE
    assert ids(advice) == [
        "locate_funds",
        "cancel_pending_order",
        "green_channel",
        "suspend_non_counter",
        "move_to_class_1",
        "stop_pay_class_2",
        "reset_account_password",
        "reset_ebank_password",
        "region_lock",
        "call_110",
        "probe_questions",
    ]
    assert advice.withheld == ()


def test_the_card_needs_no_account_fact_to_be_asked_first(adviser: Adviser) -> None:
    assert ids(adviser.advise(vanished(accounts={}))) == ids(adviser.advise(vanished(accounts=BOUND)))


def test_the_first_thing_to_do_is_to_find_the_money(adviser: Adviser) -> None:
    first = adviser.advise(vanished(accounts={})).steps[0]
    assert first.id == "locate_funds"


def test_the_move_asks_what_must_be_known_before_it_is_done(adviser: Adviser) -> None:
    move = next(s for s in adviser.advise(vanished(accounts={})).steps if s.id == "move_to_class_1")
    assert set(move.step.check_first) == {"class_1_exposed", "class_1_stopped", "class_2_bound", "class_2_over_cap"}
    assert move.owner is Owner.CUSTOMER
    assert move.step.needs_both


def test_the_region_lock_says_what_it_does_not_stop(adviser: Adviser) -> None:
    lock = next(s for s in adviser.advise(vanished(accounts=BOUND)).steps if s.id == "region_lock")
    assert lock.note is not None
    assert "不拦网银、手机银行转账" in lock.note.read(Language.ZH)
    assert "not online or mobile transfers" in lock.note.read(Language.EN)


def test_where_class_1_is_exposed_channels_and_passwords_come_before_the_move(adviser: Adviser) -> None:
    advice = adviser.advise(vanished(accounts=EXPOSED))
    for safeguard in CREDENTIALS:
        assert in_this_order(advice, safeguard, "move_to_class_1", "stop_pay_class_2", "region_lock", "call_110")


def test_once_channels_and_passwords_are_done_the_exposed_account_counts_as_safe(adviser: Adviser) -> None:
    half = adviser.advise(vanished(accounts=EXPOSED, done=CREDENTIALS[:2]))
    assert in_this_order(half, "reset_ebank_password", "move_to_class_1")
    whole = adviser.advise(vanished(accounts=EXPOSED, done=CREDENTIALS))
    assert in_this_order(whole, "suspend_non_counter", "move_to_class_1", "stop_pay_class_2", "reset_account_password")


def test_an_unbound_class_2_account_is_bound_before_the_move(adviser: Adviser) -> None:
    advice = adviser.advise(vanished(accounts=UNBOUND))
    assert in_this_order(advice, "locate_funds", "suspend_non_counter", "bind_class_1", "move_to_class_1")
    assert in_this_order(advice, "move_to_class_1", "stop_pay_class_2", "reset_account_password")


def test_above_the_daily_cap_the_account_is_bound_or_closed_before_it_is_stopped(adviser: Adviser) -> None:
    advice = adviser.advise(vanished(accounts=OVER_CAP))
    assert "move_to_class_1" not in ids(advice)
    assert in_this_order(advice, "suspend_non_counter", "bind_class_1", "close_class_2", "stop_pay_class_2")


def test_once_bound_the_money_above_the_daily_cap_is_moved_and_the_account_not_closed(adviser: Adviser) -> None:
    bound = vanished(accounts=OVER_CAP, done=("bind_class_1",))
    assert in_this_order(adviser.advise(bound), "bind_class_1", "move_to_class_1", "stop_pay_class_2")
    assert "不必销户" in withheld(adviser, bound)["close_class_2"]


def test_without_a_class_1_account_the_class_2_is_upgraded_and_not_stopped_before(adviser: Adviser) -> None:
    advice = adviser.advise(vanished(accounts=WITHOUT_CLASS_1))
    assert not {"move_to_class_1", "bind_class_1", "close_class_2"} & set(ids(advice))
    assert in_this_order(advice, "suspend_non_counter", "reset_account_password", "upgrade_class_2", "stop_pay_class_2")


def test_an_upgraded_account_is_not_stopped_as_a_class_2(adviser: Adviser) -> None:
    upgraded = vanished(accounts=WITHOUT_CLASS_1, done=("upgrade_class_2",))
    assert "已升级" in withheld(adviser, upgraded)["stop_pay_class_2"]


def test_money_told_to_be_gathered_in_an_own_account_is_not_moved_there(adviser: Adviser) -> None:
    told = vanished("gather_in_own_account", accounts=BOUND)
    assert "move_to_class_1" not in ids(adviser.advise(told))
    assert "归集" in withheld(adviser, told)["move_to_class_1"]


@pytest.mark.parametrize("accounts", [{}, BOUND, EXPOSED, UNBOUND, OVER_CAP, WITHOUT_CLASS_1])
def test_gathering_forbids_every_way_into_an_own_account(adviser: Adviser, accounts: dict[str, bool]) -> None:
    steps = ids(adviser.advise(vanished("gather_in_own_account", accounts=accounts)))
    assert not {"move_to_class_1", "bind_class_1", "upgrade_class_2", "close_class_2"} & set(steps)
    assert {"locate_funds", "suspend_non_counter", "call_110"} <= set(steps)


def test_nothing_is_moved_while_an_account_is_stopped_or_frozen(adviser: Adviser) -> None:
    frozen = vanished(accounts=BOUND | {"class_1_stopped": True})
    assert "止付或冻结" in withheld(adviser, frozen)["move_to_class_1"]
    assert "locate_funds" in ids(adviser.advise(frozen))


def test_a_customer_whose_own_money_moved_does_not_call_himself(adviser: Adviser) -> None:
    call = next(s for s in adviser.advise(vanished(accounts=BOUND)).steps if s.id == "call_110")
    assert call.owner is Owner.SUPERVISOR


def credited(payee: PayeeAt, paid_from: PaidFrom = PaidFrom.HERE, minutes_ago: int = 30) -> Portion:
    """Return half a million fen that reached the other side."""
    return Portion(MoneyState.CREDITED_RECENT, 500_000, NOON - minutes_ago * 60_000, paid_from, payee)


def test_when_money_is_gone_the_customer_calls_110_and_the_stop_application_follows(adviser: Adviser) -> None:
    advice = adviser.advise(visit("help", money=[credited(PayeeAt.OTHER_BANK)]))
    assert ids(advice)[0] == "call_110"
    assert advice.steps[0].owner is Owner.CUSTOMER
    assert in_this_order(advice, "call_110", "emergency_stop_application")


def test_a_payee_at_this_bank_is_stopped_first(adviser: Adviser) -> None:
    advice = adviser.advise(visit("help", money=[credited(PayeeAt.THIS_BANK)]))
    assert in_this_order(advice, "same_bank_emergency_stop", "call_110", "emergency_stop_application")


def test_a_payment_account_is_for_the_police_and_the_application_is_withheld_with_its_reason(adviser: Adviser) -> None:
    to_wallet = visit("help", money=[credited(PayeeAt.PAYMENT_ACCOUNT)])
    assert "支付账户" in withheld(adviser, to_wallet)["emergency_stop_application"]
    assert ids(adviser.advise(to_wallet))[0] == "call_110"


def test_money_already_gone_and_money_about_to_go_are_advised_on_together(adviser: Adviser) -> None:
    portions = [credited(PayeeAt.OTHER_BANK), Portion(MoneyState.NOT_MOVED, 5_000_000)]
    advice = adviser.advise(visit("transfer", yes=["official_caller"], known=Known.SAID, money=portions))
    assert in_this_order(advice, "call_110", "pause_transaction", "emergency_stop_application")


def test_a_transfer_still_under_way_is_cancelled_before_anything_else(adviser: Adviser) -> None:
    portions = [credited(PayeeAt.OTHER_BANK), Portion(MoneyState.PENDING, 5_000_000)]
    advice = adviser.advise(visit("transfer", yes=["official_caller"], money=portions))
    assert ids(advice)[:2] == ["cancel_pending_transfer", "call_110"]


def test_a_credit_of_more_than_48_hours_asks_for_evidence_too(adviser: Adviser) -> None:
    old = credited(PayeeAt.OTHER_BANK, minutes_ago=RECENT_MS // 60_000 + 1)
    advice = adviser.advise(visit("transfer", yes=["official_caller"], money=[old]))
    assert {"call_110", "emergency_stop_application", "preserve_evidence"} <= set(ids(advice))


def test_a_supposed_officer_on_the_phone_stops_the_transfer_until_it_is_checked(adviser: Adviser) -> None:
    advice = adviser.advise(visit("transfer", yes=["official_caller"], known=Known.SAID, money=MoneyState.NOT_MOVED))
    assert advice.level is Level.POLICE
    assert ids(advice)[0] == "pause_transaction"
    assert in_this_order(advice, "pause_transaction", "supervisor_interview", "verify_independently")
    assert "call_110" in ids(advice)
    assert "official_impersonation" in {suspicion.typology for suspicion in advice.suspicions}


def test_what_is_said_to_clear_does_not_but_what_is_verified_does(adviser: Adviser) -> None:
    claimed = visit("transfer", yes=["official_caller"], no=["secrecy"], known=Known.SAID, money=MoneyState.NOT_MOVED)
    assert adviser.advise(claimed).level is Level.POLICE
    verified = visit(
        "transfer",
        yes=["official_caller"],
        cleared=["identity_verified", "police_cleared"],
        done=["pause_transaction"],
        money=MoneyState.NOT_MOVED,
    )
    advice = adviser.advise(verified)
    assert advice.level.rank < Level.HOLD.rank
    assert "lift_controls" in ids(advice)

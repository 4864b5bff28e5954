"""The hand-over to the police: what they need at once to stop money and find people, and the customer's application for
an emergency stop-payment, filled in as far as the case knows. What it does not know is a blank, never a guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assistant.case.events import EventKind, list_counting
from assistant.export.documents.case_summary import name_outlet, name_suspected
from assistant.export.documents.citing import cite
from assistant.export.documents.entries import tell_step, tell_sum
from assistant.export.documents.writings import (
    Note,
    Written,
    find_all_written,
    find_written,
    join_texts,
    list_notes,
    list_written,
)
from assistant.particulars.fields import Field, Party
from assistant.people.reader import leave_out
from rules.facts import MoneyState, PaidFrom, PayeeAt, StepOutcome
from rules.model import Citation, SignGroup

if TYPE_CHECKING:
    from assistant.export.documents.view import View
    from rules.facts import Portion

CREDITED: Final = frozenset({MoneyState.CREDITED_RECENT, MoneyState.CREDITED_OLDER})
"""Where a stop of the payee's account can still catch money."""
OUT: Final = CREDITED | {MoneyState.PENDING, MoneyState.HANDED_OVER}
_SERVES_A_CRIME: Final = frozenset({"mule", "account_misuse"})
"""The typologies whose customer is not the victim."""
_CALL: Final = "call_110"
_RECALLED: Final = ("request_recall", "bank")
"""Where it is written which bank received the money: a step and a field of it."""
_RULED: Final = ("二(一)1", "二(一)2", "二(一)3", "二(一)4", "二(三)")
_STOPPING: Final = tuple(Citation(source="yinfa-2016-86", article=article) for article in _RULED)
"""Where the rules of the emergency stop stand."""
_SEVERAL: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "apps": (("end_call_disconnect", "app"), ("remove_app", "app")),
        "serials": (("cancel_pending_transfer", "receipt"), ("cancel_pending_order", "order")),
        "papers": (("preserve_evidence", "items"), ("probe_questions", "shown")),
        "told": (("probe_questions", "said"),),
        "accomplice": (("observe_accomplice", "description"), ("separate_companion", "companion")),
    }
)
_SINGLE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "vehicle": ("observe_accomplice", "vehicle"),
        "courier": ("trace_courier", "courier"),
        "handed_at": ("trace_courier", "handed_at"),
        "onward": ("report_onward_flow", "flow"),
        "onward_amount": ("report_onward_flow", "amount"),
        "clip": ("preserve_evidence", "clip"),
        "police_unit": (_CALL, "unit"),
        "police_called": (_CALL, "called_at"),
        "police_reference": (_CALL, "reference"),
        "sent": ("emergency_stop_application", "sent_at"),
        "sent_receipt": ("emergency_stop_application", "receipt"),
        "stop_begins": ("track_stop_expiry", "starts_at"),
        "stop_ends": ("track_stop_expiry", "expires_at"),
    }
)
"""In which steps, and fields of them, stands what the hand-over says under these names."""
_PLACED: Final = frozenset({*_SINGLE.values(), *(place for places in _SEVERAL.values() for place in places)})


@dataclass(frozen=True, slots=True)
class Transfer:
    """A portion of the money that has left, or is on its way."""

    number: str
    """Its number in the case."""
    amount: str | None
    """The exact amount; blank where it is not known."""
    when: str | None
    """The exact time, on the outlet's clock; blank where it is not known."""
    state: str
    """Where it is: not yet executed, credited, handed over."""
    paid_from: str | None
    """From what it was paid; blank where it is not known."""
    payee: str | None
    """Who keeps the payee's account; blank where it is not known."""
    payee_bank: str | None
    """The payee's bank: this bank where it is at this bank, otherwise blank."""
    same_bank: bool
    """Whether both accounts are at this bank, so that it may stop first where it is urgent."""
    wallet: bool
    """Whether the payee's is a payment account, for which only the police can start a stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """A red flag that was answered yes."""

    name: str
    """What it is."""
    known: str
    """How it is known: seen, said by the customer, verified."""


@dataclass(frozen=True, slots=True)
class Done:
    """A measure that was taken."""

    name: str
    """What it is called."""
    when: str
    """When it was recorded, on the outlet's clock."""
    written: tuple[Written, ...]
    """What was written down with it and stands nowhere else on the hand-over."""


@dataclass(frozen=True, slots=True)
class PoliceHandover:
    """What the hand-over to the police says. Blank (none) is what the case does not know."""

    number: str
    """The number of the case."""
    in_full: bool
    """Whether numbers and names of persons stand in it in full; otherwise they are masked. A masked preview
    of what will be in full reads as in full."""
    made: str
    """When it was made, on the outlet's clock."""
    request: str
    """What the customer came for."""
    suspected: tuple[str, ...]
    """The suspected typologies, the likeliest first."""
    victim: bool
    """Whether the customer is, as it seems, the victim, and not somebody whose account serves a crime."""
    customer_name: str | None
    """The customer's name."""
    customer_id: str | None
    """The number of the customer's identity document."""
    customer_phone: str | None
    """The customer's phone."""
    customer_account: str | None
    """The paying account."""
    customer_bank: str | None
    """Its bank: this bank where money was paid from here."""
    payee_name: str | None
    """The payee's name."""
    payee_account: str | None
    """The payee's account."""
    payee_phone: str | None
    """The payee's phone."""
    payee_bank: str | None
    """The payee's bank: this bank where the account is here, otherwise what was written of it when it was asked for a
    return; blank before."""
    contact_name: str | None
    """How whoever called or wrote to the customer named himself."""
    contact_phone: str | None
    """The number from which was called or written."""
    apps: str | None
    """The app, meeting or address by which it was done."""
    transfers: tuple[Transfer, ...]
    """What has left, or is on its way."""
    kept: tuple[Transfer, ...]
    """What is still there."""
    serials: str | None
    """The serial numbers of transactions or receipts that were written down."""
    papers: str | None
    """Vouchers, screenshots and papers that were kept or shown."""
    told: str | None
    """What the customer said, in the teller's words."""
    flags: tuple[Told, ...]
    """The red flags that were answered yes."""
    notes: tuple[Note, ...]
    """The notes of the file."""
    accomplice: str | None
    """Who is or was on site: how many, looks, direction."""
    accompanied: str | None
    """Whether the customer was accompanied by a stranger, and how that is known; blank where it was not asked."""
    vehicle: str | None
    """Vehicle and plate."""
    courier: str | None
    """Who took cash or gold: courier, plate or parcel number."""
    handed_at: str | None
    """When it was handed over."""
    onward: str | None
    """Where the money went on to, as far as it is visible."""
    onward_amount: str | None
    """How much of it."""
    clip: str | None
    """Camera and period of the footage that was kept."""
    footage_kept: bool
    """Whether evidence and footage were secured."""
    police_unit: str | None
    """The police unit that took the report."""
    police_called: str | None
    """When the bank called the police: as it was written down, else when the step was recorded, which is then said."""
    police_reference: str | None
    """The reference of the report, or how to reach the officer."""
    sent: str | None
    """When the application for a stop was sent."""
    sent_receipt: str | None
    """The receipt number of the platform."""
    stop_begins: str | None
    """When a stop began."""
    stop_ends: str | None
    """When it ends."""
    measures: tuple[Done, ...]
    """All that was done, in its order."""
    bank: str | None
    """The name of the bank."""
    outlet: str
    """The outlet's code and name."""
    address: str | None
    """The outlet's address."""
    phone: str | None
    """The outlet's number for calling back."""
    teller: str
    """Name and staff number of whoever opened the case."""
    supervisor: str | None
    """Name and staff number of the supervisor who took part; blank where none did."""
    stoppable: tuple[Transfer, ...]
    """The credited portions, for which a stop can be applied for."""
    same_bank: bool
    """Whether one of them is at this bank."""
    wallet: bool
    """Whether one of them is at a payment institution."""
    rules: str
    """Where the rules of the emergency stop stand."""


def gather(view: View) -> PoliceHandover:
    """Return what the hand-over says. Whether a transaction was reported as suspicious, and who took part in that, is
    nobody's business here, whoever asks."""
    view = replace(view, dossier=replace(view.dossier, case=leave_out(view.case, (view.book,))))
    case, writer = view.case, view.writer
    transfers = tuple(_list_transfers(view))
    stoppable = tuple(one for one in transfers if case.money[int(one.number)].state in CREDITED)
    return PoliceHandover(
        number=case.number,
        in_full=view.reads_in_full,
        made=writer.time(view.at),
        request=writer.names(view.book.requests, case.requests),
        suspected=name_suspected(view),
        victim=not (case.advice and _SERVES_A_CRIME.intersection(case.advice.typologies[:1])),
        **_name_persons(view),
        customer_bank=view.bank if _is_paid_from_here(view) else None,
        payee_bank=view.bank if _is_paid_to_here(view) else find_written(view, _RECALLED),
        transfers=tuple(one for one in transfers if case.money[int(one.number)].state in OUT),
        kept=tuple(one for one in transfers if case.money[int(one.number)].state not in OUT),
        **_find_texts(view),
        flags=tuple(_list_flags(view)),
        notes=list_notes(view),
        accompanied=_tell_accompanied(view),
        footage_kept=_is_done(view, "preserve_evidence"),
        measures=tuple(_list_measures(view)),
        bank=view.settings.bank,
        outlet=name_outlet(view),
        address=view.settings.outlet_address,
        phone=view.settings.outlet_phone,
        teller=_name_member(view, case.history[0].actor),
        supervisor=_name_supervisor(view),
        stoppable=stoppable,
        same_bank=any(one.same_bank for one in stoppable),
        wallet=any(one.wallet for one in stoppable),
        rules=cite(view, _STOPPING),
    )


def _name_persons(view: View) -> dict[str, str | None]:
    fields = {
        "customer_name": (Party.CUSTOMER, Field.NAME),
        "customer_id": (Party.CUSTOMER, Field.ID_NUMBER),
        "customer_phone": (Party.CUSTOMER, Field.PHONE),
        "customer_account": (Party.CUSTOMER, Field.ACCOUNT),
        "payee_name": (Party.PAYEE, Field.NAME),
        "payee_account": (Party.PAYEE, Field.ACCOUNT),
        "payee_phone": (Party.PAYEE, Field.PHONE),
        "contact_name": (Party.CONTACT, Field.NAME),
        "contact_phone": (Party.CONTACT, Field.PHONE),
    }
    return {name: view.particular(*place) for name, place in fields.items()}


def _find_texts(view: View) -> dict[str, str | None]:
    """Return what was written down with the steps, by the field of the document in which it stands."""
    joined = {name: join_texts(view, find_all_written(view, *places)) for name, places in _SEVERAL.items()}
    single = {name: find_written(view, place) for name, place in _SINGLE.items()}
    return joined | single | {"police_called": single["police_called"] or _tell_recorded(view, _CALL)}


def _tell_recorded(view: View, step: str) -> str | None:
    """Return when a step was recorded as done, and that it is that; None where it was not done."""
    if not _is_done(view, step):
        return None
    return view.say("common.recorded", when=view.writer.time(view.case.steps[step].at))


def _list_transfers(view: View) -> Iterator[Transfer]:
    for number, portion in sorted(view.case.money.items()):
        told = tell_sum(view, number, portion)
        here = portion.payee is PayeeAt.THIS_BANK
        yield Transfer(
            number=told.number,
            amount=told.amount,
            when=told.when,
            state=told.state,
            paid_from=told.paid_from,
            payee=told.payee,
            payee_bank=view.bank if here else None,
            same_bank=here and portion.paid_from is PaidFrom.HERE,
            wallet=portion.payee is PayeeAt.PAYMENT_ACCOUNT,
        )


def _is_paid_from_here(view: View) -> bool:
    """Tell whether all that has left was paid from this bank, as far as that is known."""
    sources = {portion.paid_from for portion in view.case.money.values() if _has_left(portion)}
    return sources == {PaidFrom.HERE}


def _is_paid_to_here(view: View) -> bool:
    """Tell whether every portion of which the payee's bank is known goes to this one: one payee is noted, and which of
    several it is does not stand there."""
    return {portion.payee for portion in view.case.money.values() if portion.payee} == {PayeeAt.THIS_BANK}


def _has_left(portion: Portion) -> bool:
    return portion.state in OUT


def _list_flags(view: View) -> Iterator[Told]:
    """Yield the red flags that were answered yes, what the story was and how it was done on the phone first."""
    first = (SignGroup.STORY, SignGroup.DEVICE)
    signs = view.book.signs
    yes = [(name, reply) for name, reply in view.case.answers.items() if reply.yes]
    for name, reply in sorted(yes, key=lambda one: one[0] not in signs or signs[one[0]].group not in first):
        yield Told(view.writer.name(signs, name), view.writer.rule(f"known.{reply.known}"))


def _tell_accompanied(view: View) -> str | None:
    reply = view.case.answers.get("accompanied")
    return view.writer.reply(reply) if reply else None


def _is_done(view: View, step: str) -> bool:
    record = view.case.steps.get(step)
    return record is not None and record.outcome is StepOutcome.DONE


def _list_measures(view: View) -> Iterator[Done]:
    """Yield what was done."""
    for step, record in sorted(view.case.steps.items(), key=lambda one: one[1].at):
        if record.outcome is StepOutcome.DONE:
            told, placed = tell_step(view, step), {field for name, field in _PLACED if name == step}
            yield Done(told.name, told.when, list_written(view, step, record, placed))


def _name_member(view: View, number: str) -> str:
    """Return a member of staff by name, as far as it is kept, and number."""
    name = view.staff.get(number)
    return f"{name}{view.writer.bracket(number)}" if name else number


def _name_supervisor(view: View) -> str | None:
    """Return the supervisor who took part last: named as a colleague, or who answered the call or agreed."""
    found: list[str] = []
    for event in list_counting(view.case.history):
        if event.kind is EventKind.STEP_RECORDED and event.body.get("colleague"):
            found.append(str(event.body["colleague"]))
        elif event.kind is EventKind.SUPERVISOR_ANSWERED or (
            event.kind is EventKind.AUTHORISED and not event.body.get("alone")
        ):
            found.append(event.actor)
    return _name_member(view, found[-1]) if found else None

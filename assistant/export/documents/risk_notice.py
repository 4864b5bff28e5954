"""The risk notice that a customer reads item by item and signs who was warned and goes on all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from assistant.export.documents.citing import cite
from assistant.export.documents.slip import GENERAL, find_card, find_slip
from assistant.particulars.fields import Field, Party
from rules.facts import MoneyState
from rules.model import Citation

if TYPE_CHECKING:
    from assistant.export.documents.view import View

PROMPTING: Final = (
    Citation(source="anti-fraud-law-2022", article="30"),
    Citation(source="yinfa-2019-85", article="十八"),
)
LENDING: Final = (
    Citation(source="anti-fraud-law-2022", article="31"),
    Citation(source="anti-fraud-law-2022", article="44"),
)
RECALLING: Final = (Citation(source="payment-settlement-rules", article="178"),)


class Duty(StrEnum):
    """A risk that every notice has to tell, and that the slip may tell already."""

    SAFE_ACCOUNT = "safe_account"
    SECRETS = "secrets"


SAID_BY_SLIP: Final[Mapping[str, frozenset[Duty]]] = {
    GENERAL: frozenset({Duty.SECRETS}),
    "official_impersonation": frozenset({Duty.SAFE_ACCOUNT}),
    "account_takeover": frozenset({Duty.SECRETS}),
}
"""What the slip of a card says already, and the notice need not say again."""
SAID_BY_NOTICE: Final[Mapping[str, int]] = {"mule": 2, "account_misuse": 2}
"""How many lines at the head of the slip of a card the notice says in full, with its place in the law."""
STILL_HERE: Final = frozenset({MoneyState.NOT_MOVED, MoneyState.CASH_IN_HAND})
"""The states of the money about which the customer can still decide."""


@dataclass(frozen=True, slots=True)
class RiskNotice:
    """What the risk notice says."""

    bank: str | None
    """The name of the bank; blank where the settings have none."""
    outlet: str
    """The outlet's name."""
    number: str
    """The number of the case."""
    date: str
    """The day on which the notice was made."""
    customer: str | None
    """The customer's name; blank, for the customer to write, unless the notice is made in full."""
    payee: str | None
    """The payee's name, likewise."""
    payee_account: str | None
    """The payee's account, likewise."""
    amount: str | None
    """The money about which the customer can still decide, as far as it is known."""
    purpose: str | None
    """What it is for: always blank, the customer writes it."""
    items: tuple[str, ...]
    """The lines of the slip for what is suspected, or for nothing in particular; none that the notice says in full."""
    safe_account: bool
    """Whether it is still to be said that there is no safe account: no line of the slip does."""
    secrets: bool
    """Whether it is still to be said that codes and screens are shared with nobody, likewise."""
    prompting: str
    """Where the law asks the bank to give such notice."""
    lending: str
    """Where the law forbids lending accounts."""
    recalling: str
    """Where it says that money once credited is not recalled."""


def gather(view: View) -> RiskNotice:
    """Return what the risk notice says, for the typology suspected most."""
    card = find_card(view) or ""
    said = SAID_BY_SLIP.get(card, frozenset())
    return RiskNotice(
        bank=view.settings.bank,
        outlet=view.outlet.name,
        number=view.case.number,
        date=view.writer.time(view.at)[:10],
        customer=_name(view, Party.CUSTOMER, Field.NAME),
        payee=_name(view, Party.PAYEE, Field.NAME),
        payee_account=_name(view, Party.PAYEE, Field.ACCOUNT),
        amount=_sum_up(view),
        purpose=None,
        items=find_slip(view)[SAID_BY_NOTICE.get(card, 0) :],
        safe_account=Duty.SAFE_ACCOUNT not in said,
        secrets=Duty.SECRETS not in said,
        prompting=cite(view, PROMPTING, brief=True),
        lending=cite(view, LENDING, brief=True),
        recalling=cite(view, RECALLING, brief=True),
    )


def _name(view: View, party: Party, field: Field) -> str | None:
    """Return what is noted about a person: nobody signs for a mask."""
    return view.particular(party, field) if view.reads_in_full else None


def _sum_up(view: View) -> str | None:
    fen = sum(portion.amount or 0 for portion in view.case.money.values() if portion.state in STILL_HERE)
    return view.writer.amount(fen) if fen else None

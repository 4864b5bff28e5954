"""How an invented visit is written down, and the reading of the ones that come with the product."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.amounts import read_amount
from assistant.case.events import CallFor, Outcome, Reason, ReviewReason
from assistant.people.roles import Role
from rules.facts import AgeBand, Answer, Known, MoneyState, PaidFrom, PayeeAt, StepOutcome
from rules.language import read_yaml

FILE: Final = "visits.yaml"
Fen: TypeAlias = Annotated[int, BeforeValidator(lambda yuan: read_amount(str(yuan), zero=True))]
"""Written in yuan."""


class Line(BaseModel):
    """A line of a script: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(Line):
    """A portion of the money; `hours_ago` counts back from the opening of the case."""

    state: MoneyState
    amount: Fen | None = None
    hours_ago: int | None = None
    paid_from: PaidFrom | None = None
    payee: PayeeAt | None = None


class Clearing(Line):
    """A verified clearing."""

    id: str
    by: str
    how: str


class Record(Line):
    """What became of one step."""

    id: str
    outcome: StepOutcome = StepOutcome.DONE
    reason: Reason | None = None
    written: Mapping[str, str] = Field(default_factory=dict)


class Rest(Line):
    """What becomes of every gating step that a script does not name."""

    outcome: StepOutcome = StepOutcome.DONE
    reason: Reason | None = None


class Ending(Line):
    """How the visit ended."""

    outcome: Outcome
    at_risk: Fen
    protected: Fen
    lost: Fen
    note: str = ""


class Review(Line):
    """A second look at a closed visit: signed, or sent back where reasons are given."""

    by: str
    hours_later: int
    returned: tuple[ReviewReason, ...] = ()
    comment: str = ""


class Visit(Line):
    """One invented visit, in the order of its fields. `minutes_ago` counts back from the making of the demo."""

    about: str
    minutes_ago: int
    request: str
    also: tuple[str, ...] = ()
    age: AgeBand | None = None
    money: tuple[Money, ...] = Field(min_length=1)
    signs: Mapping[str, tuple[Answer, Known]]
    accounts: Mapping[str, Answer] = Field(default_factory=dict)
    clearings: tuple[Clearing, ...] = ()
    steps: tuple[Record, ...] = ()
    others: Rest | None = None
    note: str = ""
    call: CallFor | None = None
    close: Ending | None = None
    review: Review | None = None


class Person(Line):
    """An invented member of staff. The first is the outlet manager, the second one who can approve the others."""

    number: str
    role: Role
    name: str


class Script(Line):
    """All invented visits, and the outlet that says it is invented."""

    outlet_code: str
    outlet_name: str
    zone: str
    staff: tuple[Person, ...] = Field(min_length=2)
    password: str
    """Of all of them but the manager, who is known by the OS login."""
    actor: str
    """The staff number of the teller to whom the visits came."""
    filler: str
    """What is written down where a step of `others` asks for something."""
    visits: tuple[Visit, ...]

    def fill(self, kind: str) -> str:
        """Return what is written down in a field of that kind."""
        return self.staff[1].number if kind == "staff" else self.filler


def read_script() -> Script:
    """Return the script that comes with the product, the earliest visit first."""
    script = Script.model_validate(read_yaml(files("assistant.demo").joinpath(FILE).read_text("utf-8")))
    ordered = sorted(script.visits, key=lambda visit: -visit.minutes_ago)
    return script.model_copy(update={"visits": tuple(ordered)})

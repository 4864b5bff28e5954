"""What a rulebook may say: the shape of every entry of `rules/book/`, checked by pydantic as it is read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from rules.conditions import AllOf, Atom, Condition, Not, Subject, read_condition
from rules.facts import AgeBand, Known, Level, MoneyState
from rules.language import Text

Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
RuleId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
When: TypeAlias = Annotated[Condition, PlainValidator(read_condition)]


class Entry(BaseModel):
    """An entry of the rulebook: nothing unknown in it, nothing changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Citation(Entry):
    """A place in one of the sources."""

    source: str
    article: str


Basis: TypeAlias = Literal["practice"] | tuple[Citation, ...]
"""What a rule or step stands on: places in the sources, or the practice of banks and police where no text says it."""


class Owner(StrEnum):
    """Who does a step."""

    TELLER = "teller"
    LOBBY = "lobby"
    SUPERVISOR = "supervisor"
    OUTLET_MANAGER = "outlet_manager"
    CUSTOMER = "customer"
    HEAD_OFFICE = "head_office"
    POLICE = "police"


class Urgency(StrEnum):
    """By when a step must be done."""

    FIRST_MINUTE = "first_minute"
    FIVE_MINUTES = "five_minutes"
    FIFTEEN_MINUTES = "fifteen_minutes"
    THIS_VISIT = "this_visit"
    NEXT_DAY = "next_day"
    FOLLOW_UP = "follow_up"


class SignGroup(StrEnum):
    """Where a red flag shows."""

    BEHAVIOUR = "behaviour"
    CUSTOMER = "customer"
    STORY = "story"
    TRANSACTION = "transaction"
    DEVICE = "device"


class Meta(Entry):
    """The edition: its version and date, who answers for it and when it must be looked at again."""

    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}(\.\d+)*$")]
    published: datetime.date
    owner: Text
    review_by: datetime.date
    criteria: tuple[Text, ...] = ()
    """When a case is opened at all, in the outlet's words."""


class Request(Entry):
    """What a customer comes for, the state its money is in unless said otherwise, and the red flags shown first."""

    name: Text
    money: MoneyState
    first: tuple[Id, ...]


class Word(Entry):
    """The name of a member of a closed set, and for a money state the red flags that matter in it."""

    name: Text
    first: tuple[Id, ...] = ()


class Clearing(Entry):
    """What clears a suspicion, and what to say to a customer who was kept waiting for it and is now served."""

    name: Text
    say: Text


class Sign(Entry):
    """A red flag: its group, its name, how an answer to it is usually known.

    `quiet` is its name for a screen that others can read; `key` the letter that leads to it at once.
    """

    group: SignGroup
    name: Text
    quiet: Text | None = None
    also: tuple[Text, ...] = ()
    """Other words under which a teller looks for it."""
    known: Known = Known.SAID
    key: Annotated[str, Field(pattern=r"^[a-z]$")] | None = None


class Card(Entry):
    """What to say to a customer who is angry, silent or on the phone; the slip is turned to the customer."""

    angry: Text
    silent: Text
    phone: Text
    slip: Text


class AccountFact(Entry):
    """A fact about the accounts involved, looked up in the system. A yes `denies` other facts: both cannot be true."""

    name: Text
    ask: Text
    denies: tuple[Id, ...] = ()


class Question(Entry):
    """An open question to the customer and the red flags that its answer settles.

    `once`: a question that sounds like a suspicion is kept for when there is one, from that level on.
    """

    ask: Text
    once: Level = Level.PROCEED
    settles: tuple[Id, ...] = Field(min_length=1)
    clears: tuple[Id, ...] = ()
    requests: tuple[Id, ...] = ()


class Source(Entry):
    """A law, notice or ruling: title, number, dates and what its cited articles say; `checked_on` when it was read."""

    title: Text
    number: str | None = None
    kind: str
    issued: datetime.date | None = None
    in_force: datetime.date | None = None
    checked_on: datetime.date
    articles: Mapping[str, Text]


class Rule(Entry):
    """When something follows, in one sentence why, on what basis, who owns the rule and when it is due for review."""

    when: When
    reason: Text
    basis: Basis
    owner: Text | None = None
    review_by: datetime.date | None = None


class Finding(Rule):
    """A combination of answers that several rules speak of."""

    name: Text


class TypologyRule(Rule):
    """Evidence for a typology; `weight` orders the suspicions."""

    suspects: Id
    weight: int = Field(ge=1, le=9)


class LevelRule(Rule):
    """A reason to go as far as `level`, unless one of the named clearings was verified."""

    level: Level
    unless_cleared: tuple[Id, ...] = ()


class StepRule(Rule):
    """A reason to advise steps."""

    advises: tuple[Id, ...] = Field(min_length=1)


class Order(Entry):
    """The order of urgency in one situation: tiers of steps, the most urgent first."""

    when: When
    tiers: tuple[tuple[Id, ...], ...]


class RecordField(Entry):
    """Something to write down when a step is done; of the kind `staff`, the staff number of a colleague who took part
    and may agree as the second person."""

    id: Id
    kind: Literal["amount", "text", "time", "number", "choice", "staff"]
    ask: Text
    required: bool = False
    choices: tuple[Text, ...] = ()


class Contraindication(Entry):
    """When a step must not be done, and why."""

    when: When
    reason: Text


class Situation(Entry):
    """Where owner or words of a step differ; what is left out stays as it is."""

    when: When
    owner: Owner | None = None
    do: Text | None = None
    say: Text | None = None
    note: Text | None = None


class Step(Entry):
    """Something to do: what, by whom, by when, with which words, after what, and what to write down."""

    name: Text
    do: Text
    owner: Owner
    urgency: Urgency
    gates: bool = False
    needs_both: bool = False
    """A move of money, a refusal or a lifting: advised only when both readings of the rulebook agree."""
    confidential: bool = False
    """Shown, with all that is recorded of it, only to those who need to know."""
    say: Text | None = None
    quiet: Text
    note: Text | None = None
    record: tuple[RecordField, ...] = ()
    after: tuple[Id, ...] = ()
    check_first: tuple[Id, ...] = ()
    not_when: tuple[Contraindication, ...] = ()
    deadline_minutes: int | None = Field(default=None, ge=1)
    basis: Basis
    situations: tuple[Situation, ...] = ()

    @property
    def colleague(self) -> str | None:
        """The id of the field that takes a colleague's staff number, if there is one."""
        return next((field.id for field in self.record if field.kind == "staff"), None)


class Stratum(StrEnum):
    """The order in which conclusions are drawn; each may speak of those before it (findings also of one another)."""

    FINDING = "finding"
    TYPOLOGY = "typology"
    LEVEL = "level"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of the rulebook under the name by which a firing is reported."""

    id: str
    stratum: Stratum
    when: Condition


class Book(Entry):
    """A whole rulebook, by section and id. Made by `rules.loading`, which also checks what refers to what."""

    meta: Meta
    requests: Mapping[Id, Request]
    money_states: Mapping[MoneyState, Word]
    age_bands: Mapping[AgeBand, Word]
    levels: Mapping[Level, Word]
    clearings: Mapping[Id, Clearing]
    accounts: Mapping[Id, AccountFact]
    signs: Mapping[Id, Sign]
    questions: Mapping[Id, Question]
    sources: Mapping[RuleId, Source]
    findings: Mapping[Id, Finding]
    typologies: Mapping[Id, Word]
    typology_rules: Mapping[RuleId, TypologyRule]
    level_rules: Mapping[RuleId, LevelRule]
    steps: Mapping[Id, Step]
    cards: Mapping[Id, Card] = {}
    """By typology; `general` serves while none is suspected."""
    step_rules: Mapping[RuleId, StepRule]
    orders: Mapping[RuleId, Order]

    def words(self) -> Mapping[Subject, Mapping[Any, Any]]:
        """Return, for each subject an atom may have, the entries that it may name."""
        return {
            Subject.SIGN: self.signs,
            Subject.REQUEST: self.requests,
            Subject.MONEY: self.money_states,
            Subject.AGE: self.age_bands,
            Subject.ACCOUNT: self.accounts,
            Subject.CLEARED: self.clearings,
            Subject.FINDING: self.findings,
            Subject.TYPOLOGY: self.typologies,
            Subject.LEVEL: self.levels,
            Subject.DONE: self.steps,
            Subject.REFUSED: self.steps,
        }

    def find_reason(self, clause: str) -> Text | None:
        """Return why a clause says what it says, by the name under which advice records it; None for one that is not in
        this book, or that only orders or words the steps."""
        kind, _, name = clause.partition(".")
        if kind == "not_when":
            step, _, number = name.rpartition(".")
            held = self.steps[step].not_when if step in self.steps else ()
            return held[int(number)].reason if number.isdigit() and int(number) < len(held) else None
        shelves: dict[str, Mapping[str, Finding | TypologyRule | LevelRule | StepRule]] = {
            "finding": self.findings,
            "typology": self.typology_rules,
            "level": self.level_rules,
            "step": self.step_rules,
        }
        rule = shelves.get(kind, {}).get(name)
        return rule.reason if rule else None

    def spare_steps(self) -> frozenset[str]:
        """Return the steps that may be put off in a long list: none that gates a case or that another one awaits."""
        awaited = {before for step in self.steps.values() for before in step.after}
        return frozenset(name for name, step in self.steps.items() if not step.gates and name not in awaited)

    def clauses(self) -> Iterator[Clause]:
        """Yield every condition of the rulebook, stratum by stratum."""
        for name, finding in self.findings.items():
            yield Clause(f"finding.{name}", Stratum.FINDING, finding.when)
        for name, suspicion in self.typology_rules.items():
            yield Clause(f"typology.{name}", Stratum.TYPOLOGY, suspicion.when)
        for name, level in self.level_rules.items():
            cleared = [Not(Atom(Subject.CLEARED, clearing)) for clearing in level.unless_cleared]
            yield Clause(f"level.{name}", Stratum.LEVEL, AllOf((level.when, *cleared)) if cleared else level.when)
        for name, rule in self.step_rules.items():
            yield Clause(f"step.{name}", Stratum.STEP, rule.when)
        for name, order in self.orders.items():
            yield Clause(f"order.{name}", Stratum.STEP, order.when)
        for name, step in self.steps.items():
            for number, held in enumerate(step.not_when):
                yield Clause(f"not_when.{name}.{number}", Stratum.STEP, held.when)
            for number, situation in enumerate(step.situations):
                yield Clause(f"situation.{name}.{number}", Stratum.STEP, situation.when)


def texts_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    """Yield every text in `value` with the path to it."""
    match value:
        case Text():
            yield path, value
        case Entry():
            for name in type(value).model_fields:
                yield from texts_in(getattr(value, name), (*path, name))
        case tuple():
            for number, part in enumerate(value):
                yield from texts_in(part, (*path, number))
        case Mapping():
            for name, part in value.items():
                yield from texts_in(part, (*path, str(name)))

"""The working paper for a suspicious transaction report: what the report asks for, as far as the case knows.

Confidential, and no filing: it is for whoever analyses the case and decides (Order 2016-3, Art. 14).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.case.events import EventKind, list_counting
from assistant.export.documents import str_draft as draft
from assistant.export.documents.citing import cite, list_places
from assistant.export.documents.entries import REVIEWING, StepEntry, Sum, list_steps, list_sums
from assistant.export.documents.writings import show_text
from assistant.particulars.fields import Field, Party
from rules.facts import Answer, Reply
from rules.model import LevelRule

if TYPE_CHECKING:
    from assistant.case.bodies import Advised
    from assistant.case.events import Event
    from assistant.export.documents.view import View
    from rules.model import Finding, TypologyRule


Show: TypeAlias = "Callable[[View, str], str]"
"""Puts what somebody wrote into the words of a document."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the report, as far as anything is noted."""

    name: str | None = None
    """The name, masked unless the paper is made in full."""
    id_number: str | None = None
    """The number of the identity document."""
    phone: str | None = None
    """The telephone number."""
    account: str | None = None
    """The account or card."""
    age: str | None = None
    """The age band."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that speaks for a suspicion or against it."""

    what: str
    """What it is."""
    more: str
    """How it is known, or where it is laid down."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something that was written down."""

    when: str
    """When, on the outlet's clock."""
    by: str
    """The staff number of whoever wrote it."""
    about: str
    """What it was asked for, or what happened."""
    text: str
    """What was written."""


@dataclass(frozen=True, slots=True)
class StrPaper:
    """What the working paper says."""

    entity: str | None
    """The number by which the bank reports."""
    outlet: str
    """Code and name of the outlet."""
    address: str | None
    """The outlet's address."""
    phone: str | None
    """The outlet's number for calling back."""
    number: str
    """The number of the case."""
    opened_at: str
    """When the case was opened."""
    rulebooks: str
    """The versions of the rulebook by which the case was advised."""
    urgency: None
    """The degree of urgency: always blank, the analyst decides."""
    requests: str
    """What the customer came for."""
    first_flag: str | None
    """The first red flag that was answered yes."""
    first_flag_at: str | None
    """When that was."""
    subject: Person
    """The customer."""
    counterparty: Person
    """The payee."""
    contact: Person
    """Who called or wrote to the customer."""
    funds: tuple[Sum, ...]
    """The portions of the money."""
    signs: tuple[Point, ...]
    """Red flags answered yes, and how each is known."""
    accounts: tuple[Point, ...]
    """Facts of the accounts that were looked up."""
    written: tuple[Text, ...]
    """What people wrote down, the numbers masked unless the paper is made in full."""
    level: str | None
    """How far the advice goes."""
    typologies: tuple[str, ...]
    """What is suspected, the likeliest first."""
    grounds: tuple[Point, ...]
    """The rules that held: why, and where that is laid down."""
    against: tuple[Point, ...]
    """What speaks against a suspicion: what was cleared, and what was seen or verified not to be so."""
    steps: tuple[StepEntry, ...]
    """What became of the steps."""


def lay_out(view: View) -> dict[str, Any]:
    """Return the neutral draft as plain JSON."""
    return make_draft(view).model_dump(mode="json")


def make_draft(view: View, show: Show | None = None) -> draft.StrDraft:
    """Return the neutral draft; `show` says how what somebody wrote stands in it, which is otherwise whole."""
    case, outlet, settings = view.case, view.outlet, view.settings
    return draft.StrDraft(
        notice=view.say("str_paper.notice"),
        entity=settings.goaml_entity,
        case_number=case.number,
        where=draft.Where(
            code=outlet.code,
            name=outlet.name,
            zone=outlet.zone,
            address=settings.outlet_address,
            phone=settings.outlet_phone,
        ),
        rulebooks=view.dossier.rulebooks,
        trigger=_make_trigger(view),
        subject=_make_someone(view, Party.CUSTOMER),
        agent=draft.Someone(),
        counterparty=_make_someone(view, Party.PAYEE),
        contact=_make_someone(view, Party.CONTACT),
        funds=tuple(_list_funds(view)),
        behaviour=draft.Behaviour(
            signs=tuple(_observe(view, view.book.signs, case.answers)),
            accounts=tuple(_observe(view, view.book.accounts, case.accounts)),
            written=tuple(_list_written(view, show or _show_whole)),
        ),
        suspicion=_make_suspicion(view),
        exclusion=draft.Exclusion(
            clearings=tuple(_name_all(view, view.book.clearings, sorted(case.clearings))),
            found_not=tuple(_observe(view, view.book.signs, {k: v for k, v in case.answers.items() if v.no})),
        ),
        steps=tuple(
            draft.Taken(id=name, name=_name(view, view.book.steps, name), outcome=one.outcome, at=one.at, by=one.actor)
            for name, one in case.steps.items()
        ),
    )


def gather(view: View) -> StrPaper:
    """Return the same for the page."""
    made, writer = make_draft(view, show_text), view.writer
    trigger, suspicion, where = made.trigger, made.suspicion, made.where
    seen = [one for one in made.behaviour.signs if one.value is Answer.YES]
    return StrPaper(
        entity=made.entity,
        outlet=f"{where.code} {where.name}",
        address=where.address,
        phone=where.phone,
        number=made.case_number,
        opened_at=writer.time(trigger.opened_at),
        rulebooks=writer.join(made.rulebooks),
        urgency=None,
        requests=writer.join(one.name for one in trigger.requests),
        first_flag=trigger.first_flag.name if trigger.first_flag else None,
        first_flag_at=writer.time(trigger.first_flag_at) if trigger.first_flag_at is not None else None,
        subject=_tell_person(view, made.subject),
        counterparty=_tell_person(view, made.counterparty),
        contact=_tell_person(view, made.contact),
        funds=list_sums(view),
        signs=tuple(_tell_observed(view, seen)),
        accounts=tuple(_tell_observed(view, made.behaviour.accounts)),
        written=tuple(Text(writer.time(one.at), one.by, one.about, one.text) for one in made.behaviour.written),
        level=writer.name(view.book.levels, suspicion.level) if suspicion.level else None,
        typologies=tuple(one.name for one in suspicion.typologies),
        grounds=tuple(Point(one.why, one.basis or view.say("str_paper.practice")) for one in suspicion.grounds),
        against=tuple(_list_against(view, made.exclusion)),
        steps=list_steps(view),
    )


def _make_trigger(view: View) -> draft.Trigger:
    case = view.case
    flagged = case.first_flag_at
    flags = (
        str(event.body["sign"])
        for event in list_counting(case.history)
        if event.kind is EventKind.ANSWERED and event.at == flagged and event.body.get("value") == Answer.YES
    )
    first = next(flags, None)
    return draft.Trigger(
        opened_at=case.history[0].at,
        requests=tuple(_name_all(view, view.book.requests, case.requests)),
        first_flag=next(_name_all(view, view.book.signs, [first])) if first else None,
        first_flag_at=flagged,
    )


def _make_someone(view: View, party: Party) -> draft.Someone:
    return draft.Someone(
        name=view.particular(party, Field.NAME),
        id_number=view.particular(party, Field.ID_NUMBER),
        phone=view.particular(party, Field.PHONE),
        account=view.particular(party, Field.ACCOUNT),
        age=view.case.age if party is Party.CUSTOMER else None,
    )


def _list_funds(view: View) -> Iterator[draft.Funds]:
    for number, one in sorted(view.case.money.items()):
        yield draft.Funds(
            portion=number,
            state=one.state,
            amount_fen=one.amount,
            at=one.when,
            paid_from=one.paid_from,
            payee_at=one.payee,
        )


def _make_suspicion(view: View) -> draft.Suspicion:
    advice = view.case.advice
    if advice is None:
        return draft.Suspicion()
    return draft.Suspicion(
        level=advice.level,
        typologies=tuple(_name_all(view, view.book.typologies, advice.typologies)),
        grounds=tuple(_list_grounds(view, advice)),
    )


def _list_grounds(view: View, advice: Advised) -> Iterator[draft.Ground]:
    """Yield the rules that say why something is suspected, and of those about the level the ones that reach it."""
    book = view.book
    shelves: Mapping[str, Mapping[str, Finding | TypologyRule | LevelRule]] = {
        "finding": book.findings,
        "typology": book.typology_rules,
        "level": book.level_rules,
    }
    for clause in advice.rules:
        kind, _, name = clause.partition(".")
        rule = shelves.get(kind, {}).get(name)
        if rule is not None and not (isinstance(rule, LevelRule) and rule.level is not advice.level):
            basis = cite(view, list_places(rule.basis, view))
            yield draft.Ground(rule=clause, why=rule.reason.read(view.language), basis=basis)


def _list_written(view: View, show: Show) -> Iterator[draft.Written]:
    for event in list_counting(view.case.history):
        if event.kind is not EventKind.PARTICULARS_NOTED and event.kind not in REVIEWING:
            for name, text in event.private.items():
                about = _say_about(view, event, name)
                yield draft.Written(at=event.at, by=event.actor, about=about, text=show(view, text))


def _show_whole(view: View, text: str) -> str:
    return text if view.in_full else view.known.mask(text)


def _say_about(view: View, event: Event, name: str) -> str:
    if event.kind is not EventKind.STEP_RECORDED:
        return view.writer.tell(event)
    step = view.book.steps.get(str(event.body["step"]))
    asked = next((field.ask for field in step.record if field.id == name), None) if step else None
    return asked.read(view.language) if asked else name


def _observe(view: View, shelf: Mapping[str, Any], replies: Mapping[str, Reply]) -> Iterator[draft.Observed]:
    for name, reply in replies.items():
        yield draft.Observed(id=name, name=_name(view, shelf, name), value=reply.value, known=reply.known)


def _name(view: View, shelf: Mapping[str, Any], name: str) -> str:
    return view.writer.name(shelf, name)


def _name_all(view: View, shelf: Mapping[str, Any], names: Iterable[str]) -> Iterator[draft.Named]:
    for name in names:
        yield draft.Named(id=name, name=_name(view, shelf, name))


def _tell_person(view: View, one: draft.Someone) -> Person:
    age = view.writer.name(view.book.age_bands, one.age) if one.age else None
    return Person(one.name, one.id_number, one.phone, one.account, age)


def _tell_observed(view: View, observed: Iterable[draft.Observed]) -> Iterator[Point]:
    for one in observed:
        yield Point(one.name, view.writer.reply(Reply(one.value, one.known)))


def _list_against(view: View, exclusion: draft.Exclusion) -> Iterator[Point]:
    for cleared in exclusion.clearings:
        yield Point(cleared.name, view.say("str_paper.cleared"))
    yield from _tell_observed(view, exclusion.found_not)

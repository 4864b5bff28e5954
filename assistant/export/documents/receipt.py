"""The teller's receipt: what was asked, said, seen, verified, advised on which ground, done and agreed to. It answers a
complaint in a minute, and protects the teller who kept to the rules."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.case.bodies import AccountAnswered, Answered, read_body
from assistant.case.case import Case
from assistant.case.events import EventKind, find_taken_back, list_counting
from assistant.case.review import Standing
from assistant.export.documents.case_summary import name_outlet, name_suspected
from assistant.export.documents.entries import (
    REVIEWING,
    Signing,
    StepEntry,
    Sum,
    list_signings,
    list_steps,
    list_sums,
    tell_clock,
    tell_step,
)
from assistant.export.documents.grounds import (
    Advice,
    Cited,
    Ground,
    cite_basis,
    find_advice,
    find_peak,
    find_unknown,
    ground_level,
    ground_suspicions,
    list_bases,
    list_cited,
)
from assistant.export.documents.writings import Note, find_all_written, list_notes, show_text
from assistant.particulars.fields import Field, Party
from rules.facts import Known

if TYPE_CHECKING:
    from assistant.case.bodies import Withheld
    from assistant.export.documents.view import View

SAFER: Final = (("offer_safer_alternative", "offered"),)
"""Where it is written what safer way was offered: a step and a field of it."""
_QUESTIONING: Final = "probe_questions"
"""The step by which the customer is asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put to the customer."""

    clock: str
    """When, with the day where it is not that of the opening."""
    by: str
    """The staff number of whoever asked."""
    question: str
    """The question."""
    set_aside: bool
    """Whether it was set aside for this visit, and so not asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a red flag or an account, by the way in which it is known; each empty where nothing is."""

    name: str
    """What it is about."""
    said: str
    """What the customer said, and when."""
    seen: str
    """What the teller saw, and when."""
    verified: str
    """What was verified by paper, system or an independent call, and when."""
    differs: bool
    """Whether two of these differ."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry that was taken back."""

    clock: str
    """When, with the day where it is not that of the opening."""
    by: str
    """The staff number of whoever took it back."""
    what: str
    """What was taken back."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """What was verified so that a suspicion no longer stood."""

    clock: str
    """When, with the day where it is not that of the opening."""
    name: str
    """What it is."""
    by: str
    """Who verified it."""
    how: str
    """How."""


@dataclass(frozen=True, slots=True)
class Advised:
    """A step that was advised."""

    name: str
    """What the step is called."""
    clock: str
    """When it was first advised, with the day where it is not that of the opening."""
    grounds: tuple[Ground, ...]
    """The rules that advised it, with their reasons."""
    basis: str
    """The places in the law on which the step and its rules stand, by short names; empty for practice."""
    outcome: str
    """What became of it, with when and by whom; empty where there is no record of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A step that must not be done in this case."""

    name: str
    """What the step is called."""
    reason: str
    """Why; empty where the rulebook at hand does not know the rule."""


@dataclass(frozen=True, slots=True)
class Passage:
    """An event of the case."""

    when: str
    """When, on the outlet's clock."""
    clock: str
    """The same without the day, where it is that of the opening."""
    by: str
    """The staff number of whoever made it."""
    what: str
    """What happened."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the teller's receipt says."""

    number: str
    """The number of the case."""
    bank: str | None
    """The name of the bank; blank where the settings have none."""
    outlet: str
    """The outlet's code and name."""
    teller: str
    """The staff number of whoever opened the case."""
    opened: str
    """When it was opened, on the outlet's clock."""
    closed: str
    """When it was closed; empty while it is open."""
    customer: str | None
    """The customer's name, masked unless the receipt is made in full; blank where it is not noted."""
    request: str
    """What the customer came for."""
    amount: str
    """How much money it is about: what is known of the portions, else the amount at risk; empty where neither is."""
    protected: str
    """The amount that was protected; empty while the case is open."""
    lost: str
    """The amount that was lost; empty while the case is open."""
    sums: tuple[Sum, ...]
    """The portions of the money."""
    level: str
    """The level that is advised now; empty where nothing was ever advised."""
    highest: str
    """The highest level that was ever advised; empty, as are the next three, where it is the level advised now."""
    highest_since: str
    """When it was first advised, with the day where it is not that of the opening."""
    highest_until: str
    """When the advice came down from it for the last time, likewise."""
    highest_grounds: tuple[Ground, ...]
    """The rules by which it was reached when it was first advised."""
    suspected: tuple[str, ...]
    """The suspected typologies, the likeliest first."""
    outcome: str
    """How the visit ended; empty while the case is open."""
    asked: tuple[Asked, ...]
    """The questions that were put, or set aside."""
    to_be_asked: bool
    """Whether it was advised to ask the customer."""
    answers: tuple[Answer, ...]
    """The red flags that were answered."""
    accounts: tuple[Answer, ...]
    """What was looked up of the accounts."""
    taken_back: tuple[Changed, ...]
    """The entries that were taken back."""
    clearings: tuple[Clearing, ...]
    """What was verified so that a suspicion no longer stood."""
    level_grounds: tuple[Ground, ...]
    """The rules by which the level was reached."""
    suspicion_grounds: tuple[Ground, ...]
    """The rules by which the typologies are suspected."""
    unknown_rules: tuple[str, ...]
    """Rules of the advice that the rulebook at hand does not know, by their names."""
    advised: tuple[Advised, ...]
    """The steps that were ever advised, in the order in which they first were."""
    withheld: tuple[Held, ...]
    """The steps that must not be done."""
    steps: tuple[StepEntry, ...]
    """The steps that were recorded, with what was written down."""
    refusals: tuple[StepEntry, ...]
    """Those of them that the customer refused."""
    safer: tuple[str, ...]
    """The safer ways that were offered, and what the customer chose."""
    signings: tuple[Signing, ...]
    """What a second person had to do with the case."""
    approvals: tuple[Signing, ...]
    """Who looked at the case afterwards and approved of it; what else reviewers said stands in the case summary."""
    notes: tuple[Note, ...]
    """The notes of the file."""
    course: tuple[Passage, ...]
    """All that happened, event by event, but for reviews; of the advice, what says another level or another first step
    than before."""
    unchanged: str
    """How many times the advice said neither another level nor another first step, and so is left out of the course;
    empty where there was no such advice."""
    rulebooks: tuple[str, ...]
    """The versions of the rulebook by which the case was advised."""
    cited: tuple[Cited, ...]
    """The articles on which all the advice stands, with what they say."""
    events: str
    """How many events the case has."""
    digest: str
    """The digest of the case: the hash of its last event, which covers all before it."""
    confidential: bool
    """Whether it speaks of a suspicious transaction report."""


def gather(view: View) -> Receipt:
    """Return what the receipt says."""
    case, writer = view.case, view.writer
    steps, advice, peak = list_steps(view), case.advice, find_peak(view)
    unchanged, advised, closing = _find_unchanged(case), find_advice(view), case.closing
    return Receipt(
        number=case.number,
        bank=view.settings.bank,
        outlet=name_outlet(view),
        teller=case.history[0].actor,
        opened=writer.time(case.history[0].at),
        closed=writer.time(closing.at) if closing else "",
        customer=view.particular(Party.CUSTOMER, Field.NAME),
        request=writer.names(view.book.requests, case.requests),
        amount=_tell_amount(view),
        protected=writer.amount(closing.protected) if closing else "",
        lost=writer.amount(closing.lost) if closing else "",
        sums=list_sums(view),
        level=writer.rule(f"level.{advice.level}") if advice else "",
        highest=writer.rule(f"level.{peak.level}") if peak else "",
        highest_since=tell_clock(view, peak.at) if peak else "",
        highest_until=tell_clock(view, peak.until) if peak else "",
        highest_grounds=peak.grounds if peak else (),
        suspected=name_suspected(view),
        outcome=writer.code(f"outcome.{closing.outcome}") if closing else "",
        asked=tuple(_list_asked(view)),
        to_be_asked=_QUESTIONING in advised,
        answers=tuple(_list_answers(view, EventKind.ANSWERED)),
        accounts=tuple(_list_answers(view, EventKind.ACCOUNT_ANSWERED)),
        taken_back=tuple(_list_taken_back(view)),
        clearings=tuple(_list_clearings(view)),
        level_grounds=ground_level(view),
        suspicion_grounds=ground_suspicions(view),
        unknown_rules=find_unknown(view),
        advised=tuple(_tell_advice(view, step, one) for step, one in advised.items()),
        withheld=tuple(_tell_held(view, held) for held in (advice.withheld if advice else ())),
        steps=steps,
        refusals=tuple(step for step in steps if step.refused),
        safer=find_all_written(view, *SAFER),
        signings=list_signings(view, REVIEWING),
        approvals=tuple(_list_approvals(view)),
        notes=list_notes(view),
        course=tuple(_list_course(view, unchanged)),
        unchanged=str(len(unchanged)) if unchanged else "",
        rulebooks=view.dossier.rulebooks,
        cited=list_cited(view, list_bases(view)),
        events=str(len(case.history)),
        digest=case.history[-1].hash,
        confidential=view.order.confidential,
    )


def _tell_amount(view: View) -> str:
    known = [portion.amount for portion in view.case.money.values() if portion.amount is not None]
    closing = view.case.closing
    fen = sum(known) if known else closing.at_risk if closing else None
    return "" if fen is None else view.writer.amount(fen)


def _list_approvals(view: View) -> Iterator[Signing]:
    """Yield who approved of the case, or of what was done alone in it, and nothing of what they said of it."""
    for request in view.dossier.requests:
        for event in request.history:
            if event.kind is EventKind.EMERGENCY_REVIEWED and event.body["upheld"]:
                yield _sign(view, event.at, event.actor, "upheld")
    review = view.case.review
    if review is not None and review.standing is Standing.APPROVED:
        yield _sign(view, review.judged_at, review.judge, "approved")


def _sign(view: View, at: int, by: str, key: str) -> Signing:
    return Signing(view.writer.time(at), tell_clock(view, at), by, view.say(f"receipt.{key}"), "")


def _find_unchanged(case: Case) -> frozenset[int]:
    """Return the numbers of the events that advise the level and the first step of the advice before."""
    found, told, then = set(), None, Case()
    for event in case.history:
        then = then.after(event)
        if event.kind is EventKind.ADVISED:
            advised = then.advice.level if then.advice else None, then.next_step
            if advised == told:
                found.add(event.seq)
            told = advised
    return frozenset(found)


def _list_course(view: View, unchanged: Container[int]) -> Iterator[Passage]:
    for line in view.tell_story():
        # Of an advice, why it is so stands with the steps.
        if not line.depth and line.seq not in unchanged and line.kind not in REVIEWING:
            yield Passage(view.writer.time(line.at), tell_clock(view, line.at), line.actor, line.text)


def _list_asked(view: View) -> Iterator[Asked]:
    for event in list_counting(view.case.history):
        if event.kind is EventKind.QUESTION_ASKED:
            question = view.book.questions.get(str(event.body["question"]))
            text = question.ask.read(view.language) if question else str(event.body["question"])
            yield Asked(tell_clock(view, event.at), event.actor, text, bool(event.body.get("set_aside")))


def _list_answers(view: View, kind: EventKind) -> Iterator[Answer]:
    """Yield for each that was ever answered the last that counts of what was said, seen and verified."""
    given: dict[str, dict[Known, tuple[str, str]]] = {}
    shelf = view.book.signs if kind is EventKind.ANSWERED else view.book.accounts
    for event in list_counting(view.case.history):
        body = read_body(event) if event.kind is kind else None
        if not isinstance(body, Answered | AccountAnswered):
            continue
        name = body.sign if isinstance(body, Answered) else body.fact
        if body.value is None or body.known is None:
            given.pop(name, None)
            continue
        value = view.writer.rule(f"answer.{body.value.value}")
        given.setdefault(name, {})[body.known] = value, value + view.writer.bracket(tell_clock(view, event.at))
    for name, known in given.items():
        told = {one: known[one][1] if one in known else "" for one in Known}
        differs = len({value for value, _ in known.values()}) > 1
        yield Answer(view.writer.name(shelf, name), told[Known.SAID], told[Known.SEEN], told[Known.VERIFIED], differs)


def _list_taken_back(view: View) -> Iterator[Changed]:
    events = {event.id: event for event in view.case.history}
    gone = find_taken_back(view.case.history)
    for event in view.case.history:
        if event.kind is EventKind.TAKEN_BACK and str(event.body["event"]) in gone:
            undone = events[str(event.body["event"])]
            yield Changed(tell_clock(view, event.at), event.actor, view.writer.tell(undone))


def _list_clearings(view: View) -> Iterator[Clearing]:
    for event in list_counting(view.case.history):
        if event.kind is EventKind.CLEARED and event.body["clearing"] in view.case.clearings:
            by, how = (show_text(view, event.private.get(name, "")) for name in ("by", "how"))
            name = view.writer.name(view.book.clearings, str(event.body["clearing"]))
            yield Clearing(tell_clock(view, event.at), name, by, how)


def _tell_advice(view: View, step: str, advice: Advice) -> Advised:
    entry = view.book.steps.get(step)
    return Advised(
        name=view.writer.name(view.book.steps, step),
        clock=tell_clock(view, advice.at),
        grounds=advice.grounds,
        basis=cite_basis(view, *advice.bases, *((entry.basis,) if entry else ())),
        outcome=_tell_outcome(view, step),
    )


def _tell_outcome(view: View, step: str) -> str:
    if step not in view.case.steps:
        return ""
    told = tell_step(view, step)
    return view.say("receipt.outcome", outcome=told.outcome, clock=told.clock, by=told.by)


def _tell_held(view: View, held: Withheld) -> Held:
    reason = view.book.find_reason(held.rule)
    return Held(view.writer.name(view.book.steps, held.step), reason.read(view.language) if reason else "")

"""Why something was advised: the rules that fired, each with its reason and the places in the law it stands on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.audit.changes import read_advice
from assistant.case.events import EventKind
from assistant.case.levels import find_highest
from assistant.export.documents.citing import cite, list_places
from rules.model import Citation

if TYPE_CHECKING:
    from assistant.case.bodies import Advised
    from assistant.export.documents.view import View
    from rules.facts import Level
    from rules.model import Basis, Book, Rule

_KINDS: Final = frozenset({"level", "typology", "step"})


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule that said so."""

    rule: str
    """Its name, as the advice on record has it."""
    reason: str
    """Its reason in one sentence; empty where the rulebook at hand does not know the rule."""
    basis: str
    """The places in the law it stands on, by short names; empty for the practice of banks and police."""


@dataclass(frozen=True, slots=True)
class Cited:
    """An article of a source on which something stands."""

    place: str
    """The title of the source, its number if it has one, and the article; from its second article on, of a notice the
    number only, of others the title only."""
    says: str
    """What of the article is used, in one sentence."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What was advised last about a step: by which rules, and at what time first."""

    at: int
    """When the step was first advised, UTC milliseconds."""
    grounds: tuple[Ground, ...]
    """The rules that advised it."""
    bases: tuple[Basis, ...]
    """What these rules stand on."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest level that was ever advised, where the advice has come down from it since."""

    level: Level
    at: int
    """When it was first advised, UTC milliseconds."""
    until: int
    """When the advice came down from it for the last time."""
    grounds: tuple[Ground, ...]
    """The rules by which it was reached."""


def find_advice(view: View) -> dict[str, Advice]:
    """Return by step when it was first advised and the rules that advised it last, in the order of the first time."""
    found: dict[str, Advice] = {}
    for at, advised in _list_advice(view):
        for step in advised.steps:
            first = found[step.id].at if step.id in found else at
            found[step.id] = _ground_step(view, step.id, advised.rules, first)
    return found


def find_peak(view: View) -> Peak | None:
    """Return when and why the highest level was advised first; None where the advice never came down from it.

    What was advised only while the latest answer was a slip counts as little here as it does for the highest level.
    """
    history, advice = view.case.history, view.case.advice
    highest = find_highest(history)
    if advice is None or advice.level.rank >= highest.rank:
        return None
    told = [event for event in history if event.kind is EventKind.ADVISED]
    reached = [event for event in told if read_advice(event).level is highest]
    others = {event.id for event in reached}
    for event in reached:
        # Without the others, this one alone has to make the level the highest.
        alone = [one for one in history if one is event or one.id not in others]
        if find_highest(alone) is highest:
            until = next((one.at for one in told if one.seq > reached[-1].seq), told[-1].at)
            return Peak(highest, event.at, until, _ground_level(view, read_advice(event)))
    return None


def ground_level(view: View) -> tuple[Ground, ...]:
    """Return the rules by which the level of the last advice was reached."""
    return _ground_level(view, view.case.advice) if view.case.advice else ()


def _ground_level(view: View, advice: Advised) -> tuple[Ground, ...]:
    shelf = view.book.level_rules
    named = ((name, shelf.get(name.removeprefix("level."))) for name in advice.rules if name.startswith("level."))
    return tuple(_tell(view, name, rule) for name, rule in named if rule is not None and rule.level is advice.level)


def ground_suspicions(view: View) -> tuple[Ground, ...]:
    """Return the rules by which the typologies of the last advice are suspected."""
    advice = view.case.advice
    if advice is None:
        return ()
    shelf = view.book.typology_rules
    named = ((name, shelf.get(name.removeprefix("typology."))) for name in advice.rules)
    suspected: Collection[str] = advice.typologies
    return tuple(_tell(view, name, rule) for name, rule in named if rule is not None and rule.suspects in suspected)


def find_unknown(view: View) -> tuple[str, ...]:
    """Return the rules of any advice that only another rulebook knows, by their names."""
    rules = dict.fromkeys(name for _, advised in _list_advice(view) for name in advised.rules)
    return tuple(name for name in rules if name.partition(".")[0] in _KINDS and view.book.find_reason(name) is None)


def cite_basis(view: View, *bases: Basis) -> str:
    """Return the places in the law on which several things stand together, by short names; empty for practice."""
    return cite(view, (place for basis in bases for place in list_places(basis, view)), brief=True)


def list_cited(view: View, bases: Iterable[Basis]) -> tuple[Cited, ...]:
    """Return the articles on which all of it stands, each once, with what they say, in the order of the rulebook; the
    first of a source has its title and number, the others what tells it from other sources."""
    places = {(place.source, place.article) for basis in bases for place in list_places(basis, view)}
    return tuple(
        Cited(cite(view, (Citation(source=name, article=article),), brief=place > 0), said.read(view.language))
        for name, source in view.book.sources.items()
        for place, (article, said) in enumerate(one for one in source.articles.items() if (name, one[0]) in places)
    )


def list_bases(view: View) -> Iterator[Basis]:
    """Yield what all the advice of the case stands on: its rules and its steps."""
    book = view.book
    steps: dict[str, None] = {}
    for _, advised in _list_advice(view):
        steps |= dict.fromkeys(step.id for step in advised.steps)
        for name in advised.rules:
            kind, _, rule = name.partition(".")
            shelf: Mapping[str, Rule] = _find_shelf(book, kind)
            if rule in shelf:
                yield shelf[rule].basis
    yield from (book.steps[step].basis for step in steps if step in book.steps)


def _find_shelf(book: Book, kind: str) -> Mapping[str, Rule]:
    shelves: Mapping[str, Mapping[str, Rule]] = {
        "level": book.level_rules,
        "typology": book.typology_rules,
        "step": book.step_rules,
    }
    return shelves.get(kind, {})


def _ground_step(view: View, step: str, rules: Iterable[str], at: int) -> Advice:
    shelf = view.book.step_rules
    named = ((name, shelf.get(name.removeprefix("step."))) for name in rules if name.startswith("step."))
    of_it = [(name, rule) for name, rule in named if rule is not None and step in rule.advises]
    return Advice(at, tuple(_tell(view, *one) for one in of_it), tuple(rule.basis for _, rule in of_it))


def _list_advice(view: View) -> Iterator[tuple[int, Advised]]:
    for event in view.case.history:
        if event.kind is EventKind.ADVISED:
            yield event.at, read_advice(event)


def _tell(view: View, name: str, rule: Rule) -> Ground:
    return Ground(name, rule.reason.read(view.language), cite_basis(view, rule.basis))

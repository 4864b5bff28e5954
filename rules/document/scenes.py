"""What the rulebook says of the simplest visits, one red flag at a time: for cards and chapters that show the steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.advice import Advice, Adviser
from rules.conditions import AllOf, AnyOf, Atom, Condition, Points, Subject
from rules.facts import Answer, Facts, Level, MoneyState, Portion, Reply
from rules.model import Book, Urgency


@dataclass(frozen=True, slots=True)
class Scene:
    """A visit for one request with these red flags and nothing else, and the advice on it."""

    request: str
    flags: tuple[str, ...]
    money: MoneyState
    advice: Advice


@dataclass(frozen=True, slots=True)
class CardStep:
    """A step of a paper card: from which level on it is taken, or only at these red flags or with the money there."""

    id: str
    level: Level
    flags: tuple[str, ...] = ()
    money: MoneyState | None = None


def play(adviser: Adviser, request: str, flags: Iterable[str], money: MoneyState | None = None) -> Scene:
    """Return the scene of a visit for `request` with `flags`; the money is where it is for that request."""
    book = adviser.book
    shown = tuple(flags)
    state = money or book.requests[request].money
    answers = {flag: Reply(Answer.YES, book.signs[flag].known) for flag in shown}
    facts = Facts(requests=frozenset({request}), answers=answers, money=(Portion(state),))
    return Scene(request, shown, state, adviser.advise(facts))


def play_typology(adviser: Adviser, typology: str) -> Scene:
    """Return a plain visit that makes `typology` suspected: its weightiest rule, with as few red flags as will do."""
    book = adviser.book
    rules = [rule for rule in book.typology_rules.values() if rule.suspects == typology]
    flags = list(dict.fromkeys(signs_in(max(rules, key=lambda rule: rule.weight).when, book)))
    for flag in reversed(flags[:]):
        fewer = [other for other in flags if other != flag]
        if _is_suspected(_play_where_fit(adviser, fewer), typology):
            flags = fewer
    return _play_where_fit(adviser, flags)


def _play_where_fit(adviser: Adviser, flags: list[str]) -> Scene:
    requests = adviser.book.requests
    fitting = (name for name, request in requests.items() if set(flags) & set(request.first))
    return play(adviser, next(fitting, next(iter(requests))), flags)


def _is_suspected(scene: Scene, typology: str) -> bool:
    return typology in (suspicion.typology for suspicion in scene.advice.suspicions)


def signs_in(condition: Condition, book: Book) -> Iterator[str]:
    """Yield the signs whose yes speaks for `condition`, those behind a finding among them."""
    match condition:
        case Atom(Subject.SIGN, sign, aspect) if aspect != "no":
            yield sign
        case Atom(Subject.FINDING, finding):
            yield from signs_in(book.findings[finding].when, book)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from signs_in(part, book)
        case Points(_, weights):
            for atom, _ in weights:
                yield from signs_in(atom, book)


def play_flags(adviser: Adviser, request: str) -> list[Scene]:
    """Return a scene for each red flag of a card: all that lead to hold or police alone, then those shown first."""
    book = adviser.book
    scenes = [play(adviser, request, (flag,)) for flag in book.signs]
    grave = [scene for scene in scenes if scene.advice.level.rank >= Level.HOLD.rank]
    first = [s for s in scenes if s.flags[0] in book.requests[request].first and s.advice.level is Level.ASK]
    return [*sorted(grave, key=lambda scene: -scene.advice.level.rank), *first]


def play_money(adviser: Adviser, request: str) -> list[Scene]:
    """Return a scene for each place where the money can be that makes the visit a graver one than it is otherwise."""
    usual = play(adviser, request, ()).advice.level.rank
    scenes = (play(adviser, request, (), state) for state in MoneyState)
    return [scene for scene in scenes if scene.advice.level.rank > max(usual, Level.ASK.rank)]


def list_steps(flagged: Iterable[Scene], by_money: Iterable[Scene] = ()) -> list[CardStep]:
    """Return the steps of a card in their order: what most red flags of a level lead to, what cannot wait at any of
    them, and behind what it follows, what depends on where the money is."""
    played = list(flagged)
    steps = dict[str, CardStep]()
    for level in (Level.ASK, Level.HOLD, Level.POLICE):
        of_level = [scene for scene in played if scene.advice.level is level]
        for step, shown in _count(of_level):
            if step not in steps and 2 * shown >= len(of_level):
                steps[step] = CardStep(step, level)
    for scene in played:
        for advised in scene.advice.steps:
            if advised.urgency is Urgency.FIRST_MINUTE and advised.id not in steps:
                steps[advised.id] = CardStep(advised.id, scene.advice.level, tuple(_flags_of(advised.id, played)))
    places = _find_places(played)
    ordered = sorted(steps.values(), key=lambda step: places[step.id])
    for scene in by_money:
        _insert_steps(ordered, scene)
    return ordered


def _insert_steps(steps: list[CardStep], scene: Scene) -> None:
    """Put each step that only this scene advises behind the one that it follows there."""
    behind = 0
    for advised in scene.advice.steps:
        known = next((place for place, step in enumerate(steps) if step.id == advised.id), None)
        if known is None:
            steps.insert(behind, CardStep(advised.id, scene.advice.level, money=scene.money))
            known = behind
        behind = max(behind, known + 1)


def _flags_of(step: str, scenes: Iterable[Scene]) -> Iterator[str]:
    for scene in scenes:
        if step in (advised.id for advised in scene.advice.steps):
            yield from scene.flags


def _count(scenes: Iterable[Scene]) -> Iterator[tuple[str, int]]:
    advised = [step.id for scene in scenes for step in scene.advice.steps]
    yield from ((step, advised.count(step)) for step in dict.fromkeys(advised))


def _find_places(scenes: Iterable[Scene]) -> dict[str, float]:
    """Return where each step stands on the average of the scenes that advise it: 0 is first, 1 is last."""
    places: dict[str, list[float]] = {}
    for scene in scenes:
        for place, step in enumerate(scene.advice.steps):
            places.setdefault(step.id, []).append(place / len(scene.advice.steps))
    return {step: sum(found) / len(found) for step, found in places.items()}

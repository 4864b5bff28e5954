"""The rulebook read a second time by code that shares nothing with the engine: it justifies each firing, and tells why
a rule holds, why it does not, and which one answer would change that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter
from typing import Final, TypeAlias

from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Points, PortionLike, Subject, atoms
from rules.facts import Answer, Facts, Known, Level, MoneyState, Reply, StepOutcome
from rules.model import Book, Clause, Stratum
from rules.reading import Reading


@dataclass(frozen=True, slots=True)
class Scene:
    """The facts together with what earlier strata concluded from them."""

    facts: Facts
    yes: frozenset[str]
    """The signs that were answered yes."""
    states: frozenset[MoneyState]
    """Where the money is now."""
    findings: frozenset[str] = frozenset()
    typologies: frozenset[str] = frozenset()
    level: Level = Level.PROCEED


Test: TypeAlias = Callable[[Scene], bool]
Ground: TypeAlias = Callable[[Scene], Iterable[Atom]]
"""The atoms on which a condition stands that holds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An atom on which a conclusion stands, and how it is known where it is an answer."""

    atom: Atom
    known: Known | None = None


class Reader:
    """Evaluates a rulebook's conditions directly over the facts."""

    def __init__(self, book: Book) -> None:
        self._book = book
        clauses = {clause.id: clause for clause in book.clauses()}
        self.clauses: Final[Mapping[str, Clause]] = clauses
        self._tests = {name: _test(clause.when) for name, clause in clauses.items()}
        self._grounds = {
            name: _ground_of([(_test(clause.when), self._ground(clause.when))]) for name, clause in clauses.items()
        }
        self._findings = _in_order([c for c in clauses.values() if c.stratum is Stratum.FINDING])
        self._by_stratum = {
            stratum: [name for name, clause in clauses.items() if clause.stratum is stratum] for stratum in Stratum
        }

    def read(self, facts: Facts) -> Reading:
        """Return the clauses that hold for `facts`."""
        return self.read_scene(facts)[0]

    def read_scene(self, facts: Facts, *, up_to: Stratum = Stratum.STEP) -> tuple[Reading, Scene]:
        """Return the clauses that hold up to a stratum, and the scene in which the last of them were judged."""
        scene, fired = _look(facts), set[str]()
        for name in self._findings:
            if self._tests[name](scene):
                fired.add(name)
                scene = replace(scene, findings=scene.findings | {name.removeprefix("finding.")})
        for stratum in (Stratum.TYPOLOGY, Stratum.LEVEL, Stratum.STEP):
            held = {name for name in self._by_stratum[stratum] if self._tests[name](scene)}
            fired |= held
            if stratum is Stratum.TYPOLOGY:
                rules = self._book.typology_rules
                suspects = {rules[name.removeprefix("typology.")].suspects for name in held}
                scene = replace(scene, typologies=frozenset(suspects))
            elif stratum is Stratum.LEVEL:
                scene = replace(scene, level=Reading(frozenset(held)).level(self._book))
            if stratum is up_to:
                break
        return Reading(frozenset(fired)), scene

    def level(self, facts: Facts) -> Level:
        """Return the level that the facts lead to."""
        return self.read_scene(facts, up_to=Stratum.LEVEL)[1].level

    def holds(self, clause: str, scene: Scene) -> bool:
        """Tell whether the clause of that name holds in `scene`."""
        return self._tests[clause](scene)

    def evidence(self, clause: str, scene: Scene) -> tuple[Evidence, ...]:
        """Return the facts on which the clause stands, and none where it does not hold by this reading.

        A finding is replaced by the facts behind it.
        """
        found = dict.fromkeys(self._grounds[clause](scene))
        return tuple(Evidence(atom, _known(atom, scene.facts)) for atom in found)

    def nearly(self, clause: str, scene: Scene) -> tuple[Atom, ...]:
        """Return the single signs each of whose *yes* alone would make the clause hold; empty when it holds."""
        if self.holds(clause, scene):
            return ()
        mentioned = dict.fromkeys(self._mentioned(self.clauses[clause].when))
        open_signs = [sign for sign in mentioned if sign not in scene.yes]
        return tuple(Atom(Subject.SIGN, sign) for sign in open_signs if self._turns(clause, scene.facts, sign))

    def _turns(self, clause: str, facts: Facts, sign: str) -> bool:
        reading, _ = self.read_scene(with_yes(facts, sign), up_to=self.clauses[clause].stratum)
        return clause in reading.fired

    def _mentioned(self, condition: Condition) -> Iterator[str]:
        seen: set[Atom] = set()
        waiting = list(atoms(condition))
        while waiting:
            atom = waiting.pop()
            if atom in seen:
                continue
            seen.add(atom)
            match atom.subject:
                case Subject.SIGN:
                    yield atom.id
                case Subject.FINDING:
                    waiting += atoms(self._book.findings[atom.id].when)
                case Subject.TYPOLOGY:
                    for rule in self._book.typology_rules.values():
                        if rule.suspects == atom.id:
                            waiting += atoms(rule.when)
                case Subject.LEVEL:
                    for reason in self._book.level_rules.values():
                        if reason.level.rank >= Level(atom.id).rank:
                            waiting += atoms(reason.when)

    def _ground(self, condition: Condition) -> Ground:
        match condition:
            case Atom(Subject.FINDING, name):
                return self._ground(self._book.findings[name].when)
            case Atom():
                return lambda _: (condition,)
            case AllOf(parts) | AnyOf(parts):
                return _ground_of([(_test(part), self._ground(part)) for part in parts])
            case Points(_, weights):
                return _ground_of([(_test(atom), self._ground(atom)) for atom, _ in weights])
            case PortionLike(states):
                return lambda scene: [Atom(Subject.MONEY, state) for state in sorted(states & scene.states)]
            case AmountFrom() | Not():
                return lambda _: ()


def _look(facts: Facts) -> Scene:
    yes = frozenset(sign for sign, reply in facts.answers.items() if reply.yes)
    return Scene(facts, yes, frozenset(portion.at(facts.now) for portion in facts.money))


def _ground_of(parts: list[tuple[Test, Ground]]) -> Ground:
    def ground(scene: Scene) -> list[Atom]:
        return [atom for test, inner in parts if test(scene) for atom in inner(scene)]

    return ground


def is_true(condition: Condition, scene: Scene) -> bool:
    """Tell whether `condition` holds in `scene`."""
    return _test(condition)(scene)


def with_yes(facts: Facts, sign: str, known: Known = Known.SEEN) -> Facts:
    """Return the facts as they would be if `sign` were answered yes."""
    return replace(facts, answers={**facts.answers, sign: Reply(Answer.YES, known)})


def _known(atom: Atom, facts: Facts) -> Known | None:
    replies = {Subject.SIGN: facts.answers, Subject.ACCOUNT: facts.accounts}.get(atom.subject, {})
    return replies[atom.id].known if atom.id in replies else None


def _in_order(findings: Iterable[Clause]) -> tuple[str, ...]:
    graph = {
        clause.id: [f"finding.{atom.id}" for atom in atoms(clause.when) if atom.subject is Subject.FINDING]
        for clause in findings
    }
    return tuple(TopologicalSorter(graph).static_order())


@cache
def _test(condition: Condition) -> Test:
    match condition:
        case AllOf(parts):
            return _test_all(parts)
        case AnyOf(parts):
            return _test_any(parts)
        case Not(part):
            inner = _test(part)
            return lambda scene: not inner(scene)
        case Points(least, weights):
            return _test_points(least, weights)
        case AmountFrom(fen):
            return lambda scene: scene.facts.amount >= fen
        case PortionLike():
            return _portion_test(condition)
        case Atom():
            return _atom_test(condition)


def _test_all(parts: tuple[Condition, ...]) -> Test:
    signs, tests = _split(parts)

    def test(scene: Scene) -> bool:
        if not signs <= scene.yes:
            return False
        for part in tests:  # noqa: SIM110 (a generator costs more than what it would run)
            if not part(scene):
                return False
        return True

    return test


def _test_any(parts: tuple[Condition, ...]) -> Test:
    signs, tests = _split(parts)

    def test(scene: Scene) -> bool:
        if not signs.isdisjoint(scene.yes):
            return True
        for part in tests:  # noqa: SIM110 (a generator costs more than what it would run)
            if part(scene):
                return True
        return False

    return test


def _test_points(least: int, weights: tuple[tuple[Atom, int], ...]) -> Test:
    signs = {atom.id: weight for atom, weight in weights if _is_plain(atom)}
    others = [(_test(atom), weight) for atom, weight in weights if not _is_plain(atom)]

    def test(scene: Scene) -> bool:
        points = sum(signs[sign] for sign in scene.yes if sign in signs)
        return points + sum(weight for part, weight in others if part(scene)) >= least

    return test


def _split(parts: tuple[Condition, ...]) -> tuple[frozenset[str], list[Test]]:
    """Return the signs that are asked for a plain yes, and the tests of all else."""
    signs = frozenset(part.id for part in parts if isinstance(part, Atom) and _is_plain(part))
    return signs, [_test(part) for part in parts if not (isinstance(part, Atom) and _is_plain(part))]


def _is_plain(atom: Atom) -> bool:
    return atom.subject is Subject.SIGN and atom.aspect == "yes"


def _portion_test(like: PortionLike) -> Test:
    def test(scene: Scene) -> bool:
        for portion in scene.facts.money:
            right_state = portion.at(scene.facts.now) in like.states
            right_origin = not like.paid_from or portion.paid_from in like.paid_from
            right_payee = not like.payee or portion.payee in like.payee
            if right_state and right_origin and right_payee:
                return True
        return False

    return test


def _atom_test(atom: Atom) -> Test:
    name, aspect = atom.id, atom.aspect
    match atom.subject:
        case Subject.SIGN:
            return _sign_test(name, aspect)
        case Subject.ACCOUNT:
            return _account_test(name, aspect)
        case Subject.REQUEST:
            return lambda scene: name in scene.facts.requests
        case Subject.MONEY:
            return lambda scene: name in scene.states
        case Subject.AGE:
            return lambda scene: scene.facts.age == name
        case Subject.CLEARED:
            return lambda scene: name in scene.facts.clearings
        case Subject.FINDING:
            return lambda scene: name in scene.findings
        case Subject.TYPOLOGY:
            return lambda scene: name in scene.typologies
        case Subject.LEVEL:
            rank = Level(name).rank
            return lambda scene: scene.level.rank >= rank
        case Subject.DONE:
            return lambda scene: scene.facts.steps.get(name) is StepOutcome.DONE
        case Subject.REFUSED:
            return lambda scene: scene.facts.steps.get(name) is StepOutcome.REFUSED


def _sign_test(name: str, aspect: str) -> Test:
    if aspect == "yes":
        return lambda scene: name in scene.yes
    if aspect == "no":
        return lambda scene: name in scene.facts.answers and scene.facts.answers[name].no
    return lambda scene: name in scene.yes and scene.facts.answers[name].known == aspect


def _account_test(name: str, aspect: str) -> Test:
    if aspect == "unknown":
        return lambda scene: name not in scene.facts.accounts
    return lambda scene: name in scene.facts.accounts and scene.facts.accounts[name].value == aspect

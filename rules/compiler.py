"""From conditions to durable-rules rulesets, inside the one use of that engine which is exact.

One flat fact, every attribute present, only booleans and integers; pure conjunctions; at most 60 of them and 240
attributes in a ruleset. Counting, comparing portions and drawing the strata's conclusions is done in Python.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Final, TypeAlias

from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Points, PortionLike, Subject, atoms
from rules.errors import Trouble
from rules.model import Book, Clause, Stratum

MAX_CONJUNCTIONS: Final = 60
"""In one ruleset; the engine fails from 65 simultaneous matches on."""
MAX_ATTRIBUTES: Final = 240
"""In one fact; the engine fails from about 250 on."""
MAX_ALTERNATIVES: Final = 40
"""Of one condition; more is a sign that a finding wants a name of its own."""
MAX_LITERALS: Final = 60

Key: TypeAlias = Atom | PortionLike | AmountFrom | Points
"""What an attribute of the fact stands for. An amount and points are integers, the others booleans."""


class TooWide(Trouble):
    """A condition that multiplies out into more alternatives than the engine takes."""

    code = "rule_too_wide"
    exit_status = 4


@dataclass(frozen=True, slots=True)
class Literal:
    """One test of one attribute. `least` is None for a boolean attribute."""

    key: Key
    wanted: bool
    least: int | None = None

    def expression(self, attribute: str) -> Mapping[str, object]:
        """Return the test in the engine's JSON form."""
        if self.least is None:
            return {attribute: self.wanted}
        return {"$gte" if self.wanted else "$lt": {attribute: self.least}}


Conjunction: TypeAlias = tuple[Literal, ...]


@dataclass(slots=True)
class Ruleset:
    """A chunk of one stratum that the engine takes whole."""

    name: str
    rules: dict[str, Conjunction] = field(default_factory=dict)
    attributes: dict[Key, str] = field(default_factory=dict)

    def fits(self, conjunction: Conjunction) -> bool:
        """Tell whether there is room for one more conjunction."""
        keys = set(self.attributes) | {literal.key for literal in conjunction}
        return len(self.rules) < MAX_CONJUNCTIONS and len(keys) <= MAX_ATTRIBUTES

    def add(self, rule: str, conjunction: Conjunction) -> None:
        """Take in a conjunction; `rule` is the name that a firing reports."""
        self.rules[rule] = conjunction
        for literal in conjunction:
            self.attributes.setdefault(literal.key, f"a{len(self.attributes)}")

    def definition(self) -> str:
        """Return the ruleset in the engine's JSON form.

        The rule `_warm` fires once at the start: deleting a state in which no action ever ran crashes the process.
        """
        rules: dict[str, object] = {
            rule: {"all": [{"m": {"$and": [test.expression(self.attributes[test.key]) for test in tests]}}], "count": 1}
            for rule, tests in self.rules.items()
        }
        return json.dumps(rules | {"_warm": {"all": [{"m": {"_w": 1}}]}})


@dataclass(frozen=True, slots=True)
class Layer:
    """Clauses that are evaluated together, as the rulesets that hold them."""

    stratum: Stratum
    rulesets: tuple[Ruleset, ...]
    names: Mapping[str, tuple[str, ...]]
    """From the rule name in the engine to the clauses it stands for: what tests the same is one rule there."""


def compile_book(book: Book) -> tuple[Layer, ...]:
    """Return the layers of `book` in the order of their evaluation; raises TooWide."""
    return tuple(_compile_layer(number, stratum, clauses) for number, (stratum, clauses) in enumerate(_layers(book)))


def _layers(book: Book) -> Iterator[tuple[Stratum, list[Clause]]]:
    by_stratum: dict[Stratum, list[Clause]] = {stratum: [] for stratum in Stratum}
    for clause in book.clauses():
        by_stratum[clause.stratum].append(clause)
    findings = {clause.id: clause for clause in by_stratum.pop(Stratum.FINDING)}
    graph = {
        clause.id: [f"finding.{atom.id}" for atom in atoms(clause.when) if atom.subject is Subject.FINDING]
        for clause in findings.values()
    }
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    while ready := sorter.get_ready():
        yield Stratum.FINDING, [findings[name] for name in ready]
        sorter.done(*ready)
    yield from by_stratum.items()


def _compile_layer(number: int, stratum: Stratum, clauses: list[Clause]) -> Layer:
    bearers: dict[frozenset[Literal], tuple[Conjunction, list[str]]] = {}
    for clause in clauses:
        for literals, conjunction in _alternatives(clause).items():
            bearers.setdefault(literals, (conjunction, []))[1].append(clause.id)
    rulesets: list[Ruleset] = [Ruleset(f"layer{number}_0")]
    names: dict[str, tuple[str, ...]] = {}
    for position, (conjunction, ids) in enumerate(bearers.values()):
        if not rulesets[-1].fits(conjunction):
            rulesets.append(Ruleset(f"layer{number}_{len(rulesets)}"))
        rule = f"r{position}"
        names[rule] = tuple(ids)
        rulesets[-1].add(rule, conjunction)
    return Layer(stratum, tuple(ruleset for ruleset in rulesets if ruleset.rules), names)


def _alternatives(clause: Clause) -> dict[frozenset[Literal], Conjunction]:
    found: dict[frozenset[Literal], Conjunction] = {}
    for conjunction in _multiply_out(clause, clause.when, wanted=True):
        literals = tuple(dict.fromkeys(conjunction))
        contradictory = any(Literal(test.key, not test.wanted, test.least) in literals for test in literals)
        if len(literals) > MAX_LITERALS:
            raise TooWide(rule=clause.id, count=len(literals), most=MAX_LITERALS)
        if not contradictory:
            found.setdefault(frozenset(literals), literals)
    return found


def _multiply_out(clause: Clause, condition: Condition, *, wanted: bool) -> list[Conjunction]:
    match condition:
        case Not(part):
            return _multiply_out(clause, part, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            if isinstance(condition, AnyOf):
                parts = _count_atoms(parts)
            multiplied = [_multiply_out(clause, part, wanted=wanted) for part in parts]
            if isinstance(condition, AllOf) is not wanted:
                alternatives = [conjunction for part in multiplied for conjunction in part]
            else:
                alternatives = [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*multiplied)]
            if len(alternatives) > MAX_ALTERNATIVES:
                raise TooWide(rule=clause.id, count=len(alternatives), most=MAX_ALTERNATIVES)
            return alternatives
        case AmountFrom(fen):
            return [(Literal(AmountFrom(0), wanted, fen),)]
        case Points(least, weights):
            return [(Literal(Points(0, weights), wanted, least),)]
        case Atom() | PortionLike():
            return [(Literal(condition, wanted),)]


def _count_atoms(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Put a counter in the place of several atoms, any of which will do: each ruleset rule costs the engine 20 KiB."""
    counted = tuple(dict.fromkeys(part for part in parts if isinstance(part, Atom)))
    if len(counted) < 2:
        return parts
    return (Points(1, tuple((atom, 1) for atom in counted)), *(part for part in parts if not isinstance(part, Atom)))

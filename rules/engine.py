"""The rulebook inside durable-rules: facts in, the clauses that hold out.

Only the C core is used, with one fixed session and one fact at a time: the public host starts timer threads, and every
other way of using the engine was measured to answer wrongly, hang or crash. A fact is asserted, the firings are
drained, the fact is retracted, under a lock. After any fault the whole engine is built anew: an interrupted drain would
leave a lease under which the session silently fires nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import durable_rules_engine as core

from rules.compiler import Key, Layer, Ruleset, compile_book
from rules.conditions import AmountFrom, Atom, PortionLike, Subject
from rules.errors import Trouble
from rules.facts import Answer, Facts, Known, StepOutcome
from rules.model import Book
from rules.reading import Reading, conclude

_SESSION: Final = "0"
_FACT: Final = "c"
_RETRACT: Final = json.dumps({"id": _FACT})
_NOT_MATCHED: Final = 1
_MATCHED: Final = 0
_OUTCOMES: Final = {StepOutcome.DONE: Subject.DONE, StepOutcome.REFUSED: Subject.REFUSED}


class EngineFault(Trouble):
    """The engine gave a code that validated input cannot cause; it was built anew."""

    code = "engine_fault"


class _Loaded:
    """One ruleset in the C core."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._handle: int = core.create_ruleset(ruleset.name, ruleset.definition())
        self._attributes = ruleset.attributes
        self._drain(json.dumps({"id": _FACT, "_w": 1}))

    def fire(self, values: Mapping[Key, int | bool]) -> Iterator[str]:
        """Return the names of the rules that hold for one fact."""
        fact = {attribute: values.get(key, False) for key, attribute in self._attributes.items()}
        return self._drain(json.dumps({"id": _FACT, **fact}))

    def close(self) -> None:
        core.delete_state(self._handle, _SESSION)
        core.delete_ruleset(self._handle)

    def _drain(self, fact: str) -> Iterator[str]:
        code, offset = core.assert_fact(self._handle, fact)
        if code == _NOT_MATCHED:
            return iter(())
        if code != _MATCHED:
            raise EngineFault(answer=code)
        fired: list[str] = []
        try:
            started = core.start_action_for_state(self._handle, offset)
            message = started[1] if started else None
            while message:
                fired.append(message[2 : message.index('"', 2)])
                message = core.complete_and_start_action(self._handle, offset)
        finally:
            core.retract_fact(self._handle, _RETRACT)
        return iter(fired)


class Engine:
    """A rulebook compiled into durable-rules. One per process; safe to call from any thread."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._layers = compile_book(book)
        self._loaded = self._load()
        self._portions, self._amounts = self._special_keys()
        self._unknown = {fact: Atom(Subject.ACCOUNT, fact, "unknown") for fact in book.accounts}

    def read(self, facts: Facts) -> Reading:
        """Return the clauses that hold for `facts`; raises EngineFault, after which the engine is ready again."""
        values: dict[Key, int | bool] = dict.fromkeys(_atoms_of(facts), True)
        values |= {atom: True for fact, atom in self._unknown.items() if fact not in facts.accounts}
        values |= {portion: _any_portion(portion, facts) for portion in self._portions}
        values |= dict.fromkeys(self._amounts, facts.amount)
        fired: set[str] = set()
        with self._lock:
            try:
                for layer, rulesets in zip(self._layers, self._loaded, strict=True):
                    fired |= self._fire(layer, rulesets, values)
                    values |= dict.fromkeys(conclude(self._book, layer.stratum, fired), True)
            except Exception:
                self._rebuild()
                raise
        return Reading(frozenset(fired))

    def close(self) -> None:
        """Give the C core's memory back; the engine cannot be used afterwards."""
        with self._lock:
            self._unload()

    def _fire(self, layer: Layer, rulesets: Iterable[_Loaded], values: dict[Key, int | bool]) -> set[str]:
        for points in layer.points:
            values[points] = sum(weight for atom, weight in points.weights if values.get(atom))
        return {layer.names[rule] for loaded in rulesets for rule in loaded.fire(values) if rule in layer.names}

    def _load(self) -> list[list[_Loaded]]:
        return [[_Loaded(ruleset) for ruleset in layer.rulesets] for layer in self._layers]

    def _unload(self) -> None:
        for rulesets in self._loaded:
            for loaded in rulesets:
                loaded.close()
        self._loaded = []

    def _rebuild(self) -> None:
        self._unload()
        self._loaded = self._load()

    def _special_keys(self) -> tuple[list[PortionLike], list[AmountFrom]]:
        keys = {key for layer in self._layers for ruleset in layer.rulesets for key in ruleset.attributes}
        portions = [key for key in keys if isinstance(key, PortionLike)]
        return portions, [key for key in keys if isinstance(key, AmountFrom)]


def _atoms_of(facts: Facts) -> Iterator[Atom]:
    """Yield every atom that is true of the bare facts; what is missing is false."""
    for sign, reply in facts.answers.items():
        if reply.value is Answer.YES:
            yield Atom(Subject.SIGN, sign)
            yield Atom(Subject.SIGN, sign, reply.known)
        elif reply.known is not Known.SAID:
            yield Atom(Subject.SIGN, sign, "no")
    for fact in facts.accounts:
        yield Atom(Subject.ACCOUNT, fact, facts.accounts[fact].value)
    for request in facts.requests:
        yield Atom(Subject.REQUEST, request)
    for portion in facts.money:
        yield Atom(Subject.MONEY, portion.at(facts.now))
    if facts.age:
        yield Atom(Subject.AGE, facts.age)
    for clearing in facts.clearings:
        yield Atom(Subject.CLEARED, clearing)
    for step, outcome in facts.steps.items():
        if outcome in _OUTCOMES:
            yield Atom(_OUTCOMES[outcome], step)


def _any_portion(like: PortionLike, facts: Facts) -> bool:
    return any(
        portion.at(facts.now) in like.states
        and (like.paid_from is None or portion.paid_from in like.paid_from)
        and (like.payee is None or portion.payee in like.payee)
        for portion in facts.money
    )


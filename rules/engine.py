"""The rulebook inside durable-rules: facts in, the clauses that hold out.

Only the C core is used, with one fixed session and one fact at a time: the public host starts timer threads, and every
other way of using the engine was measured to answer wrongly, hang or crash. A fact is asserted, the firings are
drained, the fact is retracted, under a lock. After any fault, an interrupt among them, the whole engine is thrown away
and loaded anew: an interrupted drain would leave a lease under which the session silently fires nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from operator import itemgetter
from typing import Final

import durable_rules_engine as core

from rules.compiler import Key, Layer, Ruleset, compile_book
from rules.conditions import AmountFrom, Atom, Points, PortionLike, Subject, true_atoms
from rules.errors import Trouble
from rules.facts import Facts
from rules.model import Book
from rules.reading import Reading, conclude

_SESSION: Final = "0"
_FACT: Final = "c"
_RETRACT: Final = json.dumps({"id": _FACT})
_NOT_MATCHED: Final = 1
_MATCHED: Final = 0
_TRUE: Final = "true"
_FALSE: Final = "false"
_ZERO: Final = "0"


class EngineFault(Trouble):
    """The engine gave a code that validated input cannot cause; it is loaded anew at the next reading."""

    code = "engine_fault"


class _Board:
    """What holds so far, by the number of each key and in the words of the engine's JSON."""

    def __init__(
        self, blank: list[str], numbers: Mapping[Key, int], weights: Mapping[int, list[tuple[int, int]]]
    ) -> None:
        self.words = blank.copy()
        self._numbers = numbers
        self._weights = weights
        self._counts: dict[int, int] = {}

    def hold(self, atoms: Iterable[Atom | PortionLike]) -> None:
        """Let `atoms` be true, and add what they weigh to the counters in which they stand."""
        for atom in atoms:
            number = self._numbers.get(atom)
            if number is None or self.words[number] is _TRUE:
                continue
            self.words[number] = _TRUE
            for counter, weight in self._weights.get(number, ()):
                self._counts[counter] = self._counts.get(counter, 0) + weight
                self.words[counter] = str(self._counts[counter])


class _Keys:
    """Numbers every key of a compiled rulebook, so that a fact is filled in without hashing whole conditions."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        used = dict.fromkeys(key for layer in layers for ruleset in layer.rulesets for key in ruleset.attributes)
        counters = [key for key in used if isinstance(key, Points)]
        counted = (atom for counter in counters for atom, _ in counter.weights)
        self.numbers: Mapping[Key, int] = {key: number for number, key in enumerate(dict.fromkeys([*used, *counted]))}
        self._weights: dict[int, list[tuple[int, int]]] = {}
        for counter in counters:
            for atom, weight in counter.weights:
                self._weights.setdefault(self.numbers[atom], []).append((self.numbers[counter], weight))
        self._portions = [key for key in used if isinstance(key, PortionLike)]
        self._amounts = [self.numbers[key] for key in used if isinstance(key, AmountFrom)]
        self._blank = [_ZERO if isinstance(key, AmountFrom | Points) else _FALSE for key in self.numbers]

    def lay_out(self, facts: Facts) -> _Board:
        """Return the board on which only the bare facts hold."""
        board = _Board(self._blank, self.numbers, self._weights)
        board.hold(true_atoms(facts))
        board.hold(portion for portion in self._portions if _any_portion(portion, facts))
        for number in self._amounts:
            board.words[number] = str(facts.amount)
        return board


class _Loaded:
    """One ruleset in the C core, with the form of the fact that it takes."""

    def __init__(self, ruleset: Ruleset, keys: _Keys) -> None:
        self._handle: int = core.create_ruleset(ruleset.name, ruleset.definition())
        places = "".join(f', "{attribute}": %s' for attribute in ruleset.attributes.values())
        self._form = f'{{"id": "{_FACT}"{places}}}'
        self._pick = itemgetter(*(keys.numbers[key] for key in ruleset.attributes))
        self._drain(json.dumps({"id": _FACT, "_w": 1}))

    def fire(self, words: list[str]) -> list[str]:
        """Return the names of the rules that hold for one fact; one may stand for several clauses."""
        return self._drain(self._form % self._pick(words))

    def close(self) -> None:
        """Give the memory back. A handle that the core no longer knows has nothing to give."""
        with suppress(core.error):
            core.delete_state(self._handle, _SESSION)
        with suppress(core.error):
            core.delete_ruleset(self._handle)

    def _drain(self, fact: str) -> list[str]:
        code, offset = core.assert_fact(self._handle, fact)
        if code == _NOT_MATCHED:
            return []
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
        return fired


class Engine:
    """A rulebook compiled into durable-rules. One per process; safe to call from any thread."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._layers = compile_book(book)
        self._keys = _Keys(self._layers)
        self._unknown = {fact: Atom(Subject.ACCOUNT, fact, "unknown") for fact in book.accounts}
        self._loaded: list[list[_Loaded]] = []
        self._load()

    def read(self, facts: Facts) -> Reading:
        """Return the clauses that hold for `facts`; raises EngineFault, after which the next reading loads anew."""
        board = self._keys.lay_out(facts)
        board.hold(atom for fact, atom in self._unknown.items() if fact not in facts.accounts)
        with self._lock:
            sound = False
            try:
                if not self._loaded:
                    self._load()
                reading = Reading(frozenset(self._fire(board)))
                sound = True
            except core.error as error:
                raise EngineFault(answer=str(error).rpartition(" ")[2]) from error
            finally:
                if not sound:
                    self._unload()
        return reading

    def close(self) -> None:
        """Give the C core's memory back; a later reading would load the rulebook again."""
        with self._lock:
            self._unload()

    def _fire(self, board: _Board) -> set[str]:
        fired: set[str] = set()
        for layer, rulesets in zip(self._layers, self._loaded, strict=True):
            held = {clause for loaded in rulesets for rule in loaded.fire(board.words) for clause in layer.names[rule]}
            board.hold(conclude(self._book, layer.stratum, held))
            fired |= held
        return fired

    def _load(self) -> None:
        for layer in self._layers:
            self._loaded.append([])
            for ruleset in layer.rulesets:
                self._loaded[-1].append(_Loaded(ruleset, self._keys))

    def _unload(self) -> None:
        for rulesets in self._loaded:
            for loaded in rulesets:
                loaded.close()
        self._loaded = []


def _any_portion(like: PortionLike, facts: Facts) -> bool:
    return any(
        portion.at(facts.now) in like.states
        and (like.paid_from is None or portion.paid_from in like.paid_from)
        and (like.payee is None or portion.payee in like.payee)
        for portion in facts.money
    )

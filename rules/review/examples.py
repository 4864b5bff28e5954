"""Examples kept with the rules: a small story each, and what must follow from it. An officer writes them, no code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from rules.check import Misfit, check_atom, find_unknown
from rules.conditions import Atom, Subject, read_condition
from rules.facts import AgeBand, Answer, Facts, Known, Level, MoneyState, PaidFrom, PayeeAt, Portion, Reply, StepOutcome
from rules.language import Text
from rules.loading import EXAMPLES, RulebookUnsound, built_in, read_entries, read_texts
from rules.model import Book, Entry, Id, Owner, RuleId

NOW: Final = 1_763_870_400_000
"""When every example takes place, in UTC milliseconds: advice must not depend on the day on which it is tested."""

_HOUR_MS: Final = 3_600_000
_TOLD: Final = frozenset(Subject) - {Subject.FINDING, Subject.TYPOLOGY, Subject.LEVEL}


class ExamplesUnsound(RulebookUnsound):
    """The examples kept with a rulebook cannot be read. `faults` says what is wrong, each with its place."""

    code = "examples_unsound"


class Money(Entry):
    """A portion of the money: where it is, how much in yuan, how it was paid, and how many hours ago."""

    state: MoneyState
    yuan: Annotated[int, Field(ge=0)] | None = None
    paid_from: PaidFrom | None = None
    payee: PayeeAt | None = None
    hours: Annotated[int, Field(ge=0)] | None = None


def _read_fact(raw: Any) -> Atom | Money:
    if isinstance(raw, Mapping) and "state" in raw:
        return _read_money(raw)
    atom = read_condition(raw) if isinstance(raw, str) else raw
    if not isinstance(atom, Atom) or atom.subject not in _TOLD or atom.aspect == "unknown":
        raise PydanticCustomError("fact_form", "not a fact: {raw}", {"raw": str(raw)})
    return Money(state=MoneyState(atom.id)) if atom.subject is Subject.MONEY and atom.id in _STATES else atom


def _read_money(raw: Mapping[str, Any]) -> Money:
    try:
        return Money.model_validate(raw)
    except ValidationError as error:
        odd = error.errors()[0]
        shown = f"{odd['loc'][0]}: {raw.get(str(odd['loc'][0]), '')}"
    raise PydanticCustomError("money_form", "not a portion: {raw}", {"raw": shown})


def _read_facts(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) or (isinstance(raw, Mapping) and "state" in raw) else raw


_STATES: Final = frozenset(state.value for state in MoneyState)

Fact: TypeAlias = Annotated[Atom | Money, PlainValidator(_read_fact)]
"""One thing given, in the words of a condition (`on_phone`, `request:transfer`, `money:pending`), or a portion."""
Together: TypeAlias = Annotated[tuple[Fact, ...], BeforeValidator(_read_facts)]
"""Facts that come together; one alone needs no brackets."""


RuleName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z][a-z0-9_.-]*$")]
"""A clause under the name by which a firing is reported: `level.handover`, `not_when.move_to_class_1.0`."""


class Expected(Entry):
    """What must follow. All that is left out may be as it likes, so no example holds a whole advice."""

    level: Level | None = None
    first: Id | None = None
    """The step that comes first."""
    steps: tuple[Id, ...] = ()
    not_steps: tuple[Id, ...] = ()
    withheld: tuple[Id, ...] = ()
    """Steps that a rule advises and a contraindication takes back."""
    before: tuple[tuple[Id, ...], ...] = ()
    """Chains of advised steps, each before the next."""
    typology: Id | None = None
    """The foremost suspicion."""
    typologies: tuple[Id, ...] = ()
    not_typologies: tuple[Id, ...] = ()
    owner: Mapping[Id, Owner] = {}
    """Who must do a step."""
    words: Mapping[Id, str] = {}
    """What must stand in the Chinese instruction of a step."""


class Variation(Expected):
    """A near miss: something less or more, and the rules that the example speaks for no longer all hold."""

    without: Together = ()
    plus: Together = ()


class Example(Entry):
    """A story, the rules that it speaks for (all of them hold together), what is given and what must follow.

    Of what it `needs` nothing can be left out. With `each`, any one of these makes the difference: with it the rules
    hold, without all of them they do not. Of `none` not one makes it. `unless` takes the rules back, each by itself.
    """

    name: Text
    rules: tuple[RuleName, ...] = Field(min_length=1)
    given: Together = ()
    needs: Together = ()
    each: tuple[Together, ...] = ()
    none: tuple[Together, ...] = ()
    unless: tuple[Together, ...] = ()
    then: Expected = Expected()
    otherwise: Expected = Expected()
    """What follows in every case in which the rules do not hold."""
    but: tuple[Variation, ...] = ()

    def cases(self) -> Iterator[Case]:
        """Yield every visit that the example tells, those that fall short among them."""
        told = (*self.given, *self.needs)
        whole = [(*told, *added) for added in self.each or ((),)]
        for given in whole:
            yield Case(given, True, self.then)
        yield from (Case(given, False, self.otherwise) for given in dict.fromkeys(self._short(told, whole)))
        for variation in self.but:
            kept = [tuple(fact for fact in given if fact not in variation.without) for given in whole]
            yield from (Case((*given, *variation.plus), False, self.otherwise, variation) for given in kept)

    def _short(self, told: tuple[Atom | Money, ...], whole: list[tuple[Atom | Money, ...]]) -> Iterator[Any]:
        """Yield what is given where something is missing, or where something takes the rules back."""
        if self.each:
            yield told
        for added in self.none:
            yield (*told, *added)
        for needed in self.needs:
            yield from (tuple(fact for fact in given if fact != needed) for given in whole)
        for added in self.unless:
            yield from ((*given, *added) for given in whole)


@dataclass(frozen=True, slots=True)
class Case:
    """One visit of an example: what is given, whether the example's rules must hold, and what must follow."""

    given: tuple[Atom | Money, ...]
    hold: bool
    expected: Expected
    variation: Expected | None = None
    """What must follow beside `expected`."""


class Examples(Entry):
    """All examples of a rulebook, by id."""

    examples: Mapping[RuleId, Example] = {}


def load_examples(book: Book, folder: Traversable | None = None) -> Mapping[str, Example]:
    """Return the examples kept with `book`, which was read from `folder` (by default the built-in one).

    Raises ExamplesUnsound. A rulebook without examples is no fault.
    """
    home = (folder or built_in()).joinpath(EXAMPLES)
    if not home.is_dir():
        return {}
    try:
        return read_entries(read_texts(home), Examples, lambda examples: _find_misfits(book, examples)).examples
    except RulebookUnsound as error:
        raise ExamplesUnsound(error.faults) from None


def lay_out(given: Iterable[Atom | Money], book: Book) -> Facts:
    """Return the facts of a visit; an answer is known as it usually is, a no and a look into the system for certain."""
    told = [fact for fact in given if isinstance(fact, Atom)]

    def named(subject: Subject) -> list[Atom]:
        return [atom for atom in told if atom.subject is subject]

    return Facts(
        requests=frozenset(atom.id for atom in named(Subject.REQUEST)),
        answers={atom.id: _reply(atom, book) for atom in named(Subject.SIGN)},
        money=tuple(_portion(fact) for fact in given if isinstance(fact, Money)),
        age=next((AgeBand(atom.id) for atom in named(Subject.AGE)), None),
        accounts={atom.id: Reply(Answer(atom.aspect), Known.VERIFIED) for atom in named(Subject.ACCOUNT)},
        clearings=frozenset(atom.id for atom in named(Subject.CLEARED)),
        steps={atom.id: StepOutcome.DONE for atom in named(Subject.DONE)}
        | {atom.id: StepOutcome.REFUSED for atom in named(Subject.REFUSED)},
        now=NOW,
    )


def _reply(atom: Atom, book: Book) -> Reply:
    if atom.aspect == "no":
        return Reply(Answer.NO, Known.VERIFIED)
    if atom.aspect == "yes":
        return Reply(Answer.YES, book.signs[atom.id].known if atom.id in book.signs else Known.SAID)
    return Reply(Answer.YES, Known(atom.aspect))


def _portion(money: Money) -> Portion:
    amount = None if money.yuan is None else money.yuan * 100
    when = None if money.hours is None else NOW - money.hours * _HOUR_MS
    return Portion(money.state, amount, when, money.paid_from, money.payee)


def _find_misfits(book: Book, examples: Examples) -> Iterator[Misfit]:
    clauses = {clause.id for clause in book.clauses()}
    for name, example in examples.examples.items():
        path = ("examples", name)
        for rule in example.rules:
            yield from find_unknown((*path, "rules"), rule, clauses, "rule")
        yield from _check_facts(book, (*path, "given"), example.given)
        yield from _check_facts(book, (*path, "needs"), example.needs)
        for part, groups in (("each", example.each), ("none", example.none), ("unless", example.unless)):
            for number, facts in enumerate(groups):
                yield from _check_facts(book, (*path, part, number), facts)
        for part, expected in (("then", example.then), ("otherwise", example.otherwise)):
            yield from _check_expected(book, (*path, part), expected)
        for number, variation in enumerate(example.but):
            yield from _check_variation(book, (*path, "but", number), variation, example)


def _check_variation(
    book: Book, path: tuple[str | int, ...], variation: Variation, example: Example
) -> Iterator[Misfit]:
    yield from _check_facts(book, (*path, "plus"), variation.plus)
    yield from _check_expected(book, path, variation)
    for fact in variation.without:
        if fact not in (*example.given, *example.needs):
            word = str(fact) if isinstance(fact, Atom) else f"money:{fact.state}"
            yield Misfit((*path, "without"), "not_given", {"word": word})


def _check_facts(book: Book, path: tuple[str | int, ...], facts: Iterable[Atom | Money]) -> Iterator[Misfit]:
    for fact in facts:
        if isinstance(fact, Atom):
            yield from check_atom(book, path, fact)


def _check_expected(book: Book, path: tuple[str | int, ...], expected: Expected) -> Iterator[Misfit]:
    chained = {step for chain in expected.before for step in chain}
    one = {"first": expected.first} if expected.first else {}
    steps: Mapping[str, Iterable[str]] = {
        **{part: [step] for part, step in one.items()},
        "steps": expected.steps,
        "not_steps": expected.not_steps,
        "withheld": expected.withheld,
        "before": sorted(chained),
        "owner": expected.owner,
        "words": expected.words,
    }
    for part, words in steps.items():
        for word in words:
            yield from find_unknown((*path, part), word, book.steps, "step")
    suspected = [expected.typology] if expected.typology else []
    for word in (*suspected, *expected.typologies, *expected.not_typologies):
        yield from find_unknown(path, word, book.typologies, "typology")

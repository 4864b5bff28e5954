"""Is this rulebook sound? What one entry says of another must be there, and no step may wait for itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Final

from rules.conditions import Atom, Condition, Subject, atoms
from rules.facts import AgeBand, Level, MoneyState
from rules.model import Basis, Book, Stratum

_VISIBLE: Final[Mapping[Stratum, frozenset[Subject]]] = {
    Stratum.FINDING: frozenset({Subject.FINDING}),
    Stratum.TYPOLOGY: frozenset({Subject.FINDING}),
    Stratum.LEVEL: frozenset({Subject.FINDING, Subject.TYPOLOGY}),
    Stratum.STEP: frozenset({Subject.FINDING, Subject.TYPOLOGY, Subject.LEVEL}),
}
"""The conclusions that a stratum may speak of; it may always speak of facts."""

_CONCLUSIONS: Final = frozenset({Subject.FINDING, Subject.TYPOLOGY, Subject.LEVEL})


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that does not fit the rest of the book: the path to it, the kind of fault, what the sentence needs."""

    path: tuple[str | int, ...]
    kind: str
    details: Mapping[str, object]


def find_misfits(book: Book) -> Iterator[Misfit]:
    """Yield every reference that leads nowhere, every circle, and every closed set whose names are not complete."""
    yield from _check_names(book)
    yield from _check_conditions(book)
    yield from _check_references(book)
    yield from _check_bases(book)
    yield from _check_circles(book)
    yield from _check_confidence(book)
    yield from _check_colleagues(book)


def suggest(word: str, words: Iterable[str]) -> str:
    """Return the nearest of `words`, or nothing when none is near."""
    return next(iter(get_close_matches(word, list(words), 1)), "")


def find_unknown(path: tuple[str | int, ...], word: str, words: Collection[str], kind: str) -> Iterator[Misfit]:
    """Yield what is wrong when `word` is none of `words`, with the nearest one as a hint; `kind` says what they are."""
    if word not in words:
        hint = suggest(word, words)
        yield Misfit(path, f"unknown_{kind}_near" if hint else f"unknown_{kind}", {"word": word, "hint": hint})


def _check_names(book: Book) -> Iterator[Misfit]:
    for section, named, members in (
        ("money_states", book.money_states, MoneyState),
        ("age_bands", book.age_bands, AgeBand),
        ("levels", book.levels, Level),
    ):
        for member in members:
            if member not in named:
                yield Misfit((section,), "unnamed", {"word": member.value})


def _check_conditions(book: Book) -> Iterator[Misfit]:
    for path, stratum, condition in _conditions(book):
        for atom in atoms(condition):
            if atom.subject in _CONCLUSIONS and atom.subject not in _VISIBLE[stratum]:
                yield Misfit(path, "wrong_stratum", {"word": str(atom)})
            else:
                yield from check_atom(book, path, atom)


def check_atom(book: Book, path: tuple[str | int, ...], atom: Atom) -> Iterator[Misfit]:
    """Yield what is wrong when the book has no entry that `atom` names."""
    kind = "step" if atom.subject in (Subject.DONE, Subject.REFUSED) else atom.subject.value
    yield from find_unknown(path, atom.id, book.words()[atom.subject], kind)


def _conditions(book: Book) -> Iterator[tuple[tuple[str | int, ...], Stratum, Condition]]:
    for name, finding in book.findings.items():
        yield ("findings", name, "when"), Stratum.FINDING, finding.when
    for name, suspicion in book.typology_rules.items():
        yield ("typology_rules", name, "when"), Stratum.TYPOLOGY, suspicion.when
    for name, level in book.level_rules.items():
        yield ("level_rules", name, "when"), Stratum.LEVEL, level.when
    for name, rule in book.step_rules.items():
        yield ("step_rules", name, "when"), Stratum.STEP, rule.when
    for name, order in book.orders.items():
        yield ("orders", name, "when"), Stratum.STEP, order.when
    for name, step in book.steps.items():
        for number, held in enumerate(step.not_when):
            yield ("steps", name, "not_when", number, "when"), Stratum.STEP, held.when
        for number, situation in enumerate(step.situations):
            yield ("steps", name, "situations", number, "when"), Stratum.STEP, situation.when


def _check_references(book: Book) -> Iterator[Misfit]:
    lists: list[tuple[tuple[str | int, ...], Iterable[str], Collection[str], str]] = []
    for state, named in book.money_states.items():
        lists.append((("money_states", state, "first"), named.first, book.signs, "sign"))
    for name, request in book.requests.items():
        lists.append((("requests", name, "first"), request.first, book.signs, "sign"))
    for name, fact in book.accounts.items():
        lists.append((("accounts", name, "denies"), fact.denies, book.accounts, "account"))
    for name, question in book.questions.items():
        lists.append((("questions", name, "settles"), question.settles, book.signs, "sign"))
        lists.append((("questions", name, "clears"), question.clears, book.clearings, "cleared"))
        lists.append((("questions", name, "requests"), question.requests, book.requests, "request"))
    for name, suspicion in book.typology_rules.items():
        lists.append((("typology_rules", name, "suspects"), [suspicion.suspects], book.typologies, "typology"))
    for name, level in book.level_rules.items():
        lists.append((("level_rules", name, "unless_cleared"), level.unless_cleared, book.clearings, "cleared"))
    for name, rule in book.step_rules.items():
        lists.append((("step_rules", name, "advises"), rule.advises, book.steps, "step"))
    for name, order in book.orders.items():
        for number, tier in enumerate(order.tiers):
            lists.append((("orders", name, "tiers", number), tier, book.steps, "step"))
    for name, step in book.steps.items():
        lists.append((("steps", name, "after"), step.after, book.steps, "step"))
        lists.append((("steps", name, "check_first"), step.check_first, book.accounts, "account"))
    for path, words, known, kind in lists:
        for word in words:
            yield from find_unknown(path, word, known, kind)


def _check_bases(book: Book) -> Iterator[Misfit]:
    entries = (
        ("findings", book.findings),
        ("typology_rules", book.typology_rules),
        ("level_rules", book.level_rules),
        ("step_rules", book.step_rules),
        ("steps", book.steps),
    )
    for section, named in entries:
        for name, entry in named.items():
            yield from _check_basis(book, (section, name, "basis"), entry.basis)


def _check_basis(book: Book, path: tuple[str | int, ...], basis: Basis) -> Iterator[Misfit]:
    if isinstance(basis, str):
        return
    for number, citation in enumerate(basis):
        source = book.sources.get(citation.source)
        yield from find_unknown((*path, number), citation.source, book.sources, "source")
        if source is not None:
            yield from find_unknown((*path, number), citation.article, source.articles, "article")


def _check_confidence(book: Book) -> Iterator[Misfit]:
    """Yield the confidential steps that gate: a case would be held up by what whoever closes it may not see."""
    for name, step in book.steps.items():
        if step.confidential and step.gates:
            yield Misfit(("steps", name, "confidential"), "confidential_gate", {})


def _check_colleagues(book: Book) -> Iterator[Misfit]:
    """Yield the steps that ask for two colleagues: a record says with whom it was done, and holds one."""
    for name, step in book.steps.items():
        for number, field in enumerate(step.record):
            if field.kind == "staff" and field.id != step.colleague:
                yield Misfit(("steps", name, "record", number), "second_colleague", {"word": field.id})


def _check_circles(book: Book) -> Iterator[Misfit]:
    findings = {
        name: [atom.id for atom in atoms(finding.when) if atom.subject is Subject.FINDING]
        for name, finding in book.findings.items()
    }
    steps = {name: list(step.after) for name, step in book.steps.items()}
    for section, graph in (("findings", findings), ("steps", steps)):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1]
            yield Misfit((section, circle[0]), "circle", {"circle": " → ".join(circle)})

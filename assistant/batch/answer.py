"""What a program is told: the advice on one visit as one JSON object, each step with its reasons and rule ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from rules.advice import Advice, AdvisedStep, Because, Suspicion, WithheldStep
from rules.conditions import Atom
from rules.explain import Evidence
from rules.facts import Known, Level
from rules.language import Catalogue, Language, Text
from rules.model import Basis, Book, Owner, Urgency

_WORDS: Final = Catalogue("assistant.batch")


class AnswerPart(BaseModel):
    """A part of an answer. Texts are in the language that was asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidencePart(AnswerPart):
    """A fact on which a conclusion stands; `known` where it is an answer."""

    fact: str
    name: str
    known: Known | None


class CitationPart(AnswerPart):
    """A place in a law or notice."""

    source: str
    title: str
    number: str | None
    article: str


class BecausePart(AnswerPart):
    """One rule that led to a conclusion."""

    rule: str
    reason: str
    evidence: tuple[EvidencePart, ...]
    basis: Literal["practice"] | tuple[CitationPart, ...]


class TypologyPart(AnswerPart):
    """A typology that is suspected, the likeliest first."""

    id: str
    name: str
    weight: int
    because: tuple[BecausePart, ...]


class StepPart(AnswerPart):
    """A step, in the order to do them. `gates`: the case must not be closed before it is settled."""

    id: str
    name: str
    do: str
    owner: Owner
    urgency: Urgency
    gates: bool
    say: str | None
    note: str | None
    because: tuple[BecausePart, ...]


class WithheldPart(AnswerPart):
    """A step that must not be done, and why."""

    id: str
    name: str
    rule: str
    reason: str


class Answer(AnswerPart):
    """The advice on one visit. `disagreement` names the clauses that only one of the two readings found.

    `say`: the words for a customer who was asked, was cleared and is now served.
    """

    id: str
    level: Level
    level_name: str
    level_because: tuple[BecausePart, ...]
    typologies: tuple[TypologyPart, ...]
    steps: tuple[StepPart, ...]
    withheld: tuple[WithheldPart, ...]
    say: str | None
    rulebook: str
    rules: tuple[str, ...]
    disagreement: tuple[str, ...]


class Answerer:
    """Puts advice into the words of one language."""

    def __init__(self, book: Book, language: Language) -> None:
        self._book = book
        self._language = language
        self._shelves = book.words()
        self._facts: dict[Atom, str] = {}

    def answer(self, question: str, advice: Advice, clearings: Collection[str] = ()) -> Answer:
        """Return `advice` as the answer to the question of that id, in a visit in which `clearings` were verified."""
        cleared = None if advice.steps else next((name for name in self._book.clearings if name in clearings), None)
        return Answer(
            id=question,
            level=advice.level,
            level_name=self._read(self._book.levels[advice.level].name),
            level_because=self._reasons(advice.because),
            typologies=tuple(self._suspect(suspicion) for suspicion in advice.suspicions),
            steps=tuple(self._step(step) for step in advice.steps),
            withheld=tuple(self._withhold(held) for held in advice.withheld),
            say=self._read(self._book.clearings[cleared].say) if cleared else None,
            rulebook=advice.rulebook,
            rules=advice.rules,
            disagreement=advice.disagreement,
        )

    def _read(self, text: Text) -> str:
        return text.read(self._language)

    def _may_read(self, text: Text | None) -> str | None:
        return self._read(text) if text else None

    def _suspect(self, suspicion: Suspicion) -> TypologyPart:
        return TypologyPart(
            id=suspicion.typology,
            name=self._read(self._book.typologies[suspicion.typology].name),
            weight=suspicion.weight,
            because=self._reasons(suspicion.because),
        )

    def _step(self, step: AdvisedStep) -> StepPart:
        return StepPart(
            id=step.id,
            name=self._read(step.step.name),
            do=self._read(step.do),
            owner=step.owner,
            urgency=step.urgency,
            gates=step.step.gates,
            say=self._may_read(step.say),
            note=self._may_read(step.note),
            because=self._reasons(step.because),
        )

    def _withhold(self, held: WithheldStep) -> WithheldPart:
        name = self._read(self._book.steps[held.id].name)
        return WithheldPart(id=held.id, name=name, rule=held.rule, reason=self._read(held.reason))

    def _reasons(self, because: tuple[Because, ...]) -> tuple[BecausePart, ...]:
        return tuple(
            BecausePart(
                rule=one.rule,
                reason=self._read(one.reason),
                evidence=tuple(self._evidence(evidence) for evidence in one.evidence),
                basis=self._cite(one.basis),
            )
            for one in because
        )

    def _evidence(self, evidence: Evidence) -> EvidencePart:
        atom = evidence.atom
        if atom not in self._facts:
            self._facts[atom] = self._name(atom)
        return EvidencePart(fact=str(atom), name=self._facts[atom], known=evidence.known)

    def _name(self, atom: Atom) -> str:
        """Return a fact in words; an aspect other than yes is said with it."""
        name = self._read(self._shelves[atom.subject][atom.id].name)
        kind = atom.aspect if atom.aspect in ("no", "unknown") else atom.subject.value
        return _WORDS(f"fact.{kind}", self._language, name=name) if f"fact.{kind}" in _WORDS else name

    def _cite(self, basis: Basis) -> Literal["practice"] | tuple[CitationPart, ...]:
        if isinstance(basis, str):
            return basis
        sources = self._book.sources
        return tuple(
            CitationPart(
                source=one.source,
                title=self._read(sources[one.source].title),
                number=sources[one.source].number,
                article=one.article,
            )
            for one in basis
        )

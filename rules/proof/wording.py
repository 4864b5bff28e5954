"""Tells proofs to people: the visit that breaks a property in the teller's words, and each entry with its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rules.advice import Advice
from rules.facts import Facts, Portion, StepOutcome
from rules.language import Catalogue, Language
from rules.model import Book
from rules.proof.idle import Idle
from rules.proof.solver import PROOF_WORDS

_RULE_WORDS: Final = Catalogue("rules")
_FEN: Final = 100


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks of one rulebook in one language; ids stand behind names, so that an officer finds the entry."""

    book: Book
    language: Language

    def visit(self, facts: Facts, sign: str | None = None) -> Iterator[str]:
        """Yield the visit line by line, with one more yes to `sign` if there is one."""
        book = self.book
        yes = [f"{self._sign(name)}{self._known(r.known)}" for name, r in facts.answers.items() if r.yes]
        no = [f"{self._sign(name)}{self._known(r.known)}" for name, r in facts.answers.items() if not r.yes]
        answered = [
            f"{self._named(book.accounts[name].ask.read(self.language), name)} {self._rule(f'answer.{reply.value}')}"
            for name, reply in facts.accounts.items()
        ]
        lines = {
            "requests": [self._named(book.requests[name].name.read(self.language), name) for name in facts.requests],
            "yes": yes,
            "no": no,
            "money": [self._portion(portion) for portion in facts.money],
            "age": [book.age_bands[facts.age].name.read(self.language)] if facts.age else [],
            "accounts": answered,
            "clearings": [self._named(book.clearings[c].name.read(self.language), c) for c in sorted(facts.clearings)],
            "done": self._steps(s for s, outcome in facts.steps.items() if outcome is StepOutcome.DONE),
            "refused": self._steps(s for s, outcome in facts.steps.items() if outcome is StepOutcome.REFUSED),
            "further": [self._sign(sign)] if sign else [],
        }
        for key, listed in lines.items():
            if listed:
                yield self._say(f"visit.{key}", listed)

    def advice(self, advice: Advice) -> Iterator[str]:
        """Yield level, steps, those put off and those withheld, a line each."""
        yield self._say("advice.level", [self._rule(f"level.{advice.level}")])
        yield self._say(
            "advice.steps", self._steps(s.id for s in advice.steps) or [PROOF_WORDS("advice.none", self.language)]
        )
        if advice.deferred:
            yield self._say("advice.deferred", self._steps(step.id for step in advice.deferred))
        if advice.withheld:
            yield self._say("advice.withheld", self._steps(step.id for step in advice.withheld))

    def idle(self, idle: Idle) -> str:
        """Return what is in vain and why, in one sentence."""
        by = self._join(self.entry(clause) for clause in idle.by)
        return PROOF_WORDS(f"idle.{idle.kind}", self.language, entry=self.entry(idle.entry), by=by)

    def entry(self, clause: str) -> str:
        """Return a clause or `steps.<id>` by name, with its id."""
        kind, _, rest = clause.partition(".")
        name, _, number = rest.partition(".")
        details = {"name": self._name_of(kind, name), "number": int(number) + 1 if number else ""}
        return self._named(PROOF_WORDS(f"entry.{kind}", self.language, **details), name)

    def _name_of(self, kind: str, name: str) -> str:
        book = self.book
        match kind:
            case "finding":
                return book.findings[name].name.read(self.language)
            case "typology":
                return book.typology_rules[name].reason.read(self.language)
            case "level":
                return book.level_rules[name].reason.read(self.language)
            case "step":
                return book.step_rules[name].reason.read(self.language)
            case "order":
                return ""
        return book.steps[name].name.read(self.language)

    def _steps(self, steps: Iterable[str]) -> list[str]:
        return [self._named(self.book.steps[step].name.read(self.language), step) for step in steps]

    def _sign(self, sign: str) -> str:
        return self._named(self.book.signs[sign].name.read(self.language), sign)

    def _portion(self, portion: Portion) -> str:
        parts = [self._named(self.book.money_states[portion.state].name.read(self.language), portion.state)]
        if portion.amount is not None:
            parts.append(PROOF_WORDS("visit.amount", self.language, yuan=f"{portion.amount // _FEN:,}"))
        if portion.paid_from:
            parts.append(self._rule(f"paid_from.{portion.paid_from}"))
        if portion.payee:
            parts.append(self._rule(f"payee.{portion.payee}"))
        return self._join(parts)

    def _known(self, known: str) -> str:
        return self._brackets(self._rule(f"known.{known}"))

    def _named(self, name: str, entry: str) -> str:
        return f"{name} [{entry}]"

    def _brackets(self, text: str) -> str:
        return f"（{text}）" if self.language is Language.ZH else f" ({text})"

    def _rule(self, key: str) -> str:
        return _RULE_WORDS(key, self.language)

    def _join(self, parts: Iterable[str]) -> str:
        return ("、" if self.language is Language.ZH else ", ").join(parts)

    def _say(self, key: str, listed: list[str]) -> str:
        joint = "；" if self.language is Language.ZH else "; "
        return PROOF_WORDS(key, self.language, list=joint.join(listed))

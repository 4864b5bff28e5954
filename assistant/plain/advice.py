"""Advice for people: the level in words, then the one next action, then everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from assistant.batch.answer import Answer, BecausePart, StepPart
from rules.language import Catalogue, Language

_WORDS: Final = Catalogue("assistant.plain")
_RULES: Final = Catalogue("rules")


def write_advice(answer: Answer, language: Language) -> str:
    """Return `answer`, whose texts are in `language`, as lines of plain text."""
    return "\n".join(_Writer(language).lines(answer))


class _Writer:
    def __init__(self, language: Language) -> None:
        self._language = language

    def lines(self, answer: Answer) -> Iterator[str]:
        yield self._fill("level", name=answer.level_name)
        for one in answer.level_because:
            yield self._fill("reason", reason=one.reason)
        yield ""
        if answer.say:
            yield self._fill("cleared", say=answer.say)
        else:
            yield from self._steps(answer.steps)
        if answer.typologies:
            yield from ("", self._fill("suspected"))
            for typology in answer.typologies:
                yield self._fill("typology", name=typology.name, evidence=self._evidence(typology.because))
        if answer.withheld:
            yield from ("", self._fill("withheld"))
            for held in answer.withheld:
                yield self._fill("held", name=held.name, reason=held.reason)
        yield ""
        if answer.disagreement:
            yield self._fill("disagreement", clauses=", ".join(answer.disagreement))
        yield self._fill("rulebook", version=answer.rulebook)

    def _steps(self, steps: tuple[StepPart, ...]) -> Iterator[str]:
        if not steps:
            yield self._fill("no_steps")
            return
        first, *others = steps
        yield self._fill("first", **self._act(first))
        yield from self._words(first)
        if others:
            yield from ("", self._fill("then"))
        for number, step in enumerate(others, 2):
            yield self._fill("step", number=number, **self._act(step))
            yield from (f"   {line}" for line in self._words(step))

    def _act(self, step: StepPart) -> dict[str, str]:
        owner = _RULES(f"owner.{step.owner}", self._language)
        return {"do": step.do, "owner": owner, "urgency": _RULES(f"urgency.{step.urgency}", self._language)}

    def _words(self, step: StepPart) -> Iterator[str]:
        if step.say:
            yield self._fill("say", say=step.say)
        if step.note:
            yield self._fill("note", note=step.note)

    def _evidence(self, because: Iterable[BecausePart]) -> str:
        facts = {evidence.name + self._known(evidence.known): None for one in because for evidence in one.evidence}
        return _WORDS("mark.and", self._language).join(facts)

    def _known(self, known: str | None) -> str:
        if known is None:
            return ""
        return _WORDS("mark.bracket", self._language, text=_RULES(f"known.{known}", self._language))

    def _fill(self, key: str, **details: object) -> str:
        return _WORDS(f"advice.{key}", self._language, **details)

"""`assistant rules explain`: which rules led to an advice, which nearly did, and which one answer would change it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from assistant.batch.reading import read_question
from assistant.cli.advise import list_facts
from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong
from assistant.cli.rules.books import read_book
from assistant.cli.rules.words import RULE_WORDS
from assistant.cli.signing import at_desk
from assistant.people.permissions import Move
from assistant.replay.stories import make_story
from assistant.stamps import read_clock
from rules.advice import Adviser
from rules.errors import BadInput
from rules.explain import Evidence
from rules.facts import LEVELS, Facts
from rules.language import Catalogue, Language
from rules.model import Book
from rules.review.alternatives import Alternative, find_alternatives
from rules.review.sentences import tell

_RULES: Final = Catalogue("rules")
_STRATA: Final = ("level", "typology", "finding", "step", "not_when", "situation", "order")
"""The kinds of clauses, as an officer asks for them: first how far to go, then what for, then what to do."""
_NEAR: Final = ("level", "typology")
_MOST_GROUPS: Final = 12


class OneOfThem(BadInput):
    """A saved case was named and answers were given as well."""

    catalogue = RULE_WORDS
    code = "explain_one"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be explained: a saved case by its number, with the advice of its day, or answers."""

    facts: Facts
    number: str | None = None
    advised: tuple[str, str] | None = None
    """Rulebook and level of the last advice on record."""


def run(options: Namespace, language: Language) -> int:
    """Print the explanation; of a saved case, it is recorded that somebody looked at it.

    Raises UsageWrong, OneOfThem, QuestionUnfit, CaseUnknown, a NotPermitted and what the books and `at_desk` raise.
    """
    given = list_facts(options)
    if given and options.number:
        raise OneOfThem
    if not given and not options.number:
        raise UsageWrong("nothing_asked", "rules explain ")
    book = read_book(options.rules, options.overlay)
    with closing(Adviser(book)) as adviser:
        if options.number:
            asked = _find_case(options, language)
        else:
            asked = _Asked(read_question({"id": "explain", **given}, book, read_clock()).facts)
        found = _Explainer(adviser, language).explain(asked)
    say(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(_Writer(language).lines(found)))
    return 0


def _find_case(options: Namespace, language: Language) -> _Asked:
    with at_desk(options, language) as desk:
        case_id = desk.store.find(options.number)
        # What is explained are all the rules that held, those on suspicious transaction reports among them.
        desk.demand(Move.READ_STR, desk.store.case(case_id))
        case = desk.look_at(case_id)
    advised = (case.advice.rulebook, case.advice.level.value) if case.advice else None
    return _Asked(make_story(case.history).facts, case.number, advised)


class _Explainer:
    """Lays an explanation out as plain values; texts are in one language, ids stand beside them."""

    def __init__(self, adviser: Adviser, language: Language) -> None:
        self._adviser = adviser
        self._book: Book = adviser.book
        self._language = language

    def explain(self, asked: _Asked) -> dict[str, Any]:
        advice = self._adviser.advise(asked.facts)
        _, scene = self._adviser.reader.read_scene(asked.facts)
        alternatives = find_alternatives(self._adviser, asked.facts)
        return {
            "case": asked.number,
            "advised": dict(zip(("rulebook", "level"), asked.advised, strict=True)) if asked.advised else None,
            "rulebook": advice.rulebook,
            "level": advice.level.value,
            "held": [
                {**self._lay_out(clause), "evidence": [self._ground(e) for e in self._find_evidence(clause, scene)]}
                for clause in _in_order(advice.rules)
            ],
            "nearly": list(self._find_near(alternatives)),
            "changes": [self._change(one) for one in alternatives if one.changed],
        }

    def _find_evidence(self, clause: str, scene: Any) -> tuple[Evidence, ...]:
        return self._adviser.reader.evidence(clause, scene)

    def _find_near(self, alternatives: Iterable[Alternative]) -> Iterator[dict[str, Any]]:
        missing: dict[str, list[dict[str, str]]] = {}
        for one in alternatives:
            for clause in one.clauses:
                missing.setdefault(clause, []).append(self._name_answer(one))
        for clause in _in_order(missing):
            yield {**self._lay_out(clause), "missing": missing[clause]}

    def _change(self, one: Alternative) -> dict[str, Any]:
        return {
            **self._name_answer(one),
            "level": one.level.value,
            "steps_added": self._name_all(self._book.steps, one.steps_added),
            "steps_removed": self._name_all(self._book.steps, one.steps_removed),
            "typologies_added": self._name_all(self._book.typologies, one.typologies_added),
            "typologies_removed": self._name_all(self._book.typologies, one.typologies_removed),
        }

    def _lay_out(self, clause: str) -> dict[str, Any]:
        kind, _, name = clause.partition(".")
        entry, _, place = name.partition(".")
        return {
            "rule": clause,
            "kind": kind,
            "leads_to": self._name_consequence(kind, entry),
            "reason": self._find_reason(kind, entry, place),
        }

    def _name_consequence(self, kind: str, name: str) -> list[dict[str, str]]:
        book = self._book
        match kind:
            case "level":
                level = book.level_rules[name].level
                return [{"id": level.value, "name": _RULES(f"level.{level}", self._language)}]
            case "typology":
                return self._name_all(book.typologies, [book.typology_rules[name].suspects])
            case "finding":
                return self._name_all(book.findings, [name])
            case "step":
                return self._name_all(book.steps, book.step_rules[name].advises)
            case "not_when" | "situation":
                return self._name_all(book.steps, [name])
        return []

    def _find_reason(self, kind: str, name: str, place: str) -> str:
        book = self._book
        if kind == "not_when":
            return book.steps[name].not_when[int(place)].reason.read(self._language)
        if kind == "situation":
            do = book.steps[name].situations[int(place)].do
            return do.read(self._language) if do else ""
        rules: dict[str, Any] = {
            "level": book.level_rules,
            "typology": book.typology_rules,
            "finding": book.findings,
            "step": book.step_rules,
        }
        return str(rules[kind][name].reason.read(self._language)) if kind in rules else ""

    def _name_all(self, shelf: Any, names: Iterable[str]) -> list[dict[str, str]]:
        return [{"id": name, "name": shelf[name].name.read(self._language)} for name in names]

    def _name_answer(self, one: Alternative) -> dict[str, str]:
        return {"answer": str(one.answer), "name": tell(one.answer, self._book, self._language)}

    def _ground(self, evidence: Evidence) -> dict[str, str | None]:
        name = tell(evidence.atom, self._book, self._language)
        return {"fact": str(evidence.atom), "name": name, "known": evidence.known}


def _in_order(clauses: Iterable[str]) -> list[str]:
    return sorted(clauses, key=lambda clause: (_STRATA.index(clause.partition(".")[0]), clause))


class _Writer:
    """An explanation as lines for people."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def lines(self, found: dict[str, Any]) -> Iterator[str]:
        if found["case"]:
            yield self._fill("case", number=found["case"])
        yield self._fill("level", name=self._level(found["level"]), version=found["rulebook"])
        if found["advised"]:
            advised = found["advised"]
            yield self._fill("advised", name=self._level(advised["level"]), version=advised["rulebook"])
        yield from ("", self._fill("held" if found["held"] else "held_none"))
        yield from self._list(found["held"], "evidence", _STRATA)
        near = [one for one in found["nearly"] if one["kind"] in _NEAR]
        yield from ("", self._fill("nearly" if near else "nearly_none"))
        yield from self._list(near, "missing", _NEAR)
        yield ""
        yield from self._changes(found)

    def _list(self, clauses: list[dict[str, Any]], part: str, kinds: tuple[str, ...]) -> Iterator[str]:
        for kind in kinds:
            of_kind = [clause for clause in clauses if clause["kind"] == kind]
            if of_kind:
                yield self._fill(f"kind.{kind}")
            for clause in of_kind:
                leads_to, reason = self._join(one["name"] for one in clause["leads_to"]), clause["reason"]
                name = clause["rule"].partition(".")[2]
                yield self._fill("rule" if leads_to else "order", id=name, leads_to=leads_to)
                if reason:
                    yield self._fill("reason", reason=reason)
                if clause[part]:
                    yield self._fill(part, facts=self._join(self._name(fact) for fact in clause[part]))

    def _name(self, fact: dict[str, Any]) -> str:
        if not fact.get("known"):
            return str(fact["name"])
        return self._fill("known", name=fact["name"], known=_RULES(f"known.{fact['known']}", self._language))

    def _changes(self, found: dict[str, Any]) -> Iterator[str]:
        changes = found["changes"]
        yield self._fill("changes" if changes else "changes_none")
        for level in reversed(LEVELS):
            answers = [one["name"] for one in changes if one["level"] == level != found["level"]]
            if answers:
                yield self._fill("level_change", name=self._level(level), answers=self._join(answers))
        groups: dict[str, list[str]] = {}
        for one in changes:
            if one["level"] == found["level"]:
                groups.setdefault(self._tell_effect(one), []).append(one["name"])
        for effect, answers in list(groups.items())[:_MOST_GROUPS]:
            yield self._fill("change", effect=effect, answers=self._join(answers))
        if len(groups) > _MOST_GROUPS:
            yield self._fill("change_more", count=len(groups) - _MOST_GROUPS)

    def _tell_effect(self, one: dict[str, Any]) -> str:
        kinds = ("typologies_added", "typologies_removed", "steps_added", "steps_removed")
        told = [self._fill(kind, names=self._join(each["name"] for each in one[kind])) for kind in kinds if one[kind]]
        return self._fill("and").join(told) or self._fill("order_changed")

    def _level(self, level: str) -> str:
        return _RULES(f"level.{level}", self._language)

    def _join(self, words: Iterable[str]) -> str:
        return self._fill("comma").join(words)

    def _fill(self, key: str, **details: object) -> str:
        return RULE_WORDS(f"explain.{key}", self._language, **details)

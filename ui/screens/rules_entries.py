"""The entries of a rulebook for those who answer for it: conditions in words, reasons, sources, owners and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.conditions import Atom, Condition, Subject, atoms
from rules.facts import LEVELS, Level
from rules.model import Book, Rule, Step, StepRule
from rules.review.sentences import outline
from ui.grounds import write_basis
from ui.wording import Wording

SECTIONS = ("typologies", "levels", "steps", "questions")
STEP = "  "
"""One step inwards."""


class Entries:
    """The entries of one rulebook. A topic is `typologies:x`, `levels:x`, `steps:x` or `questions:x`, or `edition:`.

    `today` is the date by which a review is overdue.
    """

    def __init__(self, book: Book, wording: Wording, today: date) -> None:
        self._book = book
        self._wording = wording
        self._today = today

    def topics(self, section: str) -> tuple[str, ...]:
        """Return the topics of a section, levels from the highest down."""
        book = self._book
        names: dict[str, Iterable[str]] = {
            "typologies": book.typologies,
            "levels": reversed(LEVELS),
            "steps": book.steps,
            "questions": book.questions,
        }
        return tuple(f"{section}:{name}" for name in names[section])

    def name(self, topic: str) -> str:
        """Return the topic in words."""
        section, _, name = topic.partition(":")
        match section:
            case "typologies":
                return self._wording.typology(name)
            case "levels":
                return self._wording.level(name)
            case "steps":
                return self._wording.step(name)
            case "questions":
                return self._wording.read(self._book.questions[name].ask)
        return self._wording.say("rules.edition")

    def tell(self, topic: str) -> Iterator[str]:
        """Yield the lines of an entry, its id beside its name."""
        section, _, name = topic.partition(":")
        if section == "edition":
            yield from self._edition()
            return
        yield self._wording.say("rules.head", name=self.name(topic), id=name)
        match section:
            case "typologies":
                yield from self._typology(name)
            case "levels":
                yield from self._level(Level(name))
            case "steps":
                yield from self._step(name)
            case "questions":
                yield from self._question(name)

    def _edition(self) -> Iterator[str]:
        say, book, meta = self._wording.say, self._book, self._book.meta
        yield say("rules.version", version=meta.version, date=meta.published)
        yield self._charge(meta.owner.read(self._wording.language), meta.review_by)
        yield say(
            "rules.counts",
            signs=len(book.signs),
            questions=len(book.questions),
            steps=len(book.steps),
            rules=len(book.findings) + len(book.typology_rules) + len(book.level_rules) + len(book.step_rules),
            sources=len(book.sources),
        )

    def _level(self, level: Level) -> Iterator[str]:
        yield self._wording.read(self._book.levels[level].name)
        rules = {name: rule for name, rule in self._book.level_rules.items() if rule.level is level}
        yield from self._heading("rules.leads_here", len(rules))
        for name, rule in rules.items():
            cleared = self._wording.join(map(self._wording.clearing, rule.unless_cleared))
            more = [self._wording.say("rules.unless", clearings=cleared)] if cleared else []
            yield from self._rule(f"level.{name}", rule, *more)

    def _typology(self, name: str) -> Iterator[str]:
        book, wording = self._book, self._wording
        rules = {key: rule for key, rule in book.typology_rules.items() if rule.suspects == name}
        yield from self._heading("rules.suspected_by", len(rules))
        for key, rule in rules.items():
            yield from self._rule(f"typology.{key}", rule, wording.say("rules.weight", weight=rule.weight))
        signs = {sign for rule in rules.values() for sign in self._signs(rule.when)}
        asked = {key: question for key, question in book.questions.items() if signs & set(question.settles)}
        yield from self._heading("rules.asked", len(asked))
        for key, question in asked.items():
            yield STEP + wording.say("rules.head", name=wording.read(question.ask), id=key)
        advising = {key: rule for key, rule in book.step_rules.items() if Atom(Subject.TYPOLOGY, name) in _flat(rule)}
        yield from self._heading("rules.advises_steps", len(advising))
        for key, step_rule in advising.items():
            steps = wording.join(map(wording.step, step_rule.advises))
            yield from self._rule(f"step.{key}", step_rule, wording.say("rules.advises", steps=steps))
        if card := book.cards.get(name):
            yield from self._heading("rules.card")
            for mood in ("angry", "silent", "phone"):
                words = wording.read(getattr(card, mood))
                yield STEP + wording.say("rules.said_to", mood=wording.say(f"words.{mood}"), words=words)

    def _signs(self, condition: Condition) -> Iterator[str]:
        """Yield the red flags of which a condition speaks, through findings too."""
        for atom in atoms(condition):
            if atom.subject is Subject.SIGN:
                yield atom.id
            elif atom.subject is Subject.FINDING:
                yield from self._signs(self._book.findings[atom.id].when)

    def _step(self, name: str) -> Iterator[str]:
        wording, step = self._wording, self._book.steps[name]
        yield wording.read(step.do)
        yield wording.say(
            "rules.who", owner=wording.word(f"owner.{step.owner}"), urgency=wording.word(f"urgency.{step.urgency}")
        )
        yield from self._terms(step)
        yield wording.say("why.basis", basis=write_basis(step.basis, wording))
        if step.not_when:
            yield from self._heading("rules.not_when", len(step.not_when))
        for held in step.not_when:
            yield STEP + wording.read(held.reason)
            yield from self._when(held.when)
        if step.situations:
            yield from self._heading("rules.situations", len(step.situations))
        for situation in step.situations:
            yield from self._when(situation.when)
            if situation.owner:
                yield STEP * 2 + wording.word(f"owner.{situation.owner}")
            yield from (STEP * 2 + wording.read(text) for text in (situation.do, situation.say, situation.note) if text)
        rules = {key: rule for key, rule in self._book.step_rules.items() if name in rule.advises}
        yield from self._heading("rules.advised_by", len(rules))
        for key, rule in rules.items():
            yield from self._rule(f"step.{key}", rule)

    def _terms(self, step: Step) -> Iterator[str]:
        wording, book = self._wording, self._book
        if step.say:
            yield wording.say("teller.say", say=wording.read(step.say))
        if step.note:
            yield wording.say("teller.note", note=wording.read(step.note))
        if step.gates:
            yield wording.say("record.gates")
        if step.needs_both:
            yield wording.say("rules.needs_both")
        if step.after:
            yield wording.say("rules.after", steps=wording.join(map(wording.step, step.after)))
        if step.check_first:
            asked = wording.join(wording.read(book.accounts[fact].ask) for fact in step.check_first)
            yield wording.say("rules.check_first", facts=asked)
        if step.record:
            yield wording.say("rules.record", fields=wording.join(wording.read(field.ask) for field in step.record))
        if step.deadline_minutes:
            yield wording.say("rules.deadline", minutes=step.deadline_minutes)

    def _question(self, name: str) -> Iterator[str]:
        wording, question = self._wording, self._book.questions[name]
        yield from self._heading("rules.settles", len(question.settles))
        for sign in question.settles:
            yield STEP + wording.say("rules.head", name=wording.sign(sign), id=sign)
        if question.clears:
            yield wording.say("rules.may_clear", clearings=wording.join(map(wording.clearing, question.clears)))
        if question.requests:
            yield wording.say("rules.for_requests", requests=wording.join(map(wording.request, question.requests)))

    def _heading(self, key: str, count: int | None = None) -> Iterator[str]:
        yield ""
        yield self._wording.say(key) if count is None else self._wording.say(key, count=count)

    def _rule(self, name: str, rule: Rule, *more: str) -> Iterator[str]:
        """Yield a rule, with `more` of what it does behind its condition."""
        wording, meta = self._wording, self._book.meta
        yield STEP + wording.say("why.rule", reason=wording.read(rule.reason), rule=name)
        yield from self._when(rule.when)
        yield from (STEP * 2 + line for line in more)
        yield STEP * 2 + wording.say("why.basis", basis=write_basis(rule.basis, wording))
        owner = (rule.owner or meta.owner).read(wording.language)
        yield STEP * 2 + self._charge(owner, rule.review_by or meta.review_by)

    def _when(self, condition: Condition) -> Iterator[str]:
        yield STEP * 2 + self._wording.say("rules.when")
        for depth, line in outline(condition, self._book, self._wording.language):
            yield STEP * (3 + depth) + line

    def _charge(self, owner: str, review_by: date) -> str:
        key = "rules.charge_late" if review_by < self._today else "rules.charge"
        return self._wording.say(key, owner=owner, date=review_by)


def _flat(rule: StepRule) -> set[Atom]:
    return set(atoms(rule.when))

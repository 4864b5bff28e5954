"""The chapters of the rulebook that tell what follows from what: typologies, levels, findings, steps, their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.advice import Adviser
from rules.conditions import Atom, Subject, atoms
from rules.document.pen import RULES, Pen
from rules.document.scenes import Scene, play_typology, signs_in
from rules.facts import LEVELS
from rules.model import Basis, Book, Card, LevelRule, Rule, Situation, Step, TypologyRule


def write_typologies(pen: Pen, adviser: Adviser) -> Iterator[str]:
    """Yield, for each typology, its signs, rules, questions, steps, words and sources."""
    book = pen.book
    for typology, word in book.typologies.items():
        yield from pen.heading(3, pen.title(word.name, typology))
        rules = {name: rule for name, rule in book.typology_rules.items() if rule.suspects == typology}
        signs = list(dict.fromkeys(sign for rule in rules.values() for sign in signs_in(rule.when, book)))
        yield from pen.item("signs", pen.named(book.signs, signs))
        yield from pen.head("rules")
        for name, rule in rules.items():
            yield from _write_suspicion(pen, name, rule)
        yield from _write_questions(pen, signs)
        naming = _list_steps_naming(book, typology)
        yield from pen.item("steps", pen.named(book.steps, naming))
        yield from _write_visit(pen, play_typology(adviser, typology))
        if typology in book.cards:
            yield from _write_words(pen, book.cards[typology])
        yield from pen.item("sources", _list_sources(pen, rules.values(), naming))


def write_levels(pen: Pen) -> Iterator[str]:
    """Yield, for each level from the highest down, the rules that ask for it."""
    yield pen.fill("intro.levels")
    for level in reversed(LEVELS):
        yield from pen.heading(3, pen.title(pen.book.levels[level].name, level))
        for name, rule in pen.book.level_rules.items():
            if rule.level is level:
                yield from _write_level_rule(pen, name, rule)


def write_findings(pen: Pen) -> Iterator[str]:
    """Yield the combinations of answers that have a name."""
    yield pen.fill("intro.findings")
    for name, finding in pen.book.findings.items():
        yield from pen.heading(3, pen.title(finding.name, name))
        yield from ("", pen.read(finding.reason), "")
        yield from _write_rule(pen, finding, 0)


def write_steps(pen: Pen) -> Iterator[str]:
    """Yield every step with its words, its limits and the rules that advise it."""
    yield pen.fill("intro.steps")
    for name, step in pen.book.steps.items():
        yield from pen.heading(3, pen.title(step.name, name))
        yield from _write_step(pen, step)
        yield from pen.basis(step.basis)
        yield from pen.head("advised")
        for rule_name, rule in pen.book.step_rules.items():
            if name in rule.advises:
                yield f"  - {pen.read(rule.reason)} `{rule_name}`"
                yield from _write_rule(pen, rule, 2)


def write_orders(pen: Pen) -> Iterator[str]:
    """Yield the orders of urgency, tier by tier."""
    yield pen.fill("intro.orders")
    for name, order in pen.book.orders.items():
        yield from pen.heading(3, f"`{name}`")
        yield from pen.condition("when", order.when)
        yield from pen.head("tiers")
        for number, tier in enumerate(order.tiers, 1):
            yield f"  {number}. {pen.named(pen.book.steps, tier) or pen.fill('no_order')}"


def _write_suspicion(pen: Pen, name: str, rule: TypologyRule) -> Iterator[str]:
    yield f"  - {pen.read(rule.reason)} `{name}`"
    yield from pen.item("weight", str(rule.weight), 2)
    yield from _write_rule(pen, rule, 2)


def _write_level_rule(pen: Pen, name: str, rule: LevelRule) -> Iterator[str]:
    yield f"- {pen.read(rule.reason)} `{name}`"
    yield from pen.condition("when", rule.when, 1)
    yield from pen.item("unless_cleared", pen.named(pen.book.clearings, rule.unless_cleared), 1)
    yield from pen.basis(rule.basis, 1)
    yield from _write_review(pen, rule, 1)


def _write_rule(pen: Pen, rule: Rule, depth: int) -> Iterator[str]:
    yield from pen.condition("when", rule.when, depth)
    yield from pen.basis(rule.basis, depth)
    yield from _write_review(pen, rule, depth)


def _write_review(pen: Pen, rule: Rule, depth: int) -> Iterator[str]:
    """Yield who keeps the rule and until when, where that is another than for the whole book."""
    if rule.owner or rule.review_by:
        owner = pen.read(rule.owner or pen.book.meta.owner)
        date = (rule.review_by or pen.book.meta.review_by).isoformat()
        yield from pen.item("review", pen.fill("review_line", owner=owner, date=date), depth)


def _write_questions(pen: Pen, signs: Iterable[str]) -> Iterator[str]:
    wanted = set(signs)
    asked = {name: question for name, question in pen.book.questions.items() if wanted & set(question.settles)}
    if asked:
        yield from pen.head("questions")
    for name, question in asked.items():
        yield f"  - {pen.fill('quote', text=pen.read(question.ask))} `{name}`"


def _write_visit(pen: Pen, scene: Scene) -> Iterator[str]:
    flags, level = pen.named(pen.book.signs, scene.flags), RULES(f"level.{scene.advice.level}", pen.language)
    request = pen.named(pen.book.requests, [scene.request])
    yield from pen.item("visit", pen.fill("typical.visit", request=request, flags=flags, level=level))
    for number, advised in enumerate(scene.advice.steps, 1):
        yield f"  {number}. {pen.read(advised.do)} `{advised.id}`"


def _write_words(pen: Pen, card: Card) -> Iterator[str]:
    yield from pen.head("card")
    for field in ("angry", "silent", "phone", "slip"):
        yield from pen.item(field, pen.fill("quote", text=pen.read(getattr(card, field))), 1)


def _list_sources(pen: Pen, rules: Iterable[Rule], steps: Iterable[str]) -> str:
    """Return the sources that the rules and steps stand on, each once, with its number and dates."""
    bases: list[Basis] = [*(rule.basis for rule in rules), *(pen.book.steps[step].basis for step in steps)]
    cited = dict.fromkeys(citation.source for basis in bases if not isinstance(basis, str) for citation in basis)
    told = [f"{pen.read(pen.book.sources[name].title)} ({pen.source(name)}) `{name}`" for name in cited]
    if "practice" in bases:
        told.append(pen.fill("practice"))
    return pen.fill("semicolon").join(told)


def _list_steps_naming(book: Book, typology: str) -> list[str]:
    named = Atom(Subject.TYPOLOGY, typology)
    rules = [rule for rule in book.step_rules.values() if named in set(atoms(rule.when))]
    return [step for step in book.steps if any(step in rule.advises for rule in rules)]


def _write_step(pen: Pen, step: Step) -> Iterator[str]:
    owner, urgency = RULES(f"owner.{step.owner}", pen.language), RULES(f"urgency.{step.urgency}", pen.language)
    marks = [pen.fill(mark) for mark in ("gates", "needs_both", "confidential") if getattr(step, mark)]
    yield from pen.item("do", pen.read(step.do))
    yield from pen.item("who", pen.fill("semicolon").join([f"{owner}{pen.fill('list')}{urgency}", *marks]))
    yield from _write_spoken(pen, step, 0)
    yield from pen.item("quiet", pen.read(step.quiet))
    yield from pen.item("record", pen.fill("list").join(pen.read(field.ask) for field in step.record))
    yield from pen.item("after", pen.named(pen.book.steps, step.after))
    yield from pen.item("check_first", pen.named(pen.book.accounts, step.check_first))
    if step.deadline_minutes:
        yield from pen.item("deadline", pen.fill("minutes", count=step.deadline_minutes))
    for held in step.not_when:
        yield from pen.item("not_when", pen.read(held.reason))
        yield from pen.condition("when", held.when, 1)
    for situation in step.situations:
        yield from pen.condition("situation", situation.when)
        yield from pen.item("do", pen.read(situation.do) if situation.do else "", 1)
        yield from pen.item("who", RULES(f"owner.{situation.owner}", pen.language) if situation.owner else "", 1)
        yield from _write_spoken(pen, situation, 1)


def _write_spoken(pen: Pen, step: Step | Situation, depth: int) -> Iterator[str]:
    yield from pen.item("say", pen.fill("quote", text=pen.read(step.say)) if step.say else "", depth)
    yield from pen.item("note", pen.read(step.note) if step.note else "", depth)

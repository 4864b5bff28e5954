"""What a bank lays over the rulebook: its own words, numbers and thresholds, more caution, never less."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field

from rules.check import Misfit, find_misfits, find_unknown
from rules.conditions import AllOf, AmountFrom, AnyOf, Condition, Not, amounts
from rules.facts import Level
from rules.language import Language, Text
from rules.loading import RulebookUnsound, decode, read_entries
from rules.model import Book, Entry, Id, LevelRule, Owner, RuleId, Source, Step, StepRule, texts_in

_EMERGENCY: Final = re.compile(r"(?<!\d)110(?!\d)")
_LOUD: Final = re.compile("警|骗|可疑|涉案|110|police|fraud|scam|suspic", re.IGNORECASE)
"""What a companion must not read over the teller's shoulder."""
_Changed = TypeVar("_Changed", bound=Entry)


class OverlayUnsound(RulebookUnsound):
    """The overlay cannot be laid over the rulebook. `faults` says what is wrong, each with its place."""

    code = "overlay_unsound"


class Edition(Entry):
    """Whose overlay it is, which one, for which edition of the rulebook, who answers for it and until when."""

    bank: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,15}$")]
    number: Annotated[int, Field(ge=1)]
    book: str
    owner: Text
    review_by: datetime.date


class Term(Entry):
    """A word of the rulebook and the bank's own word for it, such as the name of a lock or a local line."""

    old: Text
    new: Text


class StepWords(Entry):
    """The bank's words for a step, and a shorter deadline; what is left out stays as it is."""

    name: Text | None = None
    do: Text | None = None
    say: Text | None = None
    quiet: Text | None = None
    note: Text | None = None
    deadline_minutes: int | None = Field(default=None, ge=1)


class RequestWords(Entry):
    """The bank's name for what a customer comes for."""

    name: Text


class SignWords(Entry):
    """The bank's names for a red flag; `also` is added to the words under which a teller looks for it."""

    name: Text | None = None
    quiet: Text | None = None
    also: tuple[Text, ...] = ()


class QuestionWords(Entry):
    """The bank's words for a question."""

    ask: Text


class CardWords(Entry):
    """The bank's words for a card; what is left out stays as it is."""

    angry: Text | None = None
    silent: Text | None = None
    phone: Text | None = None
    slip: Text | None = None


class LevelChange(Entry):
    """A higher level for a rule, and the amount in yuan from which it holds."""

    level: Level | None = None
    amount_from: int | None = Field(default=None, ge=1)


class Overlay(Entry):
    """A whole overlay, by section and id. There is no way in it to take away a rule, a step or a source."""

    overlay: Edition
    terms: Mapping[Id, Term] = {}
    phones: Mapping[Owner, str] = {}
    """Internal numbers, for the paper cards."""
    requests: Mapping[Id, RequestWords] = {}
    signs: Mapping[Id, SignWords] = {}
    questions: Mapping[Id, QuestionWords] = {}
    cards: Mapping[Id, CardWords] = {}
    steps: Mapping[Id, StepWords] = {}
    level_rules: Mapping[RuleId, LevelChange] = {}
    step_rules: Mapping[RuleId, StepRule] = {}
    """Rules that advise further steps."""
    sources: Mapping[RuleId, Source] = {}
    """What the added rules stand on."""


def read_overlay(path: Path, book: Book) -> Overlay:
    """Return the overlay in the file at `path`, checked against `book`. Raises OverlayUnsound and OSError."""
    try:
        texts = {path.name: decode(path.name, path.read_bytes())}
        return read_entries(texts, Overlay, lambda overlay: _find_faults(overlay, book))
    except RulebookUnsound as error:
        raise OverlayUnsound(error.faults) from None


def lay_over(book: Book, overlay: Overlay) -> Book:
    """Return `book` with `overlay` laid over it; its version tells both, as in `2026.11.1+bankid.3`."""
    edition = overlay.overlay
    version = f"{book.meta.version}+{edition.bank}.{edition.number}"
    meta = {"version": version, "review_by": min(book.meta.review_by, edition.review_by)}
    worded = _reword(book, overlay.terms.values())
    rules = {name: _raise_level(rule, overlay.level_rules.get(name)) for name, rule in worded.level_rules.items()}
    return worded.model_copy(
        update={
            "meta": worded.meta.model_copy(update=meta),
            "requests": _overwrite(worded.requests, overlay.requests),
            "signs": _overwrite(worded.signs, overlay.signs),
            "questions": _overwrite(worded.questions, overlay.questions),
            "cards": _overwrite(worded.cards, overlay.cards),
            "steps": _overwrite(worded.steps, overlay.steps),
            "level_rules": rules,
            "step_rules": {**worded.step_rules, **overlay.step_rules},
            "sources": {**worded.sources, **overlay.sources},
        }
    )


def _overwrite(entries: Mapping[Any, _Changed], changes: Mapping[Any, Entry]) -> dict[Any, _Changed]:
    changed = dict(entries)
    for name, change in changes.items():
        if name in entries:
            update = {field: getattr(change, field) for field in change.model_fields_set}
            if "also" in update:
                update["also"] = (*getattr(entries[name], "also", ()), *update["also"])
            changed[name] = entries[name].model_copy(update=update)
    return changed


def _raise_level(rule: LevelRule, change: LevelChange | None) -> LevelRule:
    update: dict[str, Any] = {}
    if change is not None and change.level is not None:
        update["level"] = change.level
    if change is not None and change.amount_from is not None:
        update["when"] = _from_amount(rule.when, change.amount_from * 100)
    return rule.model_copy(update=update)


def _from_amount(condition: Condition, fen: int) -> Condition:
    match condition:
        case AmountFrom():
            return AmountFrom(fen)
        case AllOf(parts):
            return AllOf(tuple(_from_amount(part, fen) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_from_amount(part, fen) for part in parts))
        case Not(part):
            return Not(_from_amount(part, fen))
        case _:
            return condition


def _reword(book: Book, terms: Iterable[Term]) -> Book:
    """Return `book` in the bank's own words, all but its sources: what a law says is not the bank's to word."""
    for term in terms:
        worded: Book = _change_texts(book, lambda text, term=term: _put(text, term))  # type: ignore[misc]
        book = worded.model_copy(update={"sources": book.sources})
    return book


def _put(text: Text, term: Term) -> Text:
    return replace(text, zh=text.zh.replace(term.old.zh, term.new.zh), en=text.en.replace(term.old.en, term.new.en))


def _change_texts(value: Any, change: Callable[[Text], Text]) -> Any:
    match value:
        case Text():
            return change(value)
        case Entry():
            fields = {name: getattr(value, name) for name in type(value).model_fields}
            changed = {name: _change_texts(field, change) for name, field in fields.items()}
            return value.model_copy(update={name: new for name, new in changed.items() if new is not fields[name]})
        case tuple():
            return tuple(_change_texts(part, change) for part in value)
        case Mapping():
            return {name: _change_texts(part, change) for name, part in value.items()}
        case _:
            return value


def _find_faults(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    """Yield what may not be laid over `book`, or the faults that the book would have afterwards."""
    own = list(_find_own_faults(overlay, book))
    yield from own or find_misfits(lay_over(book, overlay))


def _find_own_faults(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    if overlay.overlay.book != book.meta.version:
        details = {"word": overlay.overlay.book, "found": book.meta.version}
        yield Misfit(("overlay", "book"), "overlay_book", details)
    for path, text in texts_in(overlay):
        if not text.zh.strip() or not text.en.strip():
            yield Misfit(path, "empty", {"word": path[-1]})
        if path[-1] == "quiet" and (loud := _LOUD.search(f"{text.zh} {text.en}")):
            yield Misfit(path, "overlay_loud", {"word": loud[0]})
    for path in _find_blanks(overlay):
        yield Misfit(path, "empty", {"word": path[-1]})
    yield from _find_strangers(overlay, book)
    yield from _find_term_faults(overlay, book)
    yield from _find_step_faults(overlay, book)
    yield from _find_level_faults(overlay, book)
    for section in ("cards", "questions"):
        yield from _find_lost_calls(section, getattr(overlay, section), getattr(book, section))


def _find_blanks(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths at which a field was written and given nothing: it would take away what the rulebook says."""
    if isinstance(value, Entry):
        for name in type(value).model_fields:
            if name in value.model_fields_set and getattr(value, name) is None:
                yield (*path, name)
            yield from _find_blanks(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _find_blanks(part, (*path, str(name)))


def _find_strangers(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    for section, kind in (
        ("requests", "request"),
        ("signs", "sign"),
        ("questions", "question"),
        ("cards", "card"),
        ("steps", "step"),
        ("level_rules", "rule"),
    ):
        for name in getattr(overlay, section):
            yield from find_unknown((section, name), name, getattr(book, section), kind)
    for section in ("step_rules", "sources"):
        for name in getattr(overlay, section):
            if name in getattr(book, section):
                yield Misfit((section, name), "overlay_taken", {"word": name})


def _find_term_faults(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    for name, term in overlay.terms.items():
        texts = [text for path, text in texts_in(book) if path[0] != "sources"]
        for language in Language:
            old = term.old.read(language)
            if old.strip() and not any(old in text.read(language) for text in texts):
                yield Misfit(("terms", name, "old", language.value), "overlay_term", {"word": old})
        if any(_loses_call(text, _put(text, term)) for text in texts if term.old.zh and term.old.en):
            yield Misfit(("terms", name), "overlay_call", {"word": name})


def _find_step_faults(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    yield from _find_lost_calls("steps", overlay.steps, book.steps)
    for name, words in overlay.steps.items():
        step = book.steps.get(name)
        if step is not None and _is_longer(words, step):
            details = {"raw": words.deadline_minutes, "least": step.deadline_minutes}
            yield Misfit(("steps", name, "deadline_minutes"), "overlay_deadline", details)
    for name, rule in overlay.step_rules.items():
        for advised in rule.advises:
            if advised in book.steps and book.steps[advised].needs_both:
                yield Misfit(("step_rules", name, "advises"), "overlay_both", {"word": advised})


def _is_longer(words: StepWords, step: Step) -> bool:
    wanted, limit = words.deadline_minutes, step.deadline_minutes
    return limit is not None and "deadline_minutes" in words.model_fields_set and (wanted is None or wanted > limit)


def _find_level_faults(overlay: Overlay, book: Book) -> Iterator[Misfit]:
    for name, change in overlay.level_rules.items():
        rule = book.level_rules.get(name)
        if rule is None:
            continue
        if change.level is not None and change.level.rank < rule.level.rank:
            lower = {"raw": change.level.value, "least": rule.level.value}
            yield Misfit(("level_rules", name, "level"), "overlay_level", lower)
        if change.amount_from is None:
            continue
        limits = list(amounts(rule.when))
        if not limits:
            yield Misfit(("level_rules", name, "amount_from"), "overlay_no_amount", {"word": name})
        elif rule.basis != "practice" and change.amount_from * 100 > min(limits):
            details = {"raw": change.amount_from, "most": min(limits) // 100}
            yield Misfit(("level_rules", name, "amount_from"), "overlay_amount", details)


def _find_lost_calls(section: str, changes: Mapping[Any, Entry], entries: Mapping[Any, Entry]) -> Iterator[Misfit]:
    for name, change in changes.items():
        for path, text in texts_in(change, (section, name)):
            was = getattr(entries.get(name), str(path[2]), None)
            if isinstance(was, Text) and _loses_call(was, text):
                yield Misfit(path, "overlay_call", {"word": path[2]})


def _loses_call(was: Text, becomes: Text) -> bool:
    """Tell whether a text that names the police's number would name it no longer."""
    return any(
        _EMERGENCY.search(was.read(language)) and not _EMERGENCY.search(becomes.read(language)) for language in Language
    )

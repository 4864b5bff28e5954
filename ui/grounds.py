"""What a conclusion stands on, in words: the answers of this visit, and the law or practice behind the rule."""

from __future__ import annotations

from collections.abc import Iterable

from rules.advice import Because
from rules.conditions import Atom, Subject
from rules.explain import Evidence
from rules.language import Language
from rules.model import Basis
from ui.wording import Wording


def write_grounds(because: Iterable[Because], wording: Wording) -> str:
    """Return the facts on which several rules stand, each once; nothing on the quiet screen."""
    if wording.quiet:
        return ""
    found = (evidence for reason in because for evidence in reason.evidence)
    return wording.join(dict.fromkeys(_write_evidence(evidence, wording) for evidence in found))


def write_basis(basis: Basis, wording: Wording) -> str:
    """Return where something is written, or that no text says it."""
    if isinstance(basis, str):
        return wording.say("why.practice")
    return wording.join(_write_citation(place.source, place.article, wording) for place in basis)


def _write_citation(source: str, article: str, wording: Wording) -> str:
    entry = wording.book.sources[source]
    name = f"{wording.read(entry.title)}{f'（{entry.number}）' if entry.number else ''}"
    said = wording.read(entry.articles[article])
    return f"{name} {article}：{said}" if wording.language is Language.ZH else f"{name} {article}: {said}"


def _write_evidence(evidence: Evidence, wording: Wording) -> str:
    name = _write_atom(evidence.atom, wording)
    if evidence.known is None:
        return name
    return name + wording.say("mark.bracket", text=wording.word(f"known.{evidence.known}"))


def _write_atom(atom: Atom, wording: Wording) -> str:
    book = wording.book
    match atom.subject:
        case Subject.SIGN:
            return wording.sign(atom.id)
        case Subject.REQUEST:
            return wording.request(atom.id)
        case Subject.MONEY:
            return next(wording.read(word.name) for state, word in book.money_states.items() if state == atom.id)
        case Subject.AGE:
            return next(wording.read(word.name) for band, word in book.age_bands.items() if band == atom.id)
        case Subject.ACCOUNT:
            mark = {"yes": "", "no": "answer.no", "unknown": "answer.open"}[atom.aspect]
            return f"{wording.read(book.accounts[atom.id].name)}{f'={wording.word(mark)}' if mark else ''}"
        case Subject.CLEARED:
            return wording.clearing(atom.id)
        case Subject.TYPOLOGY:
            return wording.typology(atom.id)
        case Subject.FINDING:
            return wording.read(book.findings[atom.id].name)
        case Subject.LEVEL:
            return wording.level(atom.id)
        case Subject.DONE | Subject.REFUSED:
            outcome = wording.word(f"step_outcome.{'done' if atom.subject is Subject.DONE else 'refused'}")
            return f"{wording.step(atom.id)} {outcome}"

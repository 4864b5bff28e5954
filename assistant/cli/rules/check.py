"""`assistant rules check`: is this rulebook whole, does it hold anything in vain, and is it proved to be safe?"""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from assistant.cli.output import say, warn
from assistant.cli.rules.books import find_folder, read_book
from assistant.cli.rules.words import RULE_WORDS
from assistant.rulebooks.examining import list_flaws
from rules.advice import Adviser
from rules.language import Language
from rules.model import Book
from rules.proof.proving import Proof
from rules.proof.solver import PROOF_WORDS, SolverMissing
from rules.proof.verdicts import Verdicts, prove
from rules.proof.wording import Teller
from rules.review.lint import Flaw

FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class _Report:
    book: Book
    flaws: tuple[Flaw, ...]
    verdicts: Verdicts | None
    seconds: float

    @property
    def sound(self) -> bool:
        verdicts = self.verdicts
        return verdicts is not None and not verdicts.failed and not verdicts.faults and not self.flaws


def run(options: Namespace, language: Language) -> int:
    """Print what is wrong; return 1 when anything is, or when nothing could be proved for want of the solver."""
    start = time.perf_counter()
    book = read_book(options.rules, options.overlay)
    folder = find_folder(options.rules)
    flaws = list_flaws(book, folder, read_book(options.rules) if options.overlay else None)
    try:
        verdicts = prove(book, folder)
    except SolverMissing as missing:
        verdicts = None
        warn(missing, language)
    report = _Report(book, flaws, verdicts, time.perf_counter() - start)
    if options.json:
        say(json.dumps(_Writer(report, language).answer(), ensure_ascii=False))
    else:
        say("\n".join(_Writer(report, language).lines()))
    return 0 if report.sound else FAILED


class _Writer:
    def __init__(self, report: _Report, language: Language) -> None:
        self._report = report
        self._language = language
        self._teller = Teller(report.book, language)

    def lines(self) -> Iterator[str]:
        report = self._report
        yield self._fill("title", version=report.book.meta.version)
        yield self._fill("form")
        yield from ("", self._fill("flaws", count=len(report.flaws)))
        yield from (f"  {flaw.sentence(report.book, self._language)}" for flaw in report.flaws)
        if report.verdicts is not None:
            yield from self._proved(report.verdicts)
            yield from self._vain(report.verdicts)
        yield from ("", self._fill("sound" if report.sound else "unsound", seconds=f"{report.seconds:.1f}"))

    def _proved(self, verdicts: Verdicts) -> Iterator[str]:
        count = len(verdicts.proofs)
        yield from ("", self._fill("properties", count=count, proved=count - len(verdicts.failed)))
        if verdicts.borrowed:
            yield self._fill("borrowed")
        # What fails first: the rest is a long list that nobody needs to read.
        for proof in (*verdicts.failed, *(proof for proof in verdicts.proofs if proof not in verdicts.failed)):
            name = verdicts.properties[proof.property].name.read(self._language)
            said = PROOF_WORDS(f"verdict.{proof.verdict}", self._language)
            seconds = f"{proof.seconds:.2f}"
            yield self._fill("property", said=said, name=name, id=proof.property, seconds=seconds)
        for proof in verdicts.failed:
            yield from self._counterexample(verdicts, proof)

    def _counterexample(self, verdicts: Verdicts, proof: Proof) -> Iterator[str]:
        if proof.visit is None:
            return
        name = verdicts.properties[proof.property].name.read(self._language)
        yield from ("", self._fill("counterexample", name=name, id=proof.property))
        yield from (f"  {line}" for line in self._teller.visit(proof.visit, proof.sign))
        with closing(Adviser(self._report.book)) as adviser:
            yield from (f"  {line}" for line in self._teller.advice(adviser.advise(proof.visit)))

    def _vain(self, verdicts: Verdicts) -> Iterator[str]:
        for key, listed in (("vain", verdicts.faults), ("safeguards", verdicts.safeguards)):
            yield from ("", self._fill(key, count=len(listed), seconds=f"{verdicts.idle_seconds:.2f}"))
            yield from (f"  {self._teller.idle(idle)}" for idle in listed)

    def answer(self) -> dict[str, Any]:
        report, verdicts = self._report, self._report.verdicts
        return {
            "version": report.book.meta.version,
            "sound": report.sound,
            "flaws": [flaw.sentence(report.book, self._language) for flaw in report.flaws],
            "proved": verdicts is not None,
            "borrowed": verdicts is not None and verdicts.borrowed,
            "properties": [self._told(verdicts, proof) for proof in verdicts.proofs] if verdicts else [],
            "vain": [self._teller.idle(idle) for idle in verdicts.faults] if verdicts else [],
            "safeguards": [self._teller.idle(idle) for idle in verdicts.safeguards] if verdicts else [],
            "seconds": round(report.seconds, 3),
        }

    def _told(self, verdicts: Verdicts, proof: Proof) -> dict[str, Any]:
        return {
            "id": proof.property,
            "name": verdicts.properties[proof.property].name.read(self._language),
            "verdict": proof.verdict,
            "seconds": round(proof.seconds, 3),
            "counterexample": list(self._teller.visit(proof.visit, proof.sign)) if proof.visit else [],
        }

    def _fill(self, key: str, **details: object) -> str:
        return RULE_WORDS(f"check.{key}", self._language, **details)

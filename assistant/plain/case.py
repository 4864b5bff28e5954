"""A case for people: how it stands, the parts of its page one below the other; private texts are counted, not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.case.case import Case
from assistant.case.summary import CaseSummary
from assistant.plain.events import EventWriter
from assistant.quoting import fold


class CaseWriter(EventWriter):
    """Puts the cases of one outlet into plain text of one language. Times are in the outlet's zone."""

    def list_cases(self, summaries: Iterable[CaseSummary]) -> str:
        """Return one line a case, in the given order, or one line that says there are none."""
        return "\n".join(self._row(summary) for summary in summaries) or self.plain("listing.none")

    def head(self, case: Case) -> Iterator[str]:
        """Yield what a case is and how it stands."""
        first, advice, closing = case.history[0], case.advice, case.closing
        yield self.plain("case.title", number=case.number, state=self.plain(f"state.{case.keeping or case.state}"))
        yield self.plain("case.outlet", code=self.outlet.code, name=fold(self.outlet.name))
        yield self.plain("case.opened", when=self.time(first.at), actor=first.actor)
        if again := case.reopening:
            reason = self.code(f"reopening.{again.reason}")
            yield self.plain("case.reopened", reason=reason, when=self.time(again.at), actor=again.actor)
        yield self.plain("case.request", names=self.names(self.book.requests, case.requests))
        if case.age:
            yield self.plain("case.age", name=self.name(self.book.age_bands, case.age))
        if advice:
            yield self.plain("case.level", name=self.name(self.book.levels, advice.level))
        if advice and advice.typologies:
            yield self.plain("case.suspected", names=self.names(self.book.typologies, advice.typologies))
        if closing:
            ending = self.code(f"outcome.{closing.outcome}")
            yield self.plain("case.closing", outcome=ending, when=self.time(closing.at), actor=closing.actor)
            sums = {"at_risk": closing.at_risk, "protected": closing.protected, "lost": closing.lost}
            yield self.plain("case.amounts", **{name: self.amount(fen) for name, fen in sums.items()})
        elif case.next_step:
            yield self.plain("case.next", step=self.name(self.book.steps, case.next_step))

    def facts(self, case: Case) -> Iterator[str]:
        """Yield what is known of the money, the red flags and the accounts, and what was cleared."""
        book = self.book
        if case.money:
            yield self.plain("case.money")
            for number, portion in sorted(case.money.items()):
                yield self.plain("case.portion", number=number, value=self.portion(portion))
        for heading, shelf, replies in (
            ("answers", book.signs, case.answers),
            ("accounts", book.accounts, case.accounts),
        ):
            if replies:
                yield self.plain(f"case.{heading}")
                for name, reply in replies.items():
                    yield self.plain("case.item", name=self.name(shelf, name), value=self.reply(reply))
        if case.clearings:
            yield self.plain("case.clearings")
            for clearing in sorted(case.clearings):
                yield self.plain("case.unnamed", name=self.name(book.clearings, clearing))

    def steps(self, case: Case) -> Iterator[str]:
        """Yield the advised and the recorded steps with what became of them, and those that must not be done."""
        advised = {step.id: step for step in case.advised_steps}
        if advised or case.steps:
            yield self.plain("case.steps")
        for name in dict.fromkeys((*advised, *case.steps)):
            gate = self.bracket(self.plain("case.gate")) if name in advised and advised[name].gates else ""
            yield self.plain("case.item", name=self.name(self.book.steps, name) + gate, value=self._record(case, name))
        if case.advice and case.advice.withheld:
            yield self.plain("case.withheld")
            for held in case.advice.withheld:
                yield self.plain("case.unnamed", name=self.name(self.book.steps, held.step))

    def _row(self, summary: CaseSummary) -> str:
        level = self.name(self.book.levels, summary.level) if summary.level else self.plain("listing.unknown")
        row = self.plain(
            "listing.row",
            number=summary.number,
            state=self.plain(f"state.{summary.keeping or summary.state}"),
            opened=self.time(summary.opened_at),
            request=self.name(self.book.requests, summary.request),
            level=level,
        )
        if summary.outcome:
            return row + self.plain("listing.ending", outcome=self.code(f"outcome.{summary.outcome}"))
        if summary.next_step:
            return row + self.plain("listing.next", step=self.name(self.book.steps, summary.next_step))
        return row

    def _record(self, case: Case, step: str) -> str:
        record = case.steps.get(step)
        if record is None:
            return self.plain("case.waiting")
        reason = self.bracket(self.code(f"reason.{record.reason}")) if record.reason else ""
        by = self.plain("case.by", when=self.time(record.at), actor=record.actor)
        return self.outcome(record.outcome, record.colleague) + reason + self.plain("mark.list") + by

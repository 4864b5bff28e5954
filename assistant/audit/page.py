"""The page of one case, as whoever answers for it reads it: in lines for people, and as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from assistant.audit.departures import Departure, DepartureCode, is_override
from assistant.audit.dossier import Dossier
from assistant.audit.moments import Moments
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import Line
from assistant.case.case import Case
from assistant.earlier import Earlier
from assistant.plain.times import write_length
from rules.language import Catalogue

if TYPE_CHECKING:
    from assistant.audit.hindsight import Hindsight

_SECOND_MS: Final = 1000
_REPLAY: Final = Catalogue("assistant.replay")


class PageWriter:
    """Writes the parts of the page."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._writer = sentences.writer
        self._say = sentences.say

    def summary(self, dossier: Dossier) -> Iterator[str]:
        """Yield what stands above all else: by which rulebook, when, where the advice was left, and who came before."""
        if dossier.rulebooks:
            yield self._say("page.rulebook", versions=self._writer.join(dossier.rulebooks))
        yield from self.moments(dossier.moments)
        yield from self.departures(dossier.departures)
        yield from self.earlier(dossier.earlier)

    def moments(self, moments: Moments) -> Iterator[str]:
        """Yield the times that matter in their order, each with how long after the opening it was."""
        yield self._say("page.moments")
        for name, at in sorted(moments, key=itemgetter(1)):
            span = write_span(at - moments.opened)
            since = self._writer.bracket(self._say("page.since", span=span)) if name != "opened" else ""
            yield self._say("page.moment", name=self._say(f"moment.{name}"), when=self._writer.time(at), since=since)

    def departures(self, departures: tuple[Departure, ...]) -> Iterator[str]:
        """Yield where the advice was left; the steps that were left without a record stand in one line."""
        yield self._say("page.departures" if departures else "page.no_departures")
        left = [departure for departure in departures if departure.code is DepartureCode.NOT_RECORDED]
        for departure in departures:
            if departure.code is not DepartureCode.NOT_RECORDED:
                yield self._departure(departure, self._sentences.tell_departure(departure))
        if left:
            steps = self._writer.names(self._writer.book.steps, (str(departure.step) for departure in left))
            yield self._departure(left[0], self._say("departure.not_recorded", steps=steps))

    def earlier(self, earlier: tuple[Earlier, ...]) -> Iterator[str]:
        """Yield the earlier cases of the same people, newest first; nothing where there are none."""
        if earlier:
            yield self._say("page.earlier")
        for one in earlier:
            places = self._writer.join(self._writer.place(party, field) for party, field in one.places)
            doubt = "" if one.is_certain else self._writer.bracket(self._say("page.only_name"))
            yield self._say("page.earlier_case", number=one.number, places=places, doubt=doubt)

    def timeline(self, lines: Iterable[Line], case: Case, *, texts: bool) -> Iterator[str]:
        """Yield the timeline; without `texts`, how many texts are on record and not shown."""
        yield self._writer.plain("case.timeline", zone=self._writer.outlet.zone)
        for line in lines:
            if line.depth:
                yield self._say("page.detail", what=line.text)
            else:
                when = self._writer.time(line.at)
                yield self._writer.plain("event.line", when=when, actor=line.actor, what=line.text, undone="")
        if not texts and (private := sum(len(event.private) for event in case.history)):
            yield self._writer.plain("case.private", count=private)

    def hindsight(self, hindsight: Hindsight) -> Iterator[str]:
        """Yield what the rulebook of today would have said otherwise."""
        yield self._say("page.hindsight", version=hindsight.rulebook, count=hindsight.advices)
        if not hindsight.advices:
            yield self._say("page.hindsight_never")
        elif not hindsight.passages:
            yield self._say("page.hindsight_same")
        for passage in hindsight.passages:
            when, until = self._writer.time(passage.at), self._writer.time(passage.until)
            key = "page.passage" if passage.advices == 1 else "page.passage_of_several"
            yield self._say(key, when=when, until=until, count=passage.advices)
            for text in self._sentences.tell_change(passage.change):
                yield self._say("page.detail", what=text)
        if hindsight.passages:
            last = _REPLAY(f"difference.{hindsight.difference}", self._writer.language)
            yield self._say("page.hindsight_last", difference=last)

    def _departure(self, departure: Departure, what: str) -> str:
        when, mark = self._writer.time(departure.at), self._sentences.mark_override(departure)
        return self._say("page.departure", when=when, actor=departure.actor, what=what, mark=mark)


def lay_out(dossier: Dossier, lines: Iterable[Line], hindsight: Hindsight | None = None) -> dict[str, Any]:
    """Return what the page says beyond the case itself as plain JSON; times are UTC milliseconds."""
    told: dict[str, Any] = {
        "rulebooks": list(dossier.rulebooks),
        "moments": asdict(dossier.moments),
        "departures": [asdict(one) | {"override": is_override(one)} for one in dossier.departures],
        "earlier": [_lay_out_earlier(one) for one in dossier.earlier],
        "timeline": [asdict(line) for line in lines],
    }
    return told | ({"hindsight": _lay_out_hindsight(hindsight)} if hindsight else {})


def _lay_out_earlier(earlier: Earlier) -> dict[str, Any]:
    same = [{"party": party, "field": field} for party, field in earlier.places]
    return {"number": earlier.number, "same": same, "certain": earlier.is_certain}


def _lay_out_hindsight(hindsight: Hindsight) -> dict[str, Any]:
    passages = [asdict(passage) for passage in hindsight.passages]
    for passage in passages:
        passage["change"]["withheld"] = [held.model_dump() for held in passage["change"]["withheld"]]
    return asdict(hindsight) | {"passages": passages}


def write_span(milliseconds: int) -> str:
    """Return a span of time as `write_length` does, cut to whole seconds."""
    return write_length(int(milliseconds / _SECOND_MS))

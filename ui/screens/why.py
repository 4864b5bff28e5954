"""Why this advice: the rule's sentence, the answers it stands on, the law behind it, and what nearly held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from assistant.desk import Sheet
from rules.advice import Because
from rules.explain import Scene
from rules.facts import Level
from ui.actions import Action
from ui.screens.page import BACK, HELP, LANGUAGE, Page

NEAR_SHOWN = 8


class WhyScreen(Page[None]):
    """The reasons for the level and the suspicions, or for one step."""

    NAME = "why"
    ACTIONS: ClassVar[tuple[Action, ...]] = (HELP, BACK, LANGUAGE)
    DEFAULT_CSS = """
    WhyScreen VerticalScroll { padding: 0 2; }
    """

    def __init__(self, sheet: Sheet, focus: str | None = None) -> None:
        super().__init__()
        self._sheet = sheet
        self._focus = focus

    def body(self) -> Iterable[Widget]:
        with VerticalScroll():
            yield Static(id="reasons", markup=False)

    def redraw(self) -> None:
        super().redraw()
        self.query_one("#reasons", Static).update("\n".join(self._lines()))
        self.query_one(VerticalScroll).focus()

    def _lines(self) -> Iterator[str]:
        wording, advice = self.wording, self._sheet.advice
        focus = (self._focus or "").removeprefix("withheld:")
        for held in advice.withheld:
            if not focus or held.id == focus:
                yield wording.say("why.withheld", step=wording.step(held.id))
                yield "  " + wording.say("why.rule", reason=wording.read(held.reason), rule=held.rule)
                yield ""
        step = self._sheet.step(focus) if focus else None
        if step is not None:
            yield wording.say("why.step", step=wording.read(step.step.name))
            yield from self._reasons(step.because)
            yield "  " + wording.say("why.basis", basis=wording.basis(step.step.basis))
            return
        yield wording.say("why.level", level=wording.level(advice.level))
        if not advice.because:
            yield "  " + wording.say("why.nobody")
        yield from self._reasons(advice.because)
        for suspicion in advice.suspicions:
            yield ""
            yield wording.say("why.typology", typology=wording.typology(suspicion.typology))
            yield from self._reasons(suspicion.because)
        yield from self._nearly()

    def _reasons(self, because: Iterable[Because]) -> Iterator[str]:
        wording = self.wording
        for reason in because:
            yield "  " + wording.say("why.rule", reason=wording.read(reason.reason), rule=reason.rule)
            if reason.evidence:
                yield "    " + wording.say("why.evidence", evidence=wording.grounds([reason]))
            yield "    " + wording.say("why.basis", basis=wording.basis(reason.basis))

    def _nearly(self) -> Iterator[str]:
        """Yield the rules for a higher level that one more answer would make hold."""
        wording, reader = self.wording, self.counter.desk.adviser.reader
        scene: Scene = reader.read_scene(self._sheet.case.facts)[1]
        found: list[str] = []
        higher = [(n, r) for n, r in wording.book.level_rules.items() if r.level.rank > self._sheet.advice.level.rank]
        for name, rule in sorted(higher, key=lambda entry: entry[1].level.rank):
            signs = reader.nearly(f"level.{name}", scene)
            if signs and rule.level is not Level.PROCEED:
                names = wording.join(wording.sign(atom.id) for atom in signs[:6])
                found.append(
                    "  " + wording.say("why.near", sign=names, reason=wording.read(rule.reason), rule=f"level.{name}")
                )
        if found:
            yield ""
            yield wording.say("why.nearly")
            yield from found[:NEAR_SHOWN]

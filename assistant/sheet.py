"""A case with the advice that follows from it, and that advice in the form in which the case records it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rules.later import import_later

if TYPE_CHECKING:
    from assistant.case import bodies
    from assistant.case.case import Case, StepRecord
    from rules.advice import Advice, AdvisedStep
    from rules.model import Step
else:
    bodies = import_later("assistant.case.bodies")

SUSPICIONS_KEPT: Final = 5
POLICE_CALL: Final = "call_110"
"""The step of the rulebook by which the police are called."""
AFTER_VISIT: Final = frozenset({"next_day", "follow_up"})
"""The urgencies of steps that are done when the customer has left; they never stand in the way of closing."""

MINUTES: Final = MappingProxyType(
    {"first_minute": 1, "five_minutes": 5, "fifteen_minutes": 15, "next_day": 24 * 60, "follow_up": 72 * 60}
)
"""The urgencies that have a clock; what is to be done during the visit has none of its own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case as it stands on disk, with the advice that follows from it."""

    case: Case
    advice: Advice

    @property
    def saved_at(self) -> int:
        """When the last event was saved, UTC milliseconds."""
        return self.case.history[-1].at

    def step(self, name: str) -> AdvisedStep | None:
        """Return the advised step of that id, or None when the advice does not hold it."""
        return next((step for step in self.advice.steps if step.id == name), None)


def read_written(record: StepRecord, step: Step) -> dict[str, str]:
    """Return what was written down when a step was recorded, by field."""
    colleague = {step.colleague: record.colleague} if step.colleague and record.colleague else {}
    return {**record.private, **colleague}


def write_advice(advice: Advice) -> bodies.Advised:
    """Return the advice in the form in which the case records it."""
    return bodies.Advised(
        rulebook=advice.rulebook,
        level=advice.level,
        typologies=tuple(suspicion.typology for suspicion in advice.suspicions[:SUSPICIONS_KEPT]),
        steps=tuple(
            bodies.AdvisedStep(
                id=step.id,
                gates=step.step.gates,
                check_first=step.step.check_first,
                required=tuple(field.id for field in step.step.record if field.required),
                colleague=step.step.colleague,
                after_visit=step.urgency in AFTER_VISIT and not step.step.gates,
                after=step.step.after,
                minutes=step.step.deadline_minutes or MINUTES.get(step.urgency),
                term=step.step.deadline_minutes is not None,
            )
            for step in advice.steps
        ),
        withheld=tuple(bodies.Withheld(step=held.id, rule=held.rule) for held in advice.withheld),
        rules=advice.rules,
        disagreement=advice.disagreement,
    )

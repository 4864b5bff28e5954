"""Whatever was done in whatever order: the timeline tells every saved event once, and overrides are what they are."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from assistant.audit.departures import find_departures, is_override
from assistant.audit.hindsight import replay_case
from assistant.audit.moments import find_moments
from assistant.audit.sentences import Sentences
from assistant.audit.timeline import tell_case
from assistant.case.traits import Trait, find_traits
from assistant.plain.events import EventWriter
from rules.language import Language
from tests.audit.story import tells_each_once
from tests.case.test_any_order import Visit


class Told(Visit):
    """A visit in which anything may be tried, and which is then read as a supervisor reads it."""

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self._read()
        super().teardown()

    def _read(self) -> None:
        case, desk = self.case, self.desk
        for language in Language:
            sentences = Sentences(EventWriter(desk.book, desk.store.outlet, language))
            assert tells_each_once(case, tell_case(case, sentences, texts=True))
        assert (Trait.OVERRIDE in find_traits(case, ())) is any(map(is_override, find_departures(case)))
        begun, ended = case.history[0].at, case.history[-1].at
        assert all(begun <= at <= ended for _, at in find_moments(case))
        assert replay_case(case, desk.adviser).passages == ()


TestAnyOrderTold = Told.TestCase
TestAnyOrderTold.settings = settings(
    max_examples=8, stateful_step_count=30, suppress_health_check=list(HealthCheck), derandomize=True
)

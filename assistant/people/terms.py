"""How long a case is kept: the moments before which it must have been closed to be restricted, and to be erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.case.events import EventKind

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.settings import Retention


@dataclass(frozen=True, slots=True)
class Terms:
    """Years after the closing of a case, as the settings have them."""

    restrict_years: int
    erase_years: int

    @classmethod
    def of(cls, settings: Retention) -> Terms:
        """Return the terms of these settings."""
        return cls(settings.restrict_years, settings.erase_years)

    def restrict_before(self, now: int) -> int:
        """Return the moment before which a case must have been closed to be restricted now, UTC milliseconds."""
        return go_back(now, self.restrict_years)

    def erase_before(self, now: int) -> int:
        """Return the moment before which a case must have been closed to be erased now, UTC milliseconds."""
        return go_back(now, self.erase_years)


def go_back(now: int, years: int) -> int:
    """Return the moment so many calendar years before `now`; of a leap day, the day before. Not before 1970."""
    moment = datetime.fromtimestamp(now / 1000, UTC)
    year = max(moment.year - years, 1970)
    try:
        earlier = moment.replace(year=year)
    except ValueError:
        earlier = moment.replace(year=year, day=moment.day - 1)
    return max(0, round(earlier.timestamp() * 1000))


def closed_at(case: Case) -> int | None:
    """Return when a closed case was closed last, UTC milliseconds."""
    return case.closing.at if case.closing else None


def is_covered(case: Case, kind: EventKind, order: Mapping[str, Any]) -> bool:
    """Tell whether an order of retention covers that case as it stands: closed before the moment named for that kind,
    and nothing happened on it after the order was asked for."""
    before = int(order["restrict_before" if kind is EventKind.RESTRICTED else "erase_before"])
    ended = closed_at(case)
    return ended is not None and ended < before and case.history[-1].seq <= int(order["up_to"])

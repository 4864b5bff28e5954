"""The derived tables made anew from the events, which are the truth, with what was wrong in them said."""

from __future__ import annotations

from typing import Final

from assistant.integrity.findings import Finding, Flaw
from assistant.integrity.verify import Progress, compare_rows
from assistant.store import Store

_OF_ROWS: Final = frozenset({Flaw.ROWS, Flaw.COUNT})


def rebuild(store: Store, progress: Progress = lambda part, done, total: None) -> tuple[int, tuple[Finding, ...]]:
    """Make every derived table of the file anew and return how many cases there are, and what was wrong before.

    The events stay as they are, and no save ends while the tables are made. Raises what a save raises.
    """
    found = compare_rows(store.path, progress)
    return store.rebuild(), tuple(finding for finding in found if finding.flaw in _OF_ROWS)

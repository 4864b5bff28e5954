"""A backup comes back: into a new file only, verified, and with what it lacks said."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from assistant.integrity.copies import FileThere, copy_file
from assistant.integrity.findings import Part, Report, say
from assistant.integrity.verify import Depth, Progress, verify
from assistant.integrity.words import WORDS
from assistant.store import Store, StoreTrouble
from assistant.store.anchor import read_every_anchor
from assistant.store.drafts import drafting
from assistant.store.faults import OlderSchema


class RestoreUnfit(StoreTrouble):
    """The backup at `path` does not verify: `finding` says what is wrong with it first."""

    catalogue = WORDS
    code = "restore_unfit"


class Restored(NamedTuple):
    """What came back, and what did not: the anchors beside the other file tell of events up to `known_until`, None
    where there are no anchors of this file."""

    report: Report
    known_until: int | None

    @property
    def missing(self) -> int:
        """How many events, at least, the other file had and the backup has not."""
        return max(0, (self.known_until or 0) - self.report.events)


def restore(
    backup: Path, target: Path, against: Path | None = None, progress: Progress = lambda part, done, total: None
) -> Restored:
    """Restore the backup into a new file at `target`; `against` is the file of cases that was lost, or where it was.

    A backup of an older release is brought up to date on the way. Raises FileThere, RestoreUnfit, and the StoreTrouble
    of a backup that is not there or a file that cannot be made.
    """
    with drafting(target, FileThere) as draft:
        copy_file(backup, draft, partial(progress, Part.COPY))
        report = _verify(backup, draft, progress)
        if not report.whole:
            raise RestoreUnfit(path=backup, finding=say(report.findings[0]))
    known = [link.seq for file, link in read_every_anchor(against or target) if file == report.db_id]
    return Restored(replace(report, path=target), max(known, default=None))


def _verify(backup: Path, draft: Path, progress: Progress) -> Report:
    depth = Depth(alone=True)
    try:
        try:
            return verify(draft, depth=depth, progress=progress)
        except OlderSchema:
            Store.open(draft).close()
            return verify(draft, depth=depth, progress=progress)
    except StoreTrouble as trouble:
        raise RestoreUnfit(path=backup, finding=say(trouble)) from None

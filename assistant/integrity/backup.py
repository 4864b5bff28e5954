"""A backup: the file as it stands at one moment, copied while others save, and verified before it is called one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.integrity.checkpoints import Known, mark_file
from assistant.integrity.copies import FileThere, copy_file
from assistant.integrity.findings import Part, Report, say
from assistant.integrity.verify import Depth, Progress, verify
from assistant.integrity.words import WORDS
from assistant.store import Store, StoreTrouble
from assistant.store.anchor import read_anchors
from assistant.store.drafts import drafting


class BackupUnfit(StoreTrouble):
    """The copy does not verify: `finding` says what is wrong with it first."""

    catalogue = WORDS
    code = "backup_unfit"


def back_up(store: Store, target: Path, progress: Progress = lambda part, done, total: None) -> Report:
    """Back the file up to `target`, where nothing may be yet, and return what its verification says.

    The copy holds everything that was acknowledged before: it is held against the newest anchors. The tables that are
    derived are not made anew. Raises FileThere, BackupUnfit and the StoreTrouble of a copy that cannot be made.
    """
    store.seal()
    anchors = read_anchors(store.path, store.db_id)
    known = tuple(Known(mark_file(store.db_id), link.seq, link.hash) for link in anchors)
    with drafting(target, FileThere) as draft:
        copy_file(store.path, draft, partial(progress, Part.COPY))
        try:
            report = verify(draft, outside=known, depth=Depth(rows=False, alone=True), progress=progress)
        except StoreTrouble as trouble:
            raise BackupUnfit(finding=say(trouble)) from None
        if not report.whole:
            raise BackupUnfit(finding=say(report.findings[0]))
    return replace(report, path=target)

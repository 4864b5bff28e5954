"""What two people put in force, as the file of cases has it: the last one counts, and nothing that lies on a disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from assistant.case.events import Event, EventKind
from assistant.case.subjects import RULEBOOK
from assistant.rulebooks.archive import RulebookTampered, mark_of, unpack
from assistant.store import Store

_MOST: Final = 10_000


class Publication(NamedTuple):
    """A rulebook that was put in force. `author` asked for it and `approver` agreed, `at` in UTC milliseconds."""

    digest: str
    version: str
    author: str
    approver: str
    at: int
    results: Mapping[str, int | str | bool | None]
    """What was found when it was asked for, see `assistant.rulebooks.examining.Findings.results`."""
    rollback: bool
    request: str
    """The id of the request that it came of."""

    @property
    def label(self) -> str:
        """Its version, and the mark of its content: what advice given by it is recorded with."""
        return f"{self.version}{mark_of(self.digest)}"

    @classmethod
    def of(cls, event: Event) -> Publication:
        """Return the publication that an event is."""
        body = event.body
        results = body.get("results")
        return cls(
            digest=str(body["digest"]),
            version=str(body["version"]),
            author=str(body["author"]),
            approver=event.actor,
            at=event.at,
            results=results if isinstance(results, dict) else {},  # type: ignore[arg-type] # checked when saved
            rollback=bool(body.get("rollback")),
            request=str(body.get("request", "")),
        )


class Publications:
    """The published rulebooks of one file of cases; safe to ask from any thread. Any call may raise a StoreTrouble."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: tuple[int, tuple[Publication, ...]] = (0, ())

    def seq(self) -> int:
        """Return what changes when something is published, 0 as long as nothing was: one look at an index."""
        return self._store.log_seq(RULEBOOK)

    def list(self) -> tuple[Publication, ...]:
        """Return all that was published, the one in force first."""
        seq = self.seq()
        if seq != self._read[0]:
            self._read = (seq, tuple(self._list()))
        return self._read[1]

    def _list(self) -> Iterator[Publication]:
        for event in self._store.read_log(RULEBOOK, _MOST):
            if event.kind is EventKind.RULEBOOK_PUBLISHED:
                yield Publication.of(event)

    def read(self, digest: str) -> dict[str, bytes]:
        """Return the files of one. Raises RulebookTampered."""
        packed = self._store.read_rulebook(digest)
        if packed is None:
            raise RulebookTampered(digest=mark_of(digest))
        return unpack(packed, digest)

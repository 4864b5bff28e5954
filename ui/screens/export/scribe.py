"""Whoever gathers and writes exports: behind the screen, at a desk of its own over the same file of cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeVar

from textual.app import App

from assistant.desk import Desk
from assistant.export.delivery import ExportDropped
from assistant.store import Store
from rules.errors import Trouble
from ui.seeking import Seeker

Made = TypeVar("Made")


@dataclass(slots=True)
class Job:
    """Something that is being written."""

    dropped: Event = field(default_factory=Event)
    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        """Take note how far it is. Raises ExportDropped when it is not wanted any more."""
        self.done, self.total = done, total
        if self.dropped.is_set():
            raise ExportDropped


class Scribe:
    """Works for whoever works at `desk` when it is asked."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._desk = desk
        self._seeker = Seeker(app, desk.store.path, read_only=not desk.store.writable)

    @property
    def busy(self) -> bool:
        """Whether something is still to come."""
        return self._seeker.busy

    def ask(
        self, work: Callable[[Desk], Made], then: Callable[[Made], object], otherwise: Callable[[Trouble], object]
    ) -> None:
        """Have `work` done, and go on with what came of it; what was asked before is waited for no more."""
        actor, rulebooks, clock = self._desk.actor, self._desk.rulebooks, self._desk.clock

        def do(store: Store, _: object) -> Made | Exception:
            try:
                return work(Desk(store, rulebooks, actor, clock))
            except Trouble:
                raise
            except Exception as error:
                # It is the program's to end over it: in a thread it would go on unseen.
                return error

        def go_on(made: Made | Exception) -> None:
            if isinstance(made, Exception):
                raise made
            then(made)

        self._seeker.ask(do, go_on, otherwise)

    def close(self, patience: float = 0) -> None:
        """End, having waited so many seconds for what is being written."""
        self._seeker.close(patience)

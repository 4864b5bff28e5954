"""Reading that may take its time, in a thread with a connection of its own: no key and no paint waits for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias, TypeVar

from textual.app import App

from assistant.store import Store
from rules.errors import Trouble
from rules.later import import_now

Found = TypeVar("Found")
Stop: TypeAlias = Callable[[], bool]


class Seeker:
    """One question at a time: a new one ends the one before it, whose answer nobody waits for any more.

    One that is not `read_only` may save what is done there.
    """

    def __init__(self, app: App[Any], path: Path, *, read_only: bool = True) -> None:
        self._app = app
        self._path = path
        self._read_only = read_only
        self._questions: SimpleQueue[Callable[[Store], None] | None] = SimpleQueue()
        self._latest = 0
        self._answered = 0
        self._thread: Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._answered != self._latest

    def ask(
        self,
        read: Callable[[Store, Stop], Found],
        then: Callable[[Found], object],
        otherwise: Callable[[Trouble], object],
    ) -> None:
        """Go on with `then` once it is read, or with `otherwise` where it cannot be; with neither once another question
        is asked, upon which `read` is told by its second argument to stop."""
        self._latest += 1
        number = self._latest

        def stop() -> bool:
            return number != self._latest

        def deliver(go_on: Callable[[], object]) -> None:
            if not stop():
                self._answered = number
                # A file that cannot be read any more leaves the page as it stands; the next move tells of it.
                with suppress(Trouble):
                    go_on()

        def answer(store: Store) -> None:
            if stop():
                return
            try:
                found = read(store, stop)
            except Trouble as trouble:
                problem = trouble
                self._hand_over(lambda: deliver(lambda: otherwise(problem)))
            else:
                self._hand_over(lambda: deliver(lambda: then(found)))

        def fail(trouble: Trouble) -> None:
            self._hand_over(lambda: deliver(lambda: otherwise(trouble)))

        self._questions.put(answer)
        if self._thread is None or not self._thread.is_alive():
            import_now()
            self._thread = Thread(target=self._work, args=(fail,), daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Let nobody wait for an answer any more."""
        self._latest += 1
        self._answered = self._latest

    def close(self, patience: float = 0) -> None:
        """End the thread, and what it reads; wait for that for as many seconds as there is patience."""
        self.cancel()
        self._questions.put(None)
        if patience and self._thread is not None:
            self._thread.join(patience)

    def _hand_over(self, go_on: Callable[[], None]) -> None:
        if self._app.is_running:
            self._app.call_later(go_on)

    def _work(self, fail: Callable[[Trouble], None]) -> None:
        try:
            store = Store.open(self._path, read_only=self._read_only)
        except Trouble as trouble:
            fail(trouble)
            return
        with store:
            while (question := self._questions.get()) is not None:
                question(store)

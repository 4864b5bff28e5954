"""A mistake in this program ends it with one sentence: no text of a case reaches the terminal or the log."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar, TypeVar

from rich.console import RenderableType
from textual.app import App

from assistant.cli.faultlog import log_fault
from rules.errors import Trouble
from rules.language import Language
from ui.wording import SCREEN

Result = TypeVar("Result")


class InputLost(Exception):
    """The part that reads the keys stopped."""


class GuardedApp(App[Result]):
    """An app that keeps its first fault for `tell_fault`, where Textual would print it with the values of variables."""

    fault: BaseException | None = None
    CLOSES: ClassVar[str] = "_close_messages_no_wait"
    """Textual's way to end at once; private, and held by a test."""

    def on_load(self) -> None:
        # What fails outside of any message would be printed by asyncio in its own words.
        asyncio.get_running_loop().set_exception_handler(self._note)

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        self._keep(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        getattr(self, self.CLOSES)()

    def panic(self, *renderables: RenderableType) -> None:
        """End at once; what Textual wanted to be printed is not."""
        self._keep(InputLost())
        getattr(self, self.CLOSES)()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()

    def _keep(self, error: BaseException) -> None:
        if self.fault is None:
            self.fault = error


def tell_fault(fault: BaseException, language: Language) -> int:
    """Log where `fault` came from, tell on standard error what is kept, and return the exit status."""
    if isinstance(fault, Trouble):
        print(fault.sentence(language), file=sys.stderr)
        return fault.exit_status
    trouble = log_fault(fault)
    path = trouble.details.get("path")
    print(
        SCREEN("crash.logged", language, path=path) if path else SCREEN("crash.unlogged", language),
        file=sys.stderr,
    )
    return trouble.exit_status

"""Starts what must not take the counter along when it fails: a rulebook's trial, and the checks of the rule desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rules.errors import Trouble
from rules.language import Catalogue, Language, Text

TRIAL_SECONDS: Final = 30.0
"""Ten times what the trial of the rulebook that comes with the program takes on a slow machine."""
CHECK_SECONDS: Final = 120.0
"""Of one check; the proofs take some twenty."""
_ROOT: Final = Path(__file__).resolve().parents[2]
_WORDS: Final = Catalogue("assistant")


class TrialFailed(Trouble):
    """The rulebook did not pass its trial; `problem` says why and `place` where, as far as that is known."""

    catalogue = _WORDS
    code = "trial_failed"


class Runner:
    """Runs this program's own modules as processes, one after the other; all that runs can be ended at once."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[str]] = []
        self._ended = False

    def run(self, words: Iterable[str], seconds: float, *, stderr: int = subprocess.DEVNULL) -> tuple[int, str]:
        """Return exit status (negative for a signal) and standard output of this Python with `words`.

        Raises subprocess.TimeoutExpired when it took longer, and OSError when it could not be started.
        """
        # By the whole path and nothing else: what lies in the working folder is none of ours.
        argv = [sys.executable, "-P", "-X", "utf8", *words]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(  # noqa: S603 (this very program, with paths as whole words)
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            encoding="utf-8",
            start_new_session=True,
        )
        self._running.append(process)
        if self._ended:
            process.kill()
        try:
            out, _ = process.communicate(timeout=seconds)
        except BaseException:
            # Out of time, or interrupted: what runs in a session of its own would outlive the command.
            process.kill()
            process.communicate()
            raise
        finally:
            self._running.remove(process)
        return process.returncode, out

    def end(self) -> None:
        """End whatever runs, and whatever would be started later."""
        self._ended = True
        for process in tuple(self._running):
            with suppress(OSError):
                process.kill()

    def try_out(self, folder: Path, overlay: Path | None, seconds: float = TRIAL_SECONDS) -> None:
        """Compile and try the rulebook in `folder`. Raises TrialFailed."""
        words = ["-m", "assistant.rulebooks.trial", str(folder), *([str(overlay)] if overlay else [])]
        try:
            status, out = self.run(words, seconds)
        except subprocess.TimeoutExpired:
            raise _fail("hung", seconds=int(seconds)) from None
        except OSError as error:
            raise _fail("unstarted", problem=error.strerror or str(error)) from None
        if status:
            raise _fail("crashed", status=status)
        answer = _read_answer(out)
        if "problem" in answer:
            place = answer.get("place")
            raise TrialFailed(problem=Text(**answer["problem"]), place=Text(**place) if place else None)


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check of the rule desk said: the command, its exit status (None when it did not end), its lines."""

    command: str
    status: int | None
    lines: tuple[str, ...]


def run_checks(runner: Runner, folder: Path | None, overlay: Path | None, language: Language) -> Iterator[Checked]:
    """Run `assistant rules check` and `assistant rules test` over a rulebook, and yield what each said."""
    place = ["--rules", str(folder) if folder else "built-in", *(["--overlay", str(overlay)] if overlay else [])]
    for command in ("check", "test"):
        words = ["-m", "assistant.cli", "rules", command, *place, "--lang", language]
        try:
            status, out = runner.run(words, CHECK_SECONDS, stderr=subprocess.STDOUT)
        except (subprocess.TimeoutExpired, OSError):
            yield Checked(command, None, ())
        else:
            yield Checked(command, status, tuple(line for line in out.splitlines() if line.strip()))


def _fail(kind: str, **details: object) -> TrialFailed:
    text = _WORDS.text(f"rulebook.{kind}")
    return TrialFailed(problem=Text(text.zh.format(**details), text.en.format(**details)), place=None)


def _read_answer(out: str) -> Mapping[str, Any]:
    """Return what the trial said; the engine may have printed lines of its own before."""
    lines = out.splitlines()
    with suppress(ValueError):
        answer = json.loads(lines[-1]) if lines else None
        if isinstance(answer, dict):
            return answer
    raise _fail("crashed", status=0)

"""The rulebook in force, for commands that advise or speak of cases: the same one as on the screens of that file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.output import warn
from assistant.cli.parsing import WORDS
from assistant.rulebooks.gathering import consulting, opening
from assistant.rulebooks.inforce import Notice, Rulebooks
from assistant.store import Store
from rules.errors import Trouble
from rules.language import Language

if TYPE_CHECKING:
    from rules.advice import Adviser
    from rules.model import Book


class RulebookBroken(Trouble):
    """The published rulebook failed its trial on this machine; another one answers all the same."""

    catalogue = WORDS
    code = "rulebook_broken"

    def __init__(self, notice: Notice, language: Language) -> None:
        # Of a rulebook with many faults, the verdict and the first of them: one sentence beside the answer.
        problem = " ".join(notice.trouble.sentence(language).splitlines()[:2])
        super().__init__(version=notice.version, keeper=notice.keeper, problem=problem)


@contextmanager
def consult(database: Path, language: Language) -> Iterator[Adviser]:
    """Have the rulebook in force for that file of cases, ready to advise, for the length of a block.

    The file need not exist. What is wrong with the published one is told on standard error. Raises RulebookUnsound when
    none can be used, and the StoreTrouble of a file that is not whole.
    """
    with opening(database) as store, consulting(store) as rulebooks:
        adviser = rulebooks.adviser
        _tell(rulebooks, language)
        yield adviser


def read_book(store: Store, language: Language, label: str | None = None) -> Book:
    """Return what the rulebook says that is in force for that open file of cases.

    With `label`, the version and mark that the advice of a case was recorded with, it is that rulebook, if it was in
    force in this file and can be used here. Tells and raises as `consult` does.
    """
    with consulting(store) as rulebooks:
        rulebooks.turn_to(label, wait=True)
        book = rulebooks.book
        _tell(rulebooks, language)
        return book


def _tell(rulebooks: Rulebooks, language: Language) -> None:
    if rulebooks.notice is not None:
        warn(RulebookBroken(rulebooks.notice, language), language)

"""Which rulebook is in force at a desk: the newest that passed its trial for the next case, its own for an open one.

What is in force is what two people published last. It is tried on this machine before it is taken up; one that fails is
told of and changes nothing: the last that was published and is good here stays. Where there is none, the one that comes
with the program advises. One that an open case began with elsewhere is brought here and tried in the same way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rules.errors import Trouble
from rules.language import Catalogue, Language, Text
from rules.names import Names, Shelf

if TYPE_CHECKING:
    from assistant.rulebooks.editions import Editions
    from assistant.rulebooks.publications import Publication, Publications
    from assistant.rulebooks.runner import Checked, Runner
    from rules.advice import Adviser
    from rules.model import Book

_Made = TypeVar("_Made")


class RulebookComing(Trouble):
    """The rulebook that a case began with is being brought to this machine; meanwhile nothing is done to the case."""

    catalogue = Catalogue("assistant")
    code = "rulebook_coming"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is wrong with a published rulebook here; `version` and `keeper` are of the one that advises instead."""

    trouble: Trouble
    version: str
    keeper: Text

    @property
    def place(self) -> Text | None:
        """File and line of the first fault, where there is one."""
        found = self.trouble.details.get("place")
        return found if isinstance(found, Text) else None


class Edition:
    """One rulebook ready to be used; `digest` is None for the one that comes with the program."""

    def __init__(self, rules: Adviser | Shelf, digest: str | None = None) -> None:
        self._rules = rules
        self.digest = digest
        self._own_names: Names | None = None

    @property
    def adviser(self) -> Adviser:
        """The rulebook, read and compiled now if it was not yet. Raises RulebookUnsound."""
        return self._rules.adviser if isinstance(self._rules, Shelf) else self._rules

    @property
    def book(self) -> Book:
        """What it says, for whoever asks for no advice. Raises RulebookUnsound."""
        return self._rules.book

    @property
    def names(self) -> Names:
        """What a list of cases needs of it."""
        if isinstance(self._rules, Shelf):
            return self._rules.names
        if self._own_names is None:
            self._own_names = Names.of(self._rules.book)
        return self._own_names

    @property
    def place(self) -> tuple[Path | None, Path | None]:
        """Where it lies: its folder, None for the one that comes with the program, and the bank's file over it."""
        return (self._rules.folder, self._rules.overlay) if isinstance(self._rules, Shelf) else (None, None)

    def close(self) -> None:
        """Give the engine's memory back; used again, it is loaded again."""
        self._rules.close()


class Rulebooks:
    """The rulebooks of one desk. Safe to call from any thread; `look` is the one call that takes its time.

    `published` says what was put in force, and `editions` keeps copies of it on this machine; without them there is
    only the built-in one.
    """

    def __init__(
        self, built_in: Adviser | Shelf, editions: Editions | None = None, published: Publications | None = None
    ) -> None:
        self._built_in = self._newest = Edition(built_in)
        self._hand: Edition | None = None
        self._own: Edition | None = None
        """The last one that a case began with, ready for whoever comes back to that case."""
        self._editions = editions
        self._published = published
        self._lock = threading.RLock()
        self._looking = threading.Lock()
        self._seen = 0
        self._coming: set[str] = set()
        """The digests of those that a thread is bringing here."""
        self._unfit: set[str] = set()
        """The digests of those that turned out to be of no use here."""
        self._closed = False
        self._runner: Runner | None = None
        self.notice: Notice | None = None
        if editions is not None and published is not None:
            self._start(editions, published)

    def _start(self, editions: Editions, published: Publications) -> None:
        """Take the copy of what was published last, or as long as that was not tried here, of what was before it."""
        seq = published.seq()
        if not seq:
            return
        for place, digest in enumerate(dict.fromkeys(each.digest for each in published.list())):
            shelf = editions.open(digest)
            if shelf is not None:
                self._newest = Edition(shelf, digest)
                self._seen = self._seen if place else seq
                return

    @property
    def adviser(self) -> Adviser:
        """The rulebook at hand, ready to advise. Raises RulebookUnsound when not even the built-in one can be used."""
        return self._use(lambda edition: edition.adviser)

    @property
    def book(self) -> Book:
        """What the rulebook at hand says, as `Edition.book` has it; raises as `adviser` does."""
        return self._use(lambda edition: edition.book)

    @property
    def names(self) -> Names:
        """The names of the rulebook at hand; raises as `adviser` does."""
        return self._use(lambda edition: edition.names)

    def _use(self, make: Callable[[Edition], _Made], *, newest: bool = False) -> _Made:
        """Return what is made of the rulebook at hand, or of the newest one where that is asked for."""
        with self._lock:
            edition = self._newest if newest else self._hand or self._newest
            try:
                return make(edition)
            except (Trouble, OSError) as error:
                if edition is self._built_in:
                    raise
                # A copy that was good once: this program is newer, or the disk is not what it was.
                if edition is self._hand:
                    self._hand = self._own = None
                if edition is self._newest:
                    # Not seen any more: the next look brings it here again, or says what is wrong with it.
                    self._newest, self._seen = self._built_in, 0
                    self._tell(error if isinstance(error, Trouble) else _translate(error, edition))
                return self._use(make, newest=newest)

    def turn_to(self, label: str | None, *, wait: bool = False) -> None:
        """Take up the rulebook that a case began with, by its version and mark, or the newest where that will not do.

        None stands for no case at all: the newest, whichever that is at the moment. One that was in force in this file
        and of which there is no copy here is first brought here and tried, which takes seconds: at once with `wait`,
        and otherwise in a thread of its own, until whose end RulebookComing is raised.
        """
        if self._editions is None or self._published is None:
            return
        with self._lock:
            found = self._find(self._editions, self._published, label) if label else None
            away = self._find_away(self._editions, self._published, label) if label and not found else None
            if away is None:
                self._hand = (found or self._newest) if label else None
                if found is not None and found is not self._own:
                    left, self._own = self._own, found
                    if left not in (None, self._newest, self._built_in):
                        left.close()
                return
            begun = away in self._coming
            self._coming.add(away)
        if wait:
            self._bring(self._editions, self._published, away)
            self.turn_to(label)
            return
        if not begun:
            # Nobody waits for it at the end: what it has begun is ended with the desk.
            threading.Thread(target=self._bring, args=(self._editions, self._published, away), daemon=True).start()
        raise RulebookComing(version=label)

    def _find(self, editions: Editions, published: Publications, label: str) -> Edition | None:
        if self._newest is self._built_in and not editions.marks(label):
            # No copy goes by such a label, so the built-in one need not be read to be told from others.
            return None
        for edition in filter(None, (self._own, self._newest, self._built_in)):
            # Read now: one that is gone or no longer understood is none.
            with suppress(Trouble, OSError):
                if edition.names.version == label:
                    edition.adviser  # noqa: B018 (reads and compiles it)
                    return edition
        with suppress(Trouble, OSError):
            digest = _find_digest(published, label)
            shelf = editions.open(digest) if digest else None
            if shelf is not None:
                edition = Edition(shelf, digest)
                return edition if edition.adviser.book.meta.version == label else None
        return None

    def _find_away(self, editions: Editions, published: Publications, label: str) -> str | None:
        """Return the digest of the rulebook of that label if it was in force here, may be of use and has no copy."""
        with suppress(Trouble):
            digest = _find_digest(published, label)
            if digest and digest not in self._unfit and editions.open(digest) is None:
                return digest
        return None

    def _bring(self, editions: Editions, published: Publications, digest: str) -> None:
        """Make a copy of a rulebook that was in force earlier, or tell in `notice` why it is of no use here."""
        try:
            with self._looking:
                if editions.open(digest) is None:
                    self._copy(editions, digest, published.read(digest))
        except Trouble as trouble:
            self._unfit.add(digest)
            self._tell(trouble)
        finally:
            self._coming.discard(digest)

    def _copy(self, editions: Editions, digest: str, files: dict[str, bytes]) -> None:
        """Try a rulebook in a process of its own, and keep a copy of it. Raises what is wrong with it."""
        from assistant.rulebooks.editions import find_parts

        with editions.copying(files) as copy:
            self._run().try_out(*find_parts(copy))
            editions.keep(copy, digest)

    def stirred(self) -> bool:
        """Tell whether something else was published than when it was looked at last. Cheap."""
        if self._published is None:
            return False
        with suppress(Trouble):
            return self._published.seq() != self._seen
        return False

    def look(self) -> None:
        """Try what was published last and put it in force for the next case, or tell in `notice` why not.

        It takes seconds, and is for a thread of its own; a second call meanwhile returns at once.
        """
        if self._editions is None or self._published is None or not self._looking.acquire(blocking=False):
            return
        try:
            edition = self._take_up(self._editions, self._published)
        except Trouble as trouble:
            self._tell(trouble)
        else:
            with self._lock:
                self._newest, self.notice = edition, None
        finally:
            self._looking.release()

    def _take_up(self, editions: Editions, published: Publications) -> Edition:
        """Return what was published last, tried and copied. Raises what is wrong with it."""
        from assistant.rulebooks.editions import RulebookUnkept

        with self._lock:
            if self._closed:
                return self._newest
            seq, last, files = self._read_last(editions, published)
            self._seen = seq
        if last is None:
            return self._built_in
        if last.digest == self._newest.digest:
            return self._newest
        if files is not None:
            self._copy(editions, last.digest, files)
        shelf = editions.open(last.digest)
        if shelf is None:
            raise RulebookUnkept(path=last.label, problem=last.digest)
        edition = Edition(shelf, last.digest)
        # Here, and not at the teller's next key.
        edition.adviser  # noqa: B018 (reads and compiles it)
        return edition

    def _read_last(
        self, editions: Editions, published: Publications
    ) -> tuple[int, Publication | None, dict[str, bytes] | None]:
        """Return how far was looked, what is in force, and its files unless there is a copy of them here."""
        seq = published.seq()
        last = next(iter(published.list()), None) if seq else None
        if last is None or editions.open(last.digest) is not None:
            return seq, last, None
        # Seen, even where it turns out to be unreadable: it is tried again when something else is published.
        self._seen = seq
        return seq, last, published.read(last.digest)

    def check(self, language: Language) -> Iterator[Checked]:
        """Run the checks of the rule desk over the newest rulebook, each in a process of its own, and yield results.

        It takes up to minutes, and is for a thread of its own.
        """
        from assistant.rulebooks.runner import run_checks

        yield from run_checks(self._run(), *self._newest.place, language)

    def _run(self) -> Runner:
        from assistant.rulebooks.runner import Runner

        with self._lock:
            if self._runner is None:
                self._runner = Runner()
            return self._runner

    def _tell(self, trouble: Trouble) -> None:
        with self._lock:
            meta = self._use(lambda edition: edition.adviser.book.meta, newest=True)
            self.notice = Notice(trouble, meta.version, meta.owner)

    def close(self) -> None:
        """End what runs and give back what the engines hold."""
        with self._lock:
            self._closed = True
            if self._runner is not None:
                self._runner.end()
            for edition in {self._built_in, self._newest, self._own or self._newest}:
                edition.close()


def _find_digest(published: Publications, label: str) -> str | None:
    """Return the digest of what was published as `label`: a copy that somebody put here by himself advises nobody."""
    return next((each.digest for each in published.list() if each.label == label), None)


def _translate(error: OSError, edition: Edition) -> Trouble:
    from assistant.rulebooks.editions import RulebookUnreadable

    return RulebookUnreadable(path=edition.place[0], problem=error.strerror or str(error))

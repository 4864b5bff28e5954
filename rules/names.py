"""The few names that the first screen needs, kept beside a rulebook already read: reading all of it takes longer than
a teller should wait for the list of open cases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rules.language import Text

if TYPE_CHECKING:
    from rules.advice import Adviser
    from rules.model import Book

_FORM: Final = 1
"""Of what is kept; another one is not read."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a list of cases says of a rulebook: its edition, its requests and steps by name, when a case is opened."""

    version: str
    published: str
    criteria: tuple[Text, ...]
    requests: Mapping[str, Text]
    steps: Mapping[str, Text]
    quiet_steps: Mapping[str, Text]

    @classmethod
    def of(cls, book: Book) -> Names:
        """Return the names of `book`."""
        return cls(
            version=book.meta.version,
            published=book.meta.published.isoformat(),
            criteria=book.meta.criteria,
            requests={name: request.name for name, request in book.requests.items()},
            steps={name: step.name for name, step in book.steps.items()},
            quiet_steps={name: step.quiet for name, step in book.steps.items()},
        )


class Shelf:
    """A rulebook that is read when it is first needed; its names are there at once when it was read before.

    `folder` defaults to the rulebook that comes with the product, `overlay` is a bank's own file over it. `keep` is the
    file for the names; without one, or where it cannot be written, they come from the rulebook itself. `mark` stands
    behind the version wherever that is shown or recorded, for rulebooks that say the same version of other content.
    """

    def __init__(
        self, folder: Path | None = None, keep: Path | None = None, *, overlay: Path | None = None, mark: str = ""
    ) -> None:
        self.folder = folder
        self._keep = keep
        self.overlay = overlay
        self._mark = mark

    @cached_property
    def adviser(self) -> Adviser:
        """The rulebook ready to advise. Raises RulebookUnsound."""
        from rules.advice import Adviser

        adviser = Adviser(self.book)
        self._keep_names(Names.of(adviser.book))
        return adviser

    @cached_property
    def book(self) -> Book:
        """What the rulebook says, with the mark behind its version. Raises RulebookUnsound."""
        from rules.loading import load_book

        book = load_book(self.folder, self.overlay)
        if not self._mark:
            return book
        version = f"{book.meta.version}{self._mark}"
        return book.model_copy(update={"meta": book.meta.model_copy(update={"version": version})})

    @cached_property
    def names(self) -> Names:
        """The names, as they were kept if the rulebook is still the same, else from the rulebook."""
        return self._read_names() or Names.of(self.adviser.book)

    def close(self) -> None:
        """Give back what the engine holds, if the rulebook was read at all."""
        if adviser := self.__dict__.get("adviser"):
            adviser.close()

    def _read_names(self) -> Names | None:
        if self._keep is None:
            return None
        try:
            kept = json.loads(self._keep.read_text("utf-8"))
            if kept["form"] != _FORM or kept["files"] != list(self._files()):
                return None
            return _revive(kept["names"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            # Whatever is wrong with it, the rulebook itself is there.
            return None

    def _keep_names(self, names: Names) -> None:
        if self._keep is None:
            return
        kept = {"form": _FORM, "files": list(self._files()), "names": asdict(names)}
        partial = self._keep.with_name(f"{self._keep.name}.{os.getpid()}")
        # Nothing but a moment is lost where it cannot be kept.
        with suppress(OSError):
            self._keep.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
            partial.replace(self._keep)

    def _files(self) -> Iterator[list[str | int]]:
        """Yield each file of the rulebook with its size and time of change, by which an edited one is known."""
        root = self.folder or Path(__file__).with_name("book")
        for path in (*sorted(root.rglob("*.yaml")), *([self.overlay] if self.overlay else [])):
            status = path.stat()
            yield [str(path), status.st_size, status.st_mtime_ns]


def _revive(kept: Mapping[str, Any]) -> Names:
    def texts(named: Mapping[str, Mapping[str, str]]) -> dict[str, Text]:
        return {name: Text(**text) for name, text in named.items()}

    return Names(
        version=str(kept["version"]),
        published=str(kept["published"]),
        criteria=tuple(Text(**text) for text in kept["criteria"]),
        requests=texts(kept["requests"]),
        steps=texts(kept["steps"]),
        quiet_steps=texts(kept["quiet_steps"]),
    )

"""`assistant rules diff`: what differs between two rulebooks, for whoever has to agree to the newer one."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Final

from assistant.cli.output import say
from assistant.cli.rules.books import read_pair
from assistant.cli.rules.words import RULE_WORDS
from rules.language import Language
from rules.review.difference import Change, EntryChange, PartChange, find_differences

_SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~", Change.MOVED: ">"}


def run(options: Namespace, language: Language) -> int:
    """Print what differs. Raises NoRulebook, NoOverlay and RulebookUnsound."""
    old, new = read_pair(options)
    changes = find_differences(old, new)
    if options.json:
        versions = {"old": old.meta.version, "new": new.meta.version}
        say(json.dumps({**versions, "changes": [asdict(change) for change in changes]}, ensure_ascii=False))
    else:
        say("\n".join(DifferenceWriter(language).lines(old.meta.version, new.meta.version, changes)))
    return 0


class DifferenceWriter:
    """The differences between two rulebooks as lines of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def lines(self, old: str, new: str, changes: tuple[EntryChange, ...]) -> Iterator[str]:
        """Yield what changed from the version `old` to the version `new`."""
        if not changes:
            yield self._fill("same", old=old, new=new)
            return
        yield self._fill("title", old=old, new=new)
        yield self._fill("count", **{kind.value: sum(c.change is kind for c in changes) for kind in Change})
        for section, group in groupby(changes, key=lambda change: change.section_name):
            yield from ("", section.read(self._language))
            for change in group:
                yield from self._entry(change)

    def _entry(self, change: EntryChange) -> Iterator[str]:
        name = change.name.read(self._language) if change.name else ""
        key = "entry" if name else "unnamed"
        said = self._fill(f"change.{change.change}")
        yield self._fill(key, sign=_SIGNS[change.change], change=said, id=change.id, name=name)
        yield from (line for part in change.parts for line in self._part(part, whole=change.change))

    def _part(self, part: PartChange, *, whole: Change) -> Iterator[str]:
        label = part.label.read(self._language)
        before, after = (self._quote(text.read(self._language)) if text else "" for text in (part.before, part.after))
        # What belongs to an entry that came or went needs no word of its own for that.
        key = "listed" if part.change is whole is not Change.CHANGED else part.change.value
        yield self._fill(f"part.{key}", label=label, before=before, after=after, said=before or after)
        yield from (self._fill("part.different", said=note.read(self._language)) for note in part.notes)

    def _quote(self, text: str) -> str:
        return text.strip().replace("\n", " / ")

    def _fill(self, key: str, **details: object) -> str:
        return RULE_WORDS(f"diff.{key}", self._language, **details)

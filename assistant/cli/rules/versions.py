"""`assistant rules versions`: every rulebook that was in force here, who asked for it and who agreed."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator

from assistant.cli.output import say
from assistant.cli.rules.publication import tell_results
from assistant.cli.rules.words import RULE_WORDS
from assistant.cli.signing import at_desk
from assistant.people.permissions import Move
from assistant.plain.times import write_time
from assistant.quoting import fold
from assistant.rulebooks.proposing import read_why
from assistant.rulebooks.publications import Publication, Publications
from assistant.store import Store
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Print them, the one in force first. Raises a NotPermitted and what `Store.open` raises."""
    with at_desk(options, language) as desk:
        desk.demand(Move.LIST)
        published = Publications(desk.store).list()
        if options.json:
            say(json.dumps(list(_lay_out(desk.store, published)), ensure_ascii=False))
        else:
            say("\n".join(_write(desk.store, published, language)))
    return 0


def _lay_out(store: Store, published: Iterable[Publication]) -> Iterator[dict[str, object]]:
    for place, each in enumerate(published):
        told = {**each._asdict(), "results": dict(each.results), "label": each.label}
        yield {**told, "why": read_why(store, each), "in_force": not place}


def _write(store: Store, published: Iterable[Publication], language: Language) -> Iterator[str]:
    place = -1
    for place, each in enumerate(published):
        yield RULE_WORDS(
            "versions.row",
            language,
            sign="*" if not place else " ",
            label=each.label,
            when=write_time(each.at, store.outlet.zone),
            author=each.author,
            approver=each.approver,
            again=RULE_WORDS("versions.again", language) if each.rollback else "",
        )
        yield RULE_WORDS("versions.why", language, why=fold(read_why(store, each)))
        yield from (f"    {line}" for line in tell_results(each.results, language))
    yield RULE_WORDS("versions.in_force" if place >= 0 else "versions.none", language)

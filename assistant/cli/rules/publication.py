"""The words by which a rulebook is put before the person who has to agree to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from assistant.cli.rules.diff import DifferenceWriter
from assistant.cli.rules.words import RULE_WORDS
from assistant.people.office import WHY
from assistant.people.requests import Request
from assistant.rulebooks.archive import mark_of
from assistant.rulebooks.proposing import read_in_force, read_published
from assistant.rulebooks.publications import Publications
from assistant.store import Store
from rules.language import Language
from rules.review.difference import find_differences

NUMBER_DIGITS: Final = 4
"""The last ones of a request's id, by which it is called."""


def tell_proposal(store: Store, request: Request, language: Language) -> Iterator[str]:
    """Yield what was asked for just now, and what the second person does."""
    yield from tell_head(store, request, language)
    number = request.subject[-NUMBER_DIGITS:]
    yield RULE_WORDS("publication.next", language, number=number)


def tell_publication(store: Store, request: Request, language: Language) -> Iterator[str]:
    """Yield, for the second person, what a request would put in force: which, by whom, why, what was found, and how it
    differs from the one in force now. Raises RulebookTampered and RulebookUnsound."""
    yield from tell_head(store, request, language)
    publications = Publications(store)
    old, new = read_in_force(publications), read_published(publications, str(request.body["digest"]))
    yield ""
    yield from DifferenceWriter(language).lines(old.meta.version, new.meta.version, find_differences(old, new))


def tell_head(store: Store, request: Request, language: Language) -> Iterator[str]:
    """Yield which rulebook a request would put in force, by whom, why, and what was found of it."""
    body = request.body
    yield RULE_WORDS(
        "publication.again" if body.get("rollback") else "publication.title",
        language,
        label=name_publication(request),
        author=request.asked_by,
        when=tell_time(store, request.asked_at),
    )
    yield RULE_WORDS("publication.why", language, why=request.history[0].private.get(WHY, ""))
    yield from tell_results(body.get("results") or {}, language)


def name_publication(request: Request) -> str:
    """Return version and mark of the rulebook that a request would put in force."""
    return f"{request.body['version']}{mark_of(str(request.body['digest']))}"


def tell_results(results: Mapping[str, object], language: Language) -> Iterator[str]:
    """Yield what was found of a rulebook when it was asked for."""
    if "proved" in results:
        yield RULE_WORDS(f"publication.{'proved' if results['proved'] else 'unproved'}", language, **results)
    if "examples" in results:
        yield RULE_WORDS("publication.examples", language, **results)
    if results.get("overlaid"):
        yield RULE_WORDS("publication.overlaid", language, **results)
    if "cases" in results:
        yield RULE_WORDS("publication.replayed" if results["cases"] else "publication.no_cases", language, **results)


def tell_time(store: Store, at: int) -> str:
    """Return a moment in UTC milliseconds as the clock of the outlet showed it."""
    moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(store.outlet.zone))
    return f"{moment:%Y-%m-%d %H:%M}"

"""The words by which a rulebook is put before the person who has to agree to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.cli.rules.diff import DifferenceWriter
from assistant.cli.rules.words import RULE_WORDS
from assistant.people.office import Office
from assistant.people.requests import Request
from assistant.plain.requests import RequestWriter
from assistant.rulebooks.proposing import read_in_force, read_published
from assistant.rulebooks.publications import Publications
from assistant.store import Store
from rules.language import Language
from rules.review.difference import find_differences


def tell_proposal(office: Office, request: Request, language: Language) -> Iterator[str]:
    """Yield what was asked for just now, what was found of it, and what the second person does."""
    yield RequestWriter(office.store, language).describe(request)
    yield from tell_results(request.body.get("results") or {}, language)
    yield RULE_WORDS("publication.next", language, number=office.shorten(request))


def tell_publication(store: Store, request: Request, language: Language) -> Iterator[str]:
    """Yield, for the second person, what was found of the rulebook that a request would put in force, and how it
    differs from the one in force now. Raises RulebookTampered and RulebookUnsound."""
    yield from tell_results(request.body.get("results") or {}, language)
    publications = Publications(store)
    old, new = read_in_force(publications), read_published(publications, str(request.body["digest"]))
    yield ""
    yield from DifferenceWriter(language).lines(old.meta.version, new.meta.version, find_differences(old, new))


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

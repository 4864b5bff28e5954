"""Places in the law as a paper names them: title and article, once each, from the rulebook that cites them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from rules.model import Basis, Citation

if TYPE_CHECKING:
    from assistant.export.documents.view import View

LAW: Final = "law"
"""The kind of a source that everybody can read up; notices to banks speak of other things as well."""
NOTICE: Final = "notice"
"""The kind of those."""


def cite(view: View, places: Iterable[Citation], *, brief: bool = False) -> str:
    """Return the places in one row, the articles of a source together; those that the rulebook lacks are left out.

    A `brief` citation, on large print, has titles without numbers, and of notices to banks the numbers only.
    """
    articles: dict[str, list[str]] = {}
    for place in places:
        if place.source in view.book.sources and place.article not in articles.setdefault(place.source, []):
            articles[place.source].append(place.article)
    return view.writer.plain("mark.and").join(
        _write_source(view, source, named, brief=brief) for source, named in articles.items()
    )


def list_places(basis: Basis, view: View, kind: str | None = None) -> tuple[Citation, ...]:
    """Return the places that something stands on, of all sources or of those of a kind; none for practice."""
    if basis == "practice":
        return ()
    sources = view.book.sources
    return tuple(place for place in basis if kind is None or getattr(sources.get(place.source), "kind", None) == kind)


def _write_source(view: View, source: str, articles: list[str], *, brief: bool) -> str:
    entry = view.book.sources[source]
    said = {"title": entry.title.read(view.language), "articles": view.writer.join(_write_articles(view, articles))}
    key = "numbered" if entry.number else "source"
    if brief:
        key = "notice" if entry.number and entry.kind == NOTICE else "source"
    return view.say(f"cited.{key}", number=entry.number, **said)


def _write_articles(view: View, articles: list[str]) -> Iterator[str]:
    """Yield the articles, which are numbers, and the points of a notice, which are not."""
    for key, named in (
        ("articles", [article for article in articles if article.isascii()]),
        ("points", [article for article in articles if not article.isascii()]),
    ):
        if named:
            yield view.say(f"cited.{key}", articles=view.writer.join(sorted(named, key=_rank)))


def _rank(article: str) -> int:
    return int(article) if article.isdecimal() else 0

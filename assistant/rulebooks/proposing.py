"""Asking for a rulebook to be put in force: by one person, for another to approve, and never by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assistant.case.events import EventKind
from assistant.case.subjects import REQUEST, RULEBOOK
from assistant.people.office import Office
from assistant.people.requests import WHY, Request
from assistant.rulebooks.archive import digest_of, mark_of, pack, unpack
from assistant.rulebooks.editions import Editions, RulebookUnreadable, Source, find_parts
from assistant.rulebooks.publications import Publication, Publications
from assistant.store import Store
from rules.errors import BadInput
from rules.language import Catalogue
from rules.loading import load_book
from rules.model import Book
from rules.names import Shelf

if TYPE_CHECKING:
    from assistant.case.events import JsonValue

_WORDS: Final = Catalogue("assistant")
_FEWEST_DIGITS: Final = 4
COMPARED: Final = frozenset({"against", "cases", "other_level", "more_stops", "fewer_stops", "other_steps"})
"""What `examining.compare` finds."""
NOT_COMPARED: Final[Mapping[str, JsonValue]] = MappingProxyType({})


class VersionTaken(BadInput):
    """Another rulebook was published, is waiting, or came with the program under that version."""

    catalogue = _WORDS
    code = "version_taken"


class InForceAlready(BadInput):
    """This very rulebook is in force."""

    catalogue = _WORDS
    code = "in_force_already"


class AskedAlready(BadInput):
    """This very rulebook waits for a second person."""

    catalogue = _WORDS
    code = "asked_already"


class NothingBefore(BadInput):
    """There is no earlier rulebook to go back to."""

    catalogue = _WORDS
    code = "nothing_before"


class PublicationUnknown(BadInput):
    """No rulebook of that version or digest was published."""

    catalogue = _WORDS
    code = "publication_unknown"


@contextmanager
def laid_out(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Lay a rulebook's files out in a folder that is gone at the end, and give that folder; see `find_parts`."""
    with TemporaryDirectory(prefix="rulebook-") as name, Editions(lambda: Path(name)).copying(dict(files)) as copy:
        yield copy


def read_published(publications: Publications, digest: str) -> Book:
    """Return what a published rulebook says, with its mark. Raises RulebookTampered and RulebookUnsound."""
    with laid_out(publications.read(digest)) as copy:
        folder, overlay = find_parts(copy)
        return Shelf(folder, overlay=overlay, mark=mark_of(digest)).book


def read_in_force(publications: Publications) -> Book:
    """Return what the rulebook in force says; of a file in which none was published, the one of the program."""
    last = next(iter(publications.list()), None)
    return read_published(publications, last.digest) if last else load_book()


def check_version(office: Office, version: str, digest: str) -> None:
    """Raise VersionTaken unless the version is new or stands for these very files, and InForceAlready or AskedAlready
    where these files are in force or wait for a second person."""
    published = Publications(office.store).list()
    if published and published[0].digest == digest:
        raise InForceAlready(version=published[0].label)
    waiting = {(str(each.body["version"]), str(each.body["digest"])) for each in list_waiting(office)}
    if (version, digest) in waiting:
        raise AskedAlready(version=f"{version}{mark_of(digest)}")
    known = waiting | {(each.version, each.digest) for each in published}
    known.add((load_book().meta.version, digest_of(Source(None, None).read())))
    taken = [other for label, other in known if label == version and other != digest]
    if taken:
        raise VersionTaken(version=version, other=mark_of(taken[0]))


def list_waiting(office: Office) -> Iterable[Request]:
    """Return the requests for a rulebook that wait for another person."""
    return [each for each in office.store.list_requests(about=RULEBOOK) if each.kind is EventKind.RULEBOOK_PUBLISHED]


def propose(
    office: Office, files: Mapping[str, bytes], version: str, results: Mapping[str, JsonValue], why: str
) -> Request:
    """Put a rulebook's files into the file of cases and ask for it to be put in force.

    Raises VersionTaken, InForceAlready, AskedAlready, RulebookUnreadable for a file name that could not be read back,
    and what `Office.ask` raises.
    """
    digest = digest_of(files)
    check_version(office, version, digest)
    packed = pack(files)
    if any("\n" in name for name in files) or unpack(packed, digest) != dict(files):
        raise RulebookUnreadable(path=next(name for name in files), problem="EILSEQ")
    office.store.keep_rulebook(digest, packed)
    return _ask(office, digest, version, results, why, rollback=False)


def propose_rollback(
    office: Office, wanted: Publication, why: str, compared: Mapping[str, JsonValue] = NOT_COMPARED
) -> Request:
    """Ask for an earlier rulebook to be put in force again, with what was found of it then and `compared`, what it
    would have done in the cases otherwise than the one in force now; see `examining.compare`.

    Raises RulebookTampered where it is no longer what it was.
    """
    Publications(office.store).read(wanted.digest)
    # What it was compared with then was in force then.
    found = {name: value for name, value in wanted.results.items() if name not in COMPARED}
    return _ask(office, wanted.digest, wanted.version, {**found, **compared}, why, rollback=True)


def read_why(store: Store, publication: Publication) -> str:
    """Return why a rulebook was put in force, as it was said when it was asked for."""
    history = store.request(f"{REQUEST}{publication.request}").history
    return history[0].private.get(WHY, "") if history else ""


def find_earlier(publications: Publications, word: str | None) -> Publication:
    """Return the published rulebook of that version or digest, by default the one that was in force before this one.

    Raises NothingBefore, PublicationUnknown, and InForceAlready for the one that is in force.
    """
    published = publications.list()
    if not published:
        raise NothingBefore
    if word is None:
        before = next((each for each in published if each.digest != published[0].digest), None)
        if before is None:
            raise NothingBefore
        return before
    found = next((each for each in published if _goes_by(each, word)), None)
    if found is None:
        raise PublicationUnknown(word=word)
    if found.digest == published[0].digest:
        raise InForceAlready(version=found.label)
    return found


def _goes_by(publication: Publication, word: str) -> bool:
    digits = word.removeprefix("~").lower()
    by_digest = len(digits) >= _FEWEST_DIGITS and publication.digest.startswith(digits)
    return word in (publication.version, publication.label) or by_digest


def _ask(
    office: Office, digest: str, version: str, results: Mapping[str, JsonValue], why: str, *, rollback: bool
) -> Request:
    body: dict[str, JsonValue] = {
        "digest": digest,
        "version": version,
        "author": office.actor,
        "results": dict(results),
        "rollback": rollback,
    }
    return office.ask(EventKind.RULEBOOK_PUBLISHED, body, about=RULEBOOK, why=why)

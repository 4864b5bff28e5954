"""From a saved case to a document: who may have it, what it says, a preview, and its bytes on their way out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from assistant.audit.dossier import gather_dossier
from assistant.case.events import Look, RevealReason
from assistant.confidence import needs_to_know
from assistant.export.delivery import Delivered, Target, Work, Written, deliver_all
from assistant.export.documents.entries import speaks_of_referral
from assistant.export.documents.kinds import KINDS, PAGES, DocumentForm, DocumentName, Kind
from assistant.export.documents.view import View, find_templates
from assistant.export.documents.words import WORDS
from assistant.export.stamp import Order, Stamp
from assistant.particulars.fields import Field, Party
from assistant.people.bodies import Leaving
from assistant.people.permissions import Move, state_of
from assistant.people.reader import leave_out
from assistant.places import find_settings
from assistant.settings import DocumentSettings, read_settings
from rules.errors import BadInput
from rules.language import Language

if TYPE_CHECKING:
    from assistant.audit.dossier import Dossier
    from assistant.case.case import Case
    from assistant.desk import Desk
    from assistant.export.typesetting.templates import Template
    from assistant.export.typesetting.typesetting import Marks
    from rules.model import Book


class FormUnknown(BadInput):
    """The document does not come in that form: `forms` are those in which it does."""

    catalogue = WORDS
    code = "form_unknown"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was gathered and not yet written."""

    view: View

    @property
    def title(self) -> str:
        """What the document is called."""
        return self.view.say(f"name.{self.view.kind.name}")

    @property
    def unset(self) -> tuple[str, ...]:
        """The settings that are blanks on it, as they are called in the file of settings."""
        return list_unset(self.view.kind, self.view.settings)


def list_unset(kind: Kind, settings: DocumentSettings) -> tuple[str, ...]:
    """Return the settings of a document that the bank has not filled in, as they are called in the file of settings."""
    return tuple(f"documents.{name}" for name in kind.settings if getattr(settings, name) is None)


def demand_occasion(desk: Desk, case: Case, name: DocumentName, books: Collection[Book]) -> None:
    """Raise what keeps a case from having that document, whoever asks: a NoOccasion; and SettingsUnfit."""
    kind = KINDS[name]
    if kind.needs_occasion:
        settings, folder = read_settings(desk.store.path).documents, find_settings(desk.store.path).parent
        kind.demand_occasion(case, books, find_templates(settings, folder))


def prepare(
    desk: Desk,
    case_id: str,
    name: DocumentName,
    language: Language,
    books: Iterable[Book],
    reason: RevealReason | None,
    *,
    look: bool = True,
) -> Prepared:
    """Gather a document for whoever works at `desk`, who looks at the case by it, in full if there is a `reason`.

    `books` are the rulebook by which the case was advised and the one that comes with the program. Without `look` the
    look is not recorded: it is shown to nobody before it is handed out, which is recorded. Raises a NotPermitted,
    SettingsUnfit, a NoOccasion, and what a look that cannot be recorded raises.
    """
    kind, whole, known = KINDS[name], desk.store.case(case_id), tuple(books)
    desk.demand(Move.READ, whole)
    if kind.confidential:
        desk.demand(Move.READ_STR, whole)
    settings, folder = read_settings(desk.store.path).documents, find_settings(desk.store.path).parent
    kind.demand_occasion(whole, known, find_templates(settings, folder))
    if look:
        whole = desk.look_at(case_id, Look.REVEALED if reason else Look.OPENED, reason)
    dossier = gather_dossier(desk, whole, known)
    if kind.for_customer:
        dossier = _conceal(dossier, known)
    order = Order(
        what=Leaving.DOCUMENT,
        form="",
        language=language,
        name=name.value,
        case_id=case_id,
        case_number=whole.number,
        reason=reason,
        confidential=kind.confidential,
        rulebooks=dossier.rulebooks,
    )
    view = View(
        kind=kind,
        order=order,
        dossier=dossier,
        book=known[0],
        outlet=desk.store.outlet,
        settings=settings,
        folder=folder,
        particulars=_read_particulars(desk, dossier.case, reason),
        staff=_name_staff(desk) if kind.names_staff else {},
        at=desk.clock(),
        by=desk.actor,
        needs_to_know=needs_to_know(desk.store.roster, desk.actor, state_of(whole)),
        words=WORDS,
    )
    return Prepared(_classify(view))


def preview(prepared: Prepared) -> str:
    """Return the document as Markdown, for a terminal; a document that is no page, as JSON."""
    view = prepared.view
    if PAGES[0] not in view.kind.forms:
        return json.dumps(view.kind.lay_out(view), ensure_ascii=False, indent=1)
    # Nobody waits for the typesetter who only looks at a case.
    from assistant.export.typesetting.typesetting import preview as lay_out

    return lay_out(_find_template(view), view.kind.gather(view), _mark(prepared, WORDS("preview", view.language)))


def hand_out(desk: Desk, prepared: Prepared, form: DocumentForm, target: Target) -> tuple[Delivered, tuple[str, ...]]:
    """Write the document, record that, and put it where it was asked for; return what was recorded, and the characters
    of it for which the font has no shape and which stand in it by their numbers.

    Raises FormUnknown, TemplateUnsound, the trouble of a typesetter that is not installed, and what `deliver` raises.
    """
    return hand_out_all(desk, ((prepared, target),), form)[0]


def hand_out_all(
    desk: Desk, papers: Iterable[tuple[Prepared, Target]], form: DocumentForm
) -> tuple[tuple[Delivered, tuple[str, ...]], ...]:
    """Do the same with several documents, which are recorded together, each as an export of its own."""
    missing: list[tuple[str, ...]] = []

    def order(prepared: Prepared, target: Target) -> Work:
        kind = prepared.view.kind
        if form not in kind.forms:
            raise FormUnknown(form=form.value, forms=", ".join(kind.forms))

        def write(stamp: Stamp, file: BinaryIO) -> Written:
            content, lacking = write_document(prepared, form, stamp)
            file.write(content)
            missing.append(lacking)
            return Written(1, (str(stamp.order.case_id),))

        return Work(replace(prepared.view.order, form=form.value), target, write)

    delivered = deliver_all(desk, [order(prepared, target) for prepared, target in papers])
    return tuple(zip(delivered, missing, strict=True))


def write_document(prepared: Prepared, form: DocumentForm, stamp: Stamp) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a document with its stamp, and the characters that its font lacks."""
    view = prepared.view
    if form is DocumentForm.JSON:
        told = {"stamp": stamp.as_json(), **view.kind.lay_out(view)}
        return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n", ()
    if form is DocumentForm.GOAML:
        from assistant.export.documents.goaml import write_goaml

        return write_goaml(view, stamp), ()
    from assistant.export.typesetting.typesetting import Form, typeset

    marks = _mark(prepared, stamp.footer(), stamp)
    made = typeset(_find_template(view), view.kind.gather(view), Form(form.value), marks)
    return made.content, made.missing


def _find_template(view: View) -> Template:
    from assistant.export.typesetting.templates import find_template

    return find_template(view.kind.name.value, view.language, view.templates)


def _mark(prepared: Prepared, footer: str, stamp: Stamp | None = None) -> Marks:
    from assistant.export.typesetting.typesetting import Marks

    view = prepared.view
    watermark = view.say("watermark", by=view.by, when=view.writer.time(view.at)) if view.order.confidential else ""
    return Marks(
        footer=footer,
        watermark=watermark,
        large=view.kind.large,
        language=view.language,
        title=prepared.title,
        known_by=stamp.export if stamp else "",
        at=stamp.at if stamp else view.at,
    )


def _classify(view: View) -> View:
    """Return a view whose order says that it is confidential if what it shows is."""
    confidential = view.kind.tells_of_report and speaks_of_referral(view)
    return replace(view, order=replace(view.order, confidential=True)) if confidential else view


def _conceal(dossier: Dossier, books: tuple[Book, ...]) -> Dossier:
    """Return a dossier without what concerns a suspicious transaction report, nor who asked or looked."""
    return replace(dossier, case=leave_out(dossier.case, books), departures=(), requests=(), looks=())


def _read_particulars(desk: Desk, case: Case, reason: RevealReason | None) -> Mapping[tuple[Party, Field], str]:
    return desk.read_in_full(case) if reason else desk.read_masked(case)


def _name_staff(desk: Desk) -> Mapping[str, str]:
    roster = desk.store.roster
    return {number: member.name for number, member in roster.members.items() if member.name}

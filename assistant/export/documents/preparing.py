"""From a saved case to a document: who may have it, what it says, a preview, and its bytes on their way out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from assistant.audit.dossier import gather_dossier
from assistant.case.events import Look, RevealReason
from assistant.confidence import needs_to_know
from assistant.export.delivery import Delivered, Target, Work, Written, deliver_all
from assistant.export.documents.entries import speaks_of_referral
from assistant.export.documents.kinds import KINDS, PAGES, DocumentForm, DocumentName
from assistant.export.documents.view import View
from assistant.export.documents.words import WORDS
from assistant.export.stamp import Order, Stamp
from assistant.particulars.fields import Field, Party
from assistant.people.bodies import Leaving
from assistant.people.permissions import Move, state_of
from assistant.people.reader import leave_out
from assistant.places import find_settings
from assistant.settings import read_settings
from rules.errors import BadInput
from rules.language import Language

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.audit.dossier import Dossier
    from assistant.case.case import Case
    from assistant.desk import Desk
    from assistant.export.typesetting.typesetting import Marks, Typeset
    from rules.model import Book


class FormUnknown(BadInput):
    """The document does not come in that form: `forms` are those in which it does."""

    catalogue = WORDS
    code = "form_unknown"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was gathered and not yet written."""

    view: View
    folder: Path
    """Where the bank keeps its settings, and what they name."""

    @property
    def templates(self) -> Path | None:
        """Where the bank keeps templates of its own."""
        own = self.view.settings.templates
        return self.folder / own if own else None

    @property
    def title(self) -> str:
        """What the document is called."""
        return self.view.say(f"name.{self.view.kind.name}")


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
    SettingsUnfit, and what a look that cannot be recorded raises.
    """
    kind, whole = KINDS[name], desk.store.case(case_id)
    desk.demand(Move.READ, whole)
    if kind.confidential:
        desk.demand(Move.READ_STR, whole)
    if look:
        whole = desk.look_at(case_id, Look.REVEALED if reason else Look.OPENED, reason)
    known = tuple(books)
    dossier = gather_dossier(desk, whole, known)
    if kind.for_customer:
        dossier = _conceal(dossier, known)
    settings = read_settings(desk.store.path).documents
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
        particulars=_read_particulars(desk, dossier.case, reason),
        staff=_name_staff(desk) if kind.names_staff else {},
        at=desk.clock(),
        by=desk.actor,
        needs_to_know=needs_to_know(desk.store.roster, desk.actor, state_of(whole)),
        words=WORDS,
    )
    return Prepared(_classify(view), find_settings(desk.store.path).parent)


def preview(prepared: Prepared) -> str:
    """Return the document as Markdown, for a terminal; a document that is no page, as JSON."""
    if PAGES[0] not in prepared.view.kind.forms:
        return json.dumps(prepared.view.kind.lay_out(prepared.view), ensure_ascii=False, indent=1)
    return _typeset(prepared, DocumentForm.MARKDOWN, WORDS("preview", prepared.view.language)).content.decode()


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

        return write_goaml(view, stamp, prepared.folder), ()
    typeset = _typeset(prepared, form, stamp.footer(), stamp)
    return typeset.content, typeset.missing


def _typeset(prepared: Prepared, form: DocumentForm, footer: str, stamp: Stamp | None = None) -> Typeset:
    # Nobody waits for the typesetter who only looks at a case.
    from assistant.export.typesetting.typesetting import Form, find_template, typeset

    view = prepared.view
    template = find_template(view.kind.name.value, view.language, prepared.templates)
    return typeset(template, view.kind.gather(view), Form(form.value), _mark(prepared, footer, stamp))


def _mark(prepared: Prepared, footer: str, stamp: Stamp | None) -> Marks:
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

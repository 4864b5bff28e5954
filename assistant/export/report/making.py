"""From the figures of a month to its report: who may have it, a preview, and its bytes on their way out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from assistant.export.delivery import Delivered, Target, Written, deliver
from assistant.export.report.gathering import Material, gather_material
from assistant.export.report.words import WORDS
from assistant.export.report.writing import write_report
from assistant.export.stamp import Order, Stamp, make_stamp
from assistant.export.typesetting.marks import Form, Marks
from assistant.people.bodies import Leaving
from assistant.places import find_settings
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.export.report.month import Month
    from assistant.export.typesetting.templates import Template
    from assistant.figures.gathering import Tell
    from rules.language import Language
    from rules.model import Book

NAME: Final = "monthly_report"
TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report whose figures were counted and which was not yet written."""

    material: Material
    book: Book
    order: Order
    bank: str | None
    """The name of the bank as the settings have it."""
    templates: Path | None
    """Where the bank keeps templates of its own."""


def prepare(desk: Desk, book: Book, month: Month, language: Language, tell: Tell) -> Prepared:
    """Count the figures of a month for its report. `book` names what is counted; what `tell` raises ends it.

    Raises the NotPermitted of whoever may not read figures, SettingsUnfit, and the StoreTrouble that keeps the file
    from being read.
    """
    material = gather_material(desk, book, month, tell)
    settings = read_settings(desk.store.path).documents
    order = Order(
        what=Leaving.REPORT,
        form="",
        language=language,
        name=NAME,
        filter=f"from:{month.first} to:{month.last}",
        rulebooks=(book.meta.version,),
    )
    folder = find_settings(desk.store.path).parent / settings.templates if settings.templates else None
    return Prepared(material, book, order, settings.bank, folder)


def preview(desk: Desk, prepared: Prepared) -> str:
    """Return the report as Markdown, for a terminal; nothing leaves and nothing is recorded."""
    from assistant.export.typesetting.typesetting import preview as lay_out

    stamp = make_stamp(desk, prepared.order)
    report = write_report(prepared.material, prepared.book, prepared.order.language, stamp, prepared.bank, preview=True)
    footer = WORDS("preview", prepared.order.language)
    return lay_out(_find_template(prepared), report, _mark(prepared, stamp, footer))


def hand_out(desk: Desk, prepared: Prepared, form: Form, target: Target) -> tuple[Delivered, tuple[str, ...]]:
    """Write the report, record that, and put it where it was asked for; return what was recorded, and the characters
    of it for which the font has no shape and which stand in it by their numbers.

    Raises TemplateUnsound, the trouble of a typesetter that is not installed, and what `deliver` raises.
    """
    missing: tuple[str, ...] = ()

    def write(stamp: Stamp, file: BinaryIO) -> Written:
        nonlocal missing
        from assistant.export.typesetting.typesetting import typeset

        report = write_report(prepared.material, prepared.book, stamp.order.language, stamp, prepared.bank)
        page = typeset(_find_template(prepared), report, form, _mark(prepared, stamp, stamp.footer()))
        file.write(page.content)
        missing = page.missing
        return Written(prepared.material.figures.cases)

    return deliver(desk, replace(prepared.order, form=form.value), target, write), missing


def _find_template(prepared: Prepared) -> Template:
    from assistant.export.typesetting.templates import find_template

    return find_template(NAME, prepared.order.language, prepared.templates, built_in=TEMPLATES)


def _mark(prepared: Prepared, stamp: Stamp, footer: str) -> Marks:
    title = WORDS(
        "title",
        prepared.order.language,
        outlet=stamp.outlet,
        month=prepared.material.month,
    )
    return Marks(footer=footer, language=prepared.order.language, at=stamp.at, title=title, known_by=stamp.export)

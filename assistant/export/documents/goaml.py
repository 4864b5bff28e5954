"""The neutral draft of a suspicious transaction report as goAML XML, held against the schema that the bank supplies.

It is a mapping and no more: it claims no filing, and what the case does not know is left out, so that the schema says
what is missing. `docs/suspicious-transaction-report.md` has it in a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from assistant.export.documents.goaml_checking import check_xml
from assistant.export.documents.goaml_codes import GOAML_WORDS, Codes, GoamlMasked, GoamlSchemaMissing, read_codes
from assistant.export.documents.str_paper import make_draft
from assistant.export.typesetting.characters import name_character
from assistant.plain.times import find_moment
from rules.facts import MoneyState, PaidFrom, PayeeAt

if TYPE_CHECKING:
    from assistant.export.documents.str_draft import Funds, Someone, StrDraft
    from assistant.export.documents.view import View
    from assistant.export.stamp import Stamp

_OTHER_HANDS: Final = frozenset({MoneyState.CASH_IN_HAND, MoneyState.HANDED_OVER})
"""Of cash there is no account that it goes to."""


def write_goaml(view: View, stamp: Stamp) -> bytes:
    """Return the draft as goAML XML that its schema has passed.

    Raises GoamlSchemaMissing, GoamlMasked, GoamlSchemaUnread, GoamlCodesUnread, GoamlCheckerMissing and GoamlUnfit.
    """
    schema = view.settings.goaml_schema
    if schema is None:
        raise GoamlSchemaMissing
    if not view.in_full:
        raise GoamlMasked
    report = _Mapping(make_draft(view), read_codes(view.templates), view, stamp).write()
    indent(report, " ")
    body: bytes = tostring(report, encoding="UTF-8", xml_declaration=False)
    xml = b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
    check_xml(xml, view.folder / schema)
    return xml


class _Mapping:
    """The elements of one report, in the order in which the general schema description has them."""

    def __init__(self, draft: StrDraft, codes: Codes, view: View, stamp: Stamp) -> None:
        self._draft = draft
        self._codes = codes
        self._view = view
        self._stamp = stamp

    def write(self) -> Element:
        """Return the report."""
        draft, codes, report = self._draft, self._codes, Element("report")
        standing = GOAML_WORDS("texts.standing", self._view.language)
        # A comment must not hold two hyphens.
        report.append(Comment(f" {standing}. {self._stamp.export} {self._stamp.checkpoint} ".replace("--", "- -")))
        _put(report, "rentity_id", draft.entity)
        _put(report, "rentity_branch", draft.where.code)
        _put(report, "submission_code", codes.submission_code)
        _put(report, "report_code", codes.report_code)
        _put(report, "entity_reference", draft.case_number)
        _put(report, "submission_date", self._write_time(self._stamp.at))
        _put(report, "currency_code_local", codes.currency)
        self._put_reporter(report)
        self._put_location(report)
        _put(report, "reason", " ".join(self._list_reasons()))
        _put(report, "action", self._view.writer.join(one.name for one in draft.steps if one.outcome == "done"))
        for funds in draft.funds:
            self._put_transaction(SubElement(report, "transaction"), funds)
        self._put_indicators(report)
        return report

    def _put_reporter(self, report: Element) -> None:
        person = SubElement(report, "reporting_person")
        _put(person, "first_name", self._codes.first_name)
        _put(person, "last_name", self._stamp.by)

    def _put_location(self, report: Element) -> None:
        if self._draft.where.address:
            location = SubElement(report, "location")
            _put(location, "address_type", self._codes.address_type)
            _put(location, "address", self._draft.where.address)
            _put(location, "city", self._codes.city)
            _put(location, "country_code", self._codes.country)

    def _put_transaction(self, transaction: Element, funds: Funds) -> None:
        draft, codes = self._draft, self._codes
        request = draft.trigger.requests[0]
        _put(transaction, "transactionnumber", f"{draft.case_number}-{funds.portion}")
        _put(transaction, "transaction_location", draft.where.name)
        _put(transaction, "transaction_description", request.name)
        _put(
            transaction, "date_transaction", self._write_time(draft.trigger.opened_at if funds.at is None else funds.at)
        )
        _put(transaction, "transmode_code", codes.find_transmode(request.id))
        _put(transaction, "amount_local", write_yuan(funds.amount_fen))
        self._put_from(transaction, funds)
        self._put_to(transaction, funds)

    def _put_from(self, transaction: Element, funds: Funds) -> None:
        """Put the one side the money comes from: the customer, at this bank unless it is known otherwise."""
        here = funds.paid_from in (None, PaidFrom.HERE)
        side = SubElement(transaction, "t_from_my_client" if here else "t_from")
        _put(side, "from_funds_code", self._codes.find_funds_from(funds.paid_from, funds.state))
        self._put_party(side, "from", self._draft.subject, account=here, here=here)
        _put(side, "from_country", self._codes.country)

    def _put_to(self, transaction: Element, funds: Funds) -> None:
        """Put the one side it goes to: the payee, or the customer where it was moved in the own name."""
        own = funds.state is MoneyState.MOVED_OWN_NAME
        here = own or funds.payee_at is PayeeAt.THIS_BANK
        side = SubElement(transaction, "t_to_my_client" if here else "t_to")
        _put(side, "to_funds_code", self._codes.find_funds_to(funds.state))
        party = self._draft.subject if own else self._draft.counterparty
        self._put_party(side, "to", party, account=not own and funds.state not in _OTHER_HANDS, here=here)
        _put(side, "to_country", self._codes.country)

    def _put_party(self, side: Element, way: str, party: Someone, *, account: bool, here: bool) -> None:
        """Put a party as the account it holds where one is noted, or else as a person."""
        if account and party.account:
            held = SubElement(side, f"{way}_account")
            settings = self._view.settings
            _put(held, "institution_name", settings.bank if here else None)
            _put(held, "institution_code", self._draft.entity if here else None)
            _put(held, "branch", self._draft.where.code if here else None)
            _put(held, "account", party.account)
            _put(held, "currency_code", self._codes.currency)
            _put(held, "account_name", party.name)
            if party.name or party.phone or party.id_number:
                self._put_person(SubElement(SubElement(held, "signatory"), "t_person"), party)
        else:
            self._put_person(SubElement(side, f"{way}_person"), party)

    def _put_person(self, person: Element, party: Someone) -> None:
        codes = self._codes
        _put(person, "first_name", codes.first_name if party.name else None)
        _put(person, "last_name", party.name)
        _put(person, "id_number", party.id_number)
        if party.phone:
            phone = SubElement(SubElement(person, "phones"), "phone")
            _put(phone, "tph_contact_type", codes.contact_type)
            _put(phone, "tph_communication_type", codes.communication_type)
            _put(phone, "tph_number", party.phone)

    def _put_indicators(self, report: Element) -> None:
        if found := self._draft.suspicion.typologies:
            indicators = SubElement(report, "report_indicators")
            for one in found:
                _put(indicators, "indicator", self._codes.indicators.get(one.id, one.id))

    def _list_reasons(self) -> Iterator[str]:
        """Yield why it is suspected, and what speaks against it, in sentences."""
        view, draft = self._view, self._draft
        for ground in draft.suspicion.grounds:
            yield view.say("str_paper.reason", why=ground.why)
        for cleared in draft.exclusion.clearings:
            yield view.say("str_paper.against", what=cleared.name)

    def _write_time(self, at: int) -> str:
        """Return a moment on the outlet's clock, as goAML has it: to the second and without a zone."""
        return f"{find_moment(at, self._view.outlet.zone):%Y-%m-%dT%H:%M:%S}"


def write_yuan(fen: int | None) -> str | None:
    """Return an amount as a decimal number of yuan, without ever being a fraction in between."""
    return None if fen is None else f"{fen // 100}.{fen % 100:02}"


def tidy_value(text: str) -> str:
    """Return a text as a value of XML: in one line, without blanks around it, and every character that XML has no place
    for by its number."""
    return "".join(
        character if _has_place(character) else f"⟨{name_character(character)}⟩" for character in " ".join(text.split())
    )


def _has_place(character: str) -> bool:
    number = ord(character)
    return 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or number >= 0x10000


def _put(parent: Element, name: str, value: str | None) -> None:
    """Add a value; what is not known is left out, for an empty element would say that it is known to be nothing."""
    if value is not None and (tidied := tidy_value(value)):
        SubElement(parent, name).text = tidied

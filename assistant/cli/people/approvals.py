"""`assistant approvals ...`: what waits for a second person, and that person's decision."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Final

from assistant.case.events import EventKind
from assistant.case.subjects import is_case
from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong
from assistant.cli.people.staff import tell_password
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.people.office import hand_out
from assistant.people.refusals import RequestUnknown
from assistant.people.requests import Request, Standing
from assistant.people.retention import plan_rest
from assistant.plain.columns import set_columns
from assistant.plain.requests import RequestWriter, lay_out, name_step
from assistant.plain.times import write_time
from rules.language import Language

_HEADS: Final = ("number", "standing", "what", "asked_by", "asked_at")


def run(options: Namespace, language: Language) -> int:
    """Run the command that `options.look` names. Raises UsageWrong, a NotPermitted, and what `at_desk` raises."""
    if options.look == "review" and options.upheld is options.faulted:
        raise UsageWrong("one_finding", "approvals review ")
    with at_desk(options, language) as desk:
        if options.look == "list":
            _list(desk, options, language)
            return 0
        request = desk.office.find(options.request, waiting=options.look != "show")
        if not _sees(desk, request):
            raise RequestUnknown(number=options.request)
        if options.look == "show":
            _show(desk, request, language)
        else:
            _decide(desk, request, options, language)
    return 0


def _sees(desk: Desk, request: Request) -> bool:
    """Tell whether the request may be shown: what is about a confidential step is no more shown than the step."""
    step = request.body.get("step")
    hidden = desk.hidden_steps(desk.store.case(request.about)) if step and is_case(request.about) else frozenset()
    return desk.office.sees(request) and step not in hidden


def _make_writer(desk: Desk, language: Language) -> RequestWriter:
    # A function, for the rulebook is read only where a step is to be named.
    return RequestWriter(desk.store, language, lambda step: name_step(desk.rulebooks.book, language, step))


def _show(desk: Desk, request: Request, language: Language) -> None:
    lines = [_make_writer(desk, language).show(request, desk.office, desk.clock())]
    if request.kind is EventKind.RULEBOOK_PUBLISHED:
        # Two rulebooks are read and compared, which takes a moment.
        from assistant.cli.rules.publication import tell_publication

        lines += ["", *tell_publication(desk.store, request, language)]
    if request.kind is EventKind.RETENTION_ORDERED and request.standing in (Standing.PENDING, Standing.APPROVED):
        from assistant.cli.retention.orders import tell_plan

        lines += ["", *tell_plan(desk, plan_rest(desk, request), language)]
    say("\n".join(lines))


def _list(desk: Desk, options: Namespace, language: Language) -> None:
    requests = [one for one in desk.store.list_requests(waiting=not options.all) if _sees(desk, one)]
    if options.json:
        say(json.dumps([lay_out(request) for request in requests], ensure_ascii=False))
    elif not requests:
        say(_say("none_at_all" if options.all else "none", language))
    else:
        writer = _make_writer(desk, language)
        heads = [_say(f"header.{name}", language) for name in _HEADS]
        say(set_columns([heads, *(_write(desk, writer, request) for request in requests)]))


def _write(desk: Desk, writer: RequestWriter, request: Request) -> list[str]:
    return [
        desk.office.shorten(request),
        writer.standing(request),
        writer.describe(request),
        request.asked_by,
        write_time(request.asked_at, desk.store.outlet.zone),
    ]


def _decide(desk: Desk, request: Request, options: Namespace, language: Language) -> None:
    office, digits, password = desk.office, desk.office.shorten(request), ""
    match options.look:
        case "approve":
            password, handed = hand_out(request.kind, request.body)
            office.approve(request.subject, handed, options.why)
        case "decline":
            office.decline(request.subject, options.why)
        case "withdraw":
            office.withdraw(request.subject)
        case _:
            office.review(request.subject, upheld=options.upheld, why=options.why)
    settled, writer = desk.store.request(request.subject), _make_writer(desk, language)
    say(_say("did", language, digits=digits, standing=writer.standing(settled), what=writer.describe(settled)))
    if after := writer.follow_up(settled):
        say(after)
    tell_password(password, str(request.body.get("number")), language)


def _say(key: str, language: Language, **details: object) -> str:
    return PEOPLE_WORDS(f"approvals.{key}", language, **details)

"""`assistant outlet ...`: the outlet whose cases the file holds, and another name for it, which takes two."""

from __future__ import annotations

from argparse import Namespace

from assistant.case.events import EventKind
from assistant.case.subjects import OUTLET
from assistant.cli.output import say
from assistant.cli.people.staff import tell_waiting
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.signing import at_desk
from assistant.naming import tidy
from assistant.people.permissions import Move
from assistant.quoting import fold
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Run the command that `options.look` names. Raises a NotPermitted and what `at_desk` raises."""
    with at_desk(options, language) as desk:
        store, outlet = desk.store, desk.store.outlet
        if options.look == "rename":
            body = {"name": tidy(options.name)}
            request = desk.office.ask(EventKind.OUTLET_RENAMED, body, about=OUTLET, why=options.why)
            tell_waiting(desk, request, language)
            return 0
        desk.demand(Move.LIST)
        details = {"code": outlet.code, "name": fold(outlet.name), "zone": outlet.zone}
        counts = {"count": len(store.roster.active), "waiting": len(desk.office.list_waiting())}
        say(f"{PEOPLE_WORDS('outlet.shown', language, **details)}\n{PEOPLE_WORDS('outlet.people', language, **counts)}")
    return 0

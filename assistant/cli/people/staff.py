"""`assistant staff ...`: who works here; from the second person on, every change takes two."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Final

from assistant.case.events import Draft, EventKind
from assistant.case.subjects import STAFF
from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong, read_choice
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.cli.signing import ask_secret, at_desk, make_sign_on
from assistant.desk import Desk
from assistant.naming import tidy
from assistant.people.first import draft_manager, propose_number
from assistant.people.logins import find_login
from assistant.people.office import hand_out
from assistant.people.permissions import Move
from assistant.people.refusals import SignOnNeeded
from assistant.people.requests import EmergencyReason, Request
from assistant.people.roles import Role
from assistant.people.roster import NAME, Member
from assistant.plain.columns import set_columns
from assistant.plain.requests import RequestWriter, write_password
from assistant.plain.times import write_time
from assistant.settings import read_settings
from assistant.stamps import make_id, read_clock
from assistant.workplace import recognise
from rules.errors import BadInput
from rules.language import Catalogue, Language

_PEOPLE: Final = Catalogue("assistant.people")


class AlreadyNamed(BadInput):
    """An outlet manager is named in this file already."""

    catalogue = PEOPLE_WORDS
    code = "already_named"


class PasswordsDiffer(BadInput):
    """A new password was not typed the same twice."""

    catalogue = PEOPLE_WORDS
    code = "passwords_differ"


def run(options: Namespace, language: Language) -> int:
    """Run the command of the staff that `options.look` names.

    Raises UsageWrong, AlreadyNamed, PasswordsDiffer, PasswordUnfit, a NotPermitted, and what `at_desk` raises.
    """
    if options.look == "moves":
        from assistant.cli.people.moves import write_moves

        say(write_moves(language))
        return 0
    with at_desk(options, language, outworn=options.look == "password") as desk:
        if options.look in _CHANGES:
            _change(desk, options, language)
        else:
            {"first": _name_first, "list": _list, "password": _set_password}[options.look](desk, options, language)
    return 0


def make_first(number: str | None, command: str) -> Draft:
    """Return the event that names the outlet manager: oneself, by `number` or else by the OS login.

    Raises UsageWrong when the login will not do as a staff number.
    """
    login = find_login()
    own = tidy(number) if number else propose_number(login)
    if not own:
        option = "--manager" if command == "init " else "--number"
        raise UsageWrong("manager_needed", command, login=login, option=option)
    return draft_manager(own, login, make_id(), read_clock())


def _name_first(desk: Desk, options: Namespace, language: Language) -> None:
    if desk.store.roster.members:
        raise AlreadyNamed
    draft = make_first(options.number, "staff first ")
    desk.store.append(draft)
    say(_say("named", language, number=draft.actor))


_CHANGES: Final = {
    "add": EventKind.MEMBER_NAMED,
    "role": EventKind.ROLE_CHANGED,
    "suspend": EventKind.MEMBER_SUSPENDED,
    "restore": EventKind.MEMBER_RESTORED,
    "bind": EventKind.LOGIN_BOUND,
    "unbind": EventKind.LOGIN_BOUND,
    "reset": EventKind.PASSWORD_RESET,
}


def _change(desk: Desk, options: Namespace, language: Language) -> None:
    kind = _CHANGES[options.look]
    body = {"number": tidy(options.number)}
    private = {}
    if options.look in ("add", "role"):
        body["role"] = read_choice(options.role, Role, "--role", f"staff {options.look} ")
    if getattr(options, "login", None) is not None:
        body["login"] = tidy(options.login)
    if name := tidy(getattr(options, "name", None) or ""):
        private[NAME] = name
    reason = getattr(options, "emergency", None)
    if reason is not None:
        reason = read_choice(reason, EmergencyReason, "--emergency", "staff suspend ")
    if desk.store.roster.takes_two(Draft("", STAFF, 0, desk.actor, kind, body)):
        request = desk.office.ask(kind, body, private, about=STAFF, why=options.why)
        if reason is None:
            tell_waiting(desk, request, language)
        else:
            _do_in_emergency(desk, request, reason, language)
        return
    password, handed = hand_out(kind, body)
    desk.office.change(kind, body, {**private, **handed})
    what = RequestWriter(desk.store, language).describe(Request(kind=kind, about=STAFF, body=body))
    say(_say("done", language, what=what))
    tell_password(password, body["number"], language)


def _do_in_emergency(desk: Desk, request: Request, reason: str, language: Language) -> None:
    done = desk.office.use_emergency(request.subject, reason, read_settings(desk.store.path).review_hours)
    what = RequestWriter(desk.store, language).describe(done)
    until = write_time(done.review_by or 0, desk.store.outlet.zone)
    say(_say("emergency", language, what=what, digits=desk.office.shorten(done), until=until))


def tell_waiting(desk: Desk, request: Request, language: Language) -> None:
    """Say that a change was asked for, and what the second person does."""
    what = RequestWriter(desk.store, language).describe(request)
    say(_say("waits", language, what=what, digits=desk.office.shorten(request)))


def tell_password(password: str, number: str, language: Language) -> None:
    """Show a password that was given out for one use, if any was."""
    if password:
        say(write_password(number, password, language))


def _set_password(desk: Desk, options: Namespace, language: Language) -> None:
    sign_on = make_sign_on(desk.store)
    member = desk.member
    if member is None:
        raise SignOnNeeded(login=desk.actor)
    if member.password is not None and "given_by" not in options and recognise(desk.store):
        # Whoever was not recognised by the OS login has typed it a moment ago.
        sign_on.sign_on(member.number, ask_secret("current", language))
    new = ask_secret("new", language)
    if sys.stdin.isatty() and ask_secret("again", language) != new:
        raise PasswordsDiffer
    sign_on.set_password(member.number, new)
    say(_say("password_set", language, number=member.number))


def _list(desk: Desk, options: Namespace, language: Language) -> None:
    members = desk.store.roster.members
    desk.demand(Move.LIST)
    if options.json:
        say(json.dumps([_lay_out(member) for member in members.values()], ensure_ascii=False))
    elif not members:
        say(_say("none", language))
    else:
        heads = [_say(f"header.{name}", language) for name in ("number", "role", "state", "login", "password", "name")]
        say(set_columns([heads, *(_write(member, language) for member in members.values())]))


def _write(member: Member, language: Language) -> list[str]:
    return [
        member.number,
        _PEOPLE(f"role.{member.role}", language),
        _say("active" if member.active else "suspended", language),
        member.login or _say("no_login", language),
        _say(f"password_{_name_password(member)}", language),
        member.name,
    ]


def _lay_out(member: Member) -> dict[str, object]:
    return {
        "number": member.number,
        "role": member.role,
        "active": member.active,
        "login": member.login,
        "password": _name_password(member),
        "name": member.name,
    }


def _name_password(member: Member) -> str:
    if member.password is None:
        return "none"
    return "once" if member.must_replace else "own"


def _say(key: str, language: Language, **details: object) -> str:
    return PEOPLE_WORDS(f"staff.{key}", language, **details)

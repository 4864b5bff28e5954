"""Who gives a command: whoever the operating system says is there, or a staff number and its password."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.cli.output import note, warn
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.desk import Desk
from assistant.naming import tidy
from assistant.people.logins import find_login
from assistant.people.refusals import NotNamed, PasswordOutworn, SignOnNeeded
from assistant.people.signing import SignOn
from assistant.places import find_database
from assistant.settings import read_settings
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from assistant.workplace import recognise
from rules.errors import BadInput
from rules.language import Language
from rules.names import Shelf


class NothingTyped(BadInput):
    """A number or password was asked for and there was nothing to read."""

    catalogue = PEOPLE_WORDS
    code = "nothing_typed"


@contextmanager
def at_desk(options: Namespace, language: Language, *, outworn: bool = False) -> Iterator[Desk]:
    """Have a desk over the file of cases, with whoever gives the command working at it, for the length of a block.

    Its rulebook is the one that comes with the program, read when it is looked into. What went wrong with the file
    is told on standard error, and loudly where its key lies when one was made just now. Raises what `Store.open` and
    `signed_on` raise.
    """
    with Store.open(find_database(getattr(options, "db", None))) as store:
        for warning in store.warnings:
            warn(warning, language)
        if store.new_key is not None:
            note(store.new_key.advise().read(language))
        number = getattr(options, "given_by", None)
        desk = Desk(store, Shelf(), signed_on(store, language, number, outworn=outworn))
        try:
            yield desk
        finally:
            desk.leave()


def signed_on(store: Store, language: Language, number: str | None = None, *, outworn: bool = False) -> str:
    """Return the staff number of whoever gives this command; in a file in which nobody is named yet, the OS login.

    With `number`, it is that one, whoever the OS login is bound to, and the password is asked for. When that login is
    nobody's, both are, at the terminal. Raises SignOnNeeded where there is none, NotNamed for a number where nobody is
    named, what `SignOn.sign_on` raises, and PasswordOutworn for a password that was given out for one use, unless
    `outworn`, for the command that replaces it.
    """
    recognised = recognise(store)
    if number is None and recognised:
        return recognised
    if number is not None and not store.roster.members:
        raise NotNamed
    if number is None and not sys.stdin.isatty():
        raise SignOnNeeded(login=find_login())
    number = tidy(_ask_number(language) if number is None else number)
    member = make_sign_on(store).sign_on(number, ask_secret("password", language))
    if member.must_replace and not outworn:
        raise PasswordOutworn
    return member.number


def make_sign_on(store: Store) -> SignOn:
    """Return the way to sign on to that file, by the settings beside it. Raises SettingsUnfit."""
    return SignOn(store, read_settings(store.path).sign_on, read_clock, make_id)


def ask_secret(key: str, language: Language) -> str:
    """Ask at the terminal for what nobody may see, or read one line where there is none. Raises NothingTyped."""
    if sys.stdin.isatty():
        from getpass import getpass

        try:
            return getpass(PEOPLE_WORDS(f"ask.{key}", language))
        except EOFError:
            raise NothingTyped from None
    return read_line()


def read_line() -> str:
    """Return the next line of standard input without its end. Raises NothingTyped when there is none."""
    line = sys.stdin.readline()
    if not line:
        raise NothingTyped
    return line.rstrip("\r\n")


def _ask_number(language: Language) -> str:
    print(PEOPLE_WORDS("ask.number", language), end="", file=sys.stderr, flush=True)
    return read_line()

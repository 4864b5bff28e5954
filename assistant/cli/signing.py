"""Who gives a command: whoever the operating system says is there, or else a staff number and its password."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.cli.output import warn
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.desk import Desk
from assistant.people.logins import find_login
from assistant.people.refusals import PasswordOutworn, SignOnNeeded
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
            print(store.new_key.advise().read(language), file=sys.stderr)
        desk = Desk(store, Shelf(), signed_on(store, language, outworn=outworn))
        try:
            yield desk
        finally:
            desk.leave()


def signed_on(store: Store, language: Language, *, outworn: bool = False) -> str:
    """Return the staff number of whoever gives this command; in a file in which nobody is named yet, the OS login.

    When that login is nobody's, number and password are asked for at the terminal. Raises SignOnNeeded where there is
    none, what `SignOn.sign_on` raises, and PasswordOutworn for a password that was given out for one use, unless
    `outworn`, for the command that replaces it.
    """
    number = recognise(store)
    if number:
        return number
    if not sys.stdin.isatty():
        raise SignOnNeeded(login=find_login())
    number = _ask_number(language)
    password = ask_secret("password", language)
    member = make_sign_on(store).sign_on(number, password)
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
    return read_line().strip()

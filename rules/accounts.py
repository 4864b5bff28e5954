"""Facts of accounts that cannot both be true: what an answer to one of them says of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rules.facts import Answer, Reply

if TYPE_CHECKING:
    from rules.model import Book


def is_denied(fact: str, accounts: Mapping[str, Reply], book: Book) -> bool:
    """Tell whether a yes to another fact has answered `fact` with no, so that there is nothing to ask."""
    reply = accounts.get(fact)
    return bool(reply and not reply.yes) and any(
        fact in book.accounts[other].denies and known.yes for other, known in accounts.items() if other in book.accounts
    )


def find_contradiction(accounts: Mapping[str, Reply], book: Book) -> tuple[str, str] | None:
    """Return two facts that are both answered with yes and cannot both be true, if there are such."""
    for fact, entry in book.accounts.items():
        for other in entry.denies:
            if fact in accounts and other in accounts and accounts[fact].yes and accounts[other].yes:
                return fact, other
    return None


def settle(
    fact: str, value: Answer | None, accounts: Mapping[str, Reply], book: Book
) -> list[tuple[str, Answer | None]]:
    """Return the answers to record when `fact` is answered, in an order in which at no time two contradict."""
    following = dict(_follow(fact, value, accounts, book))
    first = [(name, following[name]) for name in following if name in accounts]
    return [*first, (fact, value), *((name, following[name]) for name in following if name not in accounts)]


def _follow(
    fact: str, value: Answer | None, accounts: Mapping[str, Reply], book: Book
) -> Iterator[tuple[str, Answer | None]]:
    for denied in book.accounts[fact].denies:
        if value is Answer.YES:
            yield denied, Answer.NO
        elif is_denied(denied, accounts, book):
            yield denied, None
    for other, entry in book.accounts.items():
        denies_it = value is Answer.YES and fact in entry.denies
        if denies_it and (other not in accounts or accounts[other].yes):
            yield other, Answer.NO

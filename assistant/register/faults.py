"""What can be wrong with what is looked for in the list of cases; nothing is ever written by looking."""

from __future__ import annotations

from typing import ClassVar, Final

from rules.errors import BadInput, Trouble
from rules.language import Catalogue

REGISTER_WORDS: Final = Catalogue("assistant.register")


class ListingStopped(Trouble):
    """Whoever asked for cases stopped waiting for them, or asked for others."""

    catalogue: ClassVar[Catalogue] = REGISTER_WORDS
    code = "listing_stopped"


class FilterWrong(BadInput):
    """What is looked for cannot be read or answered."""

    catalogue: ClassVar[Catalogue] = REGISTER_WORDS


class WordTooShort(FilterWrong):
    """A text of fewer than `least` characters was to be found."""

    code = "word_too_short"


class TermUnknown(FilterWrong):
    """`word` is nothing that can be looked for; `hint` names what is near, if anything is."""

    code = "term_unknown"


class ValueMissing(FilterWrong):
    """The part `part` stands there without what is looked for in it; `example` has it, `choices` says what there is."""

    code = "value_missing"


class DigitsUnread(FilterWrong):
    """`word` is not the last digits of a number."""

    code = "digits_unread"


class ValueUnknown(FilterWrong):
    """`word` is no value of the part `part`; `hint` names what is near, if anything is."""

    code = "value_unknown"


class AmountUnread(FilterWrong):
    """`word` is no amount of money."""

    code = "amount_unread"


class TimeUnread(FilterWrong):
    """`word` is no day or moment."""

    code = "time_unread"


class QuoteOpen(FilterWrong):
    """A quotation mark has no other."""

    code = "quote_open"


class PartTwice(FilterWrong):
    """Two terms say different things of the part `part`."""

    code = "part_twice"


class NumberHere(FilterWrong):
    """A number of a person cannot be looked for in this place: it would stay where it was typed."""

    code = "number_here"


class NumberKept(FilterWrong):
    """A filter with a number of a person was to be kept."""

    code = "number_kept"


class NameUnfit(FilterWrong):
    """A filter was to be kept under a name that is empty or longer than `most` characters."""

    code = "name_unfit"


class TooManyKept(FilterWrong):
    """Somebody keeps `most` filters already."""

    code = "too_many_kept"


class NotKept(FilterWrong):
    """Nothing is kept under the name `name`; `hint` names what is near, if anything is."""

    code = "not_kept"

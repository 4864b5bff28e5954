"""`assistant stats`: what the saved cases add up to, for a period, and for one teller where that is asked."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.listing import find_teller
from assistant.cli.output import say
from assistant.cli.parsing import Parser
from assistant.cli.progress import counting
from assistant.cli.rulebook import read_book
from assistant.cli.signing import at_desk
from assistant.figures.counting import count_cases
from assistant.figures.gathering import Query
from assistant.figures.period import WORDS, Period, Span, read_day
from assistant.figures.words import write_figures
from assistant.people.permissions import Move
from rules.language import Language


def add_stats(parser: Parser, language: Language) -> None:
    """Add to the parser of `stats` its options."""
    parser.take_giver()
    parser.take("--since", key="figures_since", metavar="DAY")
    parser.take("--until", key="figures_until", metavar="DAY")
    parser.take("--teller", key="figures_teller", metavar="NUMBER", default="")
    parser.take("--json", action="store_true")


def run(options: Namespace, language: Language) -> int:
    """Print the figures; of the last 30 days unless a day is given.

    Raises UsageWrong, DayUnreadable, PeriodEmpty, a NotPermitted, a StoreTrouble, and what `at_desk` and `read_book`
    raise.
    """
    asked = Period(*(read_day(text) if text else None for text in (options.since, options.until)))
    with at_desk(options, language) as desk:
        desk.demand(Move.READ_FIGURES)
        teller = find_teller(desk, options.teller, "stats ") if options.teller else ""
        usual = Period.lasting(Span.MONTH, desk.clock(), desk.store.outlet.zone)
        query = Query(asked if options.since or options.until else usual, teller)
        book = read_book(desk.store, language)
        with counting(WORDS, "progress", language) as tell:
            figures = count_cases(desk, book, query, tell)
        say(figures.model_dump_json() if options.json else write_figures(figures, book, language))
    return 0

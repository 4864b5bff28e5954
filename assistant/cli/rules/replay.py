"""`assistant rules replay`: what two rulebooks say of every saved case; that it was done is all that is written."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict

from assistant.case.events import JsonValue
from assistant.cli.output import say
from assistant.cli.progress import counting
from assistant.cli.rules.books import read_pair
from assistant.cli.rules.words import RULE_WORDS
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.replay.comparison import replay
from assistant.replay.report import make_report
from assistant.replay.stories import FileChanged, find_source, hash_file
from assistant.replay.words import write_report
from rules.language import Language
from rules.model import Book


def run(options: Namespace, language: Language) -> int:
    """Print the report.

    Raises NoRulebook, NoOverlay, RulebookUnsound, TooWide, FileChanged, a NotPermitted and what `at_desk` and
    `find_source` raise.
    """
    old, new = read_pair(options)
    with at_desk(options, language) as desk:
        desk.look_at_all()
        path = desk.store.path
    source = find_source(path)
    before = hash_file(path)
    with counting(RULE_WORDS, "replay.progress", language) as tell:
        counts = replay(source, old, new, tell)
    after = hash_file(path)
    if source.alone and before != after:
        raise FileChanged(path=path)
    report = make_report(counts, old, new, str(path), source.head, (before, after))
    say(json.dumps(asdict(report), ensure_ascii=False) if options.json else write_report(report, old, new, language))
    return 0


def compare_with_in_force(desk: Desk, book: Book, language: Language) -> dict[str, JsonValue]:
    """Return in how many saved cases a rulebook would have advised otherwise than the one in force.

    That all cases are read for it is recorded. Raises a NotPermitted and a StoreTrouble.
    """
    from assistant.rulebooks.examining import compare
    from assistant.rulebooks.proposing import read_in_force
    from assistant.rulebooks.publications import Publications

    desk.look_at_all()
    in_force = read_in_force(Publications(desk.store))
    with counting(RULE_WORDS, "replay.progress", language) as tell:
        return {**compare(desk.store.path, in_force, book, tell)}

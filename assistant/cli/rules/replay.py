"""`assistant rules replay`: what two rulebooks say of every saved case; the file of cases is only read."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from assistant.cli.output import say
from assistant.cli.rules.books import read_pair
from assistant.cli.rules.words import RULE_WORDS
from assistant.places import find_database
from assistant.replay.comparison import Tell, replay
from assistant.replay.report import make_report
from assistant.replay.stories import FileChanged, find_source, hash_file
from assistant.replay.words import write_report
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Print the report.

    Raises NoRulebook, NoOverlay, RulebookUnsound, TooWide, FileChanged and what `find_source` raises.
    """
    old, new = read_pair(options)
    path = find_database(getattr(options, "db", None))
    source = find_source(path)
    before = hash_file(path)
    with telling_progress(language) as tell:
        counts = replay(source, old, new, tell)
    after = hash_file(path)
    if source.alone and before != after:
        raise FileChanged(path=path)
    report = make_report(counts, old, new, str(path), source.head, (before, after))
    say(json.dumps(asdict(report), ensure_ascii=False) if options.json else write_report(report, old, new, language))
    return 0


@contextmanager
def telling_progress(language: Language) -> Iterator[Tell]:
    """Give what tells on a terminal how far the replay has come, and wipe that line in the end."""
    shown = sys.stderr.isatty()

    def tell(done: int, total: int) -> None:
        if shown:
            line = RULE_WORDS("replay.progress", language, done=f"{done:,}", total=f"{total:,}")
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

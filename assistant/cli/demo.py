"""`assistant demo`: invented cases in a file of their own, to look at and to play with."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.output import say
from assistant.cli.parsing import WORDS
from assistant.cli.screen import open_screen
from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.desk import read_clock
from assistant.places import find_demo
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Make the demo file anew and open it, unless told not to. Raises NotADemo and what making a file raises."""
    path = find_demo(getattr(options, "db", None))
    count = make_demo(path, read_script(), read_clock())
    say(WORDS("demo.filled", language, count=count, path=path))
    return 0 if options.no_open else open_screen(path, language, options.theme, plain=options.ascii)

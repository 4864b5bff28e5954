"""`assistant demo`: invented cases in a file of their own, to look at and to play with."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.output import say
from assistant.cli.parsing import WORDS
from assistant.cli.screen import open_screen
from assistant.demo.player import make_demo
from assistant.demo.script import read_script
from assistant.places import find_demo
from assistant.stamps import read_clock
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Make the demo file anew and open it, unless told not to. Raises NotADemo and what making a file raises."""
    path = find_demo(getattr(options, "db", None))
    script = read_script()
    count = make_demo(path, script, read_clock())
    say(WORDS("demo.filled", language, count=count, path=path))
    numbers = [person.number for person in script.staff]
    details = {"manager": numbers[0], "first": numbers[1], "last": numbers[-1], "password": script.password}
    say(WORDS("demo.staff", language, **details))
    return 0 if options.no_open else open_screen(path, language, options.theme, plain=options.ascii)

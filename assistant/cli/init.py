"""`assistant init`: the explicit first start, the only way in which a file of cases comes to be."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.output import say
from assistant.cli.parsing import WORDS
from assistant.cli.people.staff import make_first
from assistant.cli.people.words import PEOPLE_WORDS
from assistant.naming import tidy
from assistant.places import find_database
from assistant.store import Outlet, Store
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Make the file of cases of an outlet with its one manager, and say where its key lies and what to do next.

    Raises UnfitOutlet, StoreExists, UsageWrong and what else `Store.create` raises.
    """
    outlet = Outlet(tidy(options.outlet), tidy(options.name), options.zone)
    first = make_first(options.manager, "init ")
    with Store.create(find_database(getattr(options, "db", None)), outlet, begin=[first]) as store:
        lines = [
            WORDS("init.made", language, code=outlet.code, name=outlet.name, path=store.path),
            PEOPLE_WORDS("init.manager", language, number=first.actor, login=first.body["login"]),
        ]
        if store.new_key is not None:
            lines.append(PEOPLE_WORDS("init.key", language, advice=store.new_key.advise().read(language)))
        say("\n".join((*lines, PEOPLE_WORDS("init.next", language))))
    return 0

"""`assistant init`: the explicit first start, the only way in which a file of cases comes to be."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.output import say
from assistant.cli.parsing import WORDS
from assistant.places import find_database
from assistant.store import Outlet, Store
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Make the file of cases of an outlet. Raises UnfitOutlet, StoreExists and what else `Store.create` raises."""
    outlet = Outlet(options.outlet, options.name, options.zone)
    with Store.create(find_database(getattr(options, "db", None)), outlet) as store:
        say(WORDS("init.made", language, code=outlet.code, name=outlet.name, path=store.path))
    return 0

"""`assistant rules rollback`: an earlier rulebook is asked for again, and waits for a second person."""

from __future__ import annotations

from argparse import Namespace

from assistant.cli.output import say
from assistant.cli.parsing import UsageWrong
from assistant.cli.rules.publication import tell_proposal
from assistant.cli.rules.replay import compare_with_in_force
from assistant.cli.signing import at_desk
from assistant.people.permissions import Move
from assistant.rulebooks.editions import find_parts
from assistant.rulebooks.proposing import find_earlier, laid_out, propose_rollback, read_published
from assistant.rulebooks.publications import Publications
from assistant.rulebooks.runner import Runner
from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Ask for an earlier rulebook to be put in force again, and print what the second person does.

    Raises NothingBefore, PublicationUnknown, InForceAlready, RulebookTampered, TrialFailed for one that this release of
    the program cannot use, a NotPermitted, and what `Store.open` raises.
    """
    if not options.why.strip():
        raise UsageWrong("value", "rules rollback ", option="--why")
    with at_desk(options, language) as desk:
        desk.demand(Move.ASK_RULEBOOK)
        publications = Publications(desk.store)
        wanted = find_earlier(publications, options.to)
        with laid_out(publications.read(wanted.digest)) as copy:
            Runner().try_out(*find_parts(copy))
        compared = compare_with_in_force(desk, read_published(publications, wanted.digest), language)
        request = propose_rollback(desk.office, wanted, options.why, compared)
        say("\n".join(tell_proposal(desk.office, request, language)))
    return 0

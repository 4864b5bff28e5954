"""`assistant rules publish`: a rulebook is checked, put into the file of cases, and waits for a second person."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from assistant.cli.output import say, warn
from assistant.cli.parsing import UsageWrong
from assistant.cli.rules.books import BUILT_IN, find_folder, find_overlay
from assistant.cli.rules.publication import tell_proposal
from assistant.cli.rules.replay import compare_with_in_force
from assistant.cli.rules.words import RULE_WORDS
from assistant.cli.signing import at_desk
from assistant.desk import Desk
from assistant.people.permissions import Move
from assistant.people.requests import Request
from assistant.places import find_draft
from assistant.rulebooks.archive import digest_of
from assistant.rulebooks.editions import Source, find_parts
from assistant.rulebooks.examining import examine
from assistant.rulebooks.proposing import check_version, laid_out, propose
from assistant.rulebooks.runner import Runner
from rules.errors import BadInput
from rules.language import Language
from rules.loading import load_book
from rules.proof.solver import SolverMissing


class NoDraft(BadInput):
    """No rulebook was named, and none lies beside the file of cases."""

    catalogue = RULE_WORDS
    code = "no_draft"


def run(options: Namespace, language: Language) -> int:
    """Ask for a rulebook to be put in force, and print what the second person does.

    Raises NoDraft, NoRulebook, NoOverlay, RulebookUnsound, RulebookFaulty, TrialFailed, VersionTaken, InForceAlready,
    a NotPermitted, and what `Store.open` raises.
    """
    if not options.why.strip():
        raise UsageWrong("value", "rules publish ", option="--why")
    with at_desk(options, language) as desk:
        desk.demand(Move.ASK_RULEBOOK)
        request = _publish(desk, find_source(options, desk.store.path), options.why, language)
        say("\n".join(tell_proposal(desk.office, request, language)))
    return 0


def find_source(options: Namespace, database: Path) -> Source:
    """Return where the rulebook lies that the options name, or what lies beside the file of cases where they name none.

    Raises NoDraft, NoRulebook and NoOverlay.
    """
    if options.rules is None and options.overlay is None:
        folder, overlay = find_draft(database)
        if folder is None and overlay is None:
            raise NoDraft(folder=database.parent)
        return Source(folder, overlay)
    overlay = find_overlay(options.overlay) if options.overlay is not None else None
    return Source(find_folder(BUILT_IN if options.rules is None else options.rules), overlay)


def _publish(desk: Desk, source: Source, why: str, language: Language) -> Request:
    # What is checked is a copy of what is put into the file: nobody can edit it in between.
    files = source.read()
    with laid_out(files) as copy:
        version = load_book(*find_parts(copy)).meta.version
        check_version(desk.office, version, digest_of(files))
        findings = examine(*find_parts(copy))
        Runner().try_out(*find_parts(copy))
    if findings.verdicts is None:
        warn(SolverMissing(), language)
    results = findings.results | compare_with_in_force(desk, findings.book, language)
    return propose(desk.office, files, version, results, why)

"""`assistant verify`, `checkpoint`, `backup`, `restore` and `rebuild`: the file as a whole, whatever is in it."""

from __future__ import annotations

import json
from argparse import SUPPRESS, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from assistant.cli.output import NotWritten, note, say
from assistant.cli.parsing import Parser
from assistant.cli.progress import showing_progress
from assistant.cli.signing import at_desk
from assistant.integrity.backup import back_up
from assistant.integrity.checkpoints import checkpoint_line, read_known
from assistant.integrity.findings import Finding, Flaw, Part, Report
from assistant.integrity.rebuild import rebuild
from assistant.integrity.restore import restore
from assistant.integrity.verify import Depth, Progress, verify
from assistant.integrity.words import WORDS
from assistant.people.permissions import Move, State, check
from assistant.places import find_database
from assistant.quoting import clip
from assistant.store import Store, StoreTrouble
from assistant.store.faults import CasesRemade
from assistant.workplace import recognise
from rules.language import Language

UNFIT: Final = 6
"""The exit status of a verification that found something."""


def add_verify(parser: Parser, language: Language) -> None:
    """Add the options of `verify`."""
    parser.take_giver()
    parser.take("--checkpoint", key="known", metavar="LINE|FILE", action="append", default=[])
    parser.take("--without-key", action="store_true")
    parser.take("--json", action="store_true")
    parser.set_defaults(module=__name__)


def add_checkpoint(parser: Parser, language: Language) -> None:
    """Add the options of `checkpoint`."""
    parser.take_giver()
    parser.take("-o", "--output", key="known_output", metavar="FILE")
    parser.set_defaults(module=__name__)


def add_backup(parser: Parser, language: Language) -> None:
    """Add the options of `backup`."""
    parser.take_giver()
    parser.take("target", key="backup_target", metavar="FILE")
    parser.set_defaults(module=__name__)


def add_restore(parser: Parser, language: Language) -> None:
    """Add the options of `restore`."""
    parser.take("--lang", metavar="zh|en", default=SUPPRESS)
    parser.take("backup", key="restore_backup", metavar="BACKUP")
    parser.take("target", key="restore_target", metavar="NEWFILE")
    parser.take("--against", metavar="FILE")
    parser.set_defaults(module=__name__)


def add_rebuild(parser: Parser, language: Language) -> None:
    """Add the options of `rebuild`."""
    parser.take_giver()
    parser.set_defaults(module=__name__)


def run(options: Namespace, language: Language) -> int:
    """Do what the command asks for and return its exit status, 6 for a file that does not verify.

    Raises a NotPermitted, CheckpointUnread, CheckpointMistyped, NotWritten, a StoreTrouble, and what `at_desk` raises.
    """
    return _COMMANDS[options.command](options, language)


def _verify(options: Namespace, language: Language) -> int:
    known = read_known(options.checkpoint)
    remade = _let_in(options, language)
    with _telling(language) as progress:
        path, depth = find_database(getattr(options, "db", None)), Depth(key=not options.without_key)
        report = verify(path, outside=known, depth=depth, progress=progress)
    if remade:
        report = replace(report, findings=(*report.findings, Finding(Flaw.REMADE)))
    if options.json:
        say(json.dumps(report.lay_out(), ensure_ascii=False))
    else:
        say("\n".join(_write(report, language)))
    return 0 if report.whole else UNFIT


def _let_in(options: Namespace, language: Language) -> bool:
    """Raise a NotPermitted unless whoever gives the command may; tell whether lists were made anew in asking.

    A file that cannot be opened knows nobody: then whoever the operating system lets read it may hear why. It is
    opened for reading where that will do, so that it is looked at as it is.
    """
    try:
        with Store.open(find_database(getattr(options, "db", None)), read_only=True) as store:
            if getattr(options, "given_by", None) is None and (actor := recognise(store)):
                check(store.roster, actor, Move.VERIFY, State.NONE)
                return False
    except StoreTrouble:
        return False
    with at_desk(options, language) as desk:
        desk.demand(Move.VERIFY)
        return any(isinstance(warning, CasesRemade) for warning in desk.store.warnings)


def _write(report: Report, language: Language) -> Iterator[str]:
    counted = ("path", "events", "texts", "checkpoints", "anchors", "outside", "subjects")
    yield WORDS("said.counts", language, **{name: getattr(report, name) for name in counted})
    if report.whole:
        yield WORDS("said.whole", language)
    else:
        yield WORDS("said.unfit", language, count=len(report.findings))
        yield from _write_findings(report.findings, language)
        if report.first is not None:
            yield WORDS("said.first", language, seq=report.first)
    if report.gaps:
        yield WORDS("said.gaps", language)
        yield from (f"  - {WORDS(f'gap.{gap}', language)}" for gap in report.gaps)
    yield WORDS("said.line", language, line=report.line)


def _write_findings(findings: tuple[Finding, ...], language: Language) -> Iterator[str]:
    return (f"  - {found.sentence(language)}" for found in findings)


def _checkpoint(options: Namespace, language: Language) -> int:
    with at_desk(options, language) as desk:
        desk.demand(Move.VERIFY)
        line = checkpoint_line(desk.store)
    if options.output is None:
        say(line)
        return 0
    path = Path(options.output).expanduser()
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise NotWritten(path=clip(options.output), problem=error.strerror or type(error).__name__) from None
    note(WORDS("said.written", language, path=path))
    return 0


def _back_up(options: Namespace, language: Language) -> int:
    with at_desk(options, language) as desk, _telling(language) as progress:
        desk.demand(Move.BACK_UP)
        report = back_up(desk.store, Path(options.target).expanduser().absolute(), progress)
    say(WORDS("said.backed_up", language, path=report.path, events=report.events))
    say(WORDS("said.apart", language))
    say(WORDS("said.line", language, line=report.line))
    return 0


def _restore(options: Namespace, language: Language) -> int:
    backup, target = (Path(word).expanduser().absolute() for word in (options.backup, options.target))
    against = Path(options.against).expanduser().absolute() if options.against else None
    with _telling(language) as progress:
        restored = restore(backup, target, against, progress)
    say(WORDS("said.restored", language, path=target, events=restored.report.events))
    if restored.known_until is None:
        say(WORDS("said.no_anchors", language))
    else:
        key = "missing" if restored.missing else "nothing_missing"
        say(WORDS(f"said.{key}", language, until=restored.known_until, count=restored.missing))
    return 0


def _rebuild(options: Namespace, language: Language) -> int:
    with at_desk(options, language) as desk, _telling(language) as progress:
        desk.demand(Move.BACK_UP)
        cases, findings = rebuild(desk.store, progress)
    say(WORDS("said.rebuilt", language, cases=cases))
    if findings:
        say("\n".join((WORDS("said.mended", language, count=len(findings)), *_write_findings(findings, language))))
    else:
        say(WORDS("said.as_before", language))
    return 0


_COMMANDS: Final = {
    "verify": _verify,
    "checkpoint": _checkpoint,
    "backup": _back_up,
    "restore": _restore,
    "rebuild": _rebuild,
}


@contextmanager
def _telling(language: Language) -> Iterator[Progress]:
    with showing_progress() as show:

        def tell(part: Part, done: int, total: int) -> None:
            percent = 100 * done // max(total, 1)
            show(lambda: WORDS("said.progress", language, part=WORDS(f"part.{part}", language), percent=percent))

        yield tell

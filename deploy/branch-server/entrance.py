#!/opt/teller-assistant/.venv/bin/python -I
"""The one program that tellers may start as the service user: what they bring along is checked here, word for word.

Installed as /usr/local/sbin/teller-assistant, owned by root. `-I` keeps this Python from everything that the
environment or the working folder could slip in. Nothing is ever given to a shell.
"""

from __future__ import annotations

import os
import pwd
import re
import resource
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

SERVICE: Final = "teller-assistant"
FOLDER: Final = "/srv/teller-assistant"
CASES: Final = f"{FOLDER}/cases.db"
KEY: Final = "/etc/teller-assistant/master.key"
USAGE_WRONG: Final = 2

_LOOKS: Final = frozenset({"--lang=", "--theme=", "--ascii"})
_FACTS: Final = frozenset(
    {"--sign=", "--no=", "--request=", "--money=", "--account=", "--cleared=", "--step=", "--age=", "--amount="}
)
_JSON: Final = frozenset({"--json"})
_WHY: Final = frozenset({"--why="})
_PAGES: Final = frozenset({"--limit=", "--before="})
_FILTERS: Final = frozenset({"--filter=", "--save=", "--saved=", "--drop=", "--saved-filters"})
_COMMENT: Final = frozenset({"--comment="})
_JUDGED: Final = _COMMENT | {"--typology=", "--level=", "--steps=", "--reason="}
STREAM: Final = frozenset({"-o", "-", "--output=-"})
"""Out to whoever gave the command; any other word behind -o is one too many."""
_EXPORTED: Final = STREAM | {"--format="}
MOST_WORDS: Final = 8
"""So many words can be searched for at once."""
COMMANDS: Final[Mapping[tuple[str, ...], tuple[int, frozenset[str]]]] = {
    (): (0, frozenset()),
    ("--version",): (0, frozenset()),
    ("advise",): (0, _FACTS | _JSON),
    ("access", "list"): (0, _JSON | {"--case=", "--limit="}),
    ("approvals", "list"): (0, _JSON | {"--all"}),
    ("approvals", "show"): (1, frozenset()),
    ("approvals", "approve"): (1, _WHY),
    ("approvals", "decline"): (1, _WHY),
    ("approvals", "withdraw"): (1, frozenset()),
    ("approvals", "review"): (1, _WHY | {"--upheld", "--faulted"}),
    ("case", "list"): (0, _JSON | _PAGES | _FILTERS | {"--state="}),
    ("case", "search"): (MOST_WORDS, _JSON | _PAGES),
    ("case", "show"): (1, _JSON | {"--texts", "--looks", "--replay"}),
    ("case", "find"): (0, _JSON | {"--last4=", "--phone", "--account", "--id-number"}),
    ("case", "reveal"): (1, frozenset({"--reason="})),
    ("export", "case"): (1, _EXPORTED | {"--document=", "--reveal=", "--preview"}),
    ("export", "cases"): (
        0,
        _EXPORTED
        | {"--filter=", "--saved=", "--since=", "--until=", "--outlet=", "--columns=", "--reveal="}
        | {"--codes", "--bom", "--no-bom"},
    ),
    ("export", "report"): (0, _EXPORTED | {"--month=", "--preview"}),
    ("export", "list"): (0, _JSON | {"--limit="}),
    ("verify-export",): (0, _JSON | {"-"}),
    ("outlet", "show"): (0, frozenset()),
    ("outlet", "rename"): (1, _WHY),
    ("retention", "run"): (0, _JSON | _WHY | {"--yes"}),
    ("retention", "restrict"): (1, _WHY),
    ("retention", "erase"): (1, _WHY),
    ("review", "list"): (0, _JSON | {"--returned", "--unanswered", "--calls", "--limit="}),
    ("review", "claim"): (1, _JSON),
    ("review", "approve"): (1, _JSON | _JUDGED),
    ("review", "return"): (1, _JSON | _JUDGED),
    ("review", "answer"): (1, _JSON | _COMMENT),
    ("review", "call"): (1, _JSON | {"--for="}),
    ("review", "answer-call"): (2, _JSON),
    ("review", "signals"): (1, _JSON | {"--teller="}),
    ("rules", "explain"): (1, _FACTS | _JSON),
    ("rules", "versions"): (0, _JSON),
    ("rules", "rollback"): (0, _WHY | {"--to="}),
    ("stats",): (0, _JSON | {"--since=", "--until=", "--teller="}),
    ("verify",): (0, _JSON | {"--without-key"}),
    ("checkpoint",): (0, frozenset()),
    ("rebuild",): (0, frozenset()),
    ("staff", "list"): (0, _JSON),
    ("staff", "moves"): (0, frozenset()),
    ("staff", "password"): (0, frozenset()),
    ("staff", "add"): (1, _WHY | {"--role=", "--login=", "--name="}),
    ("staff", "role"): (2, _WHY),
    ("staff", "bind"): (1, _WHY | {"--login="}),
    ("staff", "unbind"): (1, _WHY),
    ("staff", "suspend"): (1, _WHY | {"--emergency="}),
    ("staff", "restore"): (1, _WHY),
    ("staff", "reset"): (1, _WHY),
}
"""Each command that may be given from outside: how many words it takes, and its options, with a = where one takes a
value. None of them names a file, for the program would read or write it as the service user: an export goes to the
standard output, and is verified from the standard input. Whether this person may
give the command, the program decides."""

# A locale or a terminal is a plain name; with a slash it would be a file.
_PLAIN: Final = re.compile(r"[\w.@+-]{1,64}", re.ASCII)
_KEPT: Final = re.compile(r"TERM|COLORTERM|LANG|LC_[A-Z]+")


def main() -> int:
    """Check who asks, and for what, and run the program in this process; return its exit status."""
    if not is_service():
        refuse(f"请由 sudo 以 {SERVICE} 用户启动。", f"Start it by sudo, as the user {SERVICE}.")
    words = read_words(sys.argv[1:], os.environ.get("SSH_ORIGINAL_COMMAND", ""))
    if not may_pass(words):
        refuse("这个命令不能从外面使用。", "This command may not be given from outside.")
    settle()
    check_caller()
    from assistant.cli import main as run

    return run(words if words == ["--version"] else ["--db", CASES, *words])


def check_caller() -> None:
    """Leave unless the operating system says which teller this is. What it said holds as long as the process."""
    # Only now: until the environment is settled, nothing of the program is read.
    from assistant.people.logins import find_login
    from rules.errors import Trouble
    from rules.language import Language

    try:
        login = find_login()
    except Trouble as trouble:
        refuse(trouble.sentence(Language.ZH), trouble.sentence(Language.EN))
    if login == SERVICE:
        # A teller may kill his own sudo, and the proof is gone with it.
        refuse("无法确认是谁启动的。", "It cannot be told who started it.")


def is_service() -> bool:
    """Tell whether this process is the service user's and nobody else's."""
    try:
        service = pwd.getpwnam(SERVICE).pw_uid
    except KeyError:
        return False
    return os.getresuid() == (service,) * 3


def read_words(given: Sequence[str], asked: str) -> list[str]:
    """Return the words of the command line, or else of what ssh was asked for, as a shell would part them."""
    if given or not asked:
        return list(given)
    try:
        return shlex.split(asked)
    except ValueError:
        refuse("引号没有成对。", "A quotation mark is left open.")


def may_pass(words: Sequence[str]) -> bool:
    """Tell whether `words` are a command of the list, with no more words and no other options than it has."""
    if not all(word.isprintable() for word in words):
        return False
    head = max((head for head in COMMANDS if tuple(words[: len(head)]) == head), key=len)
    room, options = COMMANDS[head]
    options |= _LOOKS
    rest = iter(words[len(head) :])
    for word in rest:
        name, given, _ = word.partition("=")
        if not word.startswith("-"):
            room -= 1
        elif f"{name}=" in options:
            if not given and next(rest, "-").startswith("-"):
                return False
        elif word not in options:
            return False
    return room >= 0


def settle() -> None:
    """Give this process and what it starts an environment made here, no core file, and files for the owner only."""
    kept = {name: text for name, text in os.environ.items() if _KEPT.fullmatch(name) and _PLAIN.fullmatch(text)}
    # The program asks for it to know the teller, and believes it only under a sudo of root's.
    kept |= {name: text for name, text in os.environ.items() if name == "SUDO_UID"}
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(PATH="/usr/bin:/bin", HOME=FOLDER, USER=SERVICE, LOGNAME=SERVICE, ASSISTANT_KEY_FILE=KEY)
    # On the screen, too, nobody may name a file: the program would write it as the service user.
    os.environ["ASSISTANT_EXPORTS"] = "stream"
    os.umask(0o077)
    os.chdir("/")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse(zh: str, en: str) -> NoReturn:
    """Say why nothing was started, in both languages, and leave."""
    print(f"{zh} 没有启动。\n{en} Nothing was started.", file=sys.stderr)
    sys.exit(USAGE_WRONG)


if __name__ == "__main__":
    sys.exit(main())

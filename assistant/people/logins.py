"""Who the operating system says is at the keyboard, as no teller can forge it: a saved event names that person."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from rules.errors import Trouble
from rules.language import Catalogue

ROOT: Final = 0
UNSET: Final = 2**32 - 1
"""What the kernel gives for "no user", as in the login of a process that nobody signed on for."""
SUDO: Final = "sudo"
_WORDS: Final = Catalogue("assistant.people")
_MOST_DIGITS: Final = 10


class LoginHidden(Trouble):
    """Started through sudo, and it cannot be told by whom; nothing was opened."""

    catalogue = _WORDS
    code = "login_hidden"


class LoginContradicted(Trouble):
    """One person signed on to the machine and another went through sudo; nothing was opened."""

    catalogue = _WORDS
    code = "login_contradicted"


class Parent(NamedTuple):
    """The process that started this one: its name, and its real, effective, saved and file system user ids."""

    name: str
    uids: tuple[int, ...]

    @property
    def is_sudo(self) -> bool:
        """Whether it is sudo with root's rights. The name alone is worth nothing: a link to any program gives one."""
        return self.name == SUDO and self.uids[1:] == (ROOT,) * 3

    @property
    def caller(self) -> int:
        """The real user id: of whoever called sudo, or of root where sudo has taken root's in every place."""
        return self.uids[0]


class Origin(NamedTuple):
    """What is known of how this process came about.

    `uid` is the real user id, the person where a setuid program is between. `sudo_uid` is the text of SUDO_UID, None
    where there is none. `login_uid` is the user the session was opened for, None where the kernel does not say.
    `parent` is None where the system does not show it: on macOS, or where /proc is mounted with hidepid.
    """

    uid: int
    sudo_uid: str | None = None
    login_uid: int | None = None
    parent: Parent | None = None


@cache
def find_login() -> str:
    """Return the login of the person at the keyboard. Raises LoginHidden and LoginContradicted.

    No name from the environment is asked, for anybody can set those. On Windows it is what the system says of the
    session. What was found holds as long as the process: a teller may kill his own sudo and so take the proof away.
    """
    if sys.platform == "win32":
        return os.getlogin()
    return name_user(recognise(read_origin()))


def recognise(origin: Origin) -> int:
    """Return the user id of the person that `origin` tells of. Raises LoginHidden and LoginContradicted.

    - SUDO_UID counts only when the parent is a sudo with root's rights, which sets it over whatever the caller had
      there. Without such a parent it is a leftover or a forgery, and the person is the real user.
    - Where that sudo still bears the real user id of its caller, the kernel vouches for it, and the two must agree.
    - Where the parent is not shown, SUDO_UID can be neither believed nor set aside: refused, unless it makes no
      difference, or the real user is root, who could have written anything.
    - The login of the session only ever refutes. While it is unset any process may write its own, so that it proves
      nothing; but what it contradicts, two people had a hand in. Root is no contradiction: that is how administrators
      work, and who became root is named by it, since only root could have had it changed.
    """
    session = origin.login_uid if origin.login_uid not in (None, UNSET, ROOT) else None
    starter = _find_starter(origin)
    person = origin.uid if starter is None else starter
    if session is None or person == session:
        return person
    if person == ROOT:
        return session
    if starter is not None:
        raise LoginContradicted(session=name_user(session), starter=name_user(starter))
    return person


def _find_starter(origin: Origin) -> int | None:
    """Return who went through sudo, None when nobody did."""
    claimed = _parse(origin.sudo_uid)
    if origin.parent is None:
        if origin.sudo_uid is None or origin.uid in (claimed, ROOT):
            return None
    elif not origin.parent.is_sudo:
        return None
    elif claimed is not None and origin.parent.caller in (ROOT, claimed):
        return claimed
    raise LoginHidden(account=name_user(origin.uid))


def _parse(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or str(int(text)) != text:
        return None
    return int(text) if int(text) < UNSET else None


def read_origin() -> Origin:
    """Read how this process came about from the kernel, and SUDO_UID from the environment. Not for Windows."""
    proc = Path("/proc")
    login_uid = None
    with suppress(OSError, ValueError):
        login_uid = int((proc / "self" / "loginuid").read_text("ascii"))
    return Origin(
        uid=os.getuid(),
        sudo_uid=os.environ.get("SUDO_UID"),
        login_uid=login_uid,
        parent=_read_parent(proc / str(os.getppid())),
    )


def _read_parent(folder: Path) -> Parent | None:
    try:
        status = (folder / "status").read_text("utf-8", errors="replace")
    except OSError:
        return None
    lines = dict(line.split(":\t", 1) for line in status.split("\n") if ":\t" in line)
    if not {"Name", "Uid"} <= lines.keys():
        return None
    return Parent(lines["Name"], tuple(int(uid) for uid in lines["Uid"].split()))


def name_user(uid: int) -> str:
    """Return the login name of the user `uid`, and `uid-N` for one that the system has no name for."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"

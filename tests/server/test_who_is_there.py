"""Each teller is known by name on the shared file of cases, whatever is tried with the environment."""

from __future__ import annotations

import pwd
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from tests.server.branch import CASES, ENTRANCE, LI, SERVICE, TELLERS, WANG, Branch, find_program
from tests.terminal import Terminal

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def read_actors() -> list[str]:
    """Return who did each event of the file, in order."""
    with closing(sqlite3.connect(f"file:{CASES}?mode=ro", uri=True)) as file:
        return [actor for (actor,) in file.execute("SELECT actor FROM events ORDER BY rowid")]


def open_case(window: Terminal) -> None:
    """Open a case for the first request, and wait until it is on disk."""
    window.see("新案件")
    window.press("1")
    window.see("Esc 首页", "已保存")


def through_sudo(teller: str, environment: Mapping[str, str]) -> list[str]:
    """Return a command line that starts the program as a teller with a shell on this machine does."""
    user = pwd.getpwnam(teller)
    kept = [f"{name}={value}" for name, value in environment.items()]
    become = ["/usr/bin/setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*become, "/usr/bin/env", *kept, "/usr/bin/sudo", "-n", "-u", SERVICE, str(ENTRANCE)]


@pytest.mark.parametrize("teller", TELLERS)
def test_a_teller_who_signs_on_by_ssh_stands_in_the_saved_events(branch: Branch, teller: str) -> None:
    before = len(read_actors())
    with Terminal(branch.ssh(teller, "-tt")) as window:
        open_case(window)
    assert set(read_actors()[before:]) == {teller}


def test_two_tellers_work_side_by_side_each_under_the_own_name(branch: Branch) -> None:
    before = len(read_actors())
    with Terminal(branch.ssh(LI, "-tt")) as first, Terminal(branch.ssh(WANG, "-tt")) as second:
        open_case(first)
        open_case(second)
    assert set(read_actors()[before:]) == set(TELLERS)


def test_a_teller_at_the_console_stands_in_the_saved_events(branch: Branch) -> None:
    before = len(read_actors())
    with Terminal(through_sudo(WANG, {})) as window:
        open_case(window)
    assert set(read_actors()[before:]) == {WANG}


def test_a_forged_environment_makes_nobody_another(branch: Branch) -> None:
    wang = str(pwd.getpwnam(WANG).pw_uid)
    forged = {"SUDO_UID": wang, "SUDO_USER": WANG, "USER": WANG, "LOGNAME": WANG, "SUDO_COMMAND": "login"}
    before = len(read_actors())
    with Terminal(through_sudo(LI, forged)) as window:
        open_case(window)
    sent = " ".join(f"{name}={text}" for name, text in forged.items())
    with Terminal(branch.ssh(LI, "-tt", "-o", f"SetEnv {sent}")) as window:
        open_case(window)
    assert set(read_actors()[before:]) == {LI}


def test_a_session_that_the_teller_wrote_himself_makes_nobody_another(branch: Branch) -> None:
    wang = pwd.getpwnam(WANG).pw_uid
    before = len(read_actors())
    line = f'echo {wang} > /proc/self/loginuid; exec "$@"'
    with Terminal(["/bin/sh", "-c", line, "sh", *through_sudo(LI, {})]) as window:
        # Where the kernel keeps sessions, this one contradicts his sudo; where it does not, there is nothing to write.
        window.wait(lambda: window.shows("新案件") or window.shows("Nothing was started"), "neither screen nor refusal")
        if window.shows("新案件"):
            open_case(window)
    assert WANG not in read_actors()[before:]
    assert SERVICE not in read_actors()[before:]


@pytest.mark.parametrize("options", [["SUDO_UID=0"], ["-E"], ["--preserve-env=SUDO_UID"], ["ASSISTANT_DB=/nowhere/x"]])
def test_sudo_takes_no_environment_from_a_teller(branch: Branch, options: list[str]) -> None:
    forged = {"SUDO_UID": "0", "ASSISTANT_DB": "/nowhere/x"}
    refused = branch.run_as(LI, "sudo", "-n", "-u", SERVICE, *options, str(ENTRANCE), "case", "list", env=forged)
    assert refused.returncode != 0
    assert "not allowed to" in refused.stderr


def test_nothing_of_the_callers_environment_reaches_the_program(branch: Branch) -> None:
    hostile = {
        "LD_PRELOAD": "/nowhere/evil.so",
        "LD_LIBRARY_PATH": "/nowhere",
        "PYTHONPATH": "/nowhere",
        "PYTHONHOME": "/nowhere",
        "PYTHONSTARTUP": "/nowhere/evil.py",
        "ASSISTANT_DB": "/nowhere/evil.db",
        "ASSISTANT_KEY": "evil",
        "ASSISTANT_KEY_FILE": "/nowhere/evil.key",
        "TEXTUAL_LOG": "/nowhere/evil.log",
        "TERMINFO": "/nowhere",
        "LC_ALL": "/nowhere/evil",
        "HOME": "/nowhere",
        "SSH_ORIGINAL_COMMAND": "",
        "BASH_FUNC_evil%%": "() { id; }",
    }
    with Terminal(through_sudo(LI, hostile)) as window:
        window.see("新案件")
        lines = (find_program() / "environ").read_bytes().decode().strip("\0").split("\0")
    seen = dict(line.split("=", 1) for line in lines)
    # What sudo handed over; the entrance takes most of it away before anything of the program is read.
    assert not {"LD_PRELOAD", "LD_LIBRARY_PATH", "TERMINFO", "LC_ALL", "TEXTUAL_LOG"} & seen.keys()
    assert not [name for name in seen if name.startswith(("PYTHON", "ASSISTANT", "BASH_FUNC"))]
    assert seen["SUDO_UID"] == str(pwd.getpwnam(LI).pw_uid)
    assert "evil" not in " ".join(seen.values())


def test_a_teller_whose_sudo_is_gone_is_not_let_in_as_nobody(branch: Branch) -> None:
    # As its parent stands there, when sudo was killed in the moment before it is asked.
    alone = branch.run_as(SERVICE, str(ENTRANCE), "case", "list", env={"SUDO_UID": str(pwd.getpwnam(LI).pw_uid)})
    assert alone.returncode != 0
    assert alone.stdout == ""
    assert "Nothing was started" in alone.stderr


def test_only_the_service_user_may_start_the_program_and_only_through_the_entrance(branch: Branch) -> None:
    for user in (LI, "root"):
        alone = branch.run_as(user, str(ENTRANCE), "case", "list")
        assert alone.returncode != 0
    assert "Nothing was started" in alone.stderr
    stranger = branch.run_as("nobody", "sudo", "-n", "-u", SERVICE, str(ENTRANCE), "case", "list")
    assert stranger.returncode != 0

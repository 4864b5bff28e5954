"""Past the program no teller reads, writes, replaces or links the file of cases or the key, or does anything else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.server.branch import (
    CASES,
    ENTRANCE,
    FOLDER,
    KEY,
    LI,
    PROGRAM,
    SECONDS,
    SERVICE,
    SETTINGS,
    SUDOERS,
    WANG,
    Branch,
    find_program,
)
from tests.terminal import Terminal

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

PYTHON: Final = str(PROGRAM / ".venv" / "bin" / "python")
WORD: Final = "测试网点"
"""Stands in the file of cases."""
ATTACH: Final = "import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0) != 0)"
"""PTRACE_SEIZE: whoever may, reads and writes all that the program holds."""
READ: Final = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT * FROM meta'))"
HELD: Final = (CASES, KEY)
REFUSED: Final = 2


@pytest.fixture
def untouched(branch: Branch) -> Iterator[None]:
    """Fail when file, key, program or settings are others afterwards than they were before."""
    before = _picture()
    yield
    assert _picture() == before


def _picture() -> dict[str, tuple[int, int, int, int, bytes]]:
    places = [FOLDER, SETTINGS, *FOLDER.rglob("*"), *SETTINGS.rglob("*"), ENTRANCE, SUDOERS]
    found = {}
    for place in places:
        stat = place.lstat()
        content = place.read_bytes() if place.is_file() else b""
        found[str(place)] = (stat.st_ino, stat.st_mode, stat.st_uid, stat.st_nlink, content)
    return found


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.name)
@pytest.mark.parametrize(
    "argv",
    [
        ["cat", "{}"],
        ["cp", "{}", "{copy}"],
        ["dd", "if={}", "of={copy}", "status=none"],
        ["/usr/bin/python3", "-c", "import sys; print(open(sys.argv[1], 'rb').read())", "{}"],
        ["ln", "{}", "{copy}"],
        ["tar", "-cf", "{copy}", "{}"],
    ],
    ids=lambda argv: argv[0].rpartition("/")[2],
)
@pytest.mark.usefixtures("untouched")
def test_a_teller_reads_neither_file_nor_key_and_the_service_user_does(
    branch: Branch, tmp_path_factory: pytest.TempPathFactory, argv: list[str], held: Path
) -> None:
    copy = Path("/dev/shm") / f"ta-test-copy-{held.name}"  # noqa: S108 (a place that everybody may write to)
    words = [word.format(held, copy=copy) for word in argv]
    try:
        refused = branch.run_as(LI, *words)
        assert refused.returncode != 0
        assert refused.stdout == ""
        assert not copy.exists() or copy.stat().st_size == 0 or argv[0] == "tar"
        copy.unlink(missing_ok=True)
        # The very same words do it for whom it is meant, so that the refusal above was not for another reason.
        if argv[0] != "ln":
            assert branch.run_as(SERVICE, *words).returncode == 0
    finally:
        copy.unlink(missing_ok=True)


@pytest.mark.usefixtures("untouched")
def test_no_teller_opens_the_file_of_cases_as_a_database(branch: Branch) -> None:
    assert WORD in branch.run_as(SERVICE, "/usr/bin/python3", "-c", READ, str(CASES)).stdout
    refused = branch.run_as(LI, "/usr/bin/python3", "-c", READ, str(CASES))
    assert refused.returncode != 0
    assert WORD not in refused.stdout


@pytest.mark.parametrize(
    "line",
    [
        "echo x > {place}",
        "echo x >> {place}",
        "rm -f {place}",
        "mv {place} {place}.aside",
        "ln -f /etc/hostname {place}",
        "ln -sf /etc/hostname {place}",
        "cp -f /etc/hostname {place}",
        "chmod 666 {place}",
        "chown {user} {place}",
        "touch {folder}/planted",
        "mkdir {folder}/planted",
        "mv {folder} {folder}.aside",
        "rmdir {folder}",
        "chmod 777 {folder}",
    ],
)
@pytest.mark.parametrize(
    "place",
    [CASES, KEY, ENTRANCE, SUDOERS, SETTINGS / "authorized_keys" / WANG, Path(PYTHON)],
    ids=lambda place: place.name,
)
@pytest.mark.usefixtures("untouched")
def test_a_teller_changes_nothing_that_the_program_rests_on(branch: Branch, line: str, place: Path) -> None:
    refused = branch.run_as(LI, "/bin/sh", "-c", line.format(place=place, folder=place.parent, user=LI))
    assert refused.returncode != 0


@pytest.mark.usefixtures("untouched")
def test_no_teller_looks_into_the_folder(branch: Branch) -> None:
    refused = branch.run_as(LI, "ls", "-la", str(FOLDER))
    assert refused.returncode != 0
    assert CASES.name not in refused.stdout


def test_no_teller_reaches_into_the_running_program_of_another(branch: Branch) -> None:
    with Terminal(branch.ssh(WANG, "-tt")) as window:
        window.see("新案件")
        program = find_program()
        for part in ("environ", "mem", "maps", "fd/0"):
            assert branch.run_as(LI, "cat", str(program / part)).returncode != 0, part
        assert branch.run_as(LI, "ls", str(program / "fd")).returncode != 0
        assert branch.run_as(LI, "/usr/bin/python3", "-c", ATTACH, program.name).returncode != 0
        for number in ("KILL", "STOP", "HUP"):
            assert branch.run_as(LI, "kill", f"-{number}", program.name).returncode != 0, number
        window.press("1")
        window.see("Esc 首页", "已保存")
        # Who may attach does, so that the refusal above was not for another reason.
        assert subprocess.run(["/usr/bin/python3", "-c", ATTACH, program.name], timeout=SECONDS).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["-u", SERVICE, "/bin/sh"],
        ["-u", SERVICE, "-s"],
        ["-u", SERVICE, "-i"],
        ["-u", SERVICE, "cat", str(CASES)],
        ["-u", SERVICE, PYTHON, "-m", "assistant.cli"],
        ["-u", SERVICE, "-e", str(CASES)],
        ["-u", SERVICE, "-D", "/tmp", str(ENTRANCE), "case", "list"],  # noqa: S108 (to be refused)
        ["-u", SERVICE, "-g", "root", str(ENTRANCE), "case", "list"],
        ["-u", "root", str(ENTRANCE)],
        ["-u", WANG, str(ENTRANCE)],
        [str(ENTRANCE)],
        ["-u", SERVICE, f"{ENTRANCE.parent}/../sbin/{ENTRANCE.name}.other"],
    ],
)
@pytest.mark.usefixtures("untouched")
def test_sudo_gives_a_teller_the_entrance_and_nothing_else(branch: Branch, words: list[str]) -> None:
    refused = branch.run_as(LI, "sudo", "-n", *words)
    assert refused.returncode == 1
    assert refused.stdout == ""


FORBIDDEN: Final = [
    "id",
    "/bin/sh",
    "sh -c id",
    "cat /srv/teller-assistant/cases.db",
    "case list; id",
    "case list && id",
    "case list | sh",
    "$(id)",
    "`id`",
    "case list\nid",
    "case list --db /tmp/other.db",
    "case list --db=/tmp/other.db",
    "--db /tmp/other.db",
    "--db=/tmp/other.db case list",
    "--lang en rules check --rules /etc/teller-assistant",
    "--lang rules check",
    "case list --lang --db",
    "case list --",
    "case list rules",
    "case show 1 2",
    "case find --phone=x --db=/tmp/x",
    "--ascii=/tmp/x",
    "--version --db /tmp/x",
    "case list --d /tmp/x",
    "rules check --rules /etc/teller-assistant",
    "advise --batch /etc/teller-assistant/master.key",
    "advise --batch=-",
    "export cases -o /srv/teller-assistant/cases.csv",
    "export case 1 --document slip --output=/tmp/slip.pdf",
    "verify-export /etc/teller-assistant/master.key",
    "init --outlet 1 --name x",
    "demo",
    "case",
    "'case list",
    "/usr/lib/openssh/sftp-server",
    "internal-sftp",
    "scp -t /srv/teller-assistant",
    "rsync --server . /srv/teller-assistant",
]


@pytest.mark.parametrize("words", FORBIDDEN)
@pytest.mark.usefixtures("untouched")
def test_ssh_passes_no_command_that_is_not_on_the_list(branch: Branch, words: str) -> None:
    refused = branch.ask(LI, asked=words)
    assert refused.returncode == REFUSED
    assert refused.stdout == ""
    assert "Nothing was started" in refused.stderr


@pytest.mark.parametrize("words", ["case list", "case list --json --limit 3", "--version", "case list --lang=en"])
def test_ssh_passes_the_commands_of_the_list(branch: Branch, words: str) -> None:
    answer = branch.ask(LI, asked=words)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


@pytest.mark.parametrize(
    "options",
    [
        ["-W", "127.0.0.1:{port}"],
        ["-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:{port}"],
        ["-N", "-o", "ExitOnForwardFailure=yes", "-R", "/run/ta-test.sock:127.0.0.1:{port}"],
        ["-s"],
        ["-w", "any:any", "-o", "ExitOnForwardFailure=yes", "-N"],
    ],
    ids=["out", "in", "in by a socket", "sftp", "tunnel"],
)
@pytest.mark.usefixtures("untouched")
def test_ssh_forwards_nothing_and_gives_no_files(branch: Branch, options: list[str]) -> None:
    asked = "sftp" if options == ["-s"] else ""
    refused = branch.ask(LI, *(option.format(port=branch.port) for option in options), asked=asked)
    assert refused.returncode != 0
    assert "SSH-2.0" not in refused.stdout


@pytest.mark.parametrize("legacy", [[], ["-O"]], ids=["by sftp", "by scp itself"])
@pytest.mark.usefixtures("untouched")
def test_scp_copies_nothing_in_or_out(branch: Branch, tmp_path: Path, legacy: list[str]) -> None:
    plain = branch.ssh(LI)
    options = ["-P" if word == "-p" else word for word in plain[1 : plain.index("-l")]]
    for source, target in ((f"{LI}@127.0.0.1:{CASES}", str(tmp_path)), (__file__, f"{LI}@127.0.0.1:{FOLDER}")):
        argv = ["scp", *legacy, *options, source, target]
        refused = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert refused.returncode != 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208 (names only)

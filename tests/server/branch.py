"""A branch server on this machine, from the pieces in deploy/branch-server as they are, and taken down to the last one.

Two tellers, Li and Wang, sign on by ssh; a file of cases and a key lie where the guide puts them. What a machine has
already is never touched: whatever is to be made must not be there.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self

ROOT: Final = Path(__file__).parents[2]
PIECES: Final = ROOT / "deploy" / "branch-server"
SERVICE: Final = "teller-assistant"
GROUP: Final = "tellers"
LI: Final = "ta-test-li"
WANG: Final = "ta-test-wang"
TELLERS: Final = (LI, WANG)
PROGRAM: Final = Path("/opt/teller-assistant")
FOLDER: Final = Path("/srv/teller-assistant")
CASES: Final = FOLDER / "cases.db"
SETTINGS: Final = Path("/etc/teller-assistant")
KEY: Final = SETTINGS / "master.key"
ENTRANCE: Final = Path("/usr/local/sbin/teller-assistant")
SUDOERS: Final = Path("/etc/sudoers.d/teller-assistant")
SSHD: Final = Path("/run/teller-assistant-test")
PLACES: Final = (PROGRAM, FOLDER, SETTINGS, ENTRANCE, SUDOERS, SSHD)
MARK: Final = "made by a test of the teller assistant"
"""Stands in the account of every user made here, so that a killed run's leavings are known from a real server's."""
PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SECONDS: Final = 30.0
NAME_STAFF: Final = """
import sys
from pathlib import Path
from assistant.case.events import EventKind
from assistant.people.office import Office
from assistant.stamps import make_id, read_clock
from assistant.store import Store
with Store.open(Path(sys.argv[1])) as store:
    manager, second = (Office(store, number, read_clock, make_id) for number in (sys.argv[2], "second"))
    manager.change(EventKind.MEMBER_NAMED, {"number": "second", "role": "supervisor"})
    for teller in sys.argv[3:]:
        body = {"number": teller, "role": "teller", "login": teller}
        second.approve(manager.change(EventKind.MEMBER_NAMED, body).subject)
"""
"""Binds each teller's OS login; the staff numbers are the logins, so that the actors of events can be told by eye."""
_NEEDLESS: Final = ("__editable__*", "z3*", "mypy*", "ruff*", "hypothesis*", "pip*", "uv*", "_pytest*")


class Unready(Exception):
    """This machine cannot, or must not, be made a branch server for a test."""


@dataclass
class Branch:
    """The server while it stands. Use it in a with block; whatever happens in it, all is taken down at its end."""

    folder: Path
    """For keys and logs of the test; made by the test, readable by root only."""
    port: int = 0
    _undo: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        check_machine()
        try:
            self._make()
        except BaseException:
            self._undo.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def _make(self) -> None:
        self._add_users()
        for place in PLACES:
            self._undo.callback(remove, place)
        install_program()
        self._install_pieces()
        self._make_cases()
        self._start_sshd()

    def _add_users(self) -> None:
        order("groupadd", "--system", GROUP)
        self._undo.callback(order, "groupdel", GROUP)
        common = ("--no-create-home", "--comment", MARK)
        order("useradd", "--system", *common, "--home-dir", str(FOLDER), "--shell", "/usr/sbin/nologin", SERVICE)
        self._undo.callback(remove_user, SERVICE)
        for teller in TELLERS:
            order("useradd", *common, "--home-dir", "/", "--shell", "/bin/sh", "--gid", GROUP, teller)
            self._undo.callback(remove_user, teller)
            # Not locked, for sshd lets nobody in who is; no password fits this.
            order("usermod", "--password", "*", teller)

    def _install_pieces(self) -> None:
        install(PIECES / "entrance.py", ENTRANCE, 0o755)
        install(PIECES / "sudoers.d" / "teller-assistant", SUDOERS, 0o440)
        order("visudo", "-cf", str(SUDOERS))
        for folder, mode, owner in (
            (FOLDER, 0o700, SERVICE),
            (SETTINGS, 0o755, "root"),
            (SETTINGS / "authorized_keys", 0o755, "root"),
            (SSHD, 0o755, "root"),
        ):
            folder.mkdir(mode=mode)
            shutil.chown(folder, owner)
        for teller in TELLERS:
            key = self.folder / teller
            order("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
            install(key.with_suffix(".pub"), SETTINGS / "authorized_keys" / teller, 0o644)

    def _make_cases(self) -> None:
        # The program makes the key with the file of cases, where the entrance looks for it.
        SETTINGS.chmod(0o700)
        shutil.chown(SETTINGS, SERVICE)
        words = ("--db", str(CASES), "init", "--outlet", "0312", "--name", "测试网点")
        python = str(PROGRAM / ".venv/bin/python")
        self.run_as(SERVICE, python, "-I", "-m", "assistant.cli", *words, check=True)
        # Two people at head office, who never come here: each change of staff takes both.
        self.run_as(SERVICE, python, "-I", "-c", NAME_STAFF, str(CASES), SERVICE, *TELLERS, check=True)
        KEY.chmod(0o400)
        shutil.chown(KEY, SERVICE)
        SETTINGS.chmod(0o755)
        shutil.chown(SETTINGS, "root")

    def _start_sshd(self) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = int(listener.getsockname()[1])
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        order("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(SSHD / "host_key"))
        config = SSHD / "sshd_config"
        config.write_text(
            f"Include {PIECES}/sshd_config.d/*.conf\nListenAddress 127.0.0.1\nPort {self.port}\n"
            f"HostKey {SSHD}/host_key\nPidFile {SSHD}/pid\nUsePAM yes\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nX11Forwarding yes\nAcceptEnv *\n"
            "Subsystem sftp /usr/lib/openssh/sftp-server\n",
            encoding="ascii",
        )
        sshd = shutil.which("sshd", path=PATH) or ""
        log = (self.folder / "sshd.log").open("wb")
        self._undo.callback(log.close)
        server = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=log, start_new_session=True)
        self._undo.callback(stop, server)
        await_port(self.port)

    def run_as(
        self,
        user: str,
        *argv: str,
        env: Mapping[str, str] | None = None,
        check: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a user of this machine, as from a shell of his own, and return how it ended."""
        entry = pwd.getpwnam(user)
        surroundings = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "HOME": entry.pw_dir,
        }
        if user == SERVICE:
            surroundings["ASSISTANT_KEY_FILE"] = str(KEY)
        return subprocess.run(
            argv,
            user=entry.pw_uid,
            group=entry.pw_gid,
            extra_groups=[],
            env=surroundings | dict(env or {}),
            cwd="/",
            input="",
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=check,
            umask=0o077,
        )

    def ssh(self, teller: str, *options: str, asked: str = "") -> list[str]:
        """Return the command line by which `teller` signs on, and asks for a command instead of the screen."""
        plain = ("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        settings = [part for option in plain for part in ("-o", option)]
        place = ["-p", str(self.port), "-i", str(self.folder / teller), *settings, "-l", teller]
        return ["/usr/bin/ssh", "-F", "none", *place, *options, "--", "127.0.0.1", *([asked] if asked else [])]

    def ask(self, teller: str, *options: str, asked: str = "") -> subprocess.CompletedProcess[str]:
        """Sign on as `teller` without a terminal, and return how it ended."""
        argv = self.ssh(teller, *options, asked=asked)
        return subprocess.run(argv, input="", capture_output=True, text=True, timeout=SECONDS, check=False)


def give_up(why: str) -> NoReturn:
    """Raise Unready, for a reason that whoever runs the test can mend."""
    raise Unready(why)


def check_machine() -> None:
    """Raise Unready unless this process may set a server up here and nothing of one is there."""
    if os.getuid() != 0:
        give_up("make test-server adds users to this machine: it must be root who runs it")
    for tool in ("sshd", "ssh", "sudo", "useradd"):
        if shutil.which(tool, path=PATH) is None:
            give_up(f"{tool} is missing")
    clear_leavings()
    if found := find_leavings():
        give_up(f"this machine seems to be a branch server already, and stays as it is: {found}")


def find_leavings() -> list[str]:
    """Return what there is on this machine of a branch server: users, groups, files, a running sshd of a test."""
    users = [user for user in (SERVICE, *TELLERS) if has_user(user)]
    groups = [group.gr_name for group in grp.getgrall() if group.gr_name in (SERVICE, GROUP)]
    servers = [
        path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if read_quietly(path).find(bytes(SSHD)) > 0
    ]
    return users + groups + servers + [str(place) for place in PLACES if place.exists() or place.is_symlink()]


def read_quietly(path: Path) -> bytes:
    """Return what stands in a file of a process, nothing where it has ended meanwhile."""
    with suppress(OSError):
        return path.read_bytes()
    return b""


def clear_leavings() -> None:
    """Take down what a run that was killed left behind; a real server's service user bears no mark of a test."""
    made = [user for user in (SERVICE, *TELLERS) if has_user(user) and pwd.getpwnam(user).pw_gecos == MARK]
    if SERVICE not in made:
        return
    with suppress(OSError, ValueError):
        os.kill(int((SSHD / "pid").read_text("ascii")), signal.SIGTERM)
    for place in PLACES:
        remove(place)
    for user in reversed(made):
        remove_user(user)
    with suppress(KeyError):
        order("groupdel", grp.getgrnam(GROUP).gr_name)


def install_program() -> None:
    """Copy the program and what it needs to where the guide has it, for a Python that everybody may start."""
    python = find_python()
    order(python, "-m", "venv", "--without-pip", str(PROGRAM / ".venv"))
    target = next((PROGRAM / ".venv" / "lib").glob("python3.*")) / "site-packages"
    source = next(path for path in map(Path, sys.path) if path.name == "site-packages" and (path / "yaml").is_dir())
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NEEDLESS), dirs_exist_ok=True)
    for package in ("assistant", "rules", "ui"):
        shutil.copytree(ROOT / package, target / package)
    for name in (PROGRAM, *PROGRAM.rglob("*")):
        if not name.is_symlink():
            name.chmod(0o755 if name.is_dir() else name.stat().st_mode | 0o044)


def find_python() -> str:
    """Return a Python of this one's version that every user of the machine may start. Raises Unready."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for folder in ("/usr/bin", "/usr/local/bin"):
        if (Path(folder) / name).exists():
            return f"{folder}/{name}"
    give_up(f"the service user needs a {name} of the system, such as /usr/bin/{name}")


def install(source: Path, target: Path, mode: int) -> None:
    """Copy a file for root to own, with `mode`."""
    shutil.copyfile(source, target)
    target.chmod(mode)


def order(*argv: str) -> None:
    """Run a command of the system. Raises Unready with what it said."""
    run = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
    if run.returncode:
        give_up(f"{' '.join(argv)}: {run.stderr.strip() or run.stdout.strip()}")


def has_user(name: str) -> bool:
    """Tell whether this machine knows a user of that name."""
    with suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


def list_processes(user: str) -> list[Path]:
    """Return the folders in /proc of what runs as `user`."""
    uid = pwd.getpwnam(user).pw_uid
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.stat().st_uid == uid:
                found.append(folder)
    return found


def find_program() -> Path:
    """Return the folder in /proc of the one program that runs as the service user."""
    (program,) = list_processes(SERVICE)
    return program


def await_quiet() -> None:
    """Wait until nobody works on the server any more. Raises Unready."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not any(list_processes(user) for user in (SERVICE, *TELLERS)):
            return
        time.sleep(0.05)
    give_up("a program of an earlier test still runs")


def remove_user(name: str) -> None:
    """End what still runs of a user made here, and take the user off this machine."""
    for folder in list_processes(name):
        with suppress(OSError):
            os.kill(int(folder.name), signal.SIGKILL)
    # -f: a process that was killed this moment may still count.
    order("userdel", "-f", name)


def remove(place: Path) -> None:
    """Take a file or a folder off this machine, if it is there."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End sshd, and with it whoever is still signed on."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    server.wait(SECONDS)


def await_port(port: int) -> None:
    """Wait until something listens on `port` of this machine. Raises Unready."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    give_up("sshd did not start")

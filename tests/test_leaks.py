"""A visit played with marked words in a real terminal: none of them, and no key, stands in the clear in any file."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from assistant.case.events import EventKind
from assistant.desk import Desk
from assistant.people.logins import find_login
from assistant.people.refusals import SignOnRefused
from assistant.people.signing import SignOn
from assistant.settings import SignOnSettings
from assistant.stamps import make_id, read_clock
from assistant.store import Store
from rules.advice import Adviser
from tests.case.visits import set_aside_gates
from tests.leaks import Onlooker, find_marks, read_files, write_unsealed
from tests.terminal import Terminal
from tests.ui.staff import MANAGER, SUPERVISOR, TELLER, staffed_desk
from tests.ui.teller import ROOT, Teller
from ui.screens.haste import HASTE_SECONDS

PERSONS: Final = {
    "customer name": "泄漏标记甲乙",
    "ID number": "110105195309174734",
    "account": "6217003847251906389",
    "phone": "13917462850",
    "payee name": "泄漏标记丙丁",
    "payee account": "6228489173055264911",
    "payee phone": "18958317046",
    "contact name": "泄漏标记戊己",
    "contact phone": "13372940615",
}
"""In the order of the page."""
TEXTS: Final = {
    "record": "泄漏标记庚辛",
    "who cleared it": "泄漏标记壬癸",
    "how": "泄漏标记子丑",
    "closing note": "泄漏标记寅卯",
    "note": "泄漏标记辰巳",
    "reason of a request": "泄漏标记午未",
}
NUMBER_IN_RECORD: Final = "15877204619"
PASSWORD: Final = "Xie-Lou-Biao-Ji-77"  # noqa: S105 (invented)
KEY: Final = os.environ["ASSISTANT_KEY"]
SECRETS: Final = {"password": PASSWORD, "wrong password": f"{PASSWORD}?", "key as it is spelled": KEY}
WORDS: Final = PERSONS | TEXTS | {"number in the record": NUMBER_IN_RECORD}
MARKS: Final[dict[str, str | bytes]] = {**WORDS, **SECRETS, "key": b64decode(KEY)}

FAULTY: Final = """
import sys
from assistant.cli import main
from ui.screens.persons import PersonsScreen

def fail(self):
    if self._reveal:
        shown = dict(self._reveal.values)
        raise ValueError(f"cannot draw {{shown}}")

PersonsScreen._count_down = fail
sys.exit(main(["--db", "{path}", "--lang", "zh"]))
"""


READER: Final = """
import sqlite3, sys
reader = sqlite3.connect(sys.argv[1])
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM events").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@dataclass
class Play:
    """What a play left behind: the folder of all files, what was printed, and the copies made while it lasted."""

    folder: Path
    printed: dict[str, bytes] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file of cases."""
        return self.folder / "outlet" / "cases.db"


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, adviser: Adviser) -> Iterator[Play]:
    """The whole play, in folders of its own: of the file, of the user, and of what is only there for a while."""
    made = Play(tmp_path_factory.mktemp("play"))
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("ASSISTANT_KEY", KEY)
        for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR"):
            surroundings.setenv(name, str(made.folder / name.lower()))
            (made.folder / name.lower()).mkdir()
        made.path.parent.mkdir()
        with Onlooker(made.folder, tmp_path_factory.mktemp("copies")) as onlooker:
            desk = staffed_desk(made.path, adviser, MANAGER)
            bind_login(desk)
            sign_on(desk)
            visit(made, desk, onlooker)
            ask_and_note(desk)
            desk.store.close()
            made.printed |= crash(made.path)
        made.copies = onlooker.copies()
        made.printed |= print_all(made.path)
        yield made


def bind_login(desk: Desk) -> None:
    """Let the manager be whoever the operating system says is there: the programs that are started here know him."""
    asked = desk.office.change(EventKind.LOGIN_BOUND, {"number": MANAGER, "login": find_login()})
    assert asked is not None
    desk.change_to(SUPERVISOR)
    desk.office.approve(asked.subject)
    desk.change_to(MANAGER)


def sign_on(desk: Desk) -> None:
    """Set a password, use it, and mistype it once."""
    people = SignOn(desk.store, SignOnSettings(), read_clock, make_id)
    people.set_password(TELLER, PASSWORD)
    people.sign_on(TELLER, PASSWORD)
    with pytest.raises(SignOnRefused):
        people.sign_on(TELLER, f"{PASSWORD}?")


def visit(play: Play, desk: Desk, onlooker: Onlooker) -> None:
    """Play a visit on the screen: persons, a record, a clearing, a closing; another desk settles the gates between."""
    with Teller(play.path) as window:
        window.see("新案件")
        window.press("9", "2")
        window.see("Esc 首页")
        window.press("o", "2")
        window.see("[是]")
        note_persons(window)
        reveal(window)
        in_the_middle_of_a_save(play, window, onlooker)
        window.press("escape", "escape")
        window.see("Esc 首页")
        record(window)
        clear(window)
        window.press("escape")
        window.see("新案件")
        case_id = desk.store.list()[0].case_id
        set_aside_gates(desk, case_id)
        window.press("home")
        press_calmly(window)
        window.see("Esc 首页")
        close(window)
        window.press("ctrl+q")
        assert window.end() == 0


def note_persons(window: Teller) -> None:
    window.press("f2")
    window.see("业务、资金与账户")
    window.press("end", "enter")
    window.see("来电或联系人")
    for text in PERSONS.values():
        fill(window, text)
        window.press("down")
    window.see_no("未填", *PERSONS.values())


def fill(window: Teller, text: str) -> None:
    """Fill in the line under the cursor."""
    window.press("enter")
    window.see("回车确定，Esc取消")
    window.type(text)
    window.see(text)
    window.press("enter")
    window.see_no("回车确定，Esc取消")


def press_calmly(window: Teller | Terminal) -> None:
    """Press Enter on what came up, once one can have read it."""
    window.rest(HASTE_SECONDS + 0.1)
    window.press("enter")


def reveal(window: Teller) -> None:
    window.press("f6")
    window.see("为什么要显示全部")
    window.press("2")
    window.see(*PERSONS.values())
    window.press("f6")
    window.see_no(*PERSONS.values())


def in_the_middle_of_a_save(play: Play, window: Teller, onlooker: Onlooker) -> None:
    """Have the files looked at while a save is written and cannot end, because somebody still reads."""
    reading = subprocess.Popen(
        [sys.executable, "-c", READER, str(play.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reading.stdout is not None
    assert reading.stdout.readline() == b"reading\n"
    window.press("home", "enter")
    window.see("回车确定，Esc取消")
    window.type(PERSONS["customer name"])
    window.see(PERSONS["customer name"])
    window.press("enter")
    window.wait(lambda: saw_a_journal(onlooker.copies()), "no save was seen under way")
    reading.communicate()
    window.see_no("回车确定，Esc取消")


def saw_a_journal(copies: Mapping[str, bytes]) -> bool:
    return any(text for name, text in copies.items() if "cases.db-" in name)


def record(window: Teller) -> None:
    window.press("f5")
    window.go_to("拨打110报警")
    window.press("enter")
    window.see("登记步骤", "受理的公安机关")
    window.go_to("受理的公安机关")
    window.press("enter")
    window.see("回车确定，Esc取消")
    window.type(f"{TEXTS['record']}{NUMBER_IN_RECORD}")
    window.see(NUMBER_IN_RECORD)
    window.press("enter")
    window.see("这里像是有电话")
    press_calmly(window)
    window.see_no("回车确定，Esc取消")
    window.go_to("已办理")
    window.press("enter")
    window.see("Esc 首页")


def clear(window: Teller) -> None:
    window.press("f2")
    window.see("业务、资金与账户")
    window.go_to("独立渠道核实了对方身份")
    window.press("enter")
    window.see("由谁核实")
    window.type(TEXTS["who cleared it"])
    window.press("enter")
    window.see("怎样核实的")
    window.type(TEXTS["how"])
    window.press("enter")
    window.see_no("怎样核实的")
    window.press("escape")
    window.see("Esc 首页")


def close(window: Teller) -> None:
    window.press("f8")
    window.see("确认结案")
    window.go_to("备注")
    fill(window, TEXTS["closing note"])
    window.go_to("结果")
    window.press("enter")
    window.see("上下选择")
    window.press("7")
    window.see_no("上下选择")
    window.go_to("确认结案")
    window.press("enter")
    window.see("新案件")


def ask_and_note(desk: Desk) -> None:
    """Add what no screen does: a note after the closing, and a request with its reason."""
    desk.note(desk.store.list()[0].case_id, TEXTS["note"])
    body = {"number": "t9", "role": "teller"}
    desk.office.change(EventKind.MEMBER_NAMED, body, why=TEXTS["reason of a request"])


def crash(path: Path) -> dict[str, bytes]:
    """Let the program fail while everything is shown in full, and return its last words."""
    program = FAULTY.format(path=path)
    with Terminal([sys.executable, "-c", program], environment={"PYTHONPATH": str(ROOT)}) as window:
        window.see("新案件")
        window.press("end")
        press_calmly(window)
        window.see("Esc 首页")
        window.press("\x10")
        window.see("回车执行")
        window.send("ziliao")
        window.see("客户和收款人资料")
        press_calmly(window)
        window.see("来电或联系人")
        window.press("f6")
        window.see("为什么要显示全部")
        window.press("2")
        assert window.end() == 1
        heard = window.heard
    left = b"\x1b[?1049l"
    return {"last words of a crash": heard[heard.rindex(left) :]}


def print_all(path: Path) -> dict[str, bytes]:
    """Return what the commands print of the case."""
    with Store.open(path) as store:
        number = store.list()[0].number
    commands = (
        ("case", "list"),
        ("case", "list", "--json"),
        ("case", "show", number),
        ("case", "show", number, "--json"),
    )
    printed = {}
    for words in commands:
        command = [str(Path(sys.executable).with_name("assistant")), "--db", str(path), *words]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, check=True, env=surroundings)
        assert number.encode() in done.stdout
        printed[" ".join(words)] = done.stdout + done.stderr
    return printed


def test_no_marked_word_stands_anywhere_and_the_same_search_finds_each_that_is_not_sealed(
    play: Play, tmp_path: Path
) -> None:
    saved = read_private(play)
    assert {*saved} >= {*PERSONS.values(), *TEXTS.values(), f"{TEXTS['record']}{NUMBER_IN_RECORD}"} - {TEXTS["record"]}
    files = read_files(play.folder)
    assert {Path(name).name for name in files} >= {"cases.db", "faults.log"}
    assert any(b"ValueError" in text for name, text in files.items() if name.endswith("faults.log"))
    assert find_marks(files | play.printed, MARKS) == set()
    assert saw_a_journal(play.copies)
    assert len(play.copies) > 20
    assert find_marks(play.copies, MARKS) == set()
    write_unsealed(tmp_path / "clear", [*saved, *SECRETS.values(), MARKS["key"]])
    found = find_marks(read_files(tmp_path / "clear"), MARKS)
    for where in ("UTF-8.db", "UTF-16le.db", "base64", "hex"):
        assert {mark for place, mark, _ in found if place == where} == MARKS.keys()


def read_private(play: Play) -> list[str]:
    """Return every private text of the file, opened."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("ASSISTANT_KEY", KEY)
        with Store.open(play.path) as store:
            subjects = [summary.case_id for summary in store.list()]
            subjects += [request.subject for request in store.list_requests(waiting=False)]
            return [
                text
                for subject in subjects
                for event in store.read_log(subject, 1000)
                for text in event.private.values()
            ]

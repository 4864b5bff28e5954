"""A teller at the counter: presses keys in a real terminal, and reads what stands on the screen before the next one."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from tests.terminal import Terminal

ROOT: Final = Path(__file__).parents[2]
CURSOR: Final = "›"
READING_SECONDS: Final = 1.2
"""How long one must have had to read where the key lies."""
FINGERS_SECONDS: Final = 0.01
LOOKS: Final = 3
"""How often, and after how long, the program must be found still before the next key: a person looks first, and a pipe
does not."""
BUSY: Final = frozenset("RD")
"""How Linux calls a thread that computes, or would if the machine let it, and one that waits for the disk."""


class Teller(Terminal):
    """The command `assistant` over the file of cases at `path`, as one sits before it."""

    def __init__(self, path: Path, *, columns: int = 120, rows: int = 36, lang: str = "zh") -> None:
        command = Path(sys.executable).with_name("assistant")
        argv = [str(command), "--db", str(path), "--lang", lang]
        super().__init__(argv, columns=columns, rows=rows, environment={"PYTHONPATH": str(ROOT)})

    def press(self, *keys: str) -> None:
        for key in keys:
            super().press(key)
            self.rest_until_done()

    def type(self, text: str) -> None:
        """Type a text into the line that asks for one."""
        self.send(text)
        self.rest_until_done()

    def rest_until_done(self) -> None:
        """Read until the program has nothing more to write and to do, however busy the machine is."""
        still = 0
        while still < LOOKS:
            heard = self.received
            if not self.pump(FINGERS_SECONDS):
                return
            still = 0 if self.received > heard or self._is_busy() else still + 1

    def _is_busy(self) -> bool:
        threads = Path(f"/proc/{self.pid}/task").glob("*/stat")
        # The name of a program stands in brackets, and may hold anything.
        return any(stat.read_text().rpartition(")")[2].split()[0] in BUSY for stat in threads)

    def set_up(self, code: str, name: str) -> None:
        """Answer the first start: whose file of cases is this? Who manages it is told by the system."""
        self.see("首次使用")
        self.type(code)
        self.press("enter")
        self.type(name)
        self.press("enter", "enter")
        self.see("先备份主密钥")
        self.rest(READING_SECONDS)
        self.press("enter")
        self.see("新案件", f"{name} {code}")

    def at(self) -> str:
        """Return what stands behind the cursor, "" where there is none."""
        return next((line.split(CURSOR, 1)[1] for line in reversed(self.lines()) if CURSOR in line), "")

    def go_to(self, text: str) -> None:
        """Move the cursor down from the top of its list to the line that says `text`."""
        if text not in self.see_cursor():
            self.press("home")
        while text not in (before := self.see_cursor()):
            self.press("down")
            self.see_cursor_leave(before)

    def see_cursor(self) -> str:
        """Wait until there is a cursor; return what stands behind it."""
        self.wait(lambda: bool(self.at()), "no cursor")
        return self.at()

    def see_cursor_leave(self, line: str) -> None:
        """Wait until the cursor stands on a line that no longer reads as `line`."""
        self.wait(lambda: self.at() not in ("", line), f"nothing follows “{line}”")

    def answer(self, flag: str, key: str, shown: str) -> None:
        """Answer a red flag by a key and see it shown as `shown`, which means saved."""
        self.go_to(flag)
        self.press(key)
        self.wait(lambda: self.at().startswith(shown), f"“{flag}” not shown as {shown}")

    def fill(self, line: str, text: str) -> None:
        """Fill in one line of the form that is open."""
        self.go_to(line)
        self.press("enter")
        self.see("回车确定，Esc取消")
        self.type(text)
        self.see(text)
        self.press("enter")
        self.see_no("回车确定，Esc取消")

    def steps_done(self) -> int:
        """Return how many steps the screen counts as settled."""
        return int(self.find(r"步骤 (\d+)/\d+"))

    def saved_at(self) -> str:
        """Return the time at which the screen says that the last move was saved."""
        return self.find(r"已保存 (\d\d:\d\d:\d\d)")

    def find(self, pattern: str) -> str:
        """Return the first group of `pattern` on the screen."""
        found = re.search(pattern, self.text())
        assert found is not None, self.text()
        return found[1]

    def record(self, do: str, *, checks: str = "", written: dict[str, str] | None = None) -> None:
        """Record the next action as done: open it, answer what it asks first, write down, and confirm."""
        self.see(f"▸ {do}")
        self.press("f6")
        self.see("登记步骤")
        for key in checks:
            self.press(key)
        for line, text in (written or {}).items():
            self.fill(line, text)
        self.go_to("已办理")
        self.press("enter")
        self.see("Esc 首页")
        self.see_no(f"▸ {do}")

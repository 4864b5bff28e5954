"""A program on the screen that is told to end while something is written: what it had begun is gone with it."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Final

import pytest

from assistant.case.subjects import EXPORT
from assistant.places import find_settings
from assistant.store import Store
from tests.outlet import lay
from tests.terminal import LIMIT_SECONDS
from tests.ui.leaving import names, own_papers
from tests.ui.teller import Teller

papers = own_papers()
CTRL_E: Final = "\x05"
ENDLESS: Final = "#for a in range(100000) { for b in range(100000) { for c in range(9) {} } }"
"""A bank's own look of a page, for which the typesetter takes as long as it is given."""
F6: Final = "\x1b[17~"


def find_children(pid: int) -> list[int]:
    """Return the processes that a program has started and that are not over."""
    told = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for line in told for child in line.split()]


def is_running(pid: int) -> bool:
    """Tell whether a process is there and has not ended; whose end nobody asks for, it is there for a while yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("blow", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)])
def test_told_to_end_while_it_is_written_it_leaves_nothing_and_records_nothing(
    tmp_path: Path, papers: Path, blow: signal.Signals
) -> None:
    path, own = tmp_path / "cases.db", tmp_path / "own"
    lay(path)
    own.mkdir()
    (own / "page.typ").write_text(ENDLESS, "utf-8")
    find_settings(path).write_text("documents: {templates: own}\n", "utf-8")
    with Teller(path) as teller:
        teller.see("新案件")
        teller.press("1")
        teller.see("Esc 首页")
        teller.send(CTRL_E)
        teller.see("[3]")
        teller.press("3")
        teller.see("这是预览")
        # Without waiting until it is at rest, which it is not before all is written.
        teller.send(F6)
        teller.see("按Esc取消")
        teller.wait(lambda: names(papers) != [] and find_children(teller.pid) != [], "nothing is written")
        (press,) = find_children(teller.pid)
        assert teller.kill(blow) == 128 + blow
    assert names(papers) == []
    end = time.monotonic() + LIMIT_SECONDS
    while is_running(press):
        assert time.monotonic() < end, "what set the page goes on"
        time.sleep(0.01)
    with Store.open(path) as store:
        assert store.read_log(EXPORT) == ()

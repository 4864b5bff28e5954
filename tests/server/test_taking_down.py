"""Whatever happens while the branch server stands, the machine is afterwards as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.branch import LI, SSHD, Branch, Unready, find_leavings
from tests.terminal import Terminal

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


class Mishap(Exception):
    """What goes wrong in the middle of a test."""


def fail_at_work(folder: Path) -> None:
    """Raise Mishap while a teller has the screen open."""
    with Branch(folder) as server, Terminal(server.ssh(LI, "-tt")) as window:
        window.see("新案件")
        assert find_leavings() != []
        raise Mishap


def test_a_test_that_fails_while_a_teller_works_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Mishap):
        fail_at_work(tmp_path)
    assert find_leavings() == []


def test_a_machine_that_has_such_a_place_already_is_left_as_it_is(tmp_path: Path) -> None:
    SSHD.mkdir()
    try:
        with pytest.raises(Unready, match="branch server already"), Branch(tmp_path):
            pass
        assert SSHD.exists()
        assert find_leavings() == [str(SSHD)]
    finally:
        SSHD.rmdir()

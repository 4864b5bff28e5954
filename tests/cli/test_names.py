"""Names, staff numbers, logins and outlets at the command line: brought to one form, and refused in plain words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from assistant.store import Store
from tests.cli.conftest import Give, Team

EVIL: Final = ("\x1b[2J", "\n", "\u202e", "\u200b", "\x7f", "\u2066")
FOREIGN: Final = re.compile(r"[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}")
"""English words in a Chinese sentence."""


def refused(give: Give, *words: str) -> str:
    """Give a command that must be refused and write nothing; return the sentence."""
    answer = give(*words)
    assert (answer.status, answer.out) == (2, "")
    assert give("approvals", "list").out == "没有等待第二人的申请。\n"
    return answer.err


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("staff", "add", "60{}06", "--role", "teller"), "工号为1至32位"),
        (("staff", "add", "6006", "--role", "teller", "--login", "m{}a"), "操作系统用户名为1至64个字符"),
        (("staff", "add", "6006", "--role", "teller", "--name", "马{}红"), "姓名为1至60个字"),
        (("staff", "bind", Team.TELLER, "--login", "m{}a"), "操作系统用户名为1至64个字符"),
        (("outlet", "rename", "新{}城"), "网点名称为1至40个字"),
    ],
    ids=["number", "login", "name", "bind", "outlet"],
)
def test_no_name_has_anything_in_it_that_is_not_seen(
    give: Give, team: Team, words: tuple[str, ...], said: str, evil: str
) -> None:
    team.turn(team.MANAGER)
    sentence = refused(give, *(word.format(evil) for word in words))
    assert said in sentence
    assert evil.strip("\n") not in sentence or evil == "\n"
    assert FOREIGN.search(sentence) is None


@pytest.mark.parametrize(
    "words",
    [
        ("staff", "add", "6" * 33, "--role", "teller"),
        ("staff", "add", "6006", "--role", "teller", "--name", "马" * 61),
        ("staff", "add", "6006", "--role", "teller", "--name", "·-·"),
        ("staff", "bind", Team.TELLER, "--login", ""),
        ("staff", "add", "6006", "--role", "teller", "--login", ""),
        ("outlet", "rename", "新" * 41),
        ("outlet", "rename", " "),
    ],
    ids=["long number", "long name", "no letter", "bind to nothing", "no login", "long outlet", "blank outlet"],
)
def test_a_name_that_is_none_is_refused_in_words_and_asked_for_nowhere(
    give: Give, team: Team, words: tuple[str, ...]
) -> None:
    team.turn(team.MANAGER)
    assert FOREIGN.search(refused(give, *words)) is None


def test_full_width_letters_and_digits_are_the_plain_ones(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    for words in (
        ("staff", "add", "６００６", "--role", "teller", "--login", "ｍａ", "--name", "马 小红"),
        ("outlet", "rename", " 新城１支行 "),
    ):
        assert give(*words).status == 0
    with Store.open(team.path) as store:
        renamed, named = store.list_requests()
    assert (named.body["number"], named.body["login"]) == ("6006", "ma")
    assert renamed.body["name"] == "新城1支行"


def test_two_people_do_not_differ_by_small_letters_alone(give: Give, team: Team) -> None:
    team.turn(team.MANAGER)
    give("staff", "add", "Ab1", "--role", "teller")
    digits = json.loads(give("approvals", "list", "--json").out)[0]["id"][-4:]
    team.turn(team.SUPERVISOR)
    give("approvals", "approve", digits)
    team.turn(team.MANAGER)
    assert refused(give, "staff", "add", "aB1", "--role", "teller").startswith("这个工号已经有人用了。")


@pytest.mark.parametrize("name", ["新" * 41, "", "  ", "新\n城", "新\u202e城", "新\x1b城"], ids=ascii)
def test_a_first_start_refuses_such_a_name_of_the_outlet_and_makes_nothing(
    give: Give, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "outlet" / "cases.db"
    answer = give("init", "--outlet", "0312", "--name", name, "--manager", "1001", "--db", str(path))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("网点名称须为1至40个字")
    assert not path.parent.exists()


def test_a_first_start_takes_the_longest_name(give: Give, tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    assert give("init", "--outlet", "0312", "--name", "新" * 40, "--manager", "1001", "--db", str(path)).status == 0

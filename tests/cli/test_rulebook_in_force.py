"""One rulebook at every door of a bank: what advises on the screens of a file of cases advises on the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import pytest

from assistant.places import find_editions
from assistant.rulebooks.editions import Source
from assistant.rulebooks.proposing import propose_rollback
from assistant.rulebooks.publications import Publications
from assistant.store import Store
from assistant.workplace import open_desk
from rules.facts import Answer
from rules.language import Language
from rules.loading import load_book
from tests.cli.conftest import ROOT, Give
from tests.cli.test_command import COMMAND
from tests.publishing import MANAGER, OFFICER, SHIPPED, TELLER, keep_copy, make_branch, office, put_in_force

BANK: Final = ROOT / "tests" / "rules" / "bank.overlay.yaml"
VISIT: Final = ("--request", "transfer", "--money", "not_moved:35000", "--sign", "on_phone")
GOLD: Final = {"zh": "买金或提金", "en": "Gold purchase"}
"""What the bank's file calls what the rulebook calls 购买或提取黄金."""


class Branch:
    """A file of cases, and commands given over it."""

    def __init__(self, folder: Path, give: Give) -> None:
        self.database = folder / "cases.db"
        self.bank = folder / "bank.yaml"
        self._give = give
        make_branch(self.database)

    def lay_over(self, old: str = "", new: str = "", number: int = 3, *, tried: bool = False) -> None:
        """Have two people put the bank's file in force, with that number, and `old` in it replaced by `new`.

        `tried` says that another program of this machine has tried it already.
        """
        text = BANK.read_text("utf-8").replace("number: 3", f"number: {number}")
        assert old in text
        self.publish(text.replace(old, new, 1) if old else text, number)
        if tried:
            keep_copy(Source(None, self.bank))

    def publish(self, text: str, number: int = 3) -> None:
        """Have two people put a bank's file in force, whatever is in it."""
        self.bank.write_text(text, "utf-8")
        put_in_force(self.database, Source(None, self.bank), f"{SHIPPED}+examplebank.{number}")

    def roll_back(self) -> None:
        """Have two people put the first one in force again."""
        with Store.open(self.database) as store:
            first = Publications(store).list()[-1]
            office(store, MANAGER).approve(propose_rollback(office(store, OFFICER), first, "退回").subject)

    def ask(self, *words: str) -> dict[str, Any]:
        """Return the advice on a visit of 35,000 yuan, on which the rulebook and the bank's file differ."""
        said = self._give("advise", "--json", *VISIT, *words, "--db", str(self.database))
        assert said.status == 0
        answer: dict[str, Any] = json.loads(said.out)
        return {**answer, "told": said.err}

    def open_case(self) -> str:
        """Open a case at the screen's desk and return its id."""
        desk = open_desk(self.database, actor=TELLER, names=self.database.with_name("names.json"))
        try:
            desk.rulebooks.look()
            case_id = desk.open("gold_purchase").case.id
            desk.answer(case_id, "on_phone", Answer.YES)
        finally:
            desk.leave()
        return case_id

    def read(self, *words: str, lang: str = "en") -> str:
        """Return what a command over the cases prints."""
        said = self._give("case", *words, "--lang", lang, "--db", str(self.database))
        assert (said.status, said.err) == (0, "")
        return said.out


@pytest.fixture
def branch(tmp_path: Path, give: Give) -> Branch:
    return Branch(tmp_path, give)


def test_advice_by_command_is_that_of_the_rulebook_in_force_tried_first(branch: Branch) -> None:
    assert "level.amount-asks" not in branch.ask()["rules"]
    branch.lay_over()
    answer = branch.ask()
    assert "level.amount-asks" in answer["rules"]
    assert answer["told"] == ""
    assert answer["rulebook"].startswith(f"{SHIPPED}+examplebank.3~")
    (copy,) = (path for path in find_editions().iterdir() if path.is_dir())
    assert answer["rulebook"].endswith(f"~{copy.name[:8]}")


def test_screen_and_command_record_the_same_version(branch: Branch) -> None:
    branch.lay_over(tried=True)
    case = json.loads(branch.read("show", branch.open_case(), "--json"))
    assert case["advice"]["rulebook"] == branch.ask()["rulebook"]


def test_a_batch_takes_it_too(branch: Branch, give: Give, tmp_path: Path) -> None:
    branch.lay_over(tried=True)
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "a", "request": "transfer", "amount": 35000}\n')
    said = give("advise", "--batch", str(batch), "--db", str(branch.database))
    assert (said.status, said.err) == (0, "")
    assert "level.amount-asks" in json.loads(said.out)["rules"]


def test_without_a_file_of_cases_the_built_in_one_answers_and_none_is_made(branch: Branch) -> None:
    branch.bank.write_text(BANK.read_text("utf-8"), "utf-8")
    branch.database.unlink()
    assert branch.ask()["rulebook"] == SHIPPED
    assert not branch.database.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "已批准的规则书在本机没有启用，仍用{version}版。请告知{keeper}：bank.yaml 第{line}行"),
        (
            "en",
            "The approved rulebook was not taken up here; edition {version} advises instead. Tell {keeper}: {place}",
        ),
    ],
)
def test_a_broken_one_leaves_the_last_good_one_in_force_and_one_sentence_says_so(
    branch: Branch, language: str, said: str
) -> None:
    branch.lay_over(tried=True)
    good = branch.ask()
    branch.lay_over("amount_from: 30000", "amount_from: much", number=4)
    answer = branch.ask("--lang", language)
    assert (answer["rulebook"], answer["rules"]) == (good["rulebook"], good["rules"])
    keeper = load_book().meta.owner.read(Language(language))
    line = BANK.read_text("utf-8").partition("amount_from: 30000")[0].count("\n") + 1
    place = f"bank.yaml, line {line}"
    assert answer["told"].startswith(said.format(version=good["rulebook"], keeper=keeper, line=line, place=place))
    assert len(answer["told"].splitlines()) == 1


def test_where_none_was_ever_good_the_built_in_one_answers(branch: Branch) -> None:
    branch.publish("nonsense: {}\nnonsense2: {}\n")
    answer = branch.ask("--lang", "en")
    assert answer["rulebook"] == SHIPPED
    assert "bank.yaml, line 1" in answer["told"]
    assert len(answer["told"].splitlines()) == 1


def test_the_cases_are_named_by_the_rulebook_in_force(branch: Branch) -> None:
    branch.lay_over(tried=True)
    case_id = branch.open_case()
    for language, name in GOLD.items():
        assert name in branch.read("list", lang=language)
        assert name in branch.read("show", case_id, lang=language)


@pytest.mark.long
def test_an_old_case_is_named_by_the_rulebook_it_began_with_wherever_it_is_read(branch: Branch) -> None:
    branch.lay_over()
    old = branch.open_case()
    branch.lay_over("买金或提金", "买实物金", number=4)
    new = branch.open_case()
    assert "买金或提金" in branch.read("show", old, lang="zh")
    assert "买实物金" in branch.read("show", new, lang="zh")
    branch.roll_back()
    assert "买金或提金" in branch.read("show", old, lang="zh")
    assert "买实物金" in branch.read("show", new, lang="zh")
    branch.lay_over("买金或提金", "买足金", number=5)
    assert "买金或提金" in branch.read("show", old, lang="zh")
    shutil.rmtree(find_editions())
    assert "买金或提金" in branch.read("show", old, lang="zh")
    assert "买足金" in branch.read("list", lang="zh")


def test_a_case_begun_with_the_built_in_rulebook_keeps_its_names(branch: Branch) -> None:
    case_id = branch.open_case()
    branch.lay_over(tried=True)
    assert "购买或提取黄金" in branch.read("show", case_id, lang="zh")
    assert "买金或提金" in branch.read("list", lang="zh")
    told = json.loads(branch.read("show", case_id, "--json", "--replay"))
    assert told["rulebooks"] == told["hindsight"]["recorded"] == [SHIPPED]
    assert told["hindsight"]["rulebook"] == branch.ask()["rulebook"] != SHIPPED


def test_where_nothing_was_published_no_process_is_started_and_nothing_written(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = branch.open_case()
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *words, **_: started.append(words))
    assert branch.ask()["rulebook"] == SHIPPED
    branch.read("list")
    branch.read("show", case_id)
    assert started == []
    assert not find_editions().exists()


def test_an_interrupt_ends_the_trial_with_the_command(branch: Branch) -> None:
    branch.lay_over()
    with subprocess.Popen(
        [*COMMAND, "advise", *VISIT, "--db", str(branch.database)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as run:
        trial = wait_for_trial(run.pid)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=120)
    assert (run.returncode, out, err) == (130, b"", b"")
    assert not Path(f"/proc/{trial}").exists()


def wait_for_trial(parent: int) -> int:
    """Return the process of the trial that `parent` starts, as soon as it has given way to the others."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            if os.getpriority(os.PRIO_PROCESS, int(child)) > os.getpriority(os.PRIO_PROCESS, parent):
                return int(child)
        time.sleep(0.01)
    raise TimeoutError

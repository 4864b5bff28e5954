"""`assistant rules check`: what an officer learns of a rulebook before it is published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import Give

FALSE_CLAIM: Final = """
properties:
  officer-adds-one:
    name: {zh: 未汇出的第一步总是撤销, en: Pending money is always cancelled first}
    whenever: "money:pending"
    always: "first:cancel_pending_transfer"
    basis: practice
"""


def test_the_rulebook_that_comes_with_the_program_passes(give: Give) -> None:
    said = give("rules", "check", "--lang", "en")
    assert (said.status, said.err) == (0, "")
    assert "The rulebook passes" in said.out
    assert "proved  Every police level names the call [police-level-calls]" in said.out


def test_a_property_added_without_code_is_refuted_by_a_visit_in_the_tellers_words(give: Give, copy: Path) -> None:
    (copy / "properties.yaml").write_text(FALSE_CLAIM, "utf-8")
    said = give("rules", "check", "--rules", str(copy))
    assert said.status == 1
    assert "不成立  未汇出的第一步总是撤销 [officer-adds-one]" in said.out
    assert "资金：已受理未到账 [pending]" in said.out
    assert "[end_call_disconnect]；" in said.out.partition("建议的步骤：")[2]


def test_a_folder_without_properties_is_held_to_those_of_the_program(give: Give, copy: Path) -> None:
    (copy / "properties.yaml").unlink()
    said = give("rules", "check", "--rules", str(copy), "--json")
    answer = json.loads(said.out)
    assert (said.status, answer["sound"], answer["borrowed"]) == (0, True, True)
    assert {told["verdict"] for told in answer["properties"]} == {"proved"}


def test_a_property_that_cannot_be_read_is_answered_with_file_and_line(give: Give, copy: Path) -> None:
    (copy / "properties.yaml").write_text(FALSE_CLAIM.replace("money:pending", "money:pendin"), "utf-8")
    said = give("rules", "check", "--rules", str(copy), "--lang", "en")
    assert said.status == 4
    assert "properties.yaml, line 5" in said.err
    assert "did you mean `pending`" in said.err


def test_without_the_solver_the_rest_is_checked_and_the_way_to_install_it_told(
    give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    said = give("rules", "check", "--lang", "en")
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert "teller-assistant[proof]" in said.err
    assert "Form, references and circles: nothing wrong" in said.out
    assert "does NOT pass" in said.out


def test_no_counter_loads_the_solver_or_the_proofs() -> None:
    program = "import sys, assistant.cli, ui.app, rules.advice; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "rules.advice" in loaded
    assert [name for name in loaded if name == "z3" or name.startswith("rules.proof")] == []

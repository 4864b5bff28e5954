"""`assistant rules diff`: what a compliance officer reads of two rulebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import ROOT, Edit, Give

BANK: Final = ROOT / "tests" / "rules" / "bank.overlay.yaml"


@pytest.fixture
def edited(edit: Edit) -> Path:
    """A copy of the rulebook of the product, in which the call to the police is no longer advised for money gone."""
    return edit("advice.yaml", "advises: [call_110]", "advises: [consult_96110]")


def test_the_same_rulebook_twice_is_said_to_be_the_same(give: Give) -> None:
    answer = give("rules", "diff", "built-in", "built-in")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("两版规则书（")
    assert "内容完全相同" in answer.out
    assert json.loads(give("rules", "diff", "built-in", "built-in", "--json").out)["changes"] == []


def test_a_changed_rule_is_told_by_id_and_reason_with_what_it_said_and_says(give: Give, edited: Path) -> None:
    lines = give("rules", "diff", "built-in", str(edited)).out.splitlines()
    assert "步骤规则" in lines
    assert any(line.startswith("~ 修改  s-police：") for line in lines)
    assert "    建议步骤，删除：拨打110报警（call_110）" in lines
    assert any(line.startswith("    建议步骤，新增：") and "consult_96110" in line for line in lines)


def test_the_way_back_is_the_same_change_the_other_way_round(give: Give, edited: Path) -> None:
    lines = give("rules", "diff", str(edited), "built-in", "--lang", "en").out.splitlines()
    assert lines[1] == "0 added, 0 removed, 1 changed, 0 moved"
    assert "    advises, added: Call 110 (call_110)" in lines


def test_programs_get_the_same_changes_in_both_languages(give: Give, edited: Path) -> None:
    answer = json.loads(give("rules", "diff", "built-in", str(edited), "--json").out)
    (change,) = answer["changes"]
    assert (change["section"], change["id"], change["change"]) == ("step_rules", "s-police", "changed")
    assert all(part["label"].keys() == {"zh", "en"} for part in change["parts"])


def test_a_threshold_changed_in_the_banks_overlay_is_told(give: Give, tmp_path: Path) -> None:
    changed = tmp_path / "bank.yaml"
    changed.write_text(BANK.read_text("utf-8").replace("amount_from: 30000", "amount_from: 10000"), "utf-8")
    pair = ("--old-overlay", str(BANK), "--overlay", str(changed))
    (change,) = json.loads(give("rules", "diff", "built-in", "built-in", *pair, "--json").out)["changes"]
    assert (change["section"], change["id"], change["change"]) == ("level_rules", "amount-asks", "changed")
    out = give("rules", "diff", "built-in", "built-in", *pair).out
    assert "    条件，原为：金额30,000元起" in out
    assert "    条件，改为：金额10,000元起" in out


def test_an_overlay_is_laid_over_the_side_it_was_given_for(give: Give) -> None:
    added = json.loads(give("rules", "diff", "built-in", "built-in", "--overlay", str(BANK), "--json").out)
    removed = json.loads(give("rules", "diff", "built-in", "built-in", "--old-overlay", str(BANK), "--json").out)
    assert (added["old"], added["new"]) == (removed["new"], removed["old"])
    assert added["new"] == f"{added['old']}+examplebank.3"
    for answer, kind in ((added, "added"), (removed, "removed")):
        assert [c["id"] for c in answer["changes"] if c["change"] == kind] == ["example-rules", "bank-hurried"]


@pytest.mark.parametrize("option", ["--old-overlay", "--overlay"])
def test_an_overlay_that_is_not_there_or_not_sound_is_told(give: Give, tmp_path: Path, option: str) -> None:
    path = tmp_path / "bank.yaml"
    missing = give("rules", "diff", "built-in", "built-in", option, str(path))
    assert (missing.status, missing.out) == (2, "")
    assert missing.err.startswith("打不开本行补充文件 ")
    path.write_text("nonsense: {}\n", "utf-8")
    broken = give("rules", "diff", "built-in", "built-in", option, str(path))
    assert (broken.status, broken.out) == (4, "")
    assert "bank.yaml" in broken.err


def test_a_rulebook_that_is_not_there_or_not_sound_is_told(give: Give, edited: Path, tmp_path: Path) -> None:
    missing = give("rules", "diff", "built-in", str(tmp_path / "none"))
    assert (missing.status, missing.out) == (2, "")
    (edited / "advice.yaml").write_text("step_rules: {x: {}}", "utf-8")
    broken = give("rules", "diff", "built-in", str(edited))
    assert (broken.status, broken.out) == (4, "")
    assert "advice.yaml" in broken.err

"""`assistant rules test` and `assistant rules schema`: what an officer reads, and what an editor does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rules.review.schema import write_schema
from tests.cli.conftest import Edit, Give


@pytest.fixture
def few(copy: Path) -> Path:
    """A copy of the rulebook with only the examples of the levels beside it."""
    for path in (copy / "examples").iterdir():
        if path.name != "levels.yaml":
            path.unlink()
    return copy


@pytest.fixture
def edited(few: Path, edit: Edit) -> Path:
    """The same, in which a listed payee no longer leads to a pause."""
    assert few.exists()
    return edit("levels.yaml", "  payee-on-list:\n    level: hold", "  payee-on-list:\n    level: ask")


def test_the_examples_of_the_product_pass_and_are_counted(give: Give, few: Path) -> None:
    said = give("rules", "test")
    assert (said.status, said.err) == (0, "")
    assert "全部通过" in said.out
    assert json.loads(give("rules", "test", "--rules", str(few), "--json").out)["failed"] == []


def test_a_changed_rule_is_told_in_one_sentence_an_example(give: Give, edited: Path) -> None:
    said = give("rules", "test", "--rules", str(edited), "--lang", "en")
    assert (said.status, said.err) == (1, "")
    sentences = [line for line in said.out.splitlines() if line.startswith("Example level-payee-on-list ")]
    assert len(sentences) == 1
    assert "the level should be “Hold”; it is “Ask”" in sentences[0]
    assert said.out.splitlines()[-1].startswith("Rulebook ")
    assert ", failed: " in said.out.splitlines()[-1]


def test_a_program_is_given_each_case_that_fell_short(give: Give, edited: Path) -> None:
    answer = json.loads(give("rules", "test", "--rules", str(edited), "--json").out)
    found = next(failed for failed in answer["failed"] if failed["id"] == "level-payee-on-list")
    assert found["rules"] == ["level.payee-on-list"]
    assert found["cases"][0]["shortfalls"] == ["级别应为“暂缓办理”，实际是“核实询问”"]
    assert "level.payee-on-list" in found["cases"][0]["held"]


def test_a_rulebook_without_examples_is_not_said_to_pass(give: Give, edited: Path) -> None:
    shutil.rmtree(edited / "examples")
    said = give("rules", "test", "--rules", str(edited))
    assert said.status == 1
    assert "什么也没有测试" in said.out


def test_a_mistake_in_an_example_is_named_with_its_line(give: Give, edited: Path) -> None:
    (edited / "examples" / "own.yaml").write_text(
        "examples:\n  mine:\n    name: {zh: 甲, en: A}\n    rules: [level.threats]\n    given: [thretened]\n", "utf-8"
    )
    said = give("rules", "test", "--rules", str(edited), "--lang", "en")
    assert said.status == 4
    assert (
        "examples/own.yaml, line 5, examples.mine.given: unknown sign `thretened`; did you mean `threatened`?"
        in said.err
    )


def test_the_schema_is_printed_or_written(give: Give, tmp_path: Path) -> None:
    assert give("rules", "schema").out == write_schema()
    said = give("rules", "schema", "-o", str(tmp_path / "schema.json"))
    assert (said.status, (tmp_path / "schema.json").read_text("utf-8")) == (0, write_schema())


def test_a_schema_that_cannot_be_written_is_told(give: Give, tmp_path: Path) -> None:
    said = give("rules", "schema", "-o", str(tmp_path / "none" / "schema.json"), "--lang", "en")
    assert said.status == 2
    assert said.err.startswith("The JSON Schema could not be written to ")

"""`assistant rules explain`: why an advice came out, what nearly did, and what one answer would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Give

VANISHED = "9999-1120-001"
HANDOVER = ("--sign", "handover_planned", "--request", "cash_withdrawal", "--money", "not_moved")


def explain(give: Give, *words: str) -> dict[str, Any]:
    answer = give("rules", "explain", *words, "--json")
    assert (answer.status, answer.err) == (0, "")
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_every_rule_of_the_advice_is_told_with_the_answers_it_stands_on(give: Give) -> None:
    found, advice = explain(give, *HANDOVER), json.loads(give("advise", *HANDOVER, "--json").out)
    assert sorted(one["rule"] for one in found["held"]) == sorted(advice["rules"])
    assert found["level"] == advice["level"]
    handover = next(one for one in found["held"] if one["rule"] == "typology.t-handover")
    assert [(one["fact"], one["known"]) for one in handover["evidence"]] == [("handover_planned", "said")]


def test_the_answer_that_is_said_to_raise_the_level_raises_it_when_it_is_given(give: Give) -> None:
    found = explain(give, *HANDOVER)
    raising = [one["answer"] for one in found["changes"] if one["level"] == "police"]
    signs = [answer for answer in raising if answer.replace("_", "").isalnum()]
    assert "on_phone" in signs
    assert found["level"] != "police"
    for sign in signs[:5]:
        assert explain(give, *HANDOVER, "--sign", f"{sign}=seen")["level"] == "police", sign


def test_a_rule_that_is_said_to_lack_one_answer_holds_when_it_is_given(give: Give) -> None:
    near = explain(give, *HANDOVER)["nearly"]
    handover = next(one for one in near if one["rule"] == "level.handover")
    assert {"answer", "name"} == handover["missing"][0].keys()
    assert "on_phone" in [one["answer"] for one in handover["missing"]]
    held = explain(give, *HANDOVER, "--sign", "on_phone=seen")["held"]
    assert "level.handover" in [one["rule"] for one in held]


def test_a_verified_no_is_among_the_answers_that_would_lower_the_level(give: Give) -> None:
    changes = explain(give, "--sign", "on_phone", "--request", "transfer")["changes"]
    lowered = {one["answer"]: one["level"] for one in changes}
    assert lowered["on_phone=no"] == "proceed"
    given = explain(give, "--no", "on_phone=verified", "--request", "transfer")
    assert given["level"] == "proceed"


@pytest.mark.parametrize(("language", "words"), [("zh", "差一项回答就成立"), ("en", "that one answer would make hold")])
def test_an_officer_reads_it_with_names_and_ids(give: Give, language: str, words: str) -> None:
    out = give("rules", "explain", *HANDOVER, "--lang", language).out
    assert words in out
    assert "[handover_planned]" in out
    assert "t-handover" in out


def test_a_saved_case_is_explained_by_its_number_beside_the_advice_of_its_day(give: Give, demo_file: Path) -> None:
    found = explain(give, VANISHED, "--db", str(demo_file))
    case = json.loads(give("case", "show", VANISHED, "--json", "--db", str(demo_file)).out)
    assert found["case"] == VANISHED
    assert found["advised"] == {"rulebook": case["advice"]["rulebook"], "level": case["advice"]["level"]}
    assert found["level"] == case["advice"]["level"]
    text = give("rules", "explain", VANISHED, "--db", str(demo_file)).out
    assert text.startswith(f"案件 {VANISHED}")
    assert "当时记录的建议：" in text


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ((), "没有说明情况"),
        ((VANISHED, "--sign", "on_phone"), "案件编号和回答只能写一种"),
        (("--sign", "on_fone"), "signs：不认识“on_fone”"),
        (("0312-0101-999",), "没有编号为“0312-0101-999”的案件"),
    ],
)
def test_what_cannot_be_explained_is_one_sentence(
    give: Give, demo_file: Path, words: tuple[str, ...], start: str
) -> None:
    answer = give("rules", "explain", *words, "--db", str(demo_file))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(start)
    assert answer.err.count("\n") == 1

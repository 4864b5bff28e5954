"""`assistant advise` from options: advice for people and for programs, without a file of cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.cli.conftest import Give

Page: TypeAlias = Callable[[str, str], str]

VISITS: Final = {
    "false-police": (
        "--sign", "on_phone", "--sign", "official_caller=verified", "--sign", "safe_account_story",
        "--no", "distressed", "--request", "transfer", "--money", "not_moved:50000", "--age", "elder",
    ),
    "vanished": (
        "--sign", "money_missing", "--sign", "screen_sharing", "--request", "help", "--money", "moved_own_name:28.6万",
        "--account", "class_1_available=yes", "--account", "class_1_exposed=no", "--account", "class_1_stopped=no",
        "--account", "class_2_involved=yes", "--account", "class_2_bound=yes", "--account", "class_2_over_cap=no",
        "--step", "end_call_disconnect=done",
    ),
    "gathering": (
        "--sign", "gather_in_own_account", "--sign", "money_missing", "--request", "help",
        "--money", "moved_own_name", "--account", "class_2_involved=yes", "--account", "class_1_available=yes",
    ),
    "nothing-wrong": ("--request", "cash_withdrawal", "--cleared", "purpose_documented"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", VISITS)
def test_advice_for_people_reads_as_on_its_page(give: Give, page: Page, name: str, language: str) -> None:
    answer = give("advise", "--lang", language, *VISITS[name])
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == page(f"advise-{name}.{language}.txt", answer.out)


def test_the_level_comes_first_then_the_one_next_action_and_its_words(give: Give) -> None:
    lines = give("advise", *VISITS["false-police"]).out.splitlines()
    assert lines[0] == "级别：立即报警"
    action = next(number for number, line in enumerate(lines) if line.startswith("现在先做："))
    assert lines[action + 1].startswith("  对客户说：“")
    assert sum(line.startswith("现在先做：") for line in lines) == 1
    assert lines[-1].startswith("规则书 ")


def test_a_program_is_given_the_same_object_as_by_a_batch(give: Give, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        json.dumps(
            {
                "id": "advise",
                "request": "transfer",
                "money": [{"state": "credited_recent", "amount": 50000, "paid_from": "here", "payee": "other_bank"}],
                "signs": {"paid_before": {"value": "yes", "known": "verified"}, "on_phone": "no"},
                "age_band": "elder",
                "accounts": {"payee_at_this_bank": "no"},
                "clearings": ["family_confirmed"],
                "steps": {"call_110": "done"},
            }
        )
    )
    one = give(
        "advise", "--json", "--request", "transfer", "--money", "credited_recent:5万/from=here/payee=other_bank",
        "--sign", "paid_before=verified", "--no", "on_phone", "--age", "elder", "--account", "payee_at_this_bank=no",
        "--cleared", "family_confirmed", "--step", "call_110=done",
    )  # fmt: skip
    assert json.loads(one.out) == json.loads(give("advise", "--batch", str(batch)).out)


def test_every_step_tells_its_rules_its_evidence_and_what_it_stands_on(give: Give) -> None:
    answer = json.loads(give("advise", "--json", *VISITS["vanished"]).out)
    assert answer["steps"]
    for step in answer["steps"]:
        assert step["because"], step["id"]
        for because in step["because"]:
            assert because["rule"] in answer["rules"]
            assert because["reason"]
            assert because["basis"] == "practice" or all(place["title"] for place in because["basis"])


def test_a_forbidden_move_is_named_with_the_reason(give: Give) -> None:
    answer = json.loads(give("advise", "--json", *VISITS["gathering"]).out)
    assert "move_to_class_1" not in [step["id"] for step in answer["steps"]]
    (held,) = (held for held in answer["withheld"] if held["id"] == "move_to_class_1")
    assert held["rule"].startswith("not_when.move_to_class_1.")
    assert held["reason"] in give("advise", *VISITS["gathering"]).out


def test_an_old_credit_is_told_from_a_recent_one_by_its_time(give: Give) -> None:
    old = give("advise", "--json", "--money", "credited_recent:100/when=2020-01-01T00:00:00Z")
    assert old.out == give("advise", "--json", "--money", "credited_older:100").out


def test_no_file_of_cases_is_made_or_needed(give: Give, tmp_path: Path) -> None:
    assert give("advise", "--sign", "on_phone", "--db", str(tmp_path / "cases.db")).status == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "没有说明情况"),
        (("--sign", "on_phon"), "signs：不认识“on_phon”；是否想写“on_phone”？"),
        (("--sign", "on_phone=sen"), "signs.on_phone.known：不认识“sen”；是否想写“seen”？"),
        (("--sign", "on_phone", "--no", "on_phone"), "红旗“on_phone”写了两次。"),
        (("--account", "class_1_exposed"), "--account class_1_exposed 应写成 FACT=yes|no。"),
        (("--account", "class_1_exposed=x"), "accounts.class_1_exposed.value：只能是 yes、no。"),
        (("--money", "moved"), "money.0.state：不认识“moved”；是否想写“not_moved”？"),
        (("--money", "not_moved:1e5"), "money.0.amount：金额须大于0"),
        (("--money", "not_moved:1/form=here"), "money.0：不认识“form”。"),
        (("--money", "pending/when=2026-11-24T09:00"), "money.0.when：时间没有写明时区"),
        (("--age", "eldr"), "age_band：不认识“eldr”；是否想写“elder”？"),
        (("--amount", "5"), "amount：有金额，但没有资金状态或业务"),
        (("--money", "not_moved:6", "--amount", "5"), "amount：第一笔资金已写明金额"),
        (("--step", "call_110=gone"), "steps.call_110：不认识“gone”；是否想写“done”？"),
        (("--cleared", "family"), "clearings：不认识“family”"),
        (("--batch", "-", "--sign", "on_phone"), "--batch 不能与其他情况选项同用。"),
        (("--batch", "no/such/file"), "无法读取 no/such/file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_used_is_one_sentence(give: Give, words: tuple[str, ...], said: str) -> None:
    answer = give("advise", *words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(said)
    assert len(answer.err.splitlines()) == 1

"""Questions and answers as JSON lines: all of them answered in order, or none and one sentence that names the line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assistant.batch.reading import LineUnfit, read_lines
from assistant.batch.schema import make_schemas, write_schema
from assistant.cli import main
from rules.language import Language
from rules.loading import load_book
from tests.cli.conftest import NOON, ROOT, Give, Start
from tests.texts import ANY

SCHEMAS: Final = ROOT / "docs/schema"
FULL: Final = {
    "id": "full",
    "request": ["help", "transfer"],
    "requests": ["own_transfer"],
    "money": [
        {"state": "pending", "when": "2026-11-24T09:30:00+08:00", "paid_from": "here", "payee": "this_bank"},
        {"state": "credited_recent", "amount": "3.5万", "when": NOON, "paid_from": "wallet", "payee": None},
    ],
    "signs": {"on_phone": "yes", "official_caller": {"value": "yes", "known": "verified"}, "distressed": "no"},
    "amount": 50000.5,
    "age_band": "elder",
    "accounts": {"class_1_exposed": "no", "class_2_involved": {"value": "yes"}},
    "clearings": ["family_confirmed"],
    "steps": {"call_110": "done", "pause_transaction": "later"},
    "now": NOON,
}
SPARSE: Final = {"id": "sparse", "request": None, "amount": None, "age_band": None, "now": None}
BOOK: Final = load_book()


def answers(give: Give, tmp_path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """Return the answers to a batch of `lines`."""
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"\n".join(lines))
    said = give("advise", "--batch", str(batch))
    assert (said.status, said.err) == (0, "")
    return [json.loads(line) for line in said.out.splitlines()]


def test_answers_come_in_the_order_of_the_questions_and_blank_lines_are_skipped(give: Give, tmp_path: Path) -> None:
    lines = [b'{"id":"b"}', b"", b"  \r", b'{"id":"a"}\r', b'{"id":"c"}', b""]
    assert [answer["id"] for answer in answers(give, tmp_path, *lines)] == ["b", "a", "c"]


def test_a_batch_through_a_pipe_is_answered_in_utf8_whatever_the_terminal_speaks(start: Start) -> None:
    answer = start(
        "advise",
        "--batch",
        "-",
        stdin='\ufeff{"id":"甲","signs":{"on_phone":"yes"}}\n'.encode(),
        env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk", "LC_ALL": "C"},
    )
    assert answer.status == 0
    assert json.loads(answer.out)["id"] == "甲"


def test_an_amount_by_itself_belongs_to_the_first_portion(give: Give, tmp_path: Path) -> None:
    apart = b'{"id":"a","request":"transfer","money":[{"state":"not_moved"}],"amount":50000}'
    inside = b'{"id":"a","request":"transfer","money":[{"state":"not_moved","amount":"5\xe4\xb8\x87"}]}'
    usual = b'{"id":"a","request":"transfer","amount":5e4}'
    one, two, three = answers(give, tmp_path, apart, inside, usual)
    assert one == two == three
    assert "level.amount-asks" in one["rules"]


def test_a_request_may_be_one_or_a_list(give: Give, tmp_path: Path) -> None:
    one, two, three = answers(
        give,
        tmp_path,
        b'{"id":"a","request":"transfer","money":[{"state":"not_moved"}]}',
        b'{"id":"a","request":["transfer"],"money":[{"state":"not_moved"}]}',
        b'{"id":"a","requests":["transfer"],"money":[{"state":"not_moved"}]}',
    )
    assert one == two == three


def test_a_no_that_the_customer_merely_said_is_worth_nothing(give: Give, tmp_path: Path) -> None:
    said, unasked = answers(
        give,
        tmp_path,
        b'{"id":"a","request":"transfer","signs":{"official_caller":{"value":"no","known":"said"}}}',
        b'{"id":"a","request":"transfer"}',
    )
    assert said == unasked


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[]", "应当是一个JSON对象。"),
        (b"{", "第1个字符处不是合法的JSON。"),
        (b'{"id":"\xff"}', "不是UTF-8编码。"),
        (b"[" * 100_000, "嵌套过深。"),
        (b'{"id":"a","amount":NaN}', "含有无法使用的数字。"),
        (b'{"id":"a","now":' + b"9" * 5000 + b"}", "含有无法使用的数字。"),
        (b'{"id":"a","id":"b"}', "“id”出现了两次。"),
        (b"{}", "缺少“id”。"),
        (b'{"id":7}', "id：应当是文字。"),
        (b'{"id":""}', "id：不能为空。"),
        (b'{"id":"\\ud800"}', "id：含有残缺的字符。"),
        (b'{"id":"a","sgns":{}}', "不认识“sgns”；是否想写“signs”？"),
        (b'{"id":"a","signs":{"on_phon":"yes"}}', "signs：不认识“on_phon”；是否想写“on_phone”？"),
        (b'{"id":"a","signs":{"on_phone":"maybe"}}', "signs.on_phone.value：只能是 yes、no。"),
        (b'{"id":"a","signs":{"unease":{"value":"no","knwn":1}}}', "signs.unease：不认识“knwn”；是否想写“known”？"),
        (b'{"id":"a","signs":null}', "signs：应当是“名称: 内容”的对象。"),
        (b'{"id":"a","money":[{"amount":5}]}', "缺少“money.0.state”。"),
        (b'{"id":"a","money":[5]}', "money.0：应当是一个对象。"),
        (b'{"id":"a","request":"transfer","amount":1.234}', "amount：金额须大于0"),
        (b'{"id":"a","request":"transfer","amount":1e999999999}', "amount：金额须大于0"),
        (b'{"id":"a","request":"transfer","amount":true}', "amount：金额须大于0"),
        (b'{"id":"a","request":"transfer","amount":-5}', "amount：金额须大于0"),
        (b'{"id":"a","request":"transfr"}', "request：不认识“transfr”；是否想写“transfer”？"),
        (b'{"id":"a","now":"yesterday"}', "now：时间须为UTC毫秒数"),
        (b'{"id":"a","now":"2026-11-24T09:30:00"}', "now：时间没有写明时区"),
        (b'{"id":"a","now":-1}', "now：不能小于0。"),
        (b'{"id":"a","now":1.5}', "now：应当是整数。"),
        (b'{"id":"a","clearings":"police_cleared"}', "clearings：应当是列表。"),
        (
            b'{"id":"a","accounts":{"class_2_bound":"yes","class_2_over_cap":"yes"}}',
            "accounts：“class_2_bound”和“class_2_over_cap”不可能同时为是",
        ),
        (b'{"id":"a\x1b[2J"}', "第9个字符处不是合法的JSON。"),
        (b'{"id":"a","\\u001b[2J":1}', "不认识“?[2J”。"),
    ],
    ids=lambda value: value[:60].decode(errors="replace") if isinstance(value, bytes) else None,
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_printed(give: Give, tmp_path: Path, line: bytes, said: str) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b'{"id":"good"}\n\n' + line + b"\n")
    answer = give("advise", "--batch", str(batch))
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"第3行：{said}")
    assert len(answer.err.splitlines()) == 1


JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(ANY, max_size=20)
    | st.sampled_from(["yes", "on_phone"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(ANY, max_size=8) | st.sampled_from([*FULL, "state", "value", "on_phone"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
NEARLY: Final = st.dictionaries(st.sampled_from([*FULL]), JSON, max_size=4).map(lambda parts: {**FULL, **parts})
LINES: Final = st.binary(max_size=60) | JSON.map(json.dumps).map(str.encode) | NEARLY.map(json.dumps).map(str.encode)


def told_of(line: bytes) -> tuple[int, str, str]:
    """Return how many questions a line holds, or else what is said of it in Chinese and English."""
    try:
        return len(list(read_lines([line], BOOK, NOON))), "", ""
    except LineUnfit as refused:
        return 0, refused.sentence(Language.ZH), refused.sentence(Language.EN)


@given(LINES.filter(lambda line: b"\n" not in line))
def test_any_line_is_a_question_or_a_sentence_in_both_languages(line: bytes) -> None:
    count, chinese, english = told_of(line)
    blank = not line.removeprefix(b"\xef\xbb\xbf").strip()
    refused = chinese.startswith("第1行：") and english.startswith("Line 1: ")
    assert (count, refused) in {(0, True), (0 if blank else 1, False)}


@given(st.lists(LINES, max_size=3).map(b"\n".join))
@settings(max_examples=15)
def test_no_input_ends_in_anything_but_answers_or_one_sentence(batch: bytes) -> None:
    out, err = io.BytesIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as streams:
        streams.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(batch)))
        streams.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8"))
        streams.setattr(sys, "stderr", err)
        status = main(["advise", "--batch", "-"])
        sys.stdout.flush()
        printed, said = out.getvalue(), err.getvalue().splitlines()
    assert (status, bool(printed), len(said)) in {(0, True, 0), (0, False, 0), (2, False, 1)}
    assert all(json.loads(line)["level"] for line in printed.splitlines())


@pytest.mark.parametrize("name", make_schemas())
def test_the_schemas_that_are_handed_out_are_those_of_this_release(name: str) -> None:
    assert (SCHEMAS / name).read_text("utf-8") == write_schema(make_schemas()[name])


def test_questions_and_answers_fit_their_schemas(give: Give, tmp_path: Path) -> None:
    schemas = [json.loads((SCHEMAS / name).read_text("utf-8")) for name in make_schemas()]
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
    question, answer = (Draft202012Validator(schema) for schema in schemas)
    given = [FULL, SPARSE]
    for one in given:
        question.validate(one)
    told = answers(give, tmp_path, *(json.dumps(one).encode() for one in given))
    assert [one["id"] for one in told] == ["full", "sparse"]
    for one in told:
        answer.validate(one)


@pytest.mark.parametrize("wrong", [{}, {"id": "a", "sgns": {}}, {"id": "a", "signs": {"on_phone": "maybe"}}])
def test_the_schema_refuses_what_the_command_refuses(wrong: dict[str, Any]) -> None:
    schema = make_schemas()["advise-question.schema.json"]
    assert not Draft202012Validator(schema).is_valid(wrong)

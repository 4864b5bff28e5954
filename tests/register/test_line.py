"""What is looked for is typed in one line, in Chinese or English, and means what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.amounts import LARGEST
from assistant.case.events import Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseState
from assistant.case.traits import Trait
from assistant.particulars.checking import ParticularUnfit
from assistant.particulars.fields import Field
from assistant.register.calendar import Calendar
from assistant.register.faults import (
    AmountUnread,
    DigitsUnread,
    FilterWrong,
    NumberHere,
    PartTwice,
    QuoteOpen,
    TermUnknown,
    TimeUnread,
    ValueMissing,
    ValueUnknown,
    WordTooShort,
)
from assistant.register.filters import EVERYTHING, Filter, Noted, tidy_words
from assistant.register.line import LineReader
from assistant.register.vocabulary import Vocabulary
from rules.facts import Level
from rules.language import Language
from rules.loading import load_book
from tests.register.conftest import DAY, NOON
from tests.register.writing import write_line

HOUR: Final = 3_600_000
MIDNIGHT: Final = NOON - 12 * HOUR
BOOK: Final = load_book()
WORDS: Final = Vocabulary.of(BOOK)
LINES: Final = LineReader(WORDS, Calendar("Asia/Shanghai", lambda: NOON))
ZONES: Final = ("Asia/Shanghai", "Europe/London", "America/St_Johns", "Pacific/Apia")
NAMES: Final = st.text("0123456789abcXYZ", min_size=1, max_size=10)
MOMENTS: Final = st.integers(0, 4_000_000_000_000) | st.integers(0, 40_000).map(lambda day: day * DAY + 16 * HOUR)
PHRASES: Final = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters='"“”「」'), min_size=2)
    .map(tidy_words)
    .filter(lambda word: len(word) >= 2 and tidy_words(word) == word)
)
FILTERS: Final = st.builds(
    Filter,
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
    outlet=st.none() | NAMES,
    tellers=st.frozensets(NAMES, max_size=3),
    state=st.none() | st.sampled_from(CaseState),
    levels=st.frozensets(st.sampled_from(Level)),
    typologies=st.frozensets(st.sampled_from(sorted(BOOK.typologies)), max_size=4),
    outcomes=st.frozensets(st.sampled_from(Outcome)),
    least_fen=st.none() | st.integers(0, LARGEST),
    most_fen=st.none() | st.integers(0, LARGEST),
    overdue=st.booleans(),
    called=st.booleans(),
    traits=st.frozensets(st.sampled_from(Trait)),
    reviews=st.frozensets(st.sampled_from(Standing)),
    words=st.lists(PHRASES, max_size=3).map(tuple),
).map(lambda wanted: replace(wanted, state=wanted.state or CaseState.OPEN) if wanted.overdue else wanted)
"""What is late is late in a case that is open, unless another state is named."""


@given(FILTERS, st.sampled_from(Language), st.sampled_from(ZONES))
def test_what_is_written_asks_for_the_same(wanted: Filter, language: Language, zone: str) -> None:
    lines = LineReader(WORDS, Calendar(zone, lambda: NOON))
    assert lines.parse(write_line(wanted, lines, language)) == wanted


@given(st.text(max_size=40) | st.text('级别报警:近7天金额>=5万,、"“” levelamount柜员', max_size=30))
def test_any_line_is_read_or_refused_with_a_sentence(line: str) -> None:
    said: list[str] = []
    try:
        LINES.parse(line)
    except FilterWrong as wrong:
        said += [wrong.sentence(language) for language in Language]
    assert all(sentence.isprintable() for sentence in said)


@pytest.mark.parametrize(
    "line",
    [
        '级别:报警 近7天 柜员:10234 金额>=5万 未按建议 待复核 "安全账户"',
        "级别：立即报警　近７天　柜员：10234　金额≥５万　未按建议　待复核　“安全账户”",
        'level:police 7d teller:10234 amount>=50000 override review:due "安全账户"',
        '"安全账户" 金额>=50000.00 自:2025-11-17 报警 柜员=10234 override 复核:due',
    ],
)
def test_the_same_is_typed_in_either_language_and_width(line: str) -> None:
    assert LINES.parse(line) == Filter(
        since=MIDNIGHT - 6 * DAY,
        tellers=frozenset({"10234"}),
        levels=frozenset({Level.POLICE}),
        least_fen=5_000_000,
        traits=frozenset({Trait.OVERRIDE}),
        reviews=frozenset({Standing.DUE}),
        words=("安全账户",),
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("今天", Filter(since=MIDNIGHT)),
        ("today", Filter(since=MIDNIGHT)),
        ("近1天", Filter(since=MIDNIGHT)),
        ("自:2025-11-01 至:2025-11-02", Filter(since=MIDNIGHT - 22 * DAY, until=MIDNIGHT - 20 * DAY)),
        ("from:2025-11-23T12:00", Filter(since=NOON)),
        ("金额:1万-5万", Filter(least_fen=1_000_000, most_fen=5_000_000)),
        ("amount<100 amount>10", Filter(least_fen=1_001, most_fen=9_999)),
        ("金额=0", Filter(least_fen=0, most_fen=0)),
        ("级别:报警、暂缓", Filter(levels=frozenset({Level.POLICE, Level.HOLD}))),
        ("level:police,hold", Filter(levels=frozenset({Level.POLICE, Level.HOLD}))),
        ("进行中 逾期 等主管", Filter(state=CaseState.OPEN, overdue=True, called=True)),
        ("逾期", Filter(state=CaseState.OPEN, overdue=True)),
        ("逾期 状态:已结案", Filter(state=CaseState.CLOSED, overdue=True)),
        ("超时 已结案", Filter(state=CaseState.CLOSED, traits=frozenset({Trait.LATE}))),
        ("复核退回", Filter(reviews=frozenset({Standing.RETURNED}))),
        ("已退回", Filter(reviews=frozenset({Standing.RETURNED}))),
        ("复核:已退回、已答复", Filter(reviews=frozenset({Standing.RETURNED, Standing.ANSWERED}))),
        (
            "类型:刷单 结果:核清放行",
            Filter(typologies=frozenset({"task_rebate"}), outcomes=frozenset({Outcome.CLEARED})),
        ),
        ("投资理财", Filter(typologies=frozenset({"investment"}))),
        ("尾号:002x", Filter(noted=Noted(last_digits="002X"))),
        ("「转 账」 “ＰＯＳ机”", Filter(words=("转 账", "pos机"))),
    ],
)
def test_what_may_be_typed(line: str, wanted: Filter) -> None:
    assert LINES.parse(line) == wanted


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        ("级别:报紧", ValueUnknown, "报紧"),
        ("levle:police", TermUnknown, "“级别”"),
        ("逾其", TermUnknown, "“逾期”"),
        ("安全账户", TermUnknown, "安全账户"),
        ("柜员>10234", TermUnknown, "柜员>10234"),
        ("金额>=五", AmountUnread, "五"),
        ("自:前天", TimeUnread, "前天"),
        ("自:13-01", TimeUnread, "13-01"),
        ("自:2-30", TimeUnread, "2-30"),
        ("上周 自:昨天", PartTwice, "“自”"),
        ("昨天 至:今天", PartTwice, "“至”"),
        ("复核", ValueMissing, "复核:待复核"),
        ("级别:", ValueMissing, "立即报警"),
        ("last4", ValueMissing, "尾号:1234"),
        ("至:2025-02-30", TimeUnread, "2025-02-30"),
        ("近7天 自:2025-11-01", PartTwice, "“自”"),
        ("状态:open 状态:closed", PartTwice, "“状态”"),
        ("金额>=5 金额>=6", PartTwice, "“金额”"),
        ('"安全', QuoteOpen, "引号"),
        ('"安"', WordTooShort, "2"),
        ("尾号:12345", DigitsUnread, "例如 尾号:1234"),
        ("电话:13917462850", NumberHere, "case find"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_looked_for(line: str, wrong: type[FilterWrong], said: str) -> None:
    with pytest.raises(wrong) as caught:
        LINES.parse(line)
    assert said in caught.value.sentence(Language.ZH)


@pytest.mark.parametrize("word", ["foo", "复核", "review", "尾号:123", "x:1", "安全账户", "级别:报紧"])
def test_nothing_is_suggested_where_nothing_is_near_and_never_what_was_typed(word: str) -> None:
    with pytest.raises(FilterWrong) as caught:
        LINES.parse(word)
    assert "是不是" not in caught.value.sentence(Language.ZH)
    assert "Did you mean" not in caught.value.sentence(Language.EN)


@pytest.mark.parametrize(
    ("word", "near"),
    [("复合", "复核"), ("teler:1", "柜员"), ("yesterdy", "昨天"), ("昨夭", "昨天"), ("级别:立即抱警", "立即报警")],
)
def test_what_is_near_is_suggested(word: str, near: str) -> None:
    with pytest.raises(FilterWrong) as caught:
        LINES.parse(word)
    assert f"“{near}”" in caught.value.sentence(Language.ZH)


@pytest.mark.parametrize("line", ["复合", "level:plice", "levle:police"])
def test_in_english_the_suggestion_stands_within_the_first_eighty_columns(line: str) -> None:
    with pytest.raises(FilterWrong) as caught:
        LINES.parse(line)
    assert 0 < caught.value.sentence(Language.EN).find('"?') < 80


@pytest.mark.parametrize(
    ("now", "line", "since", "until"),
    [
        ("2026-12-02T00:10", "今天", "2026-12-02", None),
        ("2026-12-02T00:10", "昨天", "2026-12-01", "2026-12-02"),
        ("2026-12-02T00:10", "本周", "2026-11-30", None),
        ("2026-12-02T00:10", "last-week", "2026-11-23", "2026-11-30"),
        ("2026-11-30T23:59", "上周", "2026-11-23", "2026-11-30"),
        ("2026-11-29T23:59", "this-week", "2026-11-23", None),
        ("2026-12-02T00:10", "this-month", "2026-12-01", None),
        ("2026-12-31T12:00", "上月", "2026-11-01", "2026-12-01"),
        ("2026-01-15T12:00", "last-month", "2025-12-01", "2026-01-01"),
        ("2024-03-31T12:00", "上月", "2024-02-01", "2024-03-01"),
        ("2026-12-02T00:10", "自:昨天", "2026-12-01", None),
        ("2026-12-02T00:10", "自:上周 至:昨天", "2026-11-23", "2026-12-02"),
        ("2026-12-02T00:10", "from:11-24 to:11/25", "2026-11-24", "2026-11-26"),
        ("2026-12-02T00:10", "自:12月2日", "2026-12-02", None),
        ("2026-12-02T00:10", "自:12-03", "2025-12-03", None),
        ("2026-12-02T00:10", "自:2-29", "2024-02-29", None),
    ],
)
def test_days_that_have_a_name_are_those_of_the_outlets_calendar_when_it_is_asked(
    now: str, line: str, since: str, until: str | None
) -> None:
    zone = ZoneInfo("Asia/Shanghai")

    def read(day: str) -> int:
        return round(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() * 1000)

    lines = LineReader(WORDS, Calendar(zone.key, lambda: read(now)))
    assert lines.parse(line) == Filter(since=read(since), until=None if until is None else read(until))


def test_a_number_of_a_person_is_turned_into_its_hash() -> None:
    asked: list[tuple[Field, str]] = []

    def look(field: Field, value: str) -> Noted:
        asked.append((field, value))
        return Noted(digest=b"hash")

    lines = LineReader(WORDS, LINES.calendar, look)
    wanted = lines.parse("逾期 电话:139-1746-2850")
    assert wanted == Filter(state=CaseState.OPEN, overdue=True, noted=Noted(digest=b"hash"))
    assert asked == [(Field.PHONE, "13917462850")]
    with pytest.raises(ParticularUnfit):
        lines.parse("电话:12")

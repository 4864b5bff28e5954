"""What is recorded of a filter asks for the same cases again, but for words and numbers, of which nothing is kept."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.export.tables.question import UNSAID, name_filter, write_filter
from assistant.register.calendar import Calendar
from assistant.register.filters import Filter, Noted
from assistant.register.line import LineReader
from assistant.register.vocabulary import Part
from rules.language import Language
from tests.register.conftest import NOON
from tests.register.test_line import FILTERS, WORDS, ZONES


@given(FILTERS, st.sampled_from(ZONES))
def test_the_line_that_is_recorded_asks_for_the_same_again(wanted: Filter, zone: str) -> None:
    lines = LineReader(WORDS, Calendar(zone, lambda: NOON))
    asked = replace(wanted, words=(), noted=None)
    assert lines.parse(write_filter(asked, zone)) == asked


@given(FILTERS, st.sampled_from(ZONES), st.sampled_from(Language))
def test_in_the_words_of_a_language_it_asks_for_the_same(wanted: Filter, zone: str, language: Language) -> None:
    lines = LineReader(WORDS, Calendar(zone, lambda: NOON))
    asked = replace(wanted, words=(), noted=None)
    assert lines.parse(name_filter(write_filter(asked, zone), WORDS, language)) == asked


def test_in_chinese_it_has_no_id_and_no_midnight() -> None:
    lines = LineReader(WORDS, Calendar("Asia/Shanghai", lambda: NOON))
    typed = "级别:报警,暂缓 自:2025-11-01 至:2025-11-30 金额>=5万 有损失 等主管"
    written = write_filter(lines.parse(typed), "Asia/Shanghai")
    named = name_filter(written, WORDS, Language.ZH)
    assert named.split() == [
        f"级别:{WORDS.values[Part.LEVEL]['hold'].zh},{WORDS.values[Part.LEVEL]['police'].zh}",
        "自:2025-11-01",
        "至:2025-11-30",
        "金额>=50000",
        "等主管",
        "有损失",
    ]
    assert name_filter(written, WORDS, Language.EN).split() == [
        "level:hold,police",
        "from:2025-11-01",
        "to:2025-11-30",
        "amount>=50000",
        "called",
        "loss",
    ]


@given(FILTERS, st.sampled_from(ZONES), st.text("6789", min_size=4, max_size=4))
def test_of_words_and_numbers_it_says_only_that_they_were_looked_for(wanted: Filter, zone: str, last: str) -> None:
    bare = write_filter(replace(wanted, words=(), noted=None), zone)
    written = write_filter(replace(wanted, noted=Noted(last_digits=last)), zone)
    assert written.split() == [*bare.split(), *[f'"{UNSAID}"' for _ in wanted.words], f"last4:{UNSAID}"]

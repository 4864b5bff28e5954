"""A template says what a page says; what it may not do is refused with its file and line, and prints nothing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.export.typesetting.faults import (
    LookUnsound,
    TemplateUnread,
    TemplateUnsound,
    TextTooLong,
    TypesetterMissing,
)
from assistant.export.typesetting.font import read_coverage
from assistant.export.typesetting.typesetting import Form, find_template, preview, typeset
from rules.language import Language
from tests.export.typesetting.pages import mark, read_html, read_pdf, set_page, write_template


def markdown(source: str, **facts: Any) -> str:
    return set_page(source, Form.MARKDOWN, **facts).content.decode()


def refuse(source: str, **facts: Any) -> TemplateUnsound:
    with pytest.raises(TemplateUnsound) as refused:
        set_page(source, Form.MARKDOWN, **facts)
    return refused.value


def test_a_bank_s_template_is_taken_in_the_place_of_ours(tmp_path: Path) -> None:
    ours, own = tmp_path / "ours", tmp_path / "own"
    for folder in (ours, own):
        folder.mkdir()
        (folder / "letter.zh.md").write_text(f"# {folder.name}\n", "utf-8")
    found = find_template("letter", Language.ZH, own, built_in=ours)
    assert typeset(found, {}, Form.MARKDOWN, mark(footer="")).content == b"# own\n"
    (own / "letter.zh.md").unlink()
    assert find_template("letter", Language.ZH, own, built_in=ours).source == "# ours\n"
    assert find_template("letter", Language.ZH, None, built_in=ours).source == "# ours\n"


def test_a_template_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(TemplateUnread) as unread:
        find_template("letter", Language.ZH, None, built_in=tmp_path)
    assert "letter.zh.md" in unread.value.sentence(Language.ZH)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# a\n\xff\n", "UTF-8"),
        ("# a\n{{ x }}\ue000\n".encode(), "U+E000"),
        (b"a" * 300_000, "longer than"),
    ],
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "letter.zh.md").write_bytes(content)
    with pytest.raises(TemplateUnsound) as refused:
        find_template("letter", Language.ZH, tmp_path)
    assert said in refused.value.sentence(Language.EN)
    assert refused.value.exit_status == 2


def test_a_template_from_an_editor_of_windows_is_read_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "letter.zh.md").write_bytes(b"\xef\xbb\xbf# a\r\n\r\n{% if x %}\r\nb\r\n{% endif %}\r\n")
    template = find_template("letter", Language.ZH, tmp_path)
    assert typeset(template, {"x": True}, Form.MARKDOWN, mark(footer="")).content == b"# a\n\nb\n"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("# a\n\n{{ nmae }}", 3, "“nmae”"),
        ("# a\n{% for one in x %}\n\n{{ one.nmae }}{% endfor %}", 4, "“nmae”"),
        ("a\n{% if nmae %}b{% endif %}", 2, "“nmae”"),
        ("a\n{% for one in nmae %}b{% endfor %}", 2, "“nmae”"),
        ("a\n\n{% if x %}", 3, "not written right"),
        ("a\n{{ x }", 2, "not written right"),
        ("a\n{{ x | safe }}", 2, "“safe”"),
        ("a\n{{ x is mapping }}", 2, "“mapping”"),
        ("a\n{{ x }}", 2, "no text"),
        ("a\n{{ t.upper }}", 2, "“upper”"),
        ("a\n{% for c in t %}b{% endfor %}", 2, "a list only"),
        ("a\n{% if t > 3 %}b{% endif %}", 2, "cannot be worked out"),
        ("| a |\n|---|\n| b | {{ t }} |", 3, "more cells than its head"),
    ],
)
def test_a_slip_is_told_with_its_line(source: str, line: int, said: str) -> None:
    refused = refuse(source, x=[{"name": "a"}], t="text")
    assert f"Line {line} of the template letter.zh.md" in refused.sentence(Language.EN)
    assert said in refused.sentence(Language.EN)


@dataclass(frozen=True)
class Part:
    name: str
    inner: Part | None = None


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...] = ()
    one: Part | None = None
    text: str | None = None

    @property
    def first(self) -> Part | None:
        return self.one


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{% if text %}{{ nmae }}{% endif %}", "nmae"),
        ("{% for part in parts %}{{ part.nmae }}{% endfor %}", "nmae"),
        ("{% for part in parts %}{% else %}{{ part.name }}{% endfor %}", "part"),
        ("{% for part in parts if part.nmae %}{% endfor %}", "nmae"),
        ("{% for part in parts %}{{ part.inner.inner.nmae }}{% endfor %}", "nmae"),
        ("{% for part in parts %}{{ part.name.upper }}{% endfor %}", "upper"),
        ("{% set a = parts | first %}{% if text %}{{ a.nmae }}{% endif %}", "nmae"),
        ("{{ text and one.nmae }}", "nmae"),
        ("{% if text %}{{ loop.index }}{% endif %}", "loop"),
    ],
)
def test_a_name_that_is_never_there_is_told_though_nothing_prints_it_today(source: str, name: str) -> None:
    with pytest.raises(TemplateUnsound) as refused:
        typeset(write_template(f"# a\n\n{source}"), Whole(), Form.MARKDOWN, mark())
    assert f"Line 3 of the template letter.zh.md cannot be used: there is no name “{name}”" in str(refused.value)


def test_names_of_which_nothing_is_known_beforehand_are_left_alone() -> None:
    source = "{% for part in parts %}{{ loop.index }} {{ part.name }} {{ first.name }}{% endfor %}{{ text }}"
    whole = Whole(parts=(Part("a"),), one=Part("b"), text="c")
    assert typeset(write_template(source), whole, Form.MARKDOWN, mark(footer="")).content == b"1 a bc\n"


def test_without_the_typesetter_there_are_the_other_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(TypesetterMissing) as missing:
        set_page("# a", Form.PDF)
    assert "(typst)" in missing.value.sentence(Language.EN)
    assert "teller-assistant[pdf]" in missing.value.sentence(Language.ZH)
    assert set_page("# a", Form.HTML).content
    assert set_page("# a", Form.MARKDOWN).content


@pytest.mark.parametrize("package", ["fontTools.ttLib", "manimgx_fonts_cjk"])
def test_without_its_font_the_typesetter_is_not_there_either(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    read_coverage.cache_clear()
    with pytest.raises(TypesetterMissing) as missing:
        set_page("# a", Form.PDF)
    assert missing.value.exit_status == 1


@pytest.mark.parametrize(
    "source",
    [
        "{{ x() }}",
        "{{ range(9) }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ x.__class__.__mro__ }}",
        "{{ x['__class__'] }}",
        "{{ t.__len__ }}",
        "{{ t['format'] }}",
        "{{ x | attr('__class__') }}",
        "{{ _filling }}",
        "{{ self }}",
        "{% include 'other' %}",
        "{% import 'other' as o %}",
        "{% extends 'other' %}",
        "{% macro m() %}a{% endmacro %}{{ m() }}",
        "{% for a in x recursive %}{{ loop(x) }}{% endfor %}",
        "{% set ns %}a{% endset %}",
        "{% filter upper %}a{% endfilter %}",
        "{% raw %}a{% endraw %}{% block b %}{% endblock %}",
        "{% for a in loop %}{% endfor %}",
    ],
)
def test_a_template_reaches_and_calls_nothing(source: str) -> None:
    assert refuse(source, x=[{"a": "b"}], t="text").exit_status == 2


def test_loops_in_loops_come_to_an_end() -> None:
    inner = "{% for a in x %}" * 8 + "a" + "{% endfor %}" * 8
    assert "100000 rounds" in refuse(inner, x=["a"] * 100).sentence(Language.EN)


@pytest.mark.parametrize(
    "source",
    [
        "{% set a = t %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = t %}" + "{% set a = [a, a] | join %}" * 40 + "{{ a }}",
        "{% set a = t %}" + "{% set a = [t, t] | join(a) %}{% set a = [a, a, a] | join(a) %}" * 40 + "{{ a }}",
        "{% for a in x %}{% for a in x %}" + "b" * 20_000 + "{% endfor %}{% endfor %}",
        "{% for a in x %}{% for a in x %}" + "{{ t }}" * 2_000 + "{% endfor %}{% endfor %}",
    ],
)
def test_a_template_that_makes_text_without_end_is_refused(source: str) -> None:
    assert "20000000 characters" in refuse(source, x=["a"] * 100, t="text").sentence(Language.EN)


def test_a_list_of_lists_that_doubles_is_refused() -> None:
    source = "{% set a = [t] %}{% set b = [t] %}" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40
    assert "cannot be worked out" in refuse(source + "{% if a == b %}c{% endif %}", t="text").sentence(Language.EN)


def test_texts_and_lists_of_a_template_s_own_are_put_together() -> None:
    source = "{{ 'a' ~ t ~ 1 }} {{ ['b', t] | join('-') }} {{ x | join(t) }} {% if t in ('c', 'd') %}e{% endif %}"
    assert markdown(source, t="c", x=["f", "g"]) == "ac1 b-c fcg e\n"


@pytest.mark.parametrize(
    "source", ["{{ a[customer] }}", "{{ x[customer] }}", "{{ customer < 3 }}", "{{ (x | first)[customer].b }}"]
)
def test_what_is_said_of_a_slip_holds_no_value(source: str) -> None:
    refused = refuse(source, a={"b": "c"}, x=[{"b": "c"}], customer="Wang Invented")
    for language in Language:
        assert "Wang" not in refused.sentence(language)
    assert "Wang" not in repr(refused)


def test_a_template_nested_without_end_is_refused() -> None:
    assert "nested" in refuse("{% if x %}" * 3000 + "{% endif %}" * 3000, x=True).sentence(Language.EN)


def test_facts_are_fields_and_properties_and_nothing_hidden() -> None:
    @dataclass(frozen=True)
    class Fact:
        name: str
        _inner: str = "hidden"

        @property
        def loud(self) -> str:
            return self.name + "!"

    assert markdown("{{ one.name }} {{ one.loud }}", one=Fact("a")) == "a a!\n"
    assert "_inner" in refuse("{{ one._inner }}", one=Fact("a")).sentence(Language.EN)
    with pytest.raises(TypeError, match="Path"):
        markdown("a", one=Path("a"))


def test_what_is_not_known_is_a_blank_to_fill_in() -> None:
    paragraph = read_html(set_page("电话：{{ phone }}", Form.HTML, phone=None).content).find("*//p")
    assert paragraph.text_content() == "电话：__________"
    # In one line, whatever else is torn.
    assert paragraph.find("span[@class='whole']").text == "__________"
    assert "电话：__________" in read_pdf(set_page("电话：{{ phone }}", Form.PDF, phone=None).content)[0]


def test_a_tag_alone_in_its_line_leaves_no_line_and_one_at_its_end_leaves_it() -> None:
    source = "- a{% if x %} b{% endif %}\n{% if x %}\n- c\n{% endif %}\n- d{# said #}\n- e\n"
    assert markdown(source, x=True) == "- a b\n- c\n- d\n- e\n"


def test_bold_needs_no_space_in_chinese() -> None:
    page = read_html(set_page("请**注意：**不要**“{{ x }}”**。2 ** 3", Form.HTML, x="转账").content)
    assert [bold.text for bold in page.findall("*//strong")] == ["注意：", "“转账”"]
    assert page.find("*//p").text_content() == "请注意：不要“转账”。2 ** 3"


def test_lines_of_a_template_join_without_a_space_in_chinese_and_with_one_in_english() -> None:
    assert markdown("一行\n两行\n{{ x }}\nand\nmore", x="三") == "一行两行三 and more\n"


def test_what_is_not_in_the_dialect_stands_as_it_is_written() -> None:
    source = "<b>x</b> [a](b) ![c](d) `e` &amp; <http://f> *g* _h_\n\n    indented\n\n```\nfence\n```"
    page = read_html(set_page(source, Form.HTML).content)
    assert [part.text_content() for part in page.findall("*//p")] == [
        "<b>x</b> [a](b) ![c](d) `e` &amp; <http://f> *g* _h_",
        "indented",
        "``` fence ```",
    ]


def test_a_list_of_boxes_a_table_a_callout_and_a_new_page_are_what_they_are_in_html() -> None:
    source = "- [x] a\n- [{{ y }}] b\n\n| | |\n|--|--|\n| c | d |\n\n> e\n\n3. f\n\n<!-- page -->\n\n---"
    page = read_html(set_page(source, Form.HTML, y=False).content)
    assert [box.text for box in page.find_class("box")] == ["☑", "☐"]
    assert page.find("*//th").get("scope") == "row"
    assert page.find("*//thead") is None
    assert page.find("*//aside").text_content().strip() == "e"
    assert page.find("*//ol").get("start") == "3"
    assert [rule.get("class") for rule in page.findall("*//hr")] == ["page", None]


def test_columns_take_the_widths_of_their_dashes() -> None:
    content = set_page("| a | b | c |\n|---|--------|--------|\n| d | e | f |", Form.HTML).content.decode()
    assert "#t1 col:nth-child(2){width:50%}" in content
    assert "#t1 :is(th, td):nth-child(1){white-space:nowrap}" in content
    assert 'style="' not in content


def test_a_bar_stays_in_one_line_of_its_cell() -> None:
    page = read_html(set_page("| a | b |\n|---|---|\n| x | {{ bar }} |", Form.HTML, bar="███▌").content)
    assert page.find("*//span[@class='whole']").text == "███▌"


def test_a_column_that_would_leave_no_room_to_the_others_does_not_take_what_it_needs() -> None:
    source = "| a | b |\n|---|--------|\n| {{ x }} | e |"
    assert "#t1 :is(th, td):nth-child(1){white-space:nowrap}" in set_page(source, Form.HTML, x="短").content.decode()
    long = set_page(source, Form.HTML, x="长" * 60).content.decode()
    assert "#t1" not in long
    assert "<colgroup>" not in long


def test_titles_alone_in_large_print_are_a_poster_as_wide_as_its_widest_line() -> None:
    page = set_page("# 没有安全账户\n\n# 110", Form.HTML, mark(large=True)).content.decode()
    assert '<body class="large poster">' in page
    assert ".poster{--widest:6.0;--lines:2}" in page
    for source, large in (("# a\n\nb", True), ("# a", False), ("# a\n\n## b", True)):
        assert '<body class="large poster">' not in set_page(source, Form.HTML, mark(large=large)).content.decode()


def test_a_bank_s_own_look_is_taken_and_a_slip_in_it_told(tmp_path: Path) -> None:
    look = tmp_path / "page.typ"
    look.write_text('#set text(font: "Noto Sans CJK SC")\nour own look\n', "utf-8")
    template = write_template("# a", tmp_path)
    assert "our own look" in read_pdf(typeset(template, {}, Form.PDF, mark()).content)[0]
    look.write_text("a\n\n#nothing-there\n", "utf-8")
    with pytest.raises(LookUnsound) as unsound:
        typeset(template, {}, Form.PDF, mark())
    assert "page.typ" in unsound.value.sentence(Language.ZH)
    assert "line 3" in unsound.value.sentence(Language.EN)
    (tmp_path / "page.css").write_text("p { color: blue } </style><script>", "utf-8")
    page = read_html(typeset(template, {}, Form.HTML, mark()).content)
    assert page.find("*//style").text.startswith("\np { color: blue }")
    assert page.find(".//script") is None


def test_a_preview_has_nothing_that_a_terminal_does_not_show() -> None:
    source = "| a |\n|---|\n| {{ x }} |\n\n<!-- page -->\n\nb"
    shown = preview(write_template(source), {"x": "one\ntwo"}, mark(footer="foot"))
    assert shown == "| a |\n| --- |\n| one ⏎ two |\n\n---\n\nb\n\n---\n\nfoot\n"


def test_more_text_than_any_machine_at_a_counter_holds_is_refused() -> None:
    with pytest.raises(TextTooLong):
        set_page("{{ x }}" * 6, Form.MARKDOWN, x="a" * 10_000_000)

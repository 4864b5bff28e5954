"""What somebody wrote is printed as it is written, in every form: it becomes no markup, steers and loses nothing."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.export.typesetting.characters import read_value, show_hidden
from assistant.export.typesetting.faults import TooManyPages
from assistant.export.typesetting.typesetting import Form
from rules.language import Language
from tests.export.typesetting.pages import mark, read_html, read_pdf, set_page

PLACES: Final = {
    "paragraph": "{{ v }}",
    "beside": "a{{ v }}b",
    "bold": "**{{ v }}**",
    "within bold": "x**y{{ v }}z**w",
    "heading": "## {{ v }}",
    "item": "- {{ v }}",
    "numbered": "1. {{ v }}",
    "box": "- [x] {{ v }}",
    "callout": "> {{ v }}",
    "cell": "| a | b |\n|---|---|\n| {{ v }} | c |",
    "twice": "{{ v }}\n{{ v }}",
}
HOSTILE: Final = {
    "markup": "# a\n- b\n> c\n1. d\n---\n| e | f |\n```\n**g** _h_ `i` [j](k) ![l](m) <n> &amp; ~~o~~ $p$ \\q",
    "html": "</p></td></title></style><script>alert(1)</script><!-- page --><img src=x onerror=y>&lt;",
    "typst": '#read("/etc/passwd") #let x = 1 $ x $ @ref <label> ]]) */ // = a',
    "jinja": "{{ 7 * 7 }}{% for a in b %}{# c #}",
    "marks of ours": "\ue0000\ue001 \ue00099\ue001 \ue000",
    "controls": "".join(map(chr, range(0x20))) + "\x7f\x80\x85\x9f",
    "turns": "a\u202egpj.exe\u202c \u2066b\u2069 \u200e\u200f\u061c",
    "nothing to be seen": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u3164i\ufe0fj\U000e0041",
    "halves": "a\ud83dz\udc00",
    "spaces": "  a  \u3000b\u3000 \u00a0\n   c\t\t\n  ",
    "right to left": "\u05d0\u05d1\u05d2 123 \u0623\u062d\u0645\u062f",
}


def shown(value: str) -> str:
    """Return what a value is to look like in HTML and Markdown."""
    return show_hidden(read_value(value))


def read_markdown(content: bytes) -> Any:
    """Return a page as another reader of Markdown turns it into HTML, which lxml reads."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    return read_html(f"<html><body>{reader.render(content.decode())}</body></html>".encode())


def tell(element: Any) -> str:
    """Return the text of an element; a `br` is the end of a line, and ends of lines of the file are none."""
    for end in element.iter("br"):
        end.tail = "\n" + (end.tail or "").removeprefix("\n")
    return str(element.text_content())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_has_the_same_elements_and_the_very_text_whatever_the_value(kind: str, place: str) -> None:
    value = HOSTILE[kind]
    source = PLACES[place]
    harmless = read_html(set_page(source, Form.HTML, v="value").content)
    page = read_html(set_page(source, Form.HTML, v=value).content)
    kept = [part.tag for part in page.iter() if part.tag not in {"br", "bdi"} and part.get("class") != "hidden"]
    assert kept == [part.tag for part in harmless.iter()]
    body = tell(page.find("*//main"))
    assert body.count(shown(value)) == source.count("{{ v }}")


@given(st.sampled_from(sorted(set(PLACES) - {"heading"})), st.text())
@example("paragraph", "a\n\n\nb")
@example("beside", "\\")
@example("cell", "\\|\\\\| `|`")
@example("bold", "**")
@example("bold", "a** b")
@example("item", "[x] a\n\n    code")
@example("numbered", "  # a\n\t- b\n==\n--\n:--")
@example("paragraph", "12. a\n3) b\n+\n| a |\n|---|")
@example("paragraph", "&#32;&nbsp;")
def test_another_reader_of_markdown_gets_the_very_text_back(place: str, value: str) -> None:
    # Behind a box there is something in another reader's list, or no space.
    assume(shown(value) or place != "box")
    page = read_markdown(set_page(PLACES[place], Form.MARKDOWN, v=value).content)
    expected = re.sub(r"\*\*(.*?)\*\*", r"\1", PLACES[place], flags=re.DOTALL)
    if place == "cell":
        cells = [tell(cell) for cell in page.iter("td")]
        assert cells == [shown(value), "c"]
    elif place == "twice":
        assert tell(page.find(".//body")).count(shown(value)) >= 2
    else:
        text = re.sub(r"^(?:- |1\. |> )", "", expected).replace("{{ v }}", shown(value))
        assert tell(page.find(".//body")).strip("\n") == text.strip("\n")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_heading_stays_one_line_of_markdown(kind: str) -> None:
    page = read_markdown(set_page("## {{ v }}\n\nend", Form.MARKDOWN, v=HOSTILE[kind]).content)
    body = page.find(".//body")
    assert [part.tag for part in body] == ["h2", "p"]
    assert body[0].text_content().split() == shown(HOSTILE[kind]).split()


@pytest.mark.parametrize("kind", HOSTILE)
def test_paper_shows_what_has_no_shape_by_its_number(kind: str) -> None:
    value = HOSTILE[kind]
    made = set_page("{{ v }}", Form.PDF, v=value)
    text = "".join(read_pdf(made.content))
    for character in read_value(value):
        named = f"U+{ord(character):04X}"
        assert character.isspace() or character in text or named in text, named


def test_what_the_font_lacks_is_said_and_what_is_only_hidden_is_not() -> None:
    made = set_page("{{ v }}", Form.PDF, v="a\u202e😀\u0623😀")
    assert made.missing == ("U+0623", "U+1F600")
    (text,) = read_pdf(made.content)
    assert text.partition("第")[0].split() == ["a", "U+202E", "U+1F600", "U+0623", "U+1F600"]
    assert set_page("{{ v }}", Form.HTML, v="😀").missing == ()


def test_what_stands_around_a_page_is_no_markup_either() -> None:
    hostile = "</style><script>x</script> **b** \u202e😀"
    marks = mark(footer=hostile, watermark=hostile, title=hostile)
    page = read_html(set_page("# a", Form.HTML, marks).content)
    assert page.find(".//script") is None
    assert page.find(".//title").text == "</style><script>x</script> **b** ⟨U+202E⟩😀"
    assert page.find(".//footer").text_content() == page.find_class("watermark")[0].text_content()
    made = set_page("# a", Form.PDF, marks)
    assert made.missing == ("U+1F600",)
    assert read_pdf(made.content)[0].count("U+202E") >= 2


def test_a_page_fetches_nothing_runs_nothing_and_says_so() -> None:
    page = read_html(set_page("# a\n\n{{ v }}", Form.HTML, v="https://example.invalid/a.png").content)
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.get("lang") == "zh-CN"
    assert not {part.tag for part in page.iter()} & {"script", "link", "img", "a", "iframe", "object", "form", "base"}
    assert not [
        name for part in page.iter() for name in part.attrib if name.startswith("on") or name in {"src", "href"}
    ]
    assert "url(" not in page.find(".//style").text
    assert read_html(set_page("# a", Form.HTML, mark(Language.EN)).content).get("lang") == "en"


def test_what_is_written_from_right_to_left_turns_nothing_around_it() -> None:
    page = read_html(set_page("{{ v }} 123 {{ w }}", Form.HTML, v="\u05d0\u05d1", w="left").content)
    assert [part.text for part in page.iter("bdi")] == ["\u05d0\u05d1"]


@pytest.mark.parametrize(
    "value",
    [
        "我接到电话，" * 600_000,
        pytest.param("a\n" * 5_000_000, marks=pytest.mark.long),
        pytest.param("\x00" * 10_000_000, marks=pytest.mark.long),
    ],
    ids=["words", "lines", "controls"],
)
def test_ten_million_characters_come_out_whole_or_are_refused_on_paper(value: str) -> None:
    wanted = len(shown(value))
    content = set_page("{{ v }}", Form.MARKDOWN, v=value).content.decode()
    assert len(content.replace("\\\n", "\n")) == wanted + 1
    with pytest.raises(TooManyPages):
        set_page("{{ v }}", Form.PDF, v=value)

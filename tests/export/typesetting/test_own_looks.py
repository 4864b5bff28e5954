"""A bank's own look lays out the page and does nothing else: it reaches nothing, ends, and keeps the marks."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final

import pytest

from assistant.export.typesetting import own_look
from assistant.export.typesetting.faults import LookUnsound, TemplateUnread
from assistant.export.typesetting.typesetting import LOOKS, Form, Marks, find_template, typeset
from assistant.export.unfinished import put_away
from rules.language import Language
from tests.export.typesetting.pages import mark, read_pdf, write_template

OURS: Final = (LOOKS / "page.typ").read_text("utf-8")
ENDLESS: Final = "#for a in range(100000) { for b in range(100000) { for c in range(9) {} } }"
NUMBER: Final = "EX1-0"
MARKED: Final = mark(known_by=NUMBER, watermark="样张 不作凭证")


def lay_out(folder: Path, look: str, marks: Marks = MARKED, source: str = "# 甲\n\n<!-- page -->\n\n乙") -> bytes:
    (folder / "page.typ").write_text(look, "utf-8")
    return typeset(write_template(source, folder), {}, Form.PDF, marks).content


def refuse(folder: Path, look: str, marks: Marks = MARKED) -> str:
    with pytest.raises(LookUnsound) as refused:
        lay_out(folder, look, marks)
    return refused.value.sentence(Language.EN)


def test_a_look_that_only_moves_things_is_taken_with_every_mark_on_every_page(tmp_path: Path) -> None:
    content = lay_out(tmp_path, OURS.replace("top: 18mm", "top: 40mm"))
    assert all(NUMBER in page and "样张" in page for page in read_pdf(content))
    assert len(read_pdf(content)) == 2


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("footer: foot,", "footer: none,"),
        ("background: water,", ""),
        ("keywords: page-data.known_by", 'keywords: "another"'),
        ("{ pagebreak(weak: true) }", "{ set page(footer: none); [c] }"),
    ],
)
def test_a_look_that_leaves_out_a_mark_is_refused(tmp_path: Path, ours: str, theirs: str) -> None:
    assert ours in OURS
    assert "cannot be left out" in refuse(tmp_path, OURS.replace(ours, theirs))


def test_a_look_imports_no_package(tmp_path: Path) -> None:
    assert "line 2: it may import no package" in refuse(tmp_path, 'a\n#import "@preview/x:0.1.0"\n')


def test_a_look_that_hides_what_it_imports_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        # Everything that goes online would come by here first.
        monkeypatch.setattr(own_look, "KEPT", (*own_look.KEPT, "HTTPS_PROXY"))
        monkeypatch.setattr(own_look, "SECONDS", 10)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{outside.getsockname()[1]}")
        assert "line 2" in refuse(tmp_path, 'a\n#import ("\\u{40}preview/" + "x:0.1.0")\n')
        outside.settimeout(0.2)
        with pytest.raises(TimeoutError):
            outside.accept()


@pytest.mark.parametrize(
    "slip", ["#panic(sys.inputs.page)", '#if sys.inputs.page.contains("Wang") { panic(sys.inputs.page) }']
)
def test_what_is_said_of_a_look_holds_nothing_of_the_page(tmp_path: Path, slip: str) -> None:
    (tmp_path / "page.typ").write_text(f"a\n{slip}\n", "utf-8")
    with pytest.raises(LookUnsound, match=r"2 行|line 2") as refused:
        typeset(write_template("# {{ v }}", tmp_path), {"v": "Wang Invented"}, Form.PDF, mark())
    assert "Wang" not in refused.value.sentence(Language.EN) + refused.value.sentence(Language.ZH) + repr(refused.value)


@pytest.mark.parametrize("name", ["settings.yaml", "link", "/settings.yaml", "page.typ"])
def test_a_look_reads_no_file_and_no_link(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.yaml").write_text("secret", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "settings.yaml")
    assert "line 1: file not found" in refuse(tmp_path, f'#read("{name}")', mark())


def test_a_look_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_look, "SECONDS", 2)
    said = refuse(tmp_path, ENDLESS)
    assert "2 seconds" in said or "was stopped" in said


def test_a_look_without_end_ends_with_a_program_that_puts_away_what_it_began(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as threads:
        setting = threads.submit(refuse, tmp_path, ENDLESS)
        while not setting.done():
            put_away()
            wait([setting], 0.05)
    assert "was stopped" in setting.result()


def test_a_look_that_fills_the_memory_is_stopped(tmp_path: Path) -> None:
    assert "too much memory" in refuse(tmp_path, '#let a = "x" * 3000000000\n#a.len() #(a + a).len()')


@pytest.mark.parametrize(("file", "form"), [("page.css", Form.HTML), ("page.typ", Form.PDF)])
def test_a_look_that_is_no_text_or_too_long_is_refused(tmp_path: Path, file: str, form: Form) -> None:
    template = write_template("# a", tmp_path)
    for content, said in ((b"p { \xff }", "not UTF-8"), (b" " * 200_001, "longer than 200000 bytes")):
        (tmp_path / file).write_bytes(content)
        with pytest.raises(LookUnsound, match=said):
            typeset(template, {}, form, mark())


@pytest.mark.parametrize(("file", "form"), [("page.css", Form.HTML), ("page.typ", Form.PDF)])
def test_a_pipe_in_the_place_of_a_look_is_told_at_once(tmp_path: Path, file: str, form: Form) -> None:
    os.mkfifo(tmp_path / file)
    with pytest.raises(TemplateUnread, match=r"no ordinary file|不是普通文件"):
        typeset(write_template("# a", tmp_path), {}, form, mark())


def test_a_pipe_in_the_place_of_a_template_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "letter.zh.md")
    with pytest.raises(TemplateUnread, match=r"no ordinary file|不是普通文件"):
        find_template("letter", Language.ZH, tmp_path)

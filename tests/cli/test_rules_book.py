"""`assistant rules book`: the rulebook to read, to print and to keep in a drawer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import ROOT, Give

OVERLAY: Final = ROOT / "tests" / "rules" / "bank.overlay.yaml"


@pytest.mark.parametrize(("language", "title"), [("zh", "# 反诈拦截规则书"), ("en", "# Fraud-interception rulebook")])
def test_the_rulebook_is_printed_as_markdown(give: Give, language: str, title: str) -> None:
    said = give("rules", "book", "--lang", language)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(title)


def test_a_page_is_written_to_a_file_whole(give: Give, tmp_path: Path) -> None:
    said = give("rules", "book", "--format", "html", "-o", str(tmp_path / "book.html"))
    assert (said.status, said.out) == (0, "")
    page = (tmp_path / "book.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["book.html"]


def test_the_cards_of_a_bank_name_its_edition_and_its_numbers(give: Give) -> None:
    said = give("rules", "book", "--cards", "--overlay", str(OVERLAY))
    assert said.status == 0
    assert "2026.11.1+examplebank.3" in said.out
    assert "主管8612" in said.out


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "pdf"), "md, html"),
        (("--overlay", "nowhere.yaml"), "nowhere.yaml"),
        (("--rules", "nowhere"), "nowhere"),
        (("-o", "nowhere/book.md"), "nowhere/book.md"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_printed(
    give: Give, language: str, words: tuple[str, str], told: str
) -> None:
    said = give("rules", "book", *words, "--lang", language)
    assert (said.status, said.out) == (2, "")
    assert told in said.err


def test_an_overlay_that_makes_the_rulebook_laxer_is_refused_with_its_line(give: Give, tmp_path: Path) -> None:
    lax = tmp_path / "bank.yaml"
    lax.write_text(OVERLAY.read_text("utf-8").replace("level: police", "level: proceed"), "utf-8")
    said = give("rules", "book", "--overlay", str(lax), "--lang", "en")
    assert (said.status, said.out) == (4, "")
    assert "bank.yaml, line 37, level_rules.conduct-adds-up.level: a level may only be raised" in said.err

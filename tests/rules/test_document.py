"""The whole rulebook reads as one document: nothing in it is left out, no text of it is obeyed as a mark-up, and a
paper card fits its page."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest

from rules.advice import Adviser
from rules.document.cards import write_cards
from rules.document.page import write_page
from rules.document.whole import title_of, write_book
from rules.language import Language
from rules.loading import built_in, load_book
from rules.model import Book, Owner
from rules.review.sentences import tell

HOSTILE: Final = "</style><script>alert(1)</script>| [x](javascript:a) *b* `c` &lt;"


@pytest.fixture(scope="module", params=list(Language))
def language(request: pytest.FixtureRequest) -> Language:
    return Language(request.param)


@pytest.fixture(scope="module")
def document(adviser: Adviser, language: Language) -> str:
    return write_book(adviser, language)


@pytest.fixture(scope="module")
def cards(adviser: Adviser, language: Language) -> list[str]:
    """Return the cards, one text each."""
    return re.split(r"(?m)^(?=## )", write_cards(adviser, language))[1:]


class Page(HTMLParser):
    """What a browser makes of a page: its elements, its anchors and links, its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.anchors.append(value or "")
            elif name == "href":
                self.links.append(unquote(value or ""))
            elif name in ("src", "srcset", "data"):
                self.fetched.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(document: str, adviser: Adviser, language: Language) -> Page:
    return Page(write_page(document, title_of(adviser.book, language), language))


def test_every_entry_of_the_rulebook_stands_in_the_index_by_its_id(document: str, book: Book) -> None:
    index = document[document.rindex("\n## ") :]
    listed = set(re.findall(r"(?m)^\| `([^`]+)`", index))
    sections = set(Book.model_fields) - {"meta", "cards"}
    assert listed == {str(name) for section in sections for name in getattr(book, section)}


def test_every_rule_tells_its_reason_and_its_condition(document: str, book: Book, language: Language) -> None:
    rules = {**book.level_rules, **book.typology_rules, **book.step_rules, **book.findings}
    untold = [name for name, rule in rules.items() if rule.reason.read(language) not in document.replace("\\", "")]
    assert untold == []


def test_every_condition_can_be_said_in_one_sentence(book: Book, language: Language) -> None:
    said = [tell(clause.when, book, language) for clause in book.clauses()]
    assert [sentence for sentence in said if not sentence or "\n" in sentence or "{" in sentence] == []


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        (
            "step.s-hang-up",
            "级别达到“核实询问”[ask]，并且（“办理时正在通话或按电话指示操作”[on_phone]或“屏幕共享、远程控制或手机自动操作”[screen_sharing]）",
            "the level “Ask and verify before serving” [ask] or above and (“On a call, or acting on instructions by "
            "phone” [on_phone] or “Screen sharing, remote control, or the phone moves by itself” [screen_sharing])",
        ),
        (
            "finding.money_gone",
            "以下任一项：资金“已到账48小时内”[credited_recent]、资金“已到账超过48小时”[credited_older]、"
            "资金“现金或黄金已交出”[handed_over]",
            "any of: money “Credited to the payee within the last 48 hours” [credited_recent], money “Credited to "
            "the payee more than 48 hours ago” [credited_older], "
            "money “Cash or gold already handed over or mailed” [handed_over]",
        ),
    ],
)
def test_a_condition_reads_as_an_officer_would_say_it(book: Book, clause: str, zh: str, en: str) -> None:
    when = next(entry.when for entry in book.clauses() if entry.id == clause)
    assert (tell(when, book, Language.ZH), tell(when, book, Language.EN)) == (zh, en)


def test_each_typology_has_signs_rules_questions_steps_and_sources(
    document: str, book: Book, language: Language
) -> None:
    labels = {
        Language.ZH: ("红旗", "规则", "追问", "最简单的一例", "话术卡", "依据"),
        Language.EN: ("Red flags", "Rules", "Questions", "The simplest such visit", "What to say", "Sources"),
    }[language]
    chapters = {name: chapter_of(document, word.name.read(language), name) for name, word in book.typologies.items()}
    lacking = [
        (name, label) for name, chapter in chapters.items() for label in labels if f"- **{label}**" not in chapter
    ]
    assert lacking == []


def chapter_of(document: str, title: str, name: str) -> str:
    return document.split(f"\n### {title} `{name}`\n", 1)[1].split("\n### ", 1)[0]


def test_a_source_tells_its_number_and_its_dates(document: str, book: Book, language: Language) -> None:
    untold = [
        name
        for name, source in book.sources.items()
        if any(
            part not in chapter_of(document, source.title.read(language), name)
            for part in (source.number or "", source.issued.isoformat() if source.issued else "")
        )
    ]
    assert untold == []


def test_every_link_of_the_page_leads_to_one_heading(page: Page) -> None:
    assert len(set(page.anchors)) == len(page.anchors)
    assert {link.removeprefix("#") for link in page.links} <= set(page.anchors)
    assert page.links


def test_the_page_runs_nothing_and_fetches_nothing(page: Page) -> None:
    assert page.tags.isdisjoint({"script", "link", "iframe", "object", "img", "form"})
    assert page.fetched == []


def test_a_text_that_looks_like_markup_is_shown_as_it_is(tmp_path: Path, language: Language) -> None:
    folder = tmp_path / "book"
    shutil.copytree(str(built_in()), folder)
    words, cards = folder / "words.yaml", folder / "cards.yaml"
    words.write_text(
        words.read_text("utf-8").replace("转账汇款", HOSTILE).replace("Transfer to another", HOSTILE), "utf-8"
    )
    cards.write_text(cards.read_text("utf-8").replace("收款人请再核对", HOSTILE), "utf-8")
    adviser = Adviser(load_book(folder))
    for source in (write_book(adviser, language), write_cards(adviser, language)):
        page = Page(write_page(source, HOSTILE, language))
        assert "script" not in page.tags
        assert [link for link in page.links if not link.startswith("#")] == []
        assert page.text.count(HOSTILE) > 1
    adviser.close()


def test_there_is_a_card_for_each_request_with_all_its_parts(cards: list[str], book: Book, language: Language) -> None:
    assert [
        request.name.read(language) in card for request, card in zip(book.requests.values(), cards, strict=True)
    ] == [True] * len(book.requests)
    for card in cards:
        assert len(re.findall(r"(?m)^\d\. ", card)) == 6
        assert "110" in card
        assert "96110" in card
        assert "☐ 1 " in card


def test_a_card_ticks_every_red_flag_that_stops_by_itself(cards: list[str], book: Book, language: Language) -> None:
    grave = ("official_caller", "safe_account_story", "threatened", "screen_sharing", "secrecy", "payee_listed")
    for card in cards:
        assert [name for name in grave if f"☐ {book.signs[name].name.read(language)} |" not in card] == []


def test_a_card_calls_the_police_before_it_resets_passwords(cards: list[str], book: Book, language: Language) -> None:
    call, reset = (book.steps[name].do.read(language) for name in ("call_110", "reset_account_password"))
    assert [0 < card.find(call) < card.find(reset) for card in cards] == [True] * len(cards)


def test_the_card_for_a_loss_asks_where_the_money_is_and_applies_for_the_stop(
    cards: list[str], book: Book, language: Language
) -> None:
    card = cards[list(book.requests).index("help")]
    assert book.money_states["credited_recent"].name.read(language) in card  # type: ignore[index]
    assert book.steps["emergency_stop_application"].do.read(language) in card


def test_a_card_fits_one_page(cards: list[str], language: Language) -> None:
    assert max(sum(printed_lines(card)) for card in cards) <= 70


def printed_lines(card: str) -> Iterator[int]:
    """Yield how many lines each line of a card takes on A4, at the widths that the style sheet gives its columns."""
    widths = {4: (54, 14, 54, 14), 5: (38, 22, 11, 50, 6)}
    for line in card.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else [line]
        room = widths.get(len(cells), (140,))
        if line and not line.startswith("| ---"):
            yield max(-(-columns(cell) // most) for cell, most in zip(cells, room, strict=True)) or 1


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text) or 1


def test_the_banks_own_numbers_stand_on_its_cards(adviser: Adviser, language: Language) -> None:
    with_numbers = write_cards(adviser, language, {Owner.SUPERVISOR: "8612"})
    assert with_numbers.count("8612") == len(adviser.book.requests)

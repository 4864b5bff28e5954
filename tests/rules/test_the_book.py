"""The built-in rulebook speaks the shared words of the field, in both languages, and names no law that was not read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from rules.conditions import atoms
from rules.language import Text, read_yaml
from rules.model import Book, Rule

VOCABULARY: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = read_yaml(
    Path(__file__).with_name("vocabulary.yaml").read_text("utf-8")
)
"""A copy of the words that rulebook, stored cases and case vignettes share; ids and Chinese names are fixed there."""

SHORT: Final = {"do": (28, 76), "quiet": (12, 40), "say": (60, 140)}
"""The longest a text of a step may be, in Chinese and in English characters: it has to fit its line on the screen."""


def texts(entry: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Yield every text in the rulebook with the path to it."""
    if isinstance(entry, Text):
        yield path, entry
    elif isinstance(entry, BaseModel):
        for name in type(entry).model_fields:
            yield from texts(getattr(entry, name), f"{path}.{name}")
    elif isinstance(entry, Mapping):
        for name, value in entry.items():
            yield from texts(value, f"{path}.{name}")
    elif isinstance(entry, tuple) and not dataclasses.is_dataclass(entry):
        for number, value in enumerate(entry):
            yield from texts(value, f"{path}.{number}")


def plain(text: str) -> str:
    """Return the text without its quotation marks and with Chinese brackets."""
    return re.sub("['\"“”‘’]", "", text).replace("(", "（").replace(")", "）")


def reasoned(book: Book) -> dict[str, Rule]:
    """Return every rule of the book by section and id."""
    sections = ("findings", "typology_rules", "level_rules", "step_rules")
    return {f"{section}.{name}": rule for section in sections for name, rule in getattr(book, section).items()}


@pytest.mark.parametrize("section", VOCABULARY)
def test_every_word_of_the_field_is_in_the_book_under_its_id_and_name(book: Book, section: str) -> None:
    named: Mapping[Any, Any] = getattr(book, section)
    words = VOCABULARY[section]
    assert set(words) <= set(named)
    assert {word: plain(named[word].name.zh) for word in words} == {word: plain(words[word]["zh"]) for word in words}


def test_signs_stand_in_the_group_of_the_vocabulary(book: Book) -> None:
    groups = {sign: said["group"] for sign, said in VOCABULARY["signs"].items()}
    assert {sign: book.signs[sign].group.value for sign in groups} == groups


def test_every_text_is_written_in_both_languages(book: Book) -> None:
    every = list(texts(book))
    assert len(every) > 500
    assert [path for path, text in every if not text.zh.strip() or not text.en.strip()] == []
    assert [path for path, text in every if not re.search("[\u4e00-\u9fff]", text.zh)] == []
    assert [path for path, text in every if re.search("[\u4e00-\u9fff，。；：？！]", text.en)] == []


def test_chinese_is_punctuated_as_chinese(book: Book) -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()'\"]|[,;:?!()'\"][\u4e00-\u9fff]|[\u4e00-\u9fff]\.")
    assert [(path, text.zh) for path, text in texts(book) if half_width.search(text.zh)] == []


def test_every_typology_and_every_step_can_be_reached_by_some_rule(book: Book) -> None:
    assert {rule.suspects for rule in book.typology_rules.values()} == set(book.typologies)
    advised = {step for rule in book.step_rules.values() for step in rule.advises}
    assert advised == set(book.steps)


def test_every_sign_counts_for_something(book: Book) -> None:
    spoken_of = {atom.id for clause in book.clauses() for atom in atoms(clause.when)}
    assert set(book.signs) <= spoken_of


def test_every_rule_says_why_in_one_sentence(book: Book) -> None:
    reasons = {name: rule.reason.zh for name, rule in reasoned(book).items()}
    assert {name: zh for name, zh in reasons.items() if len(zh) > 45 or "。" in zh} == {}


def test_texts_of_a_step_fit_their_line(book: Book) -> None:
    too_long = [
        (name, field, language)
        for name, step in book.steps.items()
        for field, most in SHORT.items()
        for language, limit in zip(("zh", "en"), most, strict=True)
        if (text := getattr(step, field)) and len(getattr(text, language)) > limit
    ]
    assert too_long == []


def test_the_quiet_face_of_a_step_tells_a_companion_nothing(book: Book) -> None:
    loud_zh, loud_en = re.compile("警|骗|可疑|涉案|110"), re.compile("police|fraud|scam|suspic|110", re.IGNORECASE)
    faces = {name: step.quiet for name, step in book.steps.items()}
    assert {name for name, face in faces.items() if loud_zh.search(face.zh) or loud_en.search(face.en)} == set()


def test_no_step_asks_to_write_down_a_secret(book: Book) -> None:
    secret = re.compile("密码|验证码|口令|password|passcode|PIN")
    asked = [f"{field.ask.zh} {field.ask.en}" for step in book.steps.values() for field in step.record]
    assert [ask for ask in asked if secret.search(ask)] == []


def test_every_notice_or_law_that_a_text_names_is_among_the_sources(book: Book) -> None:
    known = " ".join(f"{source.title.zh} {source.number or ''}" for source in book.sources.values())
    spoken = {path: text.zh for path, text in texts(book) if not path.startswith(".sources")}
    named = {
        (path, found) for path, zh in spoken.items() for found in re.findall("〔[0-9]{4}〕[0-9]+号|《[^》]+》", zh)
    }
    assert {(path, found) for path, found in named if found.strip("《》") not in known} == set()


def test_what_rests_on_practice_does_not_speak_as_law(book: Book) -> None:
    practice = {name: rule.reason for name, rule in reasoned(book).items() if rule.basis == "practice"}
    assert {
        n for n, reason in practice.items() if re.search("依法|法律规定|法定|[0-9一二三四五六七八九十]+条", reason.zh)
    } == set()


def test_every_source_was_read_before_the_edition_came_out(book: Book) -> None:
    late = {name for name, source in book.sources.items() if source.checked_on > book.meta.published}
    assert late == set()
    assert {
        name for name, source in book.sources.items() if source.issued and source.issued > source.checked_on
    } == set()
    assert book.meta.review_by > book.meta.published


def test_every_move_of_money_refusal_and_lifting_needs_both_readings(book: Book) -> None:
    grave = {"move_to_class_1", "upgrade_class_2", "close_class_2", "refuse_service", "lift_controls"}
    assert {step for step in grave if not book.steps[step].needs_both} == set()

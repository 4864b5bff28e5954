"""A bank lays its own words, numbers and thresholds over the rulebook; what would make it laxer is refused with its
line and the mend."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from rules.advice import Adviser
from rules.conditions import AllOf, read_condition
from rules.facts import Answer, Facts, Level, MoneyState, Portion, Reply
from rules.language import Language
from rules.loading import RulebookUnsound, built_in, load_book
from rules.model import Book, Step
from rules.overlay import OverlayUnsound
from rules.review.overlay_schema import FILE, write_schema

SAMPLE: Final = Path(__file__).with_name("bank.overlay.yaml")
SCHEMAS: Final = Path(__file__).parents[2] / "docs" / "schema"


@pytest.fixture(scope="module")
def overlaid() -> Book:
    return load_book(None, SAMPLE)


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the sample overlay with `right` replaced by `wrong` and return its path."""

    def write(right: str, wrong: str) -> Path:
        text = SAMPLE.read_text("utf-8")
        assert right in text
        path = tmp_path / "bank.yaml"
        path.write_text(text.replace(right, wrong, 1), "utf-8")
        return path

    return write


def complain(path: Path) -> list[str]:
    """Return the sentences on what is wrong in the overlay, in English, without the verdict."""
    with pytest.raises(OverlayUnsound) as caught:
        load_book(None, path)
    assert len(caught.value.sentence(Language.ZH).splitlines()) == len(caught.value.faults) + 1
    return caught.value.sentence(Language.EN).splitlines()[1:]


def test_the_version_tells_the_rulebook_and_the_overlay(book: Book, overlaid: Book) -> None:
    assert overlaid.meta.version == f"{book.meta.version}+examplebank.3"


def test_the_overlaid_book_is_due_for_review_with_whichever_is_due_first(
    book: Book, overlaid: Book, edit: Callable[[str, str], Path]
) -> None:
    assert overlaid.meta.review_by.isoformat() == "2027-03-31"
    assert load_book(None, edit("review_by: 2027-03-31", "review_by: 2099-03-31")).meta.review_by == book.meta.review_by


def test_the_banks_name_of_a_lock_stands_wherever_the_rulebook_names_it(book: Book, overlaid: Book) -> None:
    def naming(lock: str, of: Book) -> set[str]:
        return {name for name, step in of.steps.items() if lock in spoken(step)}

    assert naming("地区锁", overlaid) == set()
    assert naming("异地锁", overlaid) == naming("地区锁", book) != set()


def spoken(step: Step) -> str:
    texts = (step.name, step.do, step.say, step.note)
    return " ".join(text.zh for text in texts if text)


def test_a_word_is_changed_in_all_that_is_said_of_a_step_and_in_nothing_that_a_law_says(
    book: Book, edit: Callable[[str, str], Path]
) -> None:
    term = "  stop: {old: {zh: 紧急止付, en: emergency stop}, new: {zh: 急停, en: halt}}"
    worded = load_book(None, edit("terms:", f"terms:\n{term}"))
    assert any("紧急止付" in str(step.situations) for step in book.steps.values())
    assert [name for name, step in worded.steps.items() if "紧急止付" in str(step)] == []
    assert any("紧急止付" in str(source) for source in book.sources.values())
    assert {name: worded.sources[name] for name in book.sources} == dict(book.sources)


def test_own_words_for_a_step_leave_the_rest_of_it_as_it_is(book: Book, overlaid: Book) -> None:
    was, becomes = book.steps["emergency_stop_application"], overlaid.steps["emergency_stop_application"]
    assert becomes.note is not None
    assert becomes.note.zh == "申请表在大堂填单台第二格。"
    assert (becomes.do, becomes.not_when, becomes.basis) == (was.do, was.not_when, was.basis)


def test_a_threshold_of_the_bank_counts_from_its_own_amount(book: Book, overlaid: Book) -> None:
    facts = Facts(requests=frozenset({"transfer"}), money=(Portion(MoneyState.NOT_MOVED, 3_000_000),))
    levels = []
    for either in (book, overlaid):
        adviser = Adviser(either)
        levels.append(adviser.advise(facts).level)
        adviser.close()
    assert levels == [Level.PROCEED, Level.ASK]


def test_words_to_find_a_sign_by_are_added_to_those_it_has(book: Book, edit: Callable[[str, str], Path]) -> None:
    overlaid = load_book(None, edit("  in_then_out:", "  high_return:"))
    was, becomes = book.signs["high_return"].also, overlaid.signs["high_return"].also
    assert was
    assert becomes[: len(was)] == was
    assert [text.zh for text in becomes[len(was) :]] == ["过手账"]


def test_an_added_rule_advises_its_step_and_takes_none_away(book: Book, overlaid: Book) -> None:
    facts = Facts(requests=frozenset({"transfer"}), answers={"hurried": Reply(Answer.YES)})
    steps = []
    for either in (book, overlaid):
        adviser = Adviser(either)
        steps.append({step.id for step in adviser.advise(facts).steps})
        adviser.close()
    assert steps[1] == steps[0] | {"show_similar_case"}


def test_no_rule_step_or_source_of_the_rulebook_is_lost(book: Book, overlaid: Book) -> None:
    sections = ("signs", "level_rules", "typology_rules", "findings", "steps", "step_rules", "orders", "sources")
    assert [s for s in sections if not set(getattr(book, s)) <= set(getattr(overlaid, s))] == []


def test_an_overlay_for_a_rulebook_in_a_folder_is_laid_over_that_one(tmp_path: Path) -> None:
    shutil.copytree(str(built_in()), tmp_path / "book")
    assert load_book(tmp_path / "book", SAMPLE).meta.version.endswith("+examplebank.3")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('book: "2026.11.1"', 'book: "2026.10.1"', "was written for rulebook 2026.10.1"),
        ("  emergency_stop_application:", "  emergency_stop_aplication:", "did you mean `emergency_stop_application`"),
        ("  purpose:", "  porpose:", "did you mean `purpose`"),
        ("zh: 地区锁", "zh: 月亮锁", "the rulebook says `月亮锁` nowhere"),
        ("new: {zh: 异地锁", "new: {zh: ''", "`new` has no content"),
        (
            'old: {zh: "96110", en: "96110"}',
            'old: {zh: "110", en: "110"}',
            "a text that named 110 would name it no longer",
        ),
        ("deadline_minutes: 720", "deadline_minutes: 9000", "at most 1440 minutes, not `9000`"),
        ("deadline_minutes: 720", "deadline_minutes:", "`deadline_minutes` has no content"),
        ("level: police", "level: ask", "not lowered from `hold` to `ask`"),
        ("{amount_from: 30000}", "{amount_from: 3万}", "a whole number belongs here"),
        ("  amount-asks:", "  threats:", "the condition of `threats` names no amount"),
        ("advises: [show_similar_case]", "advises: [lift_controls]", "may not advise `lift_controls`"),
        ("advises: [show_similar_case]", "advises: [show_similiar_case]", "did you mean `show_similar_case`"),
        ("  bank-hurried:", "  s-pause:", "the rulebook has `s-pause` already"),
        ("when: {all: [hurried", "when: {all: [huried", "did you mean `hurried`"),
        ("article: 七}", "article: 九}", "article `九` is not listed"),
        ("  example-rules:", "  anti-fraud-law-2022:", "the rulebook has `anti-fraud-law-2022` already"),
        ("quiet: {zh: 填表", "quiet: {zh: 报警", "what others can read may not say `警`"),
        ("en: Fill in the form", "en: Fill in the Police form", "what others can read may not say `Police`"),
        (
            '  general:\n    slip: {zh: "',
            '  official_impersonation:\n    slip: {zh: "请',
            "a text that named 110 would name it no longer",
        ),
        (
            '  general:\n    slip: {zh: "',
            '  official_impersonation:\n    slip: {zh: "拨打110核实。',
            "a text that named 110 would name it no longer",
        ),
        ("note: {zh: 申请表在", "not_when: {zh: 申请表在", "unknown field `not_when`"),
        ("phones:", "steps_gone:", "unknown field `steps_gone`"),
        ("supervisor:", "supervizor:", "did you mean `supervisor`"),
        ("number: 3", "number: 0", "at least 1"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_mend(
    edit: Callable[[str, str], Path], right: str, wrong: str, said: str
) -> None:
    path = edit(right, wrong)
    changed = [
        number
        for number, (old, new) in enumerate(
            zip(SAMPLE.read_text("utf-8").splitlines(), path.read_text("utf-8").splitlines(), strict=True), 1
        )
        if old != new
    ]
    about = [line for line in complain(path) if said in line]
    assert about, complain(path)
    placed = re.search(r"bank\.yaml, line (\d+)", about[0])
    assert placed is not None
    # A section's or an entry's fault may stand at its head, a line or two above the word that is wrong.
    assert 0 <= changed[-1] - int(placed[1]) <= 2


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("deadline_minutes: 720", "deadline_minutes: 1440"),
        ("level: police", "level: hold"),
        ("amount_from: 30000", "amount_from: 80000"),
    ],
    ids=["the same deadline", "the same level", "a higher amount where only practice set it"],
)
def test_what_is_no_laxer_than_a_law_is_taken(
    edit: Callable[[str, str], Path], overlaid: Book, right: str, other: str
) -> None:
    taken = load_book(None, edit(right, other))
    assert taken.meta.version == overlaid.meta.version
    assert taken != overlaid


def test_an_amount_set_by_law_may_only_be_lowered(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    shutil.copytree(str(built_in()), folder)
    levels = (folder / "levels.yaml").read_text("utf-8")
    head, amount, tail = levels.partition("  amount-asks:")
    lawful = tail.replace("basis: practice", 'basis: [{source: anti-fraud-law-2022, article: "30"}]', 1)
    lawful = lawful.replace("amount_from: 50000", "not: {not: {amount_from: 50000}}", 1)
    (folder / "levels.yaml").write_text(f"{head}{amount}{lawful}", "utf-8")
    lowered = load_book(folder, SAMPLE).level_rules["amount-asks"].when
    assert isinstance(lowered, AllOf)
    assert lowered.parts[0] == read_condition({"not": {"not": {"amount_from": 30000}}})
    raised = tmp_path / "bank.yaml"
    raised.write_text(SAMPLE.read_text("utf-8").replace("amount_from: 30000", "amount_from: 80000"), "utf-8")
    with pytest.raises(RulebookUnsound, match="at most 50000 yuan, not 80000"):
        load_book(folder, raised)


def test_an_overlay_that_is_not_utf_8_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bank.yaml"
    path.write_bytes(SAMPLE.read_text("utf-8").encode("gb18030"))
    assert "save the file as UTF-8" in complain(path)[0]


def read_schema() -> Draft202012Validator:
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    return Draft202012Validator(schemas[FILE], registry=registry)


def test_the_schema_in_the_documents_is_the_one_of_the_model() -> None:
    assert (SCHEMAS / FILE).read_text("utf-8") == write_schema()


def test_the_schema_takes_the_sample_and_refuses_a_misspelt_field() -> None:
    # Dates are texts to a schema.
    sample = json.loads(json.dumps(yaml.safe_load(SAMPLE.read_text("utf-8")), default=str))
    assert list(read_schema().iter_errors(sample)) == []
    sample["step_rules"]["bank-hurried"]["when"] = {"al": ["hurried"]}
    assert [error.json_path for error in read_schema().iter_errors(sample)] == ["$.step_rules['bank-hurried'].when"]

"""Two rulebooks compared: every change is told, in words, in a fixed order, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from rules.conditions import read_condition
from rules.facts import Level
from rules.language import Text
from rules.model import Book
from rules.review.difference import WORDS, Change, EntryChange, PartChange, find_differences
from tests.rules.edited import altered, without


def only(changes: tuple[EntryChange, ...]) -> EntryChange:
    assert len(changes) == 1
    return changes[0]


def only_part(change: EntryChange) -> PartChange:
    assert len(change.parts) == 1
    return change.parts[0]


def notes(before: Any, after: Any, book: Book) -> list[str]:
    """Return in English what is said of a rule whose condition was changed."""
    old = altered(book, "level_rules", "handover", when=read_condition(before))
    new = altered(book, "level_rules", "handover", when=read_condition(after))
    return [note.en for note in only(find_differences(old, new)).parts[0].notes]


def test_a_rulebook_does_not_differ_from_itself(book: Book) -> None:
    assert find_differences(book, book.model_copy(deep=True)) == ()


def test_a_rule_that_came_and_one_that_went_are_told_whole(book: Book) -> None:
    gone, shorter = book.level_rules["handover"], without(book, "level_rules", "handover")
    change = only(find_differences(book, shorter))
    assert (change.section, change.id, change.change) == ("level_rules", "handover", Change.REMOVED)
    assert change.name == gone.reason
    assert {"when", "level", "reason"} <= {part.field for part in change.parts}
    back = only(find_differences(shorter, book))
    assert back.change is Change.ADDED
    assert [part.after for part in back.parts] == [part.before for part in change.parts]


def test_a_level_is_told_by_its_name_before_and_after(book: Book) -> None:
    part = only_part(only(find_differences(book, altered(book, "level_rules", "handover", level=Level.ASK))))
    assert (part.field, part.label.zh) == ("level", "级别")
    assert (part.before, part.after) == (Text("立即报警", "Police"), Text("核实询问", "Ask"))


def test_a_step_that_is_no_longer_advised_is_named_with_its_id(book: Book) -> None:
    changed = altered(book, "step_rules", "s-hang-up", advises=("call_110",))
    parts = only(find_differences(book, changed)).parts
    assert [(part.change, part.field) for part in parts] == [(Change.REMOVED, "advises"), (Change.ADDED, "advises")]
    assert parts[0].before is not None
    assert parts[0].before.zh.endswith("（end_call_disconnect）")
    assert parts[1].after is not None
    assert parts[1].after.en == "Call 110 (call_110)"


def test_an_exchange_within_a_tier_is_told_as_another_order(book: Book) -> None:
    name, order = next((n, o) for n, o in book.orders.items() if len(o.tiers[0]) > 1)
    tiers = (tuple(reversed(order.tiers[0])), *order.tiers[1:])
    part = only_part(only(find_differences(book, altered(book, "orders", name, tiers=tiers))))
    assert (part.field, part.change) == ("tiers.1", Change.MOVED)


def test_orders_that_changed_places_are_told_because_places_break_ties(book: Book) -> None:
    first, *rest = book.orders.items()
    turned = book.model_copy(update={"orders": dict((*rest, first))})
    for old, new, place in ((book, turned, f"({rest[-1][0]})"), (turned, book, "moved to the top")):
        change = only(find_differences(old, new))
        assert (change.change, change.id) == (Change.MOVED, first[0])
        said = only_part(change).after
        assert said is not None
        assert said.en.endswith(place)


def test_another_edition_is_told_by_its_version(book: Book) -> None:
    edition = book.model_copy(update={"meta": book.meta.model_copy(update={"version": "2027.1.1"})})
    change = only(find_differences(book, edition))
    part = only_part(change)
    assert (change.section, part.field) == ("meta", "version")
    assert (part.before, part.after) == (Text(*2 * [book.meta.version]), Text(*2 * ["2027.1.1"]))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"at_least": 2, "of": ["on_phone", "secrecy"]}, {"at_least": 1, "of": ["on_phone", "secrecy"]},
         "at least 2 became at least 1"),
        ({"all": ["on_phone", "secrecy"]}, {"any": ["on_phone", "secrecy"]},
         "one of the parts is now enough; before, all were required"),
        ({"any": ["on_phone", "secrecy"]}, {"all": ["on_phone", "secrecy"]},
         "all of the parts are now required; before, one was enough"),
        ("on_phone", {"not": "on_phone"}, "must now not hold; before, it had to"),
        ({"not": "on_phone"}, "on_phone", "must now hold; before, it had not to"),
    ],
)  # fmt: skip
def test_what_is_different_in_a_condition_is_said_in_words(book: Book, before: Any, after: Any, said: str) -> None:
    assert notes(before, after, book) == [said]


def test_a_part_of_a_condition_that_is_no_longer_asked_for_is_named(book: Book) -> None:
    (said,) = notes({"all": ["on_phone", "secrecy"]}, "on_phone", book)
    assert said.startswith("no longer required: ")
    assert "secrecy" in said
    (said,) = notes({"any": ["on_phone", "secrecy"]}, {"any": ["on_phone", "secrecy", "money_missing"]}, book)
    assert said.startswith("now counts too: ")
    assert "money_missing" in said


def test_a_weight_that_rose_or_fell_and_a_sign_that_no_longer_counts_are_told(book: Book) -> None:
    before = {"points": 3, "of": {"on_phone": 2, "secrecy": 2, "hurried": 1}}
    after = {"points": 3, "of": {"on_phone": 3, "secrecy": 1}}
    gone, rose, fell = notes(before, after, book)
    assert gone.startswith("no longer counts: ")
    assert "hurried" in gone
    assert "on_phone" in rose
    assert rose.endswith("became 3, from 2")
    assert "secrecy" in fell
    assert fell.endswith("became 1, from 2")


def test_a_contraindication_that_was_dropped_is_told_with_its_reason(book: Book) -> None:
    step = book.steps["move_to_class_1"]
    changed = altered(book, "steps", "move_to_class_1", not_when=step.not_when[1:])
    part = only_part(only(find_differences(book, changed)))
    assert (part.field, part.change) == ("not_when.1", Change.REMOVED)
    assert part.before is not None
    assert step.not_when[0].reason.zh in part.before.zh


def test_what_was_dropped_is_told_by_the_place_it_had_and_what_came_by_the_place_it_has(book: Book) -> None:
    tiers = book.orders["credited"].tiers
    other = altered(book, "orders", "credited", tiers=(("call_110", "advise_not_now"), *tiers[:1], *tiers[3:]))
    told = [(part.field, part.change) for part in only(find_differences(book, other)).parts]
    assert [field for field, change in told if change is Change.REMOVED] == ["tiers.2", "tiers.3"]
    assert [field for field, change in told if change is Change.ADDED] == ["tiers.1"]


def test_every_section_and_field_of_a_rulebook_has_its_name_in_both_languages(book: Book) -> None:
    sections = [f"section.{name}" for name in Book.model_fields]
    entries = {type(entry) for name in Book.model_fields for entry in _entries(getattr(book, name))}
    fields = [f"field.{name}" for kind in entries for name in kind.model_fields]
    assert len(fields) > 40
    assert sorted({key for key in (*sections, *fields) if key not in WORDS}) == []


def _entries(section: Any) -> list[BaseModel]:
    found = list(section.values()) if isinstance(section, Mapping) else [section]
    inner = [part for entry in found for name in type(entry).model_fields for part in _parts(getattr(entry, name))]
    return [*found, *inner]


def _parts(value: Any) -> list[BaseModel]:
    return [part for part in value if isinstance(part, BaseModel)] if isinstance(value, tuple) else []

"""The engine in its corset: it may fail or err, and the teller is still advised, and told that it did."""

from __future__ import annotations

import gc
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import durable_rules_engine as core
import pytest

from rules.advice import ENGINE_SILENT, Advice, Adviser
from rules.compiler import MAX_ATTRIBUTES, MAX_CONJUNCTIONS, compile_book
from rules.conditions import AllOf, Atom, Not, Subject
from rules.engine import Engine, EngineFault
from rules.explain import Reader
from rules.facts import Known, Level, MoneyState
from rules.language import Language
from rules.model import Book
from tests.rules.edited import without
from tests.rules.visits import Chance, ids, visit

OFFICIAL = visit("transfer", yes=["official_caller", "on_phone"], money=MoneyState.NOT_MOVED)
VANISHED = visit("help", yes=["money_missing"], money=MoneyState.MOVED_OWN_NAME)
QUIET = visit("transfer", no=["on_phone"])


@pytest.fixture
def own(book: Book) -> Iterator[Adviser]:
    """An adviser of this test alone, which it may hurt."""
    adviser = Adviser(book)
    yield adviser
    adviser.close()


def drop_a_ruleset(engine: Engine) -> None:
    """Delete a ruleset in the core behind the engine's back, as a fault of the core would."""
    handle = engine._loaded[-1][0]._handle
    core.delete_state(handle, "0")
    core.delete_ruleset(handle)


def reading_apart(book: Book, other: Book) -> Adviser:
    """Return an adviser on `book` whose engine was given another rulebook: the two must now disagree."""
    adviser = Adviser(book)
    adviser.close()
    adviser.engine = Engine(other)
    return adviser


def test_a_fault_of_the_core_leaves_the_advice_of_the_reader_and_says_so(own: Adviser, adviser: Adviser) -> None:
    drop_a_ruleset(own.engine)
    advice = own.advise(OFFICIAL)
    assert advice.disagreement == (ENGINE_SILENT,)
    whole = adviser.advise(OFFICIAL)
    assert (advice.level, advice.steps, advice.suspicions) == (whole.level, whole.steps, whole.suspicions)


def test_after_a_fault_the_next_advice_has_both_readings_again(own: Adviser, adviser: Adviser) -> None:
    drop_a_ruleset(own.engine)
    own.advise(OFFICIAL)
    assert own.advise(VANISHED) == adviser.advise(VANISHED)


def test_a_fault_is_told_in_both_languages_with_the_code_of_the_core(own: Adviser) -> None:
    drop_a_ruleset(own.engine)
    with pytest.raises(EngineFault) as caught:
        own.engine.read(OFFICIAL)
    assert "111" in caught.value.sentence(Language.ZH)
    assert "code 111" in caught.value.sentence(Language.EN)


def test_one_fault_after_another_never_leaves_the_teller_alone(own: Adviser, adviser: Adviser) -> None:
    for _ in range(5):
        drop_a_ruleset(own.engine)
        assert own.advise(OFFICIAL).disagreement == (ENGINE_SILENT,)
        assert own.advise(OFFICIAL) == adviser.advise(OFFICIAL)


def test_a_closed_adviser_can_be_asked_again(own: Adviser, adviser: Adviser) -> None:
    own.close()
    own.close()
    assert own.advise(OFFICIAL) == adviser.advise(OFFICIAL)


def test_rulesets_stay_inside_the_limits_that_were_measured(book: Book) -> None:
    ways = ("no", *(known.value for known in Known))
    told = [Atom(Subject.SIGN, sign, way) for way in ways for sign in book.signs]
    fives = (AllOf(tuple(told[place : place + 5])) for place in range(0, len(told), 5))
    like = next(iter(book.step_rules.values()))
    broad = {f"b{number}": like.model_copy(update={"when": five}) for number, five in enumerate(fives)}
    assert len(told) > MAX_ATTRIBUTES
    for each in (book, book.model_copy(update={"step_rules": broad})):
        rulesets = [ruleset for layer in compile_book(each) for ruleset in layer.rulesets]
        assert all(1 <= len(ruleset.rules) <= MAX_CONJUNCTIONS for ruleset in rulesets)
        assert all(len(ruleset.attributes) <= MAX_ATTRIBUTES for ruleset in rulesets)


def test_a_rulebook_without_findings_or_orders_is_read_as_well(book: Book) -> None:
    empty: dict[str, object] = {name: {} for name in ("findings", "typology_rules", "step_rules", "orders", "steps")}
    small = book.model_copy(update=empty | {"level_rules": {"threats": book.level_rules["threats"]}})
    engine = Engine(small)
    assert engine.read(visit(yes=["threatened"])).fired == {"level.threats"}
    assert engine.read(QUIET).fired == set()
    engine.close()


def memory_in_use() -> int:
    """Return the resident memory of this process in KiB."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(statm.read_text("ascii").split()[1]) * resource.getpagesize() // 1024


@pytest.mark.long
def test_a_hundred_rebuilds_leak_nothing(book: Book) -> None:
    def rebuild(times: int) -> None:
        for _ in range(times):
            adviser = Adviser(book)
            adviser.advise(VANISHED)
            adviser.close()
        gc.collect()

    rebuild(20)
    before = memory_in_use()
    rebuild(100)
    assert memory_in_use() - before < 2048


def test_ten_thousand_readings_leak_nothing(adviser: Adviser) -> None:
    chance = Chance(adviser.book, seed=99)
    made_up = [chance.visit() for _ in range(50)]
    for facts in made_up:
        adviser.engine.read(facts)
    before = memory_in_use()
    for _ in range(200):
        for facts in made_up:
            adviser.engine.read(facts)
    assert memory_in_use() - before < 4096


def test_four_threads_at_one_adviser_get_what_one_gets(adviser: Adviser) -> None:
    chance = Chance(adviser.book, seed=7)
    made_up = [chance.visit() for _ in range(100)]
    alone = [adviser.advise(facts) for facts in made_up]
    together: dict[int, list[Advice]] = {}

    def work(number: int) -> None:
        together[number] = [adviser.advise(facts) for facts in made_up]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together.get(number) for number in range(4)] == [alone] * 4


def test_where_the_engine_misses_a_rule_the_higher_level_and_its_reason_stand(book: Book) -> None:
    adviser = reading_apart(book, without(book, "level_rules", "official-claims"))
    advice = adviser.advise(visit("transfer", yes=["official_caller"], money=MoneyState.NOT_MOVED))
    assert advice.level is Level.POLICE
    assert "level.official-claims" in advice.disagreement
    assert "level.official-claims" in {because.rule for because in advice.because}
    adviser.close()


def test_where_the_reader_misses_a_rule_the_higher_level_stands_without_evidence(book: Book) -> None:
    never = AllOf((Atom(Subject.SIGN, "threatened"), Not(Atom(Subject.SIGN, "threatened"))))
    threats = book.level_rules["threats"].model_copy(update={"when": never})
    adviser = Adviser(book)
    adviser.reader = Reader(book.model_copy(update={"level_rules": {**book.level_rules, "threats": threats}}))
    threatened = visit("transfer", yes=["threatened"])
    assert adviser.reader.level(threatened).rank < Level.POLICE.rank
    advice = adviser.advise(threatened)
    assert advice.level is Level.POLICE
    assert [(because.rule, because.evidence) for because in advice.because] == [("level.threats", ())]
    assert "call_110" in ids(advice)
    adviser.close()


def test_a_protective_step_of_one_reading_alone_stands(book: Book) -> None:
    adviser = reading_apart(book, without(book, "step_rules", "s-channels", "s-locate"))
    advice = adviser.advise(VANISHED)
    assert {"step.s-channels", "step.s-locate"} <= set(advice.disagreement)
    assert {"suspend_non_counter", "locate_funds"} <= set(ids(advice))
    adviser.close()


def test_a_move_of_money_that_only_one_reading_advises_is_not_advised(book: Book) -> None:
    adviser = reading_apart(book, without(book, "step_rules", "s-class-1"))
    advice = adviser.advise(VANISHED)
    assert advice.disagreement == ("step.s-class-1",)
    assert "move_to_class_1" not in ids(advice)
    assert "stop_pay_class_2" in ids(advice)
    adviser.close()


def test_a_move_of_money_that_only_one_reading_forbids_is_withheld_with_its_reason(book: Book) -> None:
    move = book.steps["move_to_class_1"].model_copy(update={"not_when": ()})
    careless = book.model_copy(update={"steps": {**book.steps, "move_to_class_1": move}})
    adviser = reading_apart(book, careless)
    told = visit("help", yes=["money_missing", "gather_in_own_account"], money=MoneyState.MOVED_OWN_NAME)
    advice = adviser.advise(told)
    assert "move_to_class_1" not in ids(advice)
    assert "move_to_class_1" in {held.id for held in advice.withheld}
    adviser.close()


def test_a_disagreement_does_not_outlast_the_visit_that_caused_it(book: Book) -> None:
    adviser = reading_apart(book, without(book, "step_rules", "s-class-1"))
    assert adviser.advise(VANISHED).disagreement
    assert adviser.advise(QUIET).disagreement == ()
    adviser.close()

"""The examples kept with the rules: all come out, they notice a changed rule, and say in words what changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from rules.conditions import AllOf, AnyOf
from rules.facts import Level
from rules.language import Language
from rules.loading import RulebookUnsound
from rules.model import Book
from rules.review.examples import Example, load_examples
from rules.review.trials import Outcome, run_examples
from tests.rules.edited import altered, without


@pytest.fixture(scope="module")
def examples(book: Book) -> Mapping[str, Example]:
    return load_examples(book)


def speaking_for(examples: Mapping[str, Example], rule: str) -> Mapping[str, Example]:
    """Return the examples that speak for one rule; there is at least one."""
    found = {name: example for name, example in examples.items() if rule in example.rules}
    assert found, rule
    return found


def failures(book: Book, examples: Mapping[str, Example]) -> list[Outcome]:
    """Return the cases that fall short."""
    return [outcome for outcome in run_examples(book, examples) if not outcome.passed]


def test_every_example_of_the_rulebook_comes_out(book: Book, examples: Mapping[str, Example]) -> None:
    assert [outcome.sentence(book, Language.EN) for outcome in failures(book, examples)] == []


def test_every_rule_is_spoken_for(book: Book, examples: Mapping[str, Example]) -> None:
    spoken = {rule for example in examples.values() for rule in example.rules}
    assert {clause.id for clause in book.clauses()} - spoken == set()


def test_no_example_holds_a_whole_advice(examples: Mapping[str, Example]) -> None:
    for name, example in examples.items():
        for then in (case.expected for case in example.cases()):
            assert len({*then.steps, *(step for chain in then.before for step in chain)}) <= 5, name


def test_nearly_every_rule_has_a_near_miss(book: Book, examples: Mapping[str, Example]) -> None:
    missed = {
        rule for example in examples.values() for case in example.cases() if not case.hold for rule in example.rules
    }
    clauses = {clause.id for clause in book.clauses()}
    assert len(missed & clauses) / len(clauses) > 0.95


@pytest.mark.parametrize("section", ["typology_rules", "level_rules", "step_rules"])
def test_a_deleted_rule_is_noticed(book: Book, examples: Mapping[str, Example], section: str) -> None:
    kind = section.partition("_")[0]
    rules = list(getattr(book, section))
    for name in (rules[0], rules[len(rules) // 2], rules[-1]):
        assert failures(without(book, section, name), speaking_for(examples, f"{kind}.{name}")), name


def test_all_in_place_of_any_is_noticed(book: Book, examples: Mapping[str, Example]) -> None:
    rule = book.level_rules["safe-account"]
    assert isinstance(rule.when, AnyOf)
    swapped = altered(book, "level_rules", "safe-account", when=AllOf(rule.when.parts))
    assert failures(swapped, speaking_for(examples, "level.safe-account"))


def test_any_in_place_of_all_is_noticed(book: Book, examples: Mapping[str, Example]) -> None:
    rule = book.level_rules["handover"]
    assert isinstance(rule.when, AllOf)
    swapped = altered(book, "level_rules", "handover", when=AnyOf(rule.when.parts))
    assert failures(swapped, speaking_for(examples, "level.handover"))


def test_a_sign_dropped_from_a_sum_is_noticed(book: Book, examples: Mapping[str, Example]) -> None:
    rule = book.level_rules["flag-present"]
    lighter = rule.when.weights[1:]  # type: ignore[union-attr]
    dropped = altered(book, "level_rules", "flag-present", when=type(rule.when)(2, lighter))  # type: ignore[call-arg, arg-type]
    assert failures(dropped, speaking_for(examples, "level.flag-present"))


def test_a_tier_dropped_from_an_order_is_noticed(book: Book, examples: Mapping[str, Example]) -> None:
    shorter = altered(book, "orders", "credited", tiers=book.orders["credited"].tiers[1:])
    assert failures(shorter, speaking_for(examples, "order.credited"))


def test_a_dropped_contraindication_is_noticed(book: Book, examples: Mapping[str, Example]) -> None:
    freed = altered(book, "steps", "move_to_class_1", not_when=())
    assert failures(freed, speaking_for(examples, "not_when.move_to_class_1.0"))


def test_a_lowered_level_is_told_with_what_came_and_which_rules_held(
    book: Book, examples: Mapping[str, Example]
) -> None:
    lowered = altered(book, "level_rules", "payee-on-list", level=Level.ASK)
    outcome = failures(lowered, {"listed": examples["level-payee-on-list"]})[0]
    assert outcome.sentence(lowered, Language.ZH).startswith(
        "示例 listed【系统提示收款账户在名单上】：级别应为“暂缓办理”，实际是“核实询问”。给定：来办转账汇款"
    )
    english = outcome.sentence(lowered, Language.EN)
    assert "the level should be “Hold”; it is “Ask”" in english
    assert "level.payee-on-list" in english.partition("Rules that held: ")[2]


def test_a_rulebook_that_keeps_no_examples_has_none(book: Book, tmp_path: Path) -> None:
    assert load_examples(book, tmp_path) == {}


def write(folder: Path, text: str) -> Path:
    """Keep `text` as the only examples of the rulebook in `folder`."""
    (folder / "examples").mkdir()
    (folder / "examples" / "own.yaml").write_text(f"examples:\n{text}", "utf-8")
    return folder


def test_what_is_given_is_read_in_the_words_of_a_condition(book: Book, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        """  mine:
    name: {zh: 甲, en: A}
    rules: [level.official-claims, step.s-evidence]
    given: [request:help, official_caller=verified, on_phone=no, age:elder, account:class_1_exposed=no, done:call_110]
    needs: {state: credited_recent, yuan: 100, paid_from: here, payee: other_bank, hours: 50}
    unless: [[cleared:police_cleared, cleared:identity_verified]]
    then: {level: police, typology: official_impersonation, owner: {emergency_stop_application: teller}}
""",
    )
    assert [outcome.passed for outcome in run_examples(book, load_examples(book, folder))] == [True, True, True]


def test_next_to_the_first_is_not_the_first_and_what_waits_its_turn_is_advised(book: Book, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        """  second:
    name: {zh: 甲, en: A}
    rules: [level.official-claims]
    given: [request:transfer, official_caller, handover_planned, money:not_moved]
    then: {first: supervisor_interview, typology: cash_or_gold_handover, typologies: [cash_or_gold_handover]}
  waiting:
    name: {zh: 乙, en: B}
    rules: [level.safe-account]
    given: [request:own_transfer, money:not_moved, on_phone, gather_in_own_account, hostile_to_questions,
      ignored_warnings, credentials_given, elderly]
    then: {steps: [show_similar_case], before: [[keep_off_phone, show_similar_case]]}
""",
    )
    (second,) = failures(book, load_examples(book, folder))
    assert {shortfall.kind for shortfall in second.shortfalls} == {"first", "typology"}


@pytest.mark.parametrize(
    "part",
    [
        "given: [on_fone]",
        "needs: [on_fone]",
        "each: [secrecy, on_fone]",
        "none: [on_fone]",
        "unless: [secrecy, [hurried, on_fone]]",
        "but: [{plus: [on_fone]}]",
        "then: {steps: [call_111]}",
        "then: {withheld: [call_111]}",
        "then: {before: [[pause_transaction, call_111]]}",
        "then: {words: {call_111: 警}}",
        "otherwise: {not_steps: [call_111]}",
        "otherwise: {not_typologies: [mul]}",
        "but: [{without: [secrecy], owner: {call_111: customer}}]",
    ],
)
def test_a_name_that_the_rulebook_lacks_is_found_in_every_part_of_an_example(
    book: Book, tmp_path: Path, part: str
) -> None:
    given = "" if part.startswith("given") else "    given: [secrecy]\n"
    text = f"  mine:\n    name: {{zh: 甲, en: A}}\n    rules: [level.threats]\n{given}    {part}\n"
    folder = write(tmp_path, text)
    with pytest.raises(RulebookUnsound) as refused:
        load_examples(book, folder)
    (fault,) = refused.value.faults
    assert fault.line == text.count("\n") + 1
    said = fault.sentence(Language.EN)
    assert "did you mean" in said
    assert any(wrong in said for wrong in ("`on_fone`", "`call_111`", "`mul`"))


def test_every_way_of_falling_short_is_told_in_both_languages(book: Book, tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        """  wrong:
    name: {zh: 甲, en: A}
    rules: [level.handover]
    given: [request:transfer, official_caller, money:not_moved]
    then:
      level: hold
      first: call_110
      steps: [trace_courier]
      not_steps: [pause_transaction]
      withheld: [move_to_class_1]
      before: [[call_110, pause_transaction], [call_110, locate_funds]]
      typology: mule
      typologies: [romance]
      not_typologies: [official_impersonation]
      owner: {call_110: customer}
      words: {call_110: "请客户"}
  holds:
    name: {zh: 乙, en: B}
    rules: [level.official-claims]
    given: [official_caller]
    none: [on_phone]
  near:
    name: {zh: 丙, en: C}
    rules: [level.official-claims]
    given: [request:transfer, money:not_moved]
    needs: [official_caller]
    but: [{without: [official_caller], level: hold}]
""",
    )
    outcomes = failures(book, load_examples(book, folder))
    kinds = {shortfall.kind for outcome in outcomes for shortfall in outcome.shortfalls}
    assert kinds == {
        "rule_silent", "rule_holds", "level", "first", "step_missing", "step_unwanted", "step_not_withheld", "order",
        "typology", "typology_missing", "typology_unwanted", "owner", "words",
    }  # fmt: skip
    assert [outcome.id for outcome in outcomes] == ["wrong", "holds", "near"]
    english = " ".join(outcome.sentence(book, Language.EN) for outcome in outcomes)
    assert (
        "the first step should be “Call 110 (call_110)”; it is “Pause the transaction (pause_transaction)”" in english
    )
    assert "the step “Call 110 (call_110)” should be done by: customer; it is done by: supervisor" in english
    chinese = " ".join(outcome.sentence(book, Language.ZH) for outcome in outcomes)
    assert "“拨打110报警（call_110）”应在“中止或暂停" in chinese or "“拨打110报警（call_110）”应在“暂停" in chinese
    assert "不应怀疑“冒充公检法及政府机关（official_impersonation）”，却怀疑了" in chinese

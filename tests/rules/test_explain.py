"""Why a rule holds, why it does not, and which one answer would change that."""

from __future__ import annotations

import pytest

from rules.advice import Adviser
from rules.conditions import Atom, Subject
from rules.explain import Evidence, with_yes
from rules.facts import Known, Level, MoneyState
from rules.language import Language
from tests.rules.visits import Chance, visit


def test_a_reason_names_the_facts_it_stands_on_and_how_they_are_known(adviser: Adviser) -> None:
    advice = adviser.advise(visit("transfer", yes=["official_caller"], known=Known.SAID))
    assert advice.because[0].rule == "level.official-claims"
    assert advice.because[0].evidence == (Evidence(Atom(Subject.SIGN, "official_caller"), Known.SAID),)
    assert "真公检法" in advice.because[0].reason.read(Language.ZH)


def test_a_finding_is_explained_by_the_facts_behind_it(adviser: Adviser) -> None:
    advice = adviser.advise(visit("help", yes=["nfc_tap"]))
    because = next(b for b in advice.because if b.rule == "level.credentials-out")
    assert because.evidence == (Evidence(Atom(Subject.SIGN, "nfc_tap"), Known.SEEN),)


def test_money_is_evidence_by_its_state(adviser: Adviser) -> None:
    advice = adviser.advise(visit("help", money=MoneyState.CREDITED_RECENT))
    call = next(step for step in advice.steps if step.id == "call_110")
    atoms = {evidence.atom for because in call.because for evidence in because.evidence}
    assert Atom(Subject.MONEY, "credited_recent") in atoms


def test_a_rule_that_does_not_hold_has_no_evidence(adviser: Adviser) -> None:
    _, scene = adviser.reader.read_scene(visit("transfer"))
    assert not adviser.reader.holds("level.official-claims", scene)
    assert adviser.reader.evidence("level.official-claims", scene) == ()


@pytest.mark.parametrize("seed", range(20))
def test_each_sign_that_nearly_makes_a_rule_hold_makes_it_hold(adviser: Adviser, seed: int) -> None:
    facts = Chance(adviser.book, seed).visit()
    reading, scene = adviser.reader.read_scene(facts)
    level_rules = [name for name in adviser.reader.clauses if name.startswith("level.")]
    near = {name: adviser.reader.nearly(name, scene) for name in level_rules}
    assert all(near[name] == () for name in reading.fired & near.keys())
    for name, atoms in near.items():
        assert len(set(atoms)) == len(atoms)
        for atom in atoms:
            assert name in adviser.engine.read(with_yes(facts, atom.id)).fired


def test_one_more_sign_to_the_police_level_is_named(adviser: Adviser) -> None:
    facts = visit("transfer", yes=["handover_planned"], money=MoneyState.NOT_MOVED)
    assert adviser.advise(facts).level.rank < Level.POLICE.rank
    near = adviser.reader.nearly("level.handover", adviser.reader.read_scene(facts)[1])
    assert Atom(Subject.SIGN, "on_phone") in near
    assert adviser.reader.level(with_yes(facts, "on_phone")) is Level.POLICE


def test_a_verified_clearing_stands_between_a_sign_and_the_level(adviser: Adviser) -> None:
    cleared = visit("transfer", cleared=["identity_verified"])
    _, scene = adviser.reader.read_scene(cleared)
    assert adviser.reader.nearly("level.official-claims", scene) == ()

"""`assistant review`: what the screens do to calls and reviews, a script does as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from assistant.case.events import EventKind, JsonValue, ReviewReason
from assistant.demo.script import read_script
from assistant.people.logins import find_login
from assistant.register.schema import make_schema
from assistant.review.habits import ANSWERS, VISITS, find_habits
from assistant.review.signals import find_signals
from assistant.store import Store
from tests.cli.conftest import Give, Said
from tests.people.branch import AUDITOR, MANAGER, SUPERVISOR, TELLER, Branch
from tests.review.closings import JUDGED, lose, override, reviewer, send_back

WORDS = ("list", "claim", "approve", "return", "answer", "call", "answer-call", "signals")
VERDICT = ("--typology", "right", "--level", "wrong", "--steps", "cannot_tell")


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch.full(tmp_path / "cases.db")
    yield made
    made.store.close()


class Giver:
    """Gives commands as the member of staff whose turn it is."""

    def __init__(self, give: Give, branch: Branch) -> None:
        self._give = give
        self._branch = branch
        self._login = find_login()

    def __call__(self, number: str, *words: str) -> Said:
        before = self._branch.store.roster.find_login(self._login)
        if before is None or before.number != number:
            if before is not None:
                self._branch.bind(before.number, None)
            self._branch.bind(number, self._login)
        return self._give("--db", str(self._branch.store.path), "--lang", "en", "review", *words)

    def read(self, number: str, *words: str) -> Any:
        """Return what a command that succeeds prints as JSON."""
        said = self(number, *words, "--json")
        assert (said.status, said.err) == (0, "")
        return json.loads(said.out)


@pytest.fixture
def say(give: Give, branch: Branch) -> Giver:
    return Giver(give, branch)


@pytest.mark.parametrize("word", WORDS)
def test_every_command_explains_itself_in_both_languages(give: Give, word: str) -> None:
    chinese, english = give("review", word, "--help"), give("review", word, "--lang", "en", "--help")
    assert chinese.status == english.status == 0
    assert chinese.out.startswith(f"用法：assistant review {word} ")
    assert english.out.startswith(f"usage: assistant review {word} ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_code_is_broken_in_the_help(give: Give, language: str) -> None:
    told = give("review", "return", "--lang", language, "--help").out
    assert [reason for reason in ReviewReason if reason not in told] == []
    assert max(map(cell_len, told.splitlines())) <= 80


def test_a_case_is_claimed_sent_back_answered_and_signed(
    say: Giver, branch: Branch, type_in: Callable[[str], None]
) -> None:
    against, lost = override(branch), lose(branch)
    number = branch.store.case(lost).number
    assert [row["case_id"] for row in say.read(SUPERVISOR, "list")] == [lost, against]
    assert number in say(SUPERVISOR, "list").out
    assert say(SUPERVISOR, "claim", number).out == f"Claimed for review: {number}\n"
    type_in("which account was it?\n")
    back = say.read(SUPERVISOR, "return", number, *VERDICT, "--reason", "record_thin", "--reason", "step_late")
    assert (back["review"], back["reviewer"]) == ("returned", SUPERVISOR)
    event = branch.store.case(lost).history[-1]
    assert event.private["comment"] == "which account was it?"
    assert event.body["reasons"] == ["record_thin", "step_late"]
    assert {name: event.body[name] for name in JUDGED} == JUDGED
    assert [row["number"] for row in say.read(TELLER, "list", "--returned")] == [number]
    assert say(TELLER, "answer", number, "--comment", "the second one").status == 0
    say(MANAGER, "claim", number)
    assert branch.store.case(lost).history[-1].private == {}
    signed = say.read(MANAGER, "approve", number, *VERDICT, "--reason", "step_late", "--comment", "well done")
    assert signed["review"] == "approved"
    event = branch.store.case(lost).history[-1]
    assert (event.body["reasons"], event.private["comment"]) == (["step_late"], "well done")
    assert {name: event.body[name] for name in JUDGED} == JUDGED
    assert [row["case_id"] for row in say.read(MANAGER, "list")] == [against]


def test_a_call_is_made_listed_and_answered(say: Giver, branch: Branch) -> None:
    number = branch.store.case(branch.open_case()).number
    assert say(TELLER, "call", number, "--for", "second_interview").status == 0
    assert [row["number"] for row in say.read(SUPERVISOR, "list", "--calls")] == [number]
    assert "a second interview at the counter" in say(SUPERVISOR, "list", "--calls").out
    assert say(SUPERVISOR, "answer-call", number, "coming").status == 0
    assert say(SUPERVISOR, "list", "--calls").out == "No call waits for an answer.\n"


@pytest.mark.parametrize(
    ("actor", "words", "status", "said"),
    [
        (TELLER, ("list",), 5, "may not"),
        (TELLER, ("claim", "{lost}"), 5, "may not"),
        (AUDITOR, ("claim", "{lost}"), 5, "may not"),
        (SUPERVISOR, ("claim", "{own}"), 5, "had a hand"),
        (SUPERVISOR, ("claim", "no-such-case"), 2, "no-such-case"),
        (SUPERVISOR, ("approve", "{lost}", *VERDICT), 2, "Claim the review"),
        (SUPERVISOR, ("answer", "{lost}", "--comment", "x"), 2, "not sent back"),
        (SUPERVISOR, ("claim", "{lost}", "--limit", "3"), 2, "--limit"),
        (SUPERVISOR, ("list", "--limit", "0"), 2, "--limit"),
        (SUPERVISOR, ("list", "--returned", "--calls"), 2, "only one of"),
        (SUPERVISOR, ("approve", "{lost}", *VERDICT[:-1], "perfect"), 2, "right, wrong, cannot_tell"),
        (SUPERVISOR, ("return", "{lost}", *VERDICT, "--reason", "tone"), 2, "record_thin"),
        (SUPERVISOR, ("return", "{lost}", *VERDICT, "--comment", "x"), 2, "--reason"),
        (SUPERVISOR, ("call", "{lost}", "--for", "coffee"), 2, "customer_insists"),
        (SUPERVISOR, ("answer-call", "{lost}", "maybe"), 2, "not_free"),
        (SUPERVISOR, ("signals",), 2, "--teller"),
        (SUPERVISOR, ("signals", "--teller", "4711"), 2, "4711"),
        (TELLER, ("signals", "--teller", TELLER), 5, "may not"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_not_allowed_or_not_understood_is_one_sentence_and_writes_nothing(
    say: Giver, branch: Branch, actor: str, words: tuple[str, ...], status: int, said: str
) -> None:
    cases = {name: branch.store.case(lose(branch, opener)).number for name, opener in (("lost", "t1"), ("own", "s1"))}
    # From now on it is this person's turn.
    say(actor, "list", "--returned")
    before = branch.count()
    answer = say(actor, *(word.format(**cases) for word in words))
    assert (answer.status, answer.out) == (status, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert branch.count() == before


def test_without_a_word_nothing_is_sent_back(say: Giver, branch: Branch, type_in: Callable[[str], None]) -> None:
    case_id = lose(branch)
    number = branch.store.case(case_id).number
    reviewer(branch, SUPERVISOR).claim(case_id)
    for typed in ("", "  \n"):
        type_in(typed)
        assert say(SUPERVISOR, "return", number, *VERDICT, "--reason", "record_thin").status == 2
    assert say(SUPERVISOR, "return", number, *VERDICT, "--comment", "x").status == 2
    assert branch.store.case(case_id).history[-1].kind is EventKind.REVIEW_CLAIMED


def test_what_the_records_raise_is_asked(say: Giver, branch: Branch) -> None:
    case_id = branch.open_case()
    for flag in range(10):
        body = {"sign": f"flag_{flag}", "value": "no", "known": "said"}
        branch.append(case_id, EventKind.ANSWERED, body, TELLER)
    number = branch.store.case(case_id).number
    (signal,) = say.read(AUDITOR, "signals", number)
    assert (signal["code"], len(signal["events"]), signal["details"]["count"]) == ("flags_at_once", 10, 10)
    assert say(AUDITOR, "signals", number).out == signal["question"] + "\n"
    # Whoever reads what the records raise has looked at the case.
    assert [look.actor for look in branch.store.list_accesses()] == [AUDITOR, AUDITOR]
    assert say(MANAGER, "signals", "--teller", TELLER).out == "The records raise no question.\n"
    assert say.read(MANAGER, "signals", "--teller", TELLER) == []


def test_what_the_records_of_a_confidential_step_raise_is_not_asked_of_everybody(say: Giver, branch: Branch) -> None:
    case_id, steps = branch.open_case(), ("str_referral", "pause_transaction")
    advised: list[JsonValue] = [{"id": step, "gates": False} for step in steps]
    branch.append(case_id, EventKind.ADVISED, {"rulebook": "1", "level": "hold", "steps": advised}, SUPERVISOR)
    for step in steps:
        branch.append(case_id, EventKind.STEP_RECORDED, {"step": step, "outcome": "done"}, SUPERVISOR)
    number = branch.store.case(case_id).number
    (signal,) = say.read(SUPERVISOR, "signals", number)
    assert signal["code"] == "steps_at_once"
    assert say.read(AUDITOR, "signals", number) == []


def test_what_a_tellers_last_visits_raise_is_asked(say: Giver, branch: Branch) -> None:
    for _ in range(VISITS):
        case_id = branch.open_case()
        for flag in range(ANSWERS):
            branch.append(case_id, EventKind.ANSWERED, {"sign": f"flag_{flag}", "value": "no", "known": "said"}, TELLER)
    (habit,) = say.read(MANAGER, "signals", "--teller", TELLER)
    assert (habit["code"], habit["teller"], len(habit["cases"])) == ("always_no", TELLER, VISITS)
    assert say(MANAGER, "signals", "--teller", TELLER).out == habit["question"] + "\n"


def test_what_programs_get_is_as_the_published_schema_of_the_list_says(say: Giver, branch: Branch) -> None:
    lost, number = lose(branch), branch.store.case(branch.open_case()).number
    called = say.read(TELLER, "call", number, "--for", "second_interview")
    send_back(branch, lost)
    override(branch)
    returned = say.read(TELLER, "list", "--returned")
    calls, queue = say.read(SUPERVISOR, "list", "--calls"), say.read(SUPERVISOR, "list")
    for rows in (returned, calls, queue, [called]):
        assert len(rows) == 1
        Draft202012Validator(make_schema()).validate(rows)


def test_what_is_not_answered_is_listed_and_told_to_whoever_claims_it(say: Giver, branch: Branch) -> None:
    first, second = lose(branch), lose(branch)
    send_back(branch, second, MANAGER)
    branch.clock.wait(60_000)
    send_back(branch, first, MANAGER)
    numbers = [branch.store.case(case_id).number for case_id in (second, first)]
    assert [row["number"] for row in say.read(SUPERVISOR, "list", "--unanswered")] == numbers
    assert say(SUPERVISOR, "list", "--unanswered", "--limit", "1").out.count("\n") == 2
    listed = say(SUPERVISOR, "list").out
    assert listed.index("No case waits") < listed.index("Waiting for the teller's answer") < listed.index(numbers[0])
    assert say(MANAGER, "answer", numbers[0], "--comment", "x").status == 5
    assert say(TELLER, "answer", numbers[0], "--comment", "x").status == 0
    assert [row["number"] for row in say.read(SUPERVISOR, "list", "--unanswered")] == numbers[1:]
    answered, waiting = (say(SUPERVISOR, "claim", number).out for number in numbers)
    assert f"{MANAGER} judged it at" in answered
    assert f"{MANAGER} sent it back at" in waiting
    assert "nobody has answered" in waiting
    assert say(SUPERVISOR, "list", "--unanswered").out == "No case that was sent back waits for an answer.\n"


def test_no_list_is_longer_than_wanted(say: Giver, branch: Branch) -> None:
    for _ in range(3):
        lose(branch)
    assert len(say.read(SUPERVISOR, "list")) == 3
    assert len(say.read(SUPERVISOR, "list", "--limit", "2")) == 2


def test_the_next_step_that_is_not_a_tellers_business_is_not_told_to_him(say: Giver, branch: Branch) -> None:
    case_id = branch.open_case()
    steps = [{"id": "str_referral", "gates": False, "after_visit": True, "minutes": 1440}]
    branch.append(case_id, EventKind.ADVISED, {"rulebook": "1", "level": "ask", "steps": steps}, TELLER)
    branch.close(case_id)
    send_back(branch, case_id)
    (row,) = say.read(TELLER, "list", "--returned")
    assert (row["next_step"], row["due_at"], row["review"]) == (None, None, "returned")
    assert "str_referral" not in say(TELLER, "answer", row["number"], "--comment", "x", "--json").out
    assert branch.store.case(case_id).next_step == "str_referral"


def test_the_invented_visits_of_the_demo_raise_nothing(demo_file: Path) -> None:
    script = read_script()
    with Store.open(demo_file, read_only=True) as store:
        rows = store.list()
        assert len(rows) == len(script.visits)
        for row in rows:
            assert find_signals(store.case(row.case_id)) == (), row.number
        assert find_habits(store, script.actor) == ()

"""A mistake in the rulebook is answered with file, line, entry and the mend, in both languages.

The sentences stand in `faults.golden.txt`, for people to read, each line counted from the one with the mistake. With
`GOLDEN=write` in the environment this file, run by itself, writes them anew.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, replace
from importlib.resources import as_file
from pathlib import Path
from typing import Final

import pytest

from rules.advice import Adviser
from rules.compiler import TooWide
from rules.language import Language
from rules.loading import Fault, RulebookUnsound, built_in, load_book
from rules.review.examples import load_examples

GOLDEN: Final = Path(__file__).with_name("faults.golden.txt")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One slip of the pen: in a file of the rulebook, `right` becomes `wrong` where it first stands."""

    title: str
    file: str
    right: str
    wrong: str

    def make(self, folder: Path) -> None:
        path = folder / self.file
        text = path.read_text("utf-8")
        assert self.right in text, f"{self.title}: {self.file} no longer holds {self.right!r}"
        path.write_text(text.replace(self.right, self.wrong, 1), "utf-8")


MISTAKES: Final = (
    Mistake("unknown sign", "advice.yaml", "{any: [on_phone, screen_sharing]}", "{any: [on_phon, screen_sharing]}"),
    Mistake("sign like no other", "advice.yaml", "when: unknown_account_opened", "when: zzzz"),
    Mistake("unknown request", "advice.yaml", "{not: request:help}", "{not: request:halp}"),
    Mistake("unknown money state", "advice.yaml", "when: money:pending", "when: money:pendin"),
    Mistake("unknown age band", "advice.yaml", "age:young", "age:yung"),
    Mistake("unknown account fact", "advice.yaml", "account:class_2_bound=no", "account:class_2_bond=no"),
    Mistake("unknown clearing", "levels.yaml", "[identity_verified, police_cleared]", "[identity_verifed]"),
    Mistake("unknown finding", "advice.yaml", "finding:money_gone]", "finding:money_gon]"),
    Mistake("unknown typology", "advice.yaml", "typology:mule]", "typology:mole]"),
    Mistake("unknown typology suspected", "typologies.yaml", "suspects: task_rebate", "suspects: task_rebat"),
    Mistake("unknown level in a condition", "advice.yaml", "level:police", "level:polise"),
    Mistake("unknown level of a rule", "levels.yaml", "level: police", "level: polise"),
    Mistake("unknown step advised", "advice.yaml", "advises: [call_110]", "advises: [call_119]"),
    Mistake("unknown step in an order", "orders.yaml", "request_recall", "request_recal"),
    Mistake("unknown step done", "advice.yaml", "done:refuse_service", "done:refuse_servce"),
    Mistake("unknown step to come after", "steps/protect.yaml", "after: [preserve_evidence]", "after: [keep_evidence]"),
    Mistake("unknown fact to check first", "steps/protect.yaml", "[class_1_available]", "[class_1_availabel]"),
    Mistake("unknown sign settled by a question", "questions.yaml", "[evasive_purpose,", "[evasiv_purpose,"),
    Mistake("unknown sign shown first", "words.yaml", "[official_caller, safe_account_story", "[oficial_caller"),
    Mistake("unknown source", "advice.yaml", "source: yinfa-2016-86", "source: yinfa-2016-68"),
    Mistake("unknown article", "levels.yaml", 'article: "7"', 'article: "77"'),
    Mistake("basis neither source nor practice", "levels.yaml", "basis: practice", "basis: experience"),
    Mistake("citation without article", "levels.yaml", ', article: "7"}', "}"),
    Mistake("missing basis", "levels.yaml", "    basis: practice", "    owner: {zh: 甲, en: A}"),
    Mistake("aspect that the subject lacks", "advice.yaml", "request:transfer,", "request:transfer=seen,"),
    Mistake("condition that says nothing", "advice.yaml", "when: money:pending", "when: {maybe: money:pending}"),
    Mistake("empty list of parts", "advice.yaml", "when: money:pending", "when: {any: []}"),
    Mistake("condition left out", "advice.yaml", "when: money:pending", "when:"),
    Mistake("points out of reach", "findings.yaml", "points: 4", "points: 40"),
    Mistake("points that are no number", "findings.yaml", "points: 4", "points: four"),
    Mistake("amount that is no number", "levels.yaml", "amount_from: 50000", "amount_from: 5万"),
    Mistake("unknown state of a portion", "advice.yaml", "state: [credited_recent,", "state: [credited_recnt,"),
    Mistake("unknown field of a portion", "advice.yaml", "paid_from: [wallet]", "paid_form: [wallet]"),
    Mistake("level in a rule for a level", "levels.yaml", "when: official_caller", "when: level:hold"),
    Mistake("typology in a finding", "findings.yaml", "when: gather_in_own_account", "when: typology:mule"),
    Mistake("misspelt field", "steps/protect.yaml", "urgency: five_minutes", "urgancy: five_minutes"),
    Mistake("field like no other", "levels.yaml", "level: police", "level: police\n    zzzz: 1"),
    Mistake("misspelt section", "orders.yaml", "orders:", "ordres:"),
    Mistake("missing reason", "advice.yaml", '    reason: {zh: "没弄清之前，', '    owner: {zh: "没弄清之前，'),
    Mistake("missing translation", "signs.yaml", ', en: "Hostile or defensive when asked"', ""),
    Mistake("third language", "signs.yaml", 'en: "Hostile or defensive when asked"', 'en: "Hostile", fr: "Hostile"'),
    Mistake("text that is not text", "signs.yaml", '"Hostile or defensive when asked"', "[1, 2]"),
    Mistake("unknown owner", "steps/protect.yaml", "owner: supervisor", "owner: boss"),
    Mistake("unknown urgency", "steps/protect.yaml", "urgency: five_minutes", "urgency: soon"),
    Mistake("unknown group of a sign", "signs.yaml", "group: behaviour", "group: manner"),
    Mistake("unknown kind of record", "steps/protect.yaml", "kind: amount", "kind: money"),
    Mistake("second colleague of a step", "steps/people.yaml", "{id: opinion, kind: text", "{id: opinion, kind: staff"),
    Mistake("weight too great", "typologies.yaml", "weight: 5", "weight: 50"),
    Mistake("weight too small", "typologies.yaml", "weight: 5", "weight: 0"),
    Mistake("weight that is no number", "typologies.yaml", "weight: 5", "weight: heavy"),
    Mistake("gates neither yes nor no", "steps/protect.yaml", "gates: true", "gates: perhaps"),
    Mistake("list where a word belongs", "levels.yaml", "level: police", "level: [police]"),
    Mistake("word where a list belongs", "advice.yaml", "advises: [call_110]", "advises: call_110"),
    Mistake("nothing advised", "advice.yaml", "advises: [call_110]", "advises: []"),
    Mistake("word where an entry belongs", "signs.yaml", "  hurried: {group", "  in_haste: yes\n  hurried: {group"),
    Mistake("one language without its key", "words.yaml", '{zh: "取现", en: "Cash withdrawal"}', "取现"),
    Mistake("entry without content", "signs.yaml", "  hurried: {group", "  in_haste:\n  hurried: {group"),
    Mistake("id with a capital", "signs.yaml", "  hurried:", "  Hurried:"),
    Mistake("version of another form", "book.yaml", '"2026.11.1"', "latest"),
    Mistake("date of another form", "book.yaml", "published: 2026-11-24", "published: last autumn"),
    Mistake("same id twice in a file", "signs.yaml", "  hurried:", "  distressed:"),
    Mistake("same id in two files", "steps/stop.yaml", "  locate_funds:", "  region_lock:"),
    Mistake("condition that holds itself", "advice.yaml", "when: money:pending", "when: &loop {any: [*loop]}"),
    Mistake("list for a name", "signs.yaml", "  hurried:", "  ? [hurried, late]\n  :"),
    Mistake("bracket not closed", "advice.yaml", "advises: [call_110]", "advises: [call_110"),
    Mistake("indentation", "levels.yaml", "    level: police", "   level: police"),
    Mistake("tag that would build an object", "book.yaml", '"2026.11.1"', "!!python/name:os.system"),
    Mistake("section that is a list", "book.yaml", "meta:\n", "meta: []\nother:\n"),
    Mistake("name of a level left out", "words.yaml", "  hold: {name", "  halt: {name"),
    Mistake(
        "steps that wait for one another",
        "steps/stop.yaml",
        "  call_110:\n",
        "  call_110:\n    after: [refuse_service]\n",
    ),
    Mistake("step that waits for itself", "steps/stop.yaml", "  call_110:\n", "  call_110:\n    after: [call_110]\n"),
    Mistake("a gate nobody sees", "steps/record.yaml", "confidential: true", "gates: true\n    confidential: true"),
    Mistake("findings in a circle", "findings.yaml", "when: gather_in_own_account", "when: finding:gathering"),
)
_STORIES: Final = "examples/stories.yaml"
MISTAKES_IN_EXAMPLES: Final = (
    Mistake("example for an unknown rule", _STORIES, "[level.loss-reported, ", "[level.los-reported, "),
    Mistake("example with an unknown sign", _STORIES, "needs: [money_missing]", "needs: [money_mising]"),
    Mistake("example given a conclusion", _STORIES, "needs: [money_missing]", "needs: [level:police]"),
    Mistake("example given what is no fact", _STORIES, "needs: [money_missing]", "needs: [{not: money_missing}]"),
    Mistake("example with a misspelt portion", _STORIES, "yuan: 52000", "yuen: 52000"),
    Mistake("example with an unknown money state", _STORIES, "{state: not_moved, yuan: 52000}", "money:not_movd"),
    Mistake("example with an unknown step", _STORIES, "first: locate_funds", "first: locate_fund"),
    Mistake("example with an unknown typology", _STORIES, "typology: account_takeover", "typology: account_takover"),
    Mistake("example with an unknown level", _STORIES, "level: police", "level: polise"),
    Mistake("example with an unknown owner", _STORIES, "call_110: customer", "call_110: custommer"),
    Mistake("example without a rule", _STORIES, "rules: [step.s-ask]", "rules: []"),
    Mistake("example with a misspelt field", _STORIES, "otherwise:", "otherwize:"),
    Mistake("example without a name", _STORIES, "    name: {", "    title: {"),
    Mistake("near miss without what was not given", _STORIES, "{without: [money_missing,", "{without: [secrecy,"),
)
ALL: Final = (*MISTAKES, *MISTAKES_IN_EXAMPLES)


def book_with(mistake: Mistake, folder: Path) -> Path:
    """Return a copy of the rulebook into which the mistake was written."""
    with as_file(built_in()) as book:
        shutil.copytree(book, folder, dirs_exist_ok=True)
    mistake.make(folder)
    return folder


def refusal(mistake: Mistake, folder: Path) -> RulebookUnsound:
    """Return what the loader says to a rulebook with the mistake."""
    with pytest.raises(RulebookUnsound) as caught:
        load_examples(load_book(book_with(mistake, folder)), folder)
    return caught.value


def page(mistake: Mistake, refused: RulebookUnsound) -> str:
    """Return the mistake and the faults found, as they stand in the golden file."""
    said = [_from_mistake(fault, mistake).sentence(language) for language in Language for fault in refused.faults]
    return "\n".join([f"# {mistake.title}", *said]) + "\n"


def _from_mistake(fault: Fault, mistake: Mistake) -> Fault:
    """Return the fault with its line counted from that of the mistake (0 the same), so that the book may grow.

    A fault in another file is counted from the entry that it names.
    """
    text = built_in().joinpath(fault.file).read_text("utf-8")
    place = mistake.right if fault.file == mistake.file else f"\n  {fault.where.split('.')[1]}:"
    return replace(fault, line=fault.line - text[: text.index(place)].count("\n") - 1)


def golden() -> dict[str, str]:
    """Return the pages of the golden file by their titles."""
    pages = ("# " + rest for rest in ("\n" + GOLDEN.read_text("utf-8")).split("\n# ")[1:])
    return {found.splitlines()[0].removeprefix("# "): found.rstrip("\n") + "\n" for found in pages}


@pytest.fixture(scope="module", autouse=True)
def written(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.environ.get("GOLDEN") == "write":
        pages = (page(mistake, refusal(mistake, tmp_path_factory.mktemp("book"))) for mistake in ALL)
        GOLDEN.write_text("\n".join(pages), "utf-8")


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.title)
def test_a_mistake_is_named_with_its_place_and_mend(mistake: Mistake, tmp_path: Path) -> None:
    assert page(mistake, refusal(mistake, tmp_path)) == golden()[mistake.title]


def test_no_mistake_is_explained_to_a_chinese_officer_in_english() -> None:
    chinese = [line for line in GOLDEN.read_text("utf-8").splitlines() if "第" in line]
    assert len(chinese) >= len(ALL)
    assert [line for line in chinese if re.search("[a-z]+ [a-z]+ [a-z]+", line)] == []


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    folder = book_with(MISTAKES[0], tmp_path)
    for mistake in MISTAKES[1:4]:
        mistake.make(folder)
    with pytest.raises(RulebookUnsound) as caught:
        load_book(folder)
    assert len(caught.value.faults) == 4
    assert caught.value.sentence(Language.ZH).startswith("规则书有4处问题，不能使用；案件数据未受影响。")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    folder = book_with(MISTAKES[0], tmp_path)
    (folder / "advice.yaml").write_bytes("# ok\n# 规则\n".encode("gb18030"))
    with pytest.raises(RulebookUnsound) as caught:
        load_book(folder)
    assert caught.value.faults[0].sentence(Language.EN) == "advice.yaml, line 2: not in UTF-8; save the file as UTF-8."


def test_the_mark_that_some_editors_put_before_utf_8_does_no_harm(tmp_path: Path) -> None:
    with as_file(built_in()) as book:
        shutil.copytree(book, tmp_path, dirs_exist_ok=True)
    meta = tmp_path / "book.yaml"
    meta.write_bytes(b"\xef\xbb\xbf" + meta.read_bytes())
    assert load_book(tmp_path) == load_book()


def test_a_condition_that_multiplies_out_too_far_is_refused_with_the_mend(tmp_path: Path) -> None:
    pair = "{any: [{all: [on_phone, hurried]}, {all: [elderly, distressed]}]}"
    wide = Mistake("wide", "advice.yaml", "when: money:pending", f"when: {{all: [{', '.join([pair] * 6)}]}}")
    book = load_book(book_with(wide, tmp_path))
    with pytest.raises(TooWide) as caught:
        Adviser(book)
    assert caught.value.sentence(Language.EN).startswith("The condition of rule step.s-cancel-transfer multiplies out")
    assert "findings" in caught.value.sentence(Language.ZH)


def test_a_fault_of_a_kind_without_a_sentence_still_names_its_place() -> None:
    fault = Fault("levels.yaml", 7, "level_rules.x", "never_heard_of", {"raw": "甲", "problem": "odd"})
    assert fault.sentence(Language.ZH) == "levels.yaml 第7行 level_rules.x：内容“甲”不符合要求。"
    assert fault.sentence(Language.EN) == "levels.yaml, line 7, level_rules.x: `甲` does not fit (odd)."

"""Every attack on a copy of the file is noticed, by what the page on security says it is, and the event is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from assistant.integrity.checkpoints import read_known
from assistant.integrity.findings import Report
from assistant.integrity.verify import Depth, verify
from assistant.store import StoreTrouble
from rules.language import Language
from tests.integrity.attacks import ATTACKS, NOTICES, Attack, Notice, do_nothing
from tests.integrity.conftest import Kept

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"
ROW: Final = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
WORDS: Final = {
    "打开时": Notice.GUARDS,
    "链与列表": Notice.CHAIN,
    "封印": Notice.SEALS,
    "旁边的锚点": Notice.ANCHORS,
    "只有另存的校验行": Notice.OUTSIDE,
    "opening": Notice.GUARDS,
    "chain and lists": Notice.CHAIN,
    "seals": Notice.SEALS,
    "anchors beside it": Notice.ANCHORS,
    "only a checkpoint kept elsewhere": Notice.OUTSIDE,
}


def notice(report: Report) -> Notice:
    """Return what notices first."""
    seen = {level for level, flaws in NOTICES.items() for found in report.findings if found.flaw in flaws}
    return min(seen, default=Notice.NEVER)


def examine(kept: Kept, *, outside: bool) -> Report:
    return verify(kept.path, outside=read_known([kept.line]) if outside else ())


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_attack_is_noticed_by_what_is_promised_and_the_event_is_named(attack: Attack, kept: Kept) -> None:
    attack.run(kept)
    try:
        report = examine(kept, outside=True)
    except StoreTrouble:
        assert attack.notice is Notice.GUARDS
        assert attack.first is None
        return
    assert notice(report) is attack.notice
    assert report.first == attack.first
    for found in report.findings:
        for language in Language:
            assert str(found.seq or "") in found.sentence(language)


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.notice is Notice.OUTSIDE], ids=lambda attack: attack.name
)
def test_without_a_checkpoint_kept_elsewhere_it_is_not_and_that_is_said(attack: Attack, kept: Kept) -> None:
    attack.run(kept)
    report = examine(kept, outside=False)
    assert report.whole
    assert "outside" in report.gaps


def test_where_nothing_was_done_everything_fits(kept: Kept) -> None:
    do_nothing(kept)
    for outside in (True, False):
        report = examine(kept, outside=outside)
        assert report.findings == ()
        assert report.gaps == (() if outside else ("outside",))
    assert (report.events, report.texts, report.anchors, report.subjects) == (58, 15, 10, 6)
    assert verify(kept.path, depth=Depth(key=False)).findings == ()


@pytest.mark.parametrize("language", Language)
def test_the_page_on_security_says_of_every_attack_what_notices_it(language: Language) -> None:
    chinese, english = PAGE.read_text("utf-8").split("## English", 1)
    rows = ROW.findall(chinese if language is Language.ZH else english)
    assert [(int(number), WORDS[word]) for number, _, word in rows] == [(each.number, each.notice) for each in ATTACKS]
    if language is Language.EN:
        assert [name for _, name, _ in rows] == [each.name for each in ATTACKS]

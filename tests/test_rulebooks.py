"""The rulebook in force: what two people published is taken up at the next case, a broken one never stops a counter."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.places import find_editions
from assistant.rulebooks.archive import MOST_BYTES
from assistant.rulebooks.editions import RulebookTooLarge, Source
from assistant.rulebooks.inforce import RulebookComing
from assistant.rulebooks.publications import Publications
from assistant.sheet import Sheet
from rules.facts import Answer, Level
from rules.language import Language
from rules.loading import load_book
from tests.publishing import (
    SHIPPED,
    Branch,
    advised_by,
    at_branch,
    told,
    write_draft,
)

BANK = Path(__file__).with_name("rules") / "bank.overlay.yaml"
BROKEN = ("levels.yaml", "level: police", "level: polize")
LATER = ("book.yaml", "meta:", "of_a_later_release: {}\nmeta:")


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Branch]:
    with at_branch(tmp_path, monkeypatch) as made:
        yield made


def test_without_a_published_rulebook_the_built_in_one_advises_and_nothing_is_written(branch: Branch) -> None:
    desk = branch.sit_down()
    assert advised_by(desk, desk.open("transfer").case.id) == [SHIPPED]
    assert desk.rulebooks.notice is None
    assert not find_editions().exists()


def test_a_published_rulebook_is_taken_up_and_its_version_and_mark_recorded(branch: Branch) -> None:
    branch.publish("2027.1.1")
    desk = branch.sit_down()
    recorded = advised_by(desk, desk.open("transfer").case.id)
    assert [version.partition("~")[0] for version in recorded] == ["2027.1.1"]
    assert desk.names.version == recorded[0]
    copies = [path.name for path in find_editions().iterdir() if path.is_dir()]
    assert [name[:8] for name in copies] == [recorded[0].partition("~")[2]]


def test_what_a_killed_program_left_of_a_copy_is_gone_after_an_hour_and_what_another_is_writing_stays(
    branch: Branch,
) -> None:
    for name, age in (("left.1.part", 3700), ("busy.2.part", 3500)):
        folder = find_editions() / name
        folder.mkdir(parents=True)
        os.utime(folder, 2 * (time.time() - age,))
    branch.publish("2027.1.1", BROKEN)
    branch.sit_down()
    assert [path.name for path in find_editions().iterdir()] == ["busy.2.part"]


def test_what_was_in_force_last_is_in_force_at_the_next_start_before_anything_is_tried(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    branch.sit_down()
    assert branch.sit_down(look=False).names.version.startswith("2027.1.1~")


def test_until_it_was_tried_a_new_rulebook_is_not_in_force(branch: Branch) -> None:
    branch.publish("2027.1.1")
    desk = branch.sit_down(look=False)
    assert desk.names.version == SHIPPED
    assert desk.rulebooks.stirred()
    desk.rulebooks.look()
    assert not desk.rulebooks.stirred()
    assert desk.names.version.startswith("2027.1.1~")
    branch.publish("2027.1.2")
    assert desk.rulebooks.stirred()


def test_a_broken_rulebook_leaves_the_last_good_one_in_force_and_says_where_it_is_broken(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    desk = branch.sit_down()
    branch.publish("2027.1.2", BROKEN)
    desk.rulebooks.look()
    assert not desk.rulebooks.stirred()
    for now in (desk, branch.sit_down()):
        assert advised_by(now, now.open("transfer").case.id)[0].startswith("2027.1.1~")
        notice = now.rulebooks.notice
        assert notice is not None
        assert notice.version.startswith("2027.1.1~")
        assert notice.keeper == load_book().meta.owner
        assert notice.place is not None
        assert notice.place.en.startswith("levels.yaml, line ")
        assert "“polize”" in told(now, Language.ZH)
        assert "`polize`" in told(now)


def test_a_mended_rulebook_is_taken_up_and_nothing_is_said_any_more(branch: Branch) -> None:
    branch.publish("2027.1.1", BROKEN)
    desk = branch.sit_down()
    assert desk.names.version == SHIPPED
    branch.publish("2027.1.2")
    desk.rulebooks.look()
    assert desk.rulebooks.notice is None
    assert advised_by(desk, desk.open("transfer").case.id)[0].startswith("2027.1.2~")


def test_an_open_case_keeps_the_rulebook_it_began_with_and_the_next_one_takes_the_new(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    desk = branch.sit_down()
    old = desk.open("transfer").case.id
    branch.publish("2027.2.1")
    desk.rulebooks.look()
    desk.answer(old, "official_caller", Answer.YES)
    new = desk.open("transfer").case.id
    desk.answer(old, "official_caller", None)
    assert {version.partition("~")[0] for version in advised_by(desk, old)} == {"2027.1.1"}
    assert len(advised_by(desk, old)) == 3
    assert {version.partition("~")[0] for version in advised_by(desk, new)} == {"2027.2.1"}


def test_an_open_case_keeps_its_rulebook_over_a_new_start(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    case_id = branch.sit_down().open("transfer").case.id
    branch.publish("2027.2.1", tried=True)
    desk = branch.sit_down()
    assert desk.resume(case_id).advice.rulebook.startswith("2027.1.1~")
    assert desk.names.version.startswith("2027.1.1~")
    desk.rulebooks.turn_to(None)
    assert desk.names.version.startswith("2027.2.1~")


def test_a_case_begun_with_the_built_in_rulebook_keeps_that(branch: Branch) -> None:
    desk = branch.sit_down()
    case_id = desk.open("transfer").case.id
    branch.publish("2027.1.1", tried=True)
    desk.rulebooks.look()
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.rulebook == SHIPPED
    assert desk.open("transfer").advice.rulebook.startswith("2027.1.1~")


def begin_elsewhere(branch: Branch) -> str:
    """Have a case begun on another machine, under a rulebook that has been replaced since; return the case."""
    branch.publish("2027.1.1", tried=True)
    case_id = branch.sit_down().open("transfer").case.id
    shutil.rmtree(find_editions())
    branch.publish("2027.2.1", tried=True)
    return case_id


def try_for(seconds: float, desk: Desk, case_id: str) -> Sheet:
    """Take the case up as soon as that can be done, as a teller does who is told to try again."""
    end = time.monotonic() + seconds
    while True:
        try:
            return desk.resume(case_id)
        except RulebookComing:
            assert time.monotonic() < end
            time.sleep(0.02)


def test_an_open_case_keeps_its_rulebook_on_a_machine_where_that_was_never_used(branch: Branch) -> None:
    case_id = begin_elsewhere(branch)
    desk = branch.sit_down()
    assert desk.open("transfer").advice.rulebook.startswith("2027.2.1~")
    before = desk.store.head()
    with pytest.raises(RulebookComing) as told:
        desk.resume(case_id)
    assert f"2027.1.1~{advised_by(desk, case_id)[0].partition('~')[2]}" in told.value.sentence(Language.ZH)
    with pytest.raises(RulebookComing):
        desk.answer(case_id, "official_caller", Answer.YES)
    assert desk.store.head() == before
    assert try_for(60, desk, case_id).advice.rulebook.startswith("2027.1.1~")
    desk.answer(case_id, "official_caller", Answer.YES)
    assert {version.partition("~")[0] for version in advised_by(desk, case_id)} == {"2027.1.1"}
    assert desk.rulebooks.notice is None


def test_an_open_case_whose_rulebook_is_of_no_use_here_goes_on_with_the_newest_and_that_is_told(branch: Branch) -> None:
    case_id = begin_elsewhere(branch)
    desk = branch.sit_down()
    left = advised_by(desk, case_id)[0].partition("~")[2]
    full = next(each.digest for each in Publications(desk.store).list() if each.digest.startswith(left))
    (find_editions() / full).write_text("a file where a folder should be")
    assert try_for(60, desk, case_id).advice.rulebook.startswith("2027.2.1~")
    assert str(find_editions()) in told(desk)
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.level is Level.POLICE
    assert advised_by(desk, case_id)[-1].startswith("2027.2.1~")


def test_a_copy_that_somebody_changed_is_not_used(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    (copy,) = (path for path in find_editions().iterdir() if path.is_dir())
    changed = copy / "book" / "levels.yaml"
    changed.chmod(0o600)
    changed.write_text(changed.read_text("utf-8").replace("level: police", "level: ask"), "utf-8")
    assert branch.sit_down(look=False).names.version == SHIPPED
    desk = branch.sit_down()
    assert desk.names.version.startswith("2027.1.1~")
    case_id = desk.open("transfer").case.id
    assert desk.answer(case_id, "official_caller", Answer.YES).advice.level is Level.POLICE


def test_a_copy_that_this_program_cannot_read_any_more_gives_way_to_the_built_in_one(branch: Branch) -> None:
    branch.publish("2027.1.1", LATER)
    desk = branch.sit_down()
    assert desk.names.version == SHIPPED
    assert "of_a_later_release" in told(desk)
    assert desk.open("transfer").advice.rulebook == SHIPPED


def keep_one_of_a_later_release(branch: Branch) -> None:
    """Leave on this machine a copy of what a later release of the program took up and this one cannot read."""
    branch.publish("2027.1.1", LATER, tried=True)


def test_what_a_later_release_took_up_last_gives_way_to_the_built_in_one_at_the_first_need(branch: Branch) -> None:
    keep_one_of_a_later_release(branch)
    desk = branch.sit_down(look=False)
    assert desk.open("transfer").advice.rulebook == SHIPPED
    assert "of_a_later_release" in told(desk)
    assert desk.rulebooks.notice is not None
    assert desk.rulebooks.notice.version == SHIPPED


def test_what_is_wrong_with_the_published_rulebook_is_told_where_the_last_one_cannot_be_read_either(
    branch: Branch,
) -> None:
    keep_one_of_a_later_release(branch)
    branch.publish("2027.1.2", BROKEN)
    desk = branch.sit_down()
    assert "`polize`" in told(desk)
    assert desk.rulebooks.notice is not None
    assert desk.rulebooks.notice.version == SHIPPED
    assert desk.open("transfer").advice.rulebook == SHIPPED


def test_a_copy_that_vanishes_before_its_first_use_gives_way_to_the_built_in_one(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    desk = branch.sit_down(look=False)
    shutil.rmtree(find_editions())
    assert desk.open("transfer").advice.rulebook == SHIPPED
    assert str(find_editions()) in told(desk)


def test_an_open_case_whose_copy_vanishes_keeps_its_rulebook_all_the_same(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    case_id = branch.sit_down().open("transfer").case.id
    desk = branch.sit_down(look=False)
    shutil.rmtree(find_editions())
    assert try_for(60, desk, case_id).advice.rulebook.startswith("2027.1.1~")
    shutil.rmtree(find_editions())
    desk.answer(case_id, "official_caller", Answer.YES)
    assert {version.partition("~")[0] for version in advised_by(desk, case_id)} == {"2027.1.1"}
    assert desk.rulebooks.notice is None


def test_a_vanished_copy_of_what_is_in_force_is_made_again_at_the_next_look(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    desk = branch.sit_down(look=False)
    shutil.rmtree(find_editions())
    assert desk.open("transfer").advice.rulebook == SHIPPED
    assert desk.rulebooks.stirred()
    desk.rulebooks.look()
    assert desk.open("transfer").advice.rulebook.startswith("2027.1.1~")
    assert desk.rulebooks.notice is None


def test_a_folder_too_large_to_be_a_rulebook_is_not_read(tmp_path: Path) -> None:
    for name in ("large.yaml", "larger.yaml"):
        with (tmp_path / name).open("wb") as large:
            large.truncate(MOST_BYTES // 2 + 1)
    with pytest.raises(RulebookTooLarge, match="8 MiB"):
        Source(tmp_path, None).read()


def test_a_rulebook_of_which_no_copy_can_be_kept_is_not_taken_up(branch: Branch) -> None:
    branch.publish("2027.1.1")
    find_editions().parent.mkdir(parents=True)
    find_editions().write_text("a file where a folder should be")
    desk = branch.sit_down()
    assert str(find_editions()) in told(desk)
    assert desk.open("transfer").advice.rulebook == SHIPPED


def test_a_bank_file_is_part_of_what_is_published(branch: Branch) -> None:
    branch.lay_over(BANK.read_text("utf-8"))
    desk = branch.sit_down()
    assert desk.rulebooks.notice is None
    assert desk.open("transfer").advice.rulebook.startswith(f"{load_book(None, BANK).meta.version}~")


def test_what_lies_beside_the_file_of_cases_is_not_in_force(branch: Branch) -> None:
    write_draft(branch.draft, "2027.1.1")
    shutil.copy(BANK, branch.database.with_name("bank.yaml"))
    desk = branch.sit_down()
    assert not desk.rulebooks.stirred()
    assert desk.open("transfer").advice.rulebook == SHIPPED


def test_a_broken_bank_file_is_told_of_as_a_broken_rulebook_is(branch: Branch) -> None:
    branch.lay_over("nonsense: {}\n")
    desk = branch.sit_down()
    assert "bank.yaml, line 1" in told(desk)
    assert desk.open("transfer").advice.rulebook == SHIPPED


def test_a_rulebook_that_breaks_a_safety_property_is_not_taken_up_and_the_property_is_named(branch: Branch) -> None:
    branch.publish("2027.1.1", ("levels.yaml", "  amount-asks:\n    level: ask", "  amount-asks:\n    level: hold"))
    desk = branch.sit_down()
    assert desk.names.version == SHIPPED
    assert desk.rulebooks.notice is not None
    assert "Age, origin and amount" in desk.rulebooks.notice.trouble.sentence(Language.EN)
    assert "年龄、外地、金额" in desk.rulebooks.notice.trouble.sentence(Language.ZH)


def test_a_bank_may_not_raise_the_level_of_an_amount_until_it_stops_people(branch: Branch) -> None:
    own = BANK.read_text("utf-8")
    raised = own.replace("amount-asks: {amount_from: 30000}", "amount-asks: {level: hold}")
    assert raised != own
    branch.lay_over(raised)
    desk = branch.sit_down()
    assert desk.names.version == SHIPPED
    assert desk.rulebooks.notice is not None
    assert "年龄、外地、金额" in desk.rulebooks.notice.trouble.sentence(Language.ZH)

"""The rule desk on the screen: the rulebook in force in words, its checks, and the line that tells of a broken one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.places import find_editions
from assistant.rulebooks.editions import Source
from assistant.store import Outlet, Store
from assistant.workplace import open_desk
from rules.advice import Adviser
from rules.facts import LEVELS
from rules.language import Language
from rules.loading import load_book
from tests.publishing import TELLER, Edit, keep_copy, make_branch, put_in_force, write_draft
from tests.ui.pilot import CHINESE, Seat, seated
from ui.screens.rules_entries import SECTIONS

KEYED = 20
SIZES = ((120, 36), (80, 24))
BOOK = load_book()
TOPICS = (
    *(f"typologies:{name}" for name in BOOK.typologies),
    *(f"levels:{level}" for level in reversed(LEVELS)),
    *(f"steps:{name}" for name in BOOK.steps),
    *(f"questions:{name}" for name in BOOK.questions),
)


def reads(seat: Seat, text: str) -> bool:
    """Tell whether the screen says `text`, over however many lines."""
    return "".join(text.split()) in "".join(seat.grid().split())


async def see(seat: Seat, text: str, seconds: float = 90) -> None:
    """Wait until `text` stands on the screen."""
    for _ in range(int(seconds / 0.05)):
        await seat.pilot.pause()
        if text in seat.grid():
            return
        await asyncio.sleep(0.05)
    assert text in seat.grid(), seat.grid()


class Branch:
    """A file of cases with staff, in which rulebooks are published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_branch(folder / "cases.db")

    def publish(self, version: str, *edits: Edit, tried: bool = False) -> None:
        """Have two people put a rulebook in force, as the one of the program but for the edits.

        `tried` says that another program of this machine has tried it already.
        """
        source = Source(write_draft(self.folder / "rulebook", version, edits, whole=True), None)
        put_in_force(self.folder / "cases.db", source, version)
        if tried:
            keep_copy(source)

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        """Open a desk on the file of cases, and leave it in the end."""
        desk = open_desk(self.folder / "cases.db", actor=TELLER, names=self.folder / "names.json")
        try:
            yield desk
        finally:
            desk.leave()


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    return Branch(tmp_path)


@pytest.mark.parametrize("language", Language)
async def test_every_entry_of_the_rulebook_is_told_with_its_id(desk: Desk, language: Language) -> None:
    async with seated(desk, language, SIZES[1]) as seat:
        await seat.press("f4", "down")
        # By the arrow through the first of them, and by its digit to each section.
        for topic in TOPICS[:KEYED]:
            await seat.press("down")
            assert seat.cursor == topic
            assert f"[{topic.partition(':')[2]}]" in seat.grid()
        for digit, section in enumerate(SECTIONS, 1):
            await seat.press(str(digit))
            assert str(seat.cursor).startswith(f"{section}:")
        entries = seat.app.screen._entries  # type: ignore[attr-defined]
        for topic in TOPICS:
            assert f"[{topic.partition(':')[2]}]" in next(entries.tell(topic))
            assert len(list(entries.tell(topic))) > 2


async def test_an_entry_says_conditions_reason_source_owner_and_review_date(desk: Desk) -> None:
    async with seated(desk, Language.EN) as seat:
        await seat.press("f4", "2")
        assert seat.cursor == "levels:police"
        await seat.press("enter")
        for told in (
            "Real police, courts and procurators never phone to have money moved or kept secret",
            "(level.official-claims)",
            "“Caller claims to be police, court, government or regulator” [official_caller]",
            "unless cleared: The other side was verified",
            "source: practice of banks and police; no text of law",
            f"review by {BOOK.meta.review_by}",
        ):
            assert reads(seat, told), told


async def test_a_typology_tells_its_questions_and_its_steps(desk: Desk) -> None:
    async with seated(desk, size=(120, 200)) as seat:
        await seat.press("f4", "1")
        told = seat.grid()
    assert "专为此类型建议步骤的规则" in told
    assert "[contact]" in told
    assert "客户着急生气：“" in told


async def test_a_review_date_that_has_passed_is_said_to(tmp_path: Path, adviser: Adviser) -> None:
    due = BOOK.meta.review_by
    morning = datetime(due.year, due.month, due.day, 1, tzinfo=UTC)
    for days, late in ((0, False), (1, True)):
        clock = int(morning.timestamp() * 1000) + days * 86_400_000
        with Store.create(tmp_path / f"{days}.db", Outlet("0312", "示范网点")) as store:
            async with seated(Desk(store, adviser, "t1", partial(int, clock))) as seat:
                await seat.press("f4")
                assert ("已过期" in seat.grid()) is late


async def test_enter_gives_the_entry_the_whole_screen_and_escape_the_list_again(desk: Desk) -> None:
    async with seated(desk, size=(80, 24)) as seat:
        await seat.press("f4", "3", "enter")
        whole = seat.grid()
        assert whole.splitlines()[1].strip().endswith(f"[{next(iter(BOOK.steps))}]")
        await seat.press("escape")
        assert seat.cursor == f"steps:{next(iter(BOOK.steps))}"
        await seat.press("escape")
        assert seat.screen_name == "HomeScreen"


async def test_a_section_is_come_to_with_its_heading_above_it(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("f4", "4", "1")
        lines = seat.grid().splitlines()
        cursor = next(number for number, line in enumerate(lines) if "›" in line)
        assert seat.app.wording.say("rules.title.typologies", count=len(BOOK.typologies)) in lines[cursor - 1]


async def test_a_long_entry_can_be_read_to_its_end(desk: Desk) -> None:
    async with seated(desk, size=(80, 24)) as seat:
        await seat.press("f4", "2", "enter")
        pages = {seat.grid()}
        for _ in range(30):
            await seat.press("pagedown")
            pages.add(seat.grid())
        last = [name for name, rule in BOOK.level_rules.items() if rule.level == "police"][-1]
        assert any(f"level.{last}" in page for page in pages)
        end = seat.grid()
        await seat.press("up")
        assert seat.grid().splitlines()[2:20] == end.splitlines()[1:19]


async def test_the_rule_desk_is_found_by_its_name(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("ctrl+p", *"guize", "enter")
        assert seat.screen_name == "RulesScreen"


async def test_no_word_of_the_other_language_stands_on_the_english_page(desk: Desk) -> None:
    async with seated(desk, Language.EN) as seat:
        await seat.press("f4")
        assert CHINESE.findall(seat.grid()) == []


async def test_the_quiet_screen_keeps_the_rules_to_itself(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("f4", "1")
        await seat.press("f10")
        assert not any(word in seat.grid() for word in ("诈", "骗", "警", "红旗", "可疑"))
        await seat.press("f10")
        assert "冒充公检法" in seat.grid()


async def test_the_checks_run_behind_the_page_once_and_each_says_whether_it_passed(branch: Branch) -> None:
    failing = ("examples/levels.yaml", "    then: {level: police}", "    then: {level: hold}")
    branch.publish("2027.1.1", failing, tried=True)
    with branch.opened() as desk:
        desk.rulebooks.look()
        assert desk.rulebooks.notice is None
        async with seated(desk) as seat:
            await seat.press("f4", "f6")
            assert seat.cursor == "check:"
            assert "正在检查" in seat.grid()
            await seat.press("down")
            assert f"[{next(iter(BOOK.typologies))}]" in seat.grid()
            await seat.press("up", "f6")
            await see(seat, "通过：assistant rules check")
            await see(seat, "发现问题：assistant rules test")
            await seat.pilot.pause(0.2)
            assert "正在检查" not in seat.grid()
            assert seat.grid().count("assistant rules check") == 2
            # What failed stands before all that was proved.
            await seat.press("enter")
            assert reads(seat, "级别应为“暂缓办理”，实际是“立即报警”"), seat.grid()


async def test_leaving_the_program_ends_the_checks(desk: Desk) -> None:
    async with seated(desk) as seat:
        await seat.press("f4", "f6")
        await seat.press("escape")
        assert seat.screen_name == "HomeScreen"
    desk.rulebooks.close()
    assert [done.status for done in desk.rulebooks.check(Language.ZH) if done.status == 0] == []


async def test_a_case_begun_elsewhere_is_opened_by_enter_as_soon_as_its_rulebook_is_here(branch: Branch) -> None:
    branch.publish("2027.1.1", tried=True)
    with branch.opened() as desk:
        desk.rulebooks.look()
        case_id = desk.open("transfer").case.id
    shutil.rmtree(find_editions())
    branch.publish("2027.2.1", tried=True)
    with branch.opened() as desk:
        desk.rulebooks.look()
        async with seated(desk) as seat:
            await seat.press("up", "enter")
            assert reads(seat, "还不在这台机器上")
            saved = desk.store.head()
            for _ in range(1200):
                await seat.press("enter")
                if not reads(seat, "还不在这台机器上"):
                    break
                assert desk.store.head() == saved
                await asyncio.sleep(0.05)
            assert desk.store.case(case_id).number in seat.line("案件")
            assert desk.rulebooks.names.version.startswith("2027.1.1~")


@pytest.fixture
def broken(branch: Branch) -> Iterator[Desk]:
    """A desk in whose file of cases a broken rulebook was published."""
    branch.publish("2027.1.1", ("levels.yaml", "level: police", "level: polize"))
    with branch.opened() as desk:
        yield desk


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param(language, size, marks=() if (language is Language.ZH) is (size == SIZES[0]) else pytest.mark.long)
        for language in Language
        for size in SIZES
    ],
)
async def test_home_and_case_say_which_rulebook_is_in_force_what_is_wrong_and_whom_to_tell(
    broken: Desk, language: Language, size: tuple[int, int]
) -> None:
    async with seated(broken, language, size) as seat:
        await see(seat, "polize")
        for told in (BOOK.meta.version, BOOK.meta.owner.read(language), "levels.yaml"):
            assert reads(seat, told), told
        await seat.press("1")
        assert seat.screen_name == "TellerScreen"
        for told in (BOOK.meta.version, BOOK.meta.owner.read(language), "levels.yaml"):
            assert reads(seat, told), told
        await seat.press("f10")
        assert "levels.yaml" not in seat.grid()


async def test_a_mended_rulebook_takes_the_line_away_at_the_next_look(broken: Desk, branch: Branch) -> None:
    async with seated(broken) as seat:
        await see(seat, "polize")
        branch.publish("2027.1.2")
        for _ in range(600):
            await seat.pilot.pause(0.1)
            if "levels.yaml" not in seat.grid():
                break
        assert "levels.yaml" not in seat.grid()
        await seat.press("1")
        assert str(seat.case.history[-1].body["rulebook"]).startswith("2027.1.2~")

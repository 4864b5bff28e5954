"""Why and why not: each conclusion with what it stands on, and the one answer that would change it, which does."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from textual import events
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.desk import Desk
from assistant.sheet import Sheet
from rules.facts import Answer, Level
from rules.language import Language
from tests.ui.stage import at, look_at, on_stage
from ui.app import CounterApp
from ui.explanations import Explainer
from ui.screens.teller import TellerScreen
from ui.screens.why import WhyScreen
from ui.widgets.rows import Rows

ALARM: Final = ("1", "2")
"""Opens a case for a transfer that a self-styled policeman asked for."""


def sheet_of(app: CounterApp) -> Sheet:
    """Return the case on the screen."""
    return next(screen for screen in app.screen_stack if isinstance(screen, TellerScreen)).sheet


def reasons(app: CounterApp) -> str:
    """Return the explanation alone, without blanks, so that folded words are found whole."""
    region = app.screen.query_one("#reasons").region
    lines = look_at(app).text().splitlines()[region.y : region.bottom]
    # The bar beside a long text is drawn with blocks, and is no part of it.
    return "".join(character for character in "".join(lines) if not character.isspace() and not "▀" <= character <= "▟")


async def go_to(pilot: Pilot[int], topic: str) -> None:
    """Move down from the first topic to this one, line by line as the arrow does."""
    rows = pilot.app.screen.query_one(Rows)
    rows.action_first()
    while rows.key != topic:
        before = rows.key
        rows.action_move(1)
        assert rows.key != before, f"no topic {topic}"
    await pilot.pause()


def squeeze(text: str) -> str:
    """Return the text without blanks."""
    return "".join(text.split())


async def test_it_opens_on_the_level_with_rule_evidence_and_source(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4") as (app, _):
        assert at(app) == "level:police"
        told = reasons(app)
        (because, *_) = sheet_of(app).advice.because
        assert squeeze(because.reason.zh) in told
        assert f"（{because.rule}）" in told
        assert squeeze(f"依据：{app.desk.book.signs['official_caller'].name.zh}（客户说）") in told
        assert "出处：" in told


async def test_a_lower_level_is_part_of_the_present_one_and_a_higher_one_lacks_something(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", "1", "f4") as (app, pilot):
        assert at(app) == "level:proceed"
        assert "没有规则要求更进一步" in reasons(app)
        await go_to(pilot, "level:police")
        assert "为什么还不到" in reasons(app)
        assert "差一项：若“" in reasons(app)
    async with on_stage(tmp_path / "other.db", *ALARM, "f4") as (app, pilot):
        await go_to(pilot, "level:hold")
        assert "已包含在现在的级别里" in reasons(app)


async def test_a_suspected_typology_says_why_and_the_others_why_not(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4") as (app, pilot):
        suspicion, book = sheet_of(app).advice.suspicions[0], app.desk.book
        await go_to(pilot, f"typology:{suspicion.typology}")
        assert squeeze(f"为什么疑似“{book.typologies[suspicion.typology].name.zh}”") in reasons(app)
        assert squeeze(suspicion.because[0].reason.zh) in reasons(app)
        suspected = {found.typology for found in sheet_of(app).advice.suspicions}
        other = next(name for name in book.typologies if name not in suspected)
        await go_to(pilot, f"typology:{other}")
        assert squeeze(f"为什么不怀疑“{book.typologies[other].name.zh}”") in reasons(app)


async def test_an_advised_step_says_why_and_one_that_is_not_says_why_not(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4") as (app, pilot):
        step, book = sheet_of(app).advice.steps[0], app.desk.book
        await go_to(pilot, f"step:{step.id}")
        assert squeeze(step.because[0].reason.zh) in reasons(app)
        await go_to(pilot, "step:move_to_class_1")
        assert squeeze(f"为什么没有建议“{book.steps['move_to_class_1'].name.zh}”") in reasons(app)


async def test_a_withheld_step_says_what_forbids_it(desk: Desk) -> None:
    case_id = desk.open("help").case.id
    for sign in ("money_missing", "unauthorised_transactions"):
        desk.answer(case_id, sign, Answer.YES)
    for fact in ("class_2_involved", "class_1_available", "class_2_bound"):
        desk.answer_account(case_id, fact, Answer.YES)
    held = desk.answer(case_id, "gather_in_own_account", Answer.YES).advice.withheld
    app = CounterApp(desk, Language.ZH)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("home", "enter", "f4")
        assert held
        for withheld in held:
            await go_to(pilot, f"step:{withheld.id}")
            assert "为什么不得" in reasons(app)
            assert squeeze(withheld.reason.zh) in reasons(app)


async def test_every_conclusion_of_the_rulebook_has_a_topic_and_an_explanation(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM) as (app, _):
        explainer = Explainer(sheet_of(app), app.desk.adviser, app.wording)
        topics = [topic for _, group in explainer.topics() for topic in group]
        book = app.desk.book
        wanted = {f"level:{level}" for level in Level}
        wanted |= {f"typology:{name}" for name in book.typologies} | {f"step:{name}" for name in book.steps}
        assert sorted(topics) == sorted(wanted)
        for topic in topics:
            first, *rest = explainer.explain(topic)
            assert explainer.name(topic) in first
            assert rest or "已包含" in first


@pytest.mark.parametrize("topic", ["level:police", "typology:", "step:pause_transaction"])
async def test_the_one_answer_that_lacks_is_given_and_the_conclusion_follows(tmp_path: Path, topic: str) -> None:
    async with on_stage(tmp_path / "cases.db", "1", "f4") as (app, pilot):
        kind, _, name = topic.partition(":")
        book = app.desk.book
        name = name or _near_typologies(app)[0]
        await go_to(pilot, f"{kind}:{name}")
        told = reasons(app)
        assert "差一项：若“" in told
        sign = min(
            (told.index(squeeze(entry.name.zh)), key)
            for key, entry in book.signs.items()
            if squeeze(entry.name.zh) in told
        )[1]
        await pilot.press("escape", "f7")
        app.screen.query_one(Input).post_message(events.Paste(book.signs[sign].name.zh))
        await pilot.press("1", "escape")
        advice = sheet_of(app).advice
        reached: dict[str, list[str]] = {
            "level": [str(advice.level)],
            "typology": [found.typology for found in advice.suspicions],
            "step": [step.id for step in advice.steps],
        }
        assert name in reached[kind], sign


def _near_typologies(app: CounterApp) -> list[str]:
    explainer = Explainer(sheet_of(app), app.desk.adviser, app.wording)
    return [
        name
        for name in app.desk.book.typologies
        if any("差一项" in said for said in explainer.explain(f"typology:{name}"))
    ]


@pytest.mark.parametrize("rows", ["#flags", "#steps"])
@pytest.mark.parametrize("back", ["escape", "f4"])
async def test_one_comes_back_to_the_very_place(tmp_path: Path, rows: str, back: str) -> None:
    keys = (*ALARM, "f5", "down", "down") if rows == "#steps" else (*ALARM, "down", "down", "down")
    async with on_stage(tmp_path / "cases.db", *keys) as (app, pilot):
        teller = app.screen
        before = teller.query_one(rows, Rows).key
        await pilot.press("f4")
        assert isinstance(app.screen, WhyScreen)
        assert at(app) == (f"step:{before}" if rows == "#steps" else "level:police")
        await pilot.press("down", "down", "pagedown", back)
        assert app.screen is teller
        assert teller.query_one(rows, Rows).key == before
        assert teller.query_one(rows, Rows).has_focus


async def test_nothing_here_changes_the_case(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4") as (app, pilot):
        before = app.desk.store.head()
        await pilot.press("down", "end", "1", "0", "enter", "space", "backspace", "pagedown", "pageup", "home")
        assert app.desk.store.head() == before


async def test_the_quiet_screen_hides_the_reasons_and_the_same_key_brings_them_back(tmp_path: Path) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4") as (app, pilot):
        loud = reasons(app)
        await pilot.press("f10")
        assert "静音屏上不显示" in reasons(app)
        await pilot.press("down", "down")
        assert "静音屏上不显示" in reasons(app)
        await pilot.press("up", "up", "f10")
        assert reasons(app) == loud


@pytest.mark.parametrize(("size", "language"), [((80, 20), Language.EN), ((60, 20), Language.ZH)])
async def test_a_long_explanation_is_scrolled_by_the_page_key_and_back(
    tmp_path: Path, size: tuple[int, int], language: Language
) -> None:
    keys = (*ALARM, "down", "1", "f4")
    async with on_stage(tmp_path / "cases.db", *keys, size=size, language=language) as (app, pilot):
        explainer = Explainer(sheet_of(app), app.desk.adviser, app.wording)
        lengths = {name: sum(map(len, explainer.explain(name))) for _, group in explainer.topics() for name in group}
        longest = max(lengths, key=lambda name: lengths[name])
        await go_to(pilot, longest)
        pane = app.screen.query_one("#reasons", VerticalScroll)
        assert pane.max_scroll_y > 0
        await pilot.pause()
        top, seen = reasons(app), reasons(app)
        while pane.scroll_y < pane.max_scroll_y:
            before = pane.scroll_y
            await pilot.press("pagedown")
            assert before < pane.scroll_y <= before + pane.size.height
            seen += reasons(app)
        last = list(explainer.explain(longest))[-1]
        assert squeeze(last)[-12:] in seen
        assert at(app) == longest
        while pane.scroll_y > 0:
            await pilot.press("pageup")
        await pilot.pause()
        assert reasons(app) == top


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_list_and_reasons_both_stand_on_a_narrow_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_stage(tmp_path / "cases.db", *ALARM, "f4", size=size) as (app, pilot):
        assert "为什么是" in reasons(app)
        assert app.screen.query_one(Rows).size.height >= 4
        assert max(len(row) for row in look_at(app).text().splitlines()) <= size[0]
        await pilot.press("f12")
        assert "Whythelevelis" in reasons(app)

"""The review of a closed case: three things are judged and nothing else, then it is signed, or sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from textual import on
from textual.widget import Widget

from assistant.case.case import Case
from assistant.case.events import ReviewReason, Verdict
from assistant.case.review import Standing
from ui.actions import Action
from ui.reviews import is_returned, reviewer_of, write_judged, write_standing
from ui.screens.ask import AskScreen
from ui.screens.choice import Choices, ChoiceScreen
from ui.screens.form import TAKE
from ui.screens.page import BACK, HELP, LANGUAGE, QUIET, Page
from ui.widgets.prose import Prose
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import Wording

JUDGED: Final = ("typology", "level", "steps")
NAME_CELLS: Final = 8
MARK_CELLS: Final = 4
CLAIM: Final = "claim"


class ReviewScreen(Page[bool]):
    """Returns True once the case was signed or sent back. A digit judges the line under the cursor and goes on."""

    NAME = "review"
    PERSONAL: ClassVar[bool] = True
    HOLDS_OFF: ClassVar[bool] = False
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        TAKE,
        Action("judge('right')", "1", "right", "1", rank=4),
        Action("judge('wrong')", "2", "wrong", "2", rank=5),
        Action("judge('cannot_tell')", "3", "cannot_tell", "3", rank=6),
        LANGUAGE,
        QUIET,
    )
    DEFAULT_CSS = """
    ReviewScreen #lead { height: auto; padding: 0 1; }
    ReviewScreen Rows { padding: 0 1 0 0; }
    """

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        self._verdicts: dict[str, Verdict] = {}
        self._reasons: list[ReviewReason] = []
        self._comment = ""

    def body(self) -> Iterable[Widget]:
        yield Prose(id="lead")
        yield Rows(id="lines")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Rows).focus()
        self.query_one(Rows).go_to(JUDGED[0])

    def top_left(self) -> Iterator[str]:
        yield self.wording.say("top.case", number=self._case.number)
        yield self.wording.say("page.review")

    def top_right(self) -> Iterator[str]:
        if self.is_unsaved():
            yield self.wording.say("top.unsaved")

    def is_unsaved(self) -> bool:
        return bool(self._verdicts or self._reasons or self._comment)

    def redraw(self) -> None:
        super().redraw()
        lead = [write_standing(self._case, self.wording), *write_judged(self._case, self.wording)]
        self.query_one("#lead", Prose).tell("\n".join(lead[:1] if self.wording.quiet else lead))
        self.query_one(Rows).show(self._rows())

    def _rows(self) -> Iterator[Row]:
        wording = self.wording
        yield Row("judge", (Cell(wording.say("review.judge")),), heading=True)
        for what, shown in self._list_judged(wording).items():
            verdict = self._verdicts.get(what)
            word = wording.case_word(f"verdict.{verdict}") if verdict else wording.say("review.open")
            role = {Verdict.RIGHT: "good", Verdict.WRONG: "bad"}.get(verdict, "strong") if verdict else "warn"
            name = wording.case_word(f"judged.{what}")
            yield Row(what, (Cell(name, NAME_CELLS), Cell(shown), Cell(word, 12, role)))
        yield Row("reasons", (Cell(wording.say("review.reasons")),), heading=True)
        for reason in ReviewReason:
            mark = wording.say("mark.done" if reason in self._reasons else "mark.todo")
            yield Row(f"reason:{reason}", (Cell(mark, MARK_CELLS), Cell(wording.case_word(f"review_reason.{reason}"))))
        yield Row("end", (Cell(wording.say("review.end")),), heading=True)
        comment = self._comment or wording.say("record.empty")
        role = "strong" if self._comment else "muted"
        yield Row("comment", (Cell(wording.say("review.comment"), NAME_CELLS), Cell(comment, 0, role)))
        yield Row("approve", (Cell(wording.say("review.approve"), 0, "strong"),))
        yield Row("return", (Cell(wording.say("review.return"), 0, "strong"),))

    def _list_judged(self, wording: Wording) -> Mapping[str, str]:
        """Return what is judged, each with what the case has of it."""
        case = self._case
        advice = case.advice
        typologies = advice.typologies if advice else ()
        settled = sum(case.settled(step.id) for step in case.advised_steps)
        return {
            "typology": wording.join(map(wording.typology, typologies)) or wording.say("teller.none_suspected"),
            "level": wording.level(advice.level) if advice else "",
            "steps": wording.say("review.steps", done=settled, count=len(case.advised_steps)),
        }

    @on(Rows.Chosen, "#lines")
    def take_line(self, event: Rows.Chosen) -> None:
        """Enter or a click on a line."""
        event.stop()
        if not self.is_on_top:
            return
        kind, _, name = event.key.partition(":")
        if kind in JUDGED:
            self._turn(kind)
        elif kind == "reason":
            self._mark(ReviewReason(name))
        elif kind == "comment":
            self._ask_comment(lambda: None)
        elif kind == "approve":
            self._end(Standing.APPROVED)
        elif kind == "return":
            self._end(Standing.RETURNED)

    def action_judge(self, verdict: str) -> None:
        """Judge the line under the cursor and go on to the next that is open."""
        what = self.query_one(Rows).key
        if what in JUDGED:
            self._verdicts[what] = Verdict(verdict)
            self._go_on()

    def _turn(self, what: str) -> None:
        """Go through what can be said, one after the other."""
        order = list(Verdict)
        before = self._verdicts.get(what)
        self._verdicts[what] = order[(order.index(before) + 1) % len(order)] if before else order[0]
        self.redraw()

    def _go_on(self) -> None:
        self.redraw()
        left = [what for what in JUDGED if what not in self._verdicts]
        wrong = Verdict.WRONG in self._verdicts.values()
        following = left[0] if left else f"reason:{next(iter(ReviewReason))}" if wrong else "approve"
        self.query_one(Rows).go_to(following)

    def _mark(self, reason: ReviewReason) -> None:
        if reason in self._reasons:
            self._reasons.remove(reason)
        else:
            self._reasons.append(reason)
        self.redraw()

    def _ask_comment(self, then: Callable[[], object]) -> None:
        def take(text: str | None) -> None:
            if text is not None:
                self._comment = text
                self.redraw()
                if text:
                    then()

        self.app.push_screen(
            AskScreen(lambda wording: wording.say("review.comment_ask"), self._comment, free=True), take
        )

    def _end(self, standing: Standing) -> None:
        """Sign the case or send it back; what is still missing is said, and the cursor led there."""
        left = [what for what in JUDGED if what not in self._verdicts]
        if left:
            self._miss("review.judge_first", left[0])
        elif standing is Standing.APPROVED:
            self._save(standing)
        elif not self._reasons:
            self._miss("review.reason_first", f"reason:{next(iter(ReviewReason))}")
        elif not self._comment:
            self._ask_comment(lambda: self._save(standing))
        else:
            self._save(standing)

    def _miss(self, said: str, where: str) -> None:
        self.notify(self.wording.say(said), timeout=4, markup=False)
        self.query_one(Rows).go_to(where)

    def _save(self, standing: Standing) -> None:
        reviewer = reviewer_of(self.counter.desk)
        move = reviewer.approve if standing is Standing.APPROVED else reviewer.return_
        judged = {what: self._verdicts[what] for what in JUDGED}

        def leave(_: object) -> None:
            said = self.wording.say(f"review.did.{standing}", number=self._case.number)
            self.app.notify(said, timeout=6, markup=False)
            self.dismiss(True)

        self.attempt(lambda: move(self._case.id, **judged, reasons=tuple(self._reasons), comment=self._comment), leave)


def begin_review(page: Page[Any], case_id: str, then: Callable[[bool | None], None]) -> None:
    """Claim the review of a case, unless one has it already, and judge it; go on with whether it was ended. While an
    answer to what was sent back is awaited, ask first whether to wait for it."""
    desk = page.counter.desk
    case = desk.store.case(case_id)

    def ask(wording: Wording) -> Choices:
        review = case.review
        who, at = (review.actor, review.at) if review else ("", 0)
        title = wording.say("review.unanswered", who=who, time=wording.clock(at))
        return title, [("wait", wording.say("review.wait")), (CLAIM, wording.say("review.claim_anyway"))]

    def go_on(way: str | None) -> None:
        if way == CLAIM:
            page.attempt(claim, judge)

    def claim() -> Case:
        case = desk.store.case(case_id)
        review = case.review
        own = review is not None and (review.standing, review.actor) == (Standing.CLAIMED, desk.actor)
        return case if own else reviewer_of(desk).claim(case_id)

    def judge(case: Case) -> None:
        screen = ReviewScreen(case)
        screen.came_in_haste()
        page.app.push_screen(screen, then)

    if is_returned(case):
        page.app.push_screen(ChoiceScreen(ask), go_on)
    else:
        page.attempt(claim, judge)

"""What the screens say of a review, and who may do something about it: judge a case, or answer for one sent back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from assistant.case.review import COMMENT, Standing
from assistant.people.permissions import Move
from assistant.quoting import clip
from ui.screens.cover import cover
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.case.review import Review
    from assistant.desk import Desk
    from assistant.review.habits import Habit
    from assistant.review.reviewer import Reviewer
    from ui.screens.page import Page


def reviewer_of(desk: Desk) -> Reviewer:
    """Return what whoever works here now can do about reviews and calls."""
    from assistant.review.reviewer import Reviewer

    return Reviewer(desk.store, desk.actor, desk.clock)


def may_review(desk: Desk, case: Case) -> bool:
    """Tell whether whoever works here now may judge a case: a closed one that is not signed yet, and not his own."""
    if case.closing is None or not desk.may(Move.REVIEW, case):
        return False
    if case.review is not None and case.review.standing is Standing.APPROVED:
        return False
    return not reviewer_of(desk).had_a_hand(case)


def may_reply(desk: Desk, case: Case) -> bool:
    """Tell whether the case was sent back, and whoever works here now may answer."""
    review = case.review
    returned = review is not None and review.standing is Standing.RETURNED
    return returned and case.closing is not None and desk.may(Move.FOLLOW_UP, case)


def write_standing(case: Case, wording: Wording) -> str:
    """Return where the review of a case stands and why it is to be reviewed; "" where nothing asks for one."""
    row = case.summary()
    if row.review is None:
        return ""
    traits = "" if wording.quiet else wording.join(wording.case_word(f"trait.{trait}") for trait in sorted(row.traits))
    who = f"  {case.review.actor}" if case.review else ""
    return f"{wording.case_word(f'review.{row.review}')}{_bracket(traits, wording)}{who}"


def write_judged(case: Case, wording: Wording) -> Iterator[str]:
    """Yield what a reviewer judged, why, and what was written at the last move of the review."""
    judged = case.review.judged if case.review else None
    if case.review is None or judged is None:
        return
    verdicts = (("typology", judged.typology), ("level", judged.level), ("steps", judged.steps))
    said = wording.join(
        f"{wording.case_word(f'judged.{what}')} {wording.case_word(f'verdict.{verdict}')}" for what, verdict in verdicts
    )
    yield wording.say("review.judged", said=said, reasons=_bracket(_name_reasons(case.review, wording), wording))
    if comment := read_comment(case):
        yield wording.say("review.said", who=case.review.actor, comment=comment)


def write_returned(case: Case, wording: Wording) -> str:
    """Return that the case was sent back, by whom, why and with which comment; "" for one that was not."""
    review = case.review
    if review is None or review.standing is not Standing.RETURNED or case.closing is None:
        return ""
    comment = "" if wording.quiet else clip(read_comment(case))
    said = wording.join(filter(None, (_name_reasons(review, wording), comment)))
    return wording.say("review.returned", who=review.reviewer, said=_bracket(said, wording))


def read_comment(case: Case) -> str:
    """Return what was written at the last move of the review, with every number about a person masked; "" for none."""
    texts = (event.private.get(COMMENT, "") for event in reversed(case.history) if event.kind.startswith("review_"))
    return cover(next(texts, ""))


def write_signals(case: Case, habits: Iterable[Habit], wording: Wording) -> Iterator[str]:
    """Yield what stands out in how the case was recorded, and in what its teller does each time, as a question each;
    nothing where nothing does."""
    from assistant.review.signals import find_signals
    from assistant.review.words import ask_habit, ask_signal

    asked = [ask_signal(signal, wording.language, wording.step) for signal in find_signals(case)]
    asked += [ask_habit(habit, wording.language) for habit in habits]
    if asked:
        yield wording.say("review.signals")
    yield from (f"  {question}" for question in asked)


def reply_to_review(page: Page[Any], case_id: str) -> None:
    """Ask for the answer to whoever sent the case back, and save it."""
    from ui.screens.ask import AskScreen

    desk = page.counter.desk

    def save(text: str | None) -> None:
        if text:
            page.attempt(lambda: reviewer_of(desk).answer(case_id, text), lambda _: tell())

    def tell() -> None:
        page.redraw()
        page.notify(page.wording.say("review.replied"), timeout=4, markup=False)

    page.app.push_screen(AskScreen(lambda wording: wording.say("review.reply"), free=True), save)


def _name_reasons(review: Review, wording: Wording) -> str:
    reasons = review.judged.reasons if review.judged else ()
    return wording.join(wording.case_word(f"review_reason.{reason}") for reason in reasons)


def _bracket(text: str, wording: Wording) -> str:
    return wording.say("mark.bracket", text=text) if text else ""

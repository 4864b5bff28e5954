"""What the screens say of a review, and who may do something about it: judge a case, or answer for one sent back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from assistant.case.events import EventKind
from assistant.case.review import COMMENT, Standing
from assistant.people.permissions import Move
from assistant.quoting import clip
from ui.screens.cover import cover
from ui.wording import Wording

if TYPE_CHECKING:
    from assistant.case.case import Case
    from assistant.case.events import Event
    from assistant.case.review import Review
    from assistant.desk import Desk
    from assistant.review.habits import Habit
    from assistant.review.reviewer import Reviewer
    from ui.screens.page import Page

_VERDICTS: Final = frozenset({EventKind.REVIEW_APPROVED, EventKind.REVIEW_RETURNED})


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
    """Tell whether the case was sent back by another, and whoever works here now may answer."""
    return is_returned(case) and not _sent_back(desk, case) and desk.may(Move.ANSWER_REVIEW, case)


def is_returned(case: Case) -> bool:
    """Tell whether the case was sent back, and nobody has answered."""
    review = case.review
    return case.closing is not None and review is not None and review.standing is Standing.RETURNED


def _sent_back(desk: Desk, case: Case) -> bool:
    return case.review is not None and case.review.actor == desk.actor


def write_standing(case: Case, wording: Wording) -> str:
    """Return where the review of a case stands, since when and by whom, and why it is to be reviewed; "" where nothing
    asks for one."""
    row = case.summary()
    if row.review is None:
        return ""
    traits = "" if wording.quiet else wording.join(wording.case_word(f"trait.{trait}") for trait in sorted(row.traits))
    who = f"  {case.review.actor} {wording.clock(case.review.at)}" if case.review else ""
    return f"{wording.case_word(f'review.{row.review}')}{_bracket(traits, wording)}{who}"


def write_judged(case: Case, wording: Wording) -> Iterator[str]:
    """Yield what a reviewer judged last, who that was, when and why, and what was written in the review by whom."""
    review = case.review
    judged = review.judged if review else None
    if review is None or judged is None:
        return
    verdicts = (("typology", judged.typology), ("level", judged.level), ("steps", judged.steps))
    said = wording.join(
        f"{wording.case_word(f'judged.{what}')} {wording.case_word(f'verdict.{verdict}')}" for what, verdict in verdicts
    )
    reasons = _bracket(_name_reasons(review, wording), wording)
    yield wording.say(
        "review.judged", who=review.judge, time=wording.clock(review.judged_at), said=said, reasons=reasons
    )
    for event in _list_said(case):
        if comment := cover(event.private.get(COMMENT, "")):
            yield wording.say("review.said", who=event.actor, time=wording.clock(event.at), comment=comment)


def _list_said(case: Case) -> list[Event]:
    """Return the last verdict and the answers to it, oldest first."""
    found: list[Event] = []
    for event in reversed(case.history):
        if event.kind in _VERDICTS or event.kind is EventKind.REVIEW_ANSWERED:
            found.insert(0, event)
        if event.kind in _VERDICTS:
            break
    return found


def write_returned(desk: Desk, case: Case, wording: Wording) -> str:
    """Return that the case was sent back, by whom, when, why and with which comment, and whether whoever works here may
    answer; "" for one that was not."""
    review = case.review
    if review is None or not is_returned(case):
        return ""
    comment = "" if wording.quiet else clip(read_comment(case))
    said = wording.join(filter(None, (_name_reasons(review, wording), comment)))
    told = {"who": review.actor, "time": wording.clock(review.at), "said": _bracket(said, wording)}
    return wording.say("review.returned" if may_reply(desk, case) else "review.awaited", **told)


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

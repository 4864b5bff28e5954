"""The ways from home to what only those read who answer for the outlet: the list, the reviews, the figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from assistant.people.permissions import Move, State, check, may
from ui.actions import Action

if TYPE_CHECKING:
    from assistant.desk import Desk
    from ui.screens.page import Page

REVIEW: Final = Action("review", "f3", "reviews", "F3", rank=71)
OVERSIGHT: Final = (
    Action("register", "f7,slash", "register", "F7", rank=6),
    REVIEW,
    Action("figures", "f5", "figures", "F5", rank=72),
)


def oversees(desk: Desk) -> bool:
    """Tell whether whoever works here now may read the outlet's cases and figures."""
    return desk.may(Move.READ_FIGURES)


def reviews(desk: Desk) -> bool:
    """Tell whether whoever works here now may review cases at all."""
    member = desk.member
    return member is not None and may(member, Move.REVIEW, State.CLOSED)


def list_offered(actions: Iterable[Action], desk: Desk) -> list[Action]:
    """Return the actions without those that are not for whoever works here now."""
    left_out = set() if oversees(desk) else set(OVERSIGHT)
    if not reviews(desk):
        left_out.add(REVIEW)
    return [action for action in actions if action not in left_out]


def show_register(page: Page[Any]) -> None:
    """Show the list of all cases; whoever may not read it is told so."""

    def show(_: bool) -> None:
        from ui.screens.register import RegisterScreen

        page.app.push_screen(RegisterScreen())

    page.attempt(lambda: demand(page.counter.desk, Move.READ_FIGURES, State.NONE), show)


def show_queue(page: Page[Any]) -> None:
    """Show the cases that wait to be reviewed; whoever may not review is told so."""

    def show(_: bool) -> None:
        from ui.screens.queue import QueueScreen

        page.app.push_screen(QueueScreen())

    page.attempt(lambda: demand(page.counter.desk, Move.REVIEW, State.CLOSED), show)


def show_figures(page: Page[Any]) -> None:
    """Show the figures of the outlet; whoever may not read them is told so."""

    def show(_: bool) -> None:
        from ui.screens.figures import FiguresScreen

        page.app.push_screen(FiguresScreen())

    page.attempt(lambda: demand(page.counter.desk, Move.READ_FIGURES, State.NONE), show)


def demand(desk: Desk, move: Move, state: State) -> bool:
    """Return that whoever works here now may make that move. Raises the NotPermitted that keeps him from it."""
    check(desk.store.roster, desk.actor, move, state)
    return True

"""Who is at the counter: the screen locks when nobody is, and a colleague may take the place of the one who was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from textual.screen import Screen

from assistant.attendance import NOBODY
from assistant.desk import Desk
from rules.errors import Trouble
from ui.counter import Visit
from ui.screens.page import Page
from ui.screens.popup import Popup

if TYPE_CHECKING:
    from assistant.people.roster import Member
    from assistant.people.signing import SignOn
    from assistant.settings import Settings
    from ui.screens.sign_on import SignOnScreen

LOOK_SECONDS: Final = 1.0
MINUTE_SECONDS: Final = 60
USUAL_IDLE_MINUTES: Final = 10
"""Where the settings cannot be read: the screen locks all the same."""


def read_idle_clock() -> float:
    """Return seconds that go on while the machine sleeps, where the system counts those."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Presence:
    """Watches over one program; whatever lies open stays open behind the lock."""

    def __init__(
        self,
        app: App[Any],
        desk: Desk,
        settle: Callable[[], Settings],
        clock: Callable[[], float] = read_idle_clock,
    ) -> None:
        self._app = app
        self._desk = desk
        self._settle = settle
        self._clock = clock
        self._stirred = clock()
        self._by_password = False
        self._came: Member | None = None
        """Whoever works here, as the staff had him when he came."""
        self._over: SignOnScreen | None = None
        self._former = NOBODY
        """Who worked here when the screen was covered."""
        self._then: Callable[[], object] | None = None

    @property
    def sign_on(self) -> SignOn:
        """The way to sign on. Raises SettingsUnfit."""
        from assistant.people.signing import SignOn
        from assistant.stamps import make_id

        return SignOn(self._desk.store, self._settle().sign_on, self._desk.clock, make_id)

    def identify(self, number: str, password: str, then: Callable[[str], object]) -> None:
        """Go on with `then`, given the number, once that is who it is; whoever has a password for one use replaces it
        first. Raises what `SignOn.sign_on` does, and SettingsUnfit."""
        sign_on = self.sign_on
        if not sign_on.sign_on(number, password).must_replace:
            then(number)
            return
        from ui.screens.new_password import NewPasswordScreen

        def go_on(replaced: bool | None) -> None:
            if replaced:
                then(number)

        self._app.push_screen(NewPasswordScreen(lambda word: sign_on.set_password(number, word)), go_on)

    def change_password(self, then: Callable[[bool | None], None]) -> None:
        """Let whoever works here set another password of his own, and go on with `then`, given whether it was set; one
        that there is already has to be typed first.

        Raises NotNamed where nobody is named yet, and what `sign_on` does.
        """
        from assistant.people.refusals import NotNamed
        from ui.screens.new_password import FirstPasswordScreen, OtherPasswordScreen

        sign_on, member = self.sign_on, self._desk.member
        if member is None:
            raise NotNamed
        number = member.number

        def replace(present: str, word: str) -> None:
            sign_on.sign_on(number, present)
            sign_on.set_password(number, word)

        if member.password is None:
            self._app.push_screen(FirstPasswordScreen(lambda word: sign_on.set_password(number, word)), then)
        else:
            self._app.push_screen(OtherPasswordScreen(replace), then)

    @property
    def covered(self) -> bool:
        """Whether somebody has to sign on before anything else."""
        return self._over is not None

    def begin(self, then: Callable[[], object]) -> None:
        """Go on with `then` when somebody is there whom the operating system knows, or has signed on."""
        if self._desk.actor:
            self._came = self._desk.member
            then()
        else:
            self._then = then
            self._cover()
        self._app.set_interval(LOOK_SECONDS, self._look)

    def stir(self) -> None:
        """Somebody pressed a key or clicked; one that comes after too long a pause finds the screen locked."""
        self._look()
        self._stirred = self._clock()

    def _look(self) -> None:
        if self._has_ended():
            self._end()
        idle = self._clock() - self._stirred
        # Nothing is read before the shortest time that can be set is over.
        if idle >= MINUTE_SECONDS and idle >= self._find_patience() and self.may_lock():
            self.lock()

    def _has_ended(self) -> bool:
        """Tell whether whoever works here was suspended, or came by a login that is his no longer."""
        if self._came is None or not self._desk.actor:
            return False
        with suppress(Trouble):
            member = self._desk.member
            return member is None or not member.active or not (self._by_password or member.login == self._came.login)
        return False

    def _end(self) -> None:
        """Let nobody work here until somebody signs on; what was open stays for whoever it was."""
        former = self._desk.actor
        self._desk.leave_to_nobody()
        if self._over is not None:
            self._over.end()
        else:
            self._cover(former, ended=True)

    def _find_patience(self) -> int:
        try:
            minutes = self._settle().sign_on.idle_minutes
        except Trouble:
            minutes = USUAL_IDLE_MINUTES
        return minutes * MINUTE_SECONDS

    def may_lock(self) -> bool:
        """Tell whether whoever works here could unlock the screen again: by a password."""
        try:
            member = self._desk.member
        except Trouble:
            return self._by_password
        return member is not None and (self._by_password or member.password is not None)

    def may_change(self) -> bool:
        """Tell whether there is anybody who could take the place."""
        return bool(self._desk.store.roster.members)

    def lock(self) -> None:
        """Cover everything until somebody signs on; what was open stays as it is."""
        if self._over is None:
            self._cover(self._desk.actor)
        else:
            self._over.hold()

    def change(self) -> None:
        """Let a colleague sign on now; whoever is there may call it off."""
        if self._over is None:
            self._cover(self._desk.actor, free=True)

    def _cover(self, former: str = "", *, free: bool = False, ended: bool = False) -> None:
        from ui.screens.sign_on import SignOnScreen

        # What was told before must not be read by whoever comes by.
        self._app.clear_notifications()
        self._former = former
        self._over = SignOnScreen(self, former, free=free, ended=ended)
        self._app.push_screen(self._over)

    def call_off(self) -> None:
        """Uncover what lies below, for whoever worked there."""
        if self._over is not None:
            self._over.dismiss()
            self._over = None
        self._stirred = self._clock()

    def admit(self, number: str) -> None:
        """Let whoever signed on work here, where the one before him stood; a case that he may not read is left, and so
        is what another had not saved, or was being asked.

        Raises NotOnStaff and Suspended.
        """
        former = self._former
        self._desk.change_to(number)
        self._by_password, self._came = True, self._desk.member
        other = former not in (NOBODY, number)
        stays = not other or self._show_anew()
        self.call_off()
        if not stays:
            self._go_home()
        elif other:
            self._leave_unsaved()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _show_anew(self) -> bool:
        """Read what is open as whoever came may see it, which is recorded of a case; tell whether he may at all."""
        try:
            for visit in self._list_visits():
                visit.sheet = self._desk.resume(visit.case_id)
            for screen in self._app.screen_stack:
                if isinstance(screen, Page):
                    screen.look_anew()
        except Trouble:
            return False
        return True

    def _list_visits(self) -> Iterator[Visit]:
        visits = (getattr(screen, "visit", None) for screen in self._app.screen_stack)
        yield from {id(visit): visit for visit in visits if isinstance(visit, Visit)}.values()

    def _leave_unsaved(self) -> None:
        """Leave every page and panel that holds what is not saved, and what lies over it: it was another's."""
        while any(map(_is_personal, self._app.screen_stack)):
            self._app.pop_screen()

    def _go_home(self) -> None:
        from ui.screens.home import HomeScreen

        while len(self._app.screen_stack) > 1 and not isinstance(self._app.screen, HomeScreen):
            self._app.pop_screen()


def _is_personal(screen: Screen[Any]) -> bool:
    return isinstance(screen, Popup) or (isinstance(screen, Page) and (screen.PERSONAL or screen.is_unsaved()))

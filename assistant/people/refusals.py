"""What somebody may not do, or not alone; nothing was written."""

from __future__ import annotations

from typing import ClassVar

from rules.errors import Trouble
from rules.language import Catalogue


class NotPermitted(Trouble):
    """The one who asks may not do this; nothing was written."""

    catalogue: ClassVar[Catalogue] = Catalogue("assistant.people")
    exit_status: ClassVar[int] = 5


class NotAllowed(NotPermitted):
    """The role does not allow this move on a case in this state."""

    code = "not_allowed"


class NotOwn(NotAllowed):
    """The role allows this move only on a case that the person opened."""

    code = "not_own"


class NoHand(NotAllowed):
    """The role allows this move only on a case in which the person had a hand."""

    code = "no_hand"


class NotOnStaff(NotPermitted):
    """Nobody of that staff number works here."""

    code = "not_on_staff"


class Suspended(NotPermitted):
    """The staff number is suspended."""

    code = "suspended"


class NotNamed(NotPermitted):
    """No outlet manager is named in this file yet."""

    code = "not_named"


class TakesTwo(NotPermitted):
    """A change that one asks for and another approves was to be made by one alone."""

    code = "takes_two"


class SamePerson(NotPermitted):
    """Who asked cannot approve."""

    code = "same_person"


class NotThisRequest(NotPermitted):
    """What was to be done is not what was approved."""

    code = "not_this_request"


class RequestSettled(NotPermitted):
    """The request was approved, declined or withdrawn already."""

    code = "request_settled"


class RequestUnknown(NotPermitted):
    """There is no request of that number."""

    code = "request_unknown"


class NoEmergency(NotPermitted):
    """For this there is no way around the second person."""

    code = "no_emergency"


class FaultUnexplained(NotPermitted):
    """Who finds that an emergency was wrong has to say why."""

    code = "fault_unexplained"
    exit_status = 2


class SecondFirst(NotPermitted):
    """The second person to be named must be one who may approve, or nothing could ever be approved."""

    code = "second_first"


class StaffUnfit(NotPermitted):
    """A change of staff that does not fit what is there: `said` is a Text with what is wrong."""

    code = "staff_unfit"
    exit_status = 2

    def __init__(self, kind: str, **details: object) -> None:
        super().__init__(said=self.catalogue.text(f"unfit.{kind}"), **details)


class ColleagueUnfit(NotPermitted):
    """The colleague with whom a step was done must be another active person who may agree as the second one."""

    code = "colleague_unfit"
    exit_status = 2


class AskerGone(NotPermitted):
    """Who asked was suspended meanwhile, or may no longer ask for such a thing."""

    code = "asker_gone"


class TermRunning(NotPermitted):
    """The term for which the law or the settings ask is not over: `years` after its closing."""

    code = "term_running"


class NeedsAuthority(NotPermitted):
    """This move on this case takes a second person: `matter` says what for."""

    code = "needs_authority"


class SignOnNeeded(NotPermitted):
    """Nobody is signed on: this OS login is bound to no member of staff."""

    code = "sign_on_needed"


class SignOnRefused(NotPermitted):
    """Staff number or password are wrong; which of them is not said."""

    code = "sign_on_refused"


class SignOnLocked(NotPermitted):
    """Too many failed attempts: the staff number is locked for `minutes` more."""

    code = "sign_on_locked"


class SignOnSlowed(NotPermitted):
    """After failed attempts the next one has to wait for `seconds`."""

    code = "sign_on_slowed"


class DoorUnfit(NotPermitted):
    """What the settings name in place of the passwords in the file, `directory`, cannot be used: `problem`."""

    code = "door_unfit"


class PasswordOutworn(NotPermitted):
    """The password was given out for one use and must be replaced by one's own first."""

    code = "password_outworn"


class RecordUnfit(NotPermitted):
    """What was to be recorded about staff, a request or an access has not the right form: `problem`."""

    code = "record_unfit"
    exit_status = 2

"""A time of day as a teller types it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rules.errors import BadInput
from ui.wording import SCREEN

_FORM: Final = re.compile(
    r"(?:(?P<month>\d{1,2})[-/.月]?(?P<day>\d{2})日?\s+)?(?P<hour>\d{1,2})[:.时]?(?P<minute>\d{2})分?"
)


class MomentUnreadable(BadInput):
    """A text that is not a time of day."""

    catalogue = SCREEN
    code = "moment_unreadable"


def read_moment(text: str, now: int, zone: str) -> int:
    """Return the time that `text` says, as UTC milliseconds: `14:05` (the last one before `now`), `1123 14:05`; an
    empty text is now. Raises MomentUnreadable."""
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        return now
    found = _FORM.fullmatch(said)
    if found is None:
        raise MomentUnreadable
    today = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    try:
        moment = today.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0)
        if found["month"]:
            moment = moment.replace(month=int(found["month"]), day=int(found["day"]))
            if moment > today:
                moment = moment.replace(year=moment.year - 1)
        elif moment > today:
            moment -= timedelta(days=1)
    except ValueError:
        raise MomentUnreadable from None
    return int(moment.timestamp()) * 1000

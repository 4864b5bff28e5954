"""A time that a step asks to write down: read as people type it, and kept so that it still says the same tomorrow."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ui.moments import MomentUnreadable

_DAYS: Final = {"前天": -2, "昨天": -1, "yesterday": -1, "今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2}
_FORM: Final = re.compile(
    rf"(?:(?P<day>{'|'.join(_DAYS)})\s*|(?P<month>\d{{1,2}})[-/.月]?(?P<date>\d{{2}})日?\s+)?"
    r"(?P<hour>\d{1,2})[:.时点]?(?P<minute>\d{2})分?"
)


def read_written_time(text: str, now: int, zone: str) -> str:
    """Return the time that `text` says as it is kept: `14:05`, or `11-23 14:05` where a day is named.

    Takes full width, `1405`, `14时05分`, and a day as a date or a word (`昨天 14:05`), which counts from `now` (UTC
    milliseconds) in `zone`. An empty text stays empty. Raises MomentUnreadable.
    """
    said = unicodedata.normalize("NFKC", text).strip().lower()
    if not said:
        return ""
    found = _FORM.fullmatch(said)
    if found is None:
        raise MomentUnreadable
    day = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    try:
        if found["month"]:
            # A leap day may be named in any year: whether it was this one, the record's own date tells.
            day = day.replace(year=2000, month=int(found["month"]), day=int(found["date"]))
        elif found["day"]:
            day += timedelta(days=_DAYS[found["day"]])
        moment = day.replace(hour=int(found["hour"]), minute=int(found["minute"]))
    except ValueError:
        raise MomentUnreadable from None
    return moment.strftime("%m-%d %H:%M" if found["month"] or found["day"] else "%H:%M")

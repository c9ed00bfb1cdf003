"""Film -> the day it was filmed on, as its own file says.

iPhones note the local time with its distance from UTC (com.apple.quicktime.creationdate), and that day is taken as it
stands. Everything else notes UTC (creation_time, ISO/IEC 14496-12): its day is the day it was here, in the time zone of
this computer with the daylight saving of that date. A clock that was never set tells a day before phones filmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from .files import opened

LOCAL, UTC = "com.apple.quicktime.creationdate", "creation_time"
FIRST = dt.date(2005, 1, 1)


def filmed_on(path: Path) -> dt.date | None:
    """Film -> its day; None where it says none, or one that cannot be. Raises: UnreadableClip."""
    with opened(path) as (container, stream):
        return told({**stream.metadata, **container.metadata}, dt.date.today())


def told(noted: Mapping[str, str], today: dt.date) -> dt.date | None:
    """What a file notes, the present day -> the day it was filmed on.

    >>> told({"creation_time": "1904-01-01T00:00:00Z"}, dt.date(2026, 11, 21)) is None
    True
    >>> told({LOCAL: "2026-11-21T00:30:00+0100", UTC: "2026-11-20T23:30:00Z"}, dt.date(2026, 11, 21))
    datetime.date(2026, 11, 21)
    """
    day = _day(noted.get(LOCAL, ""), here=False) or _day(noted.get(UTC, ""), here=True)
    return day if day is not None and FIRST <= day <= today + dt.timedelta(days=1) else None


def _day(text: str, here: bool) -> dt.date | None:
    """Time as noted -> its day: of the place it was noted at, or of this computer."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not here:
        return moment.date()
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone().date()
    except (OverflowError, OSError):
        return None

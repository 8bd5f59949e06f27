"""Reads times as an export writes them (RFC 3339): date, time of day and UTC offset, all three."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_EXAMPLE = "2025-06-18T14:05:00+08:00"


class TimeError(ValueError):
    """A text is not a usable time; the message says what to write."""


def read_time(text: str) -> datetime:
    """The moment a text means, with its UTC offset. Raises TimeError."""
    found = _FORM.fullmatch(text)
    if not found:
        raise TimeError(f"is not a time such as {_EXAMPLE}")
    year, month, day, hour, minute, second, fraction, zulu, sign, hours, minutes = found.groups()
    if not (zulu or sign):
        raise TimeError(f"has no UTC offset: write it as in {_EXAMPLE}, or with Z at its end if it is in UTC")
    if second is None:
        raise TimeError(f"has no seconds: write it as in {_EXAMPLE}")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    micro = int((fraction or "")[:6].ljust(6, "0"))
    try:
        moment = datetime(
            *(int(year), int(month), int(day), int(hour), int(minute), int(second), micro), tzinfo=timezone(offset)
        )
        moment.astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise TimeError(f"is not a time of the calendar and the clock, such as {_EXAMPLE}") from error
    return moment

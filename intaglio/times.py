"""Points in time as credentials write them.

Two spellings are read: the ``dateTimeStamp`` of XML Schema 1.1 (section 3.4.28), which VC Data Model 2.0 and Data Integrity
ask for and which always names its offset, and the looser ``dateTime`` of credentials of version 1.1, where no offset means UTC.
"""

import re
from datetime import UTC, datetime, timedelta

from intaglio.errors import MalformedInput

_DATE_TIME = re.compile(
    r"(-?\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?\Z", re.ASCII
)
_MAX_LENGTH = 64


def parse_time(text: object, *, pointer: str | None = None, offset_required: bool = True) -> datetime:
    """Read one point in time; the result is aware, in UTC, exact to the microsecond.

    :raises MalformedInput: ``bad-time`` for anything else, also for days that no calendar has.
    """
    match = _DATE_TIME.match(text) if isinstance(text, str) and len(text) <= _MAX_LENGTH else None
    if match is None or (offset_required and match[8] is None):
        raise MalformedInput("bad-time", f"{_show(text)} is not of the form 2026-06-30T12:00:00Z.", pointer=pointer)
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    fraction = int(match[7][1:7].ljust(6, "0")) if match[7] else 0
    midnight_ahead = (hour, minute, second, fraction) == (24, 0, 0, 0)  # XML Schema allows 24:00:00
    try:
        local = datetime(year, month, day, 0 if midnight_ahead else hour, minute, second, fraction, UTC)
        return local + timedelta(days=midnight_ahead) - _offset(match[8])
    except (ValueError, OverflowError):
        raise MalformedInput("bad-time", f"{_show(text)} is no day of the calendar.", pointer=pointer) from None


def format_time(moment: datetime) -> str:
    """Write an aware time as ``2026-06-30T12:00:00Z``, cut to whole seconds."""
    # Not strftime: its %Y leaves out the leading zeros of a year before 1000, which a token's `nbf` can name.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _offset(text: str | None) -> timedelta:
    if text is None or text == "Z":
        return timedelta()
    size = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return size if text[0] == "+" else -size


def _show(value: object) -> str:
    return f"“{value[:_MAX_LENGTH]}”" if isinstance(value, str) else "A value that is not a text"

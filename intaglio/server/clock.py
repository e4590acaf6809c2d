"""The present, asked for in one place, so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)


class HasZone(Protocol):
    """What knows the time zone of a service: its settings."""

    @property
    def time_zone(self) -> str:
        """Its name, such as ``America/Denver``."""
        ...


def local_day(where: HasZone, now: datetime) -> date:
    """Return the day that it is where the service is at home: birthdays and the last day of school are days of that place."""
    return now.astimezone(ZoneInfo(where.time_zone)).date()


def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock()


Now = Annotated[datetime, Depends(_now)]
"""The one reference time of a request."""

"""The times of a store as pages show them: by day, by the clock on its wall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from apps.scheduling.api import Slot, on_wall


@dataclass(frozen=True, kw_only=True)
class Time:
    """One time of a day. ``at`` is the instant in seconds since 1970: addresses carry it."""

    at: int
    local: datetime
    is_free: bool


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day with its times."""

    day: date
    times: list[Time]
    free: int
    is_shown: bool

    @property
    def code(self) -> str:
        """The day as addresses carry it."""
        return self.day.isoformat()


def by_day(slots: Iterable[Slot], *, zone: str, shown: str = "") -> list[Day]:
    """Group times by the store's days; ``shown`` (or the first with a free time) is the one whose times are listed."""
    times = [
        Time(at=int(slot.starts_at.timestamp()), local=on_wall(slot.starts_at, zone), is_free=slot.is_free)
        for slot in slots
    ]
    days = [(day, list(found)) for day, found in groupby(times, key=lambda time: time.local.date())]
    known = {day.isoformat() for day, _found in days}
    first = next((day.isoformat() for day, found in days if any(time.is_free for time in found)), "")
    chosen = shown if shown in known else first
    return [
        Day(day=day, times=found, free=sum(time.is_free for time in found), is_shown=day.isoformat() == chosen)
        for day, found in days
    ]


def read_instant(at: int) -> datetime | None:
    """Return the instant of an address; None for one outside of any calendar we keep."""
    if not 0 < at < 4102444800:  # the year 2100
        return None
    return datetime.fromtimestamp(0, tz=ZoneInfo("UTC")) + timedelta(seconds=at)

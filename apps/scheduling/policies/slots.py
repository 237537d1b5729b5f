"""Which slots a day has, by the clock on the store's wall, and which of them are free."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from apps.dealers.api import hours_on
from apps.scheduling.states import DayKind

Spans = tuple[tuple[str, str], ...]
# How many (hours, day, zone, length) are kept: a year of days for a handful of different weeks.
KEPT_GRIDS = 4096


class GridSlot(NamedTuple):
    """One slot of a day, whoever it is of. ``starts`` and ``ends`` are seconds since 1970, for quick comparisons."""

    starts: int
    ends: int
    starts_at: datetime
    ends_at: datetime


class Slot(NamedTuple):
    """One slot of one resource; instants in UTC, half-open."""

    resource_id: int
    starts_at: datetime
    ends_at: datetime
    is_free: bool


class Busy(NamedTuple):
    """What is taken of one lane of a resource: begins and ends in seconds since 1970, in order, not overlapping."""

    begins: list[int]
    ends: list[int]


def spans_on(
    day: date,
    *,
    week: Mapping[str, Sequence[Sequence[str]]],
    own_days: Mapping[date, Sequence[Sequence[str]]],
    store_days: Mapping[date, Sequence[Sequence[str]]],
    public_days: Mapping[date, str],
    keeps_holidays: bool,
) -> Spans:
    """
    Return the hours of one day: the resource's own exception, else the store's, else the public notice, else the week.

    A resource that keeps holidays rests on them, and on a working day that makes up for one it has Monday's hours.
    """
    for exceptions in (own_days, store_days):
        if day in exceptions:
            return _as_spans(exceptions[day])
    notice = public_days.get(day) if keeps_holidays else None
    if notice == DayKind.HOLIDAY:
        return ()
    if notice == DayKind.WORKDAY:
        return _as_spans(week.get("mon", []))
    return _as_spans(hours_on(week, day))


def to_instant(day: date, wall: time, zone: str) -> datetime | None:
    """Return the instant at which a wall's clock shows a time, in UTC; None if it shows it twice or never."""
    local = datetime.combine(day, wall, tzinfo=ZoneInfo(zone))
    return None if is_ambiguous(local) else local.astimezone(UTC)


def is_ambiguous(local: datetime) -> bool:
    """Whether a wall's clock shows this time twice or never: summer time begins or ends at this hour."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@lru_cache(maxsize=KEPT_GRIDS)
def day_grid(spans: Spans, day: date, zone: str, length: int, step: int) -> tuple[GridSlot, ...]:
    """
    Return the slots of a day: one every ``step`` minutes from each opening, ``length`` minutes long, over by closing.

    Steps follow the clock on the wall. What begins or ends at a time that comes twice or never is left out.
    """
    found = []
    for opens, closes in spans:
        begins, last = _minutes(opens), _minutes(closes)
        for minute in range(begins, last - length + 1, step):
            starts_at, ends_at = (to_instant(day, _wall(at), zone) for at in (minute, minute + length))
            # On the day the clocks change a slot across the hour would last longer or shorter than it says.
            if starts_at and ends_at and ends_at - starts_at == timedelta(minutes=length):
                found.append(GridSlot(int(starts_at.timestamp()), int(ends_at.timestamp()), starts_at, ends_at))
    return tuple(found)


def contains(spans: Spans, day: date, zone: str, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether an appointment lies within one opening of a day, by the clock on the wall."""
    begins, ends = (instant.astimezone(ZoneInfo(zone)) for instant in (starts_at, ends_at))
    if begins.date() != day or ends.date() != day:
        return False
    first, last = (at.strftime("%H:%M") for at in (begins, ends))
    return any(opens <= first and last <= closes for opens, closes in spans)


def busy_lanes(rows: Iterable[tuple[int, int, int]]) -> dict[int, Busy]:
    """Return what is taken by lane, from (lane, begins, ends) in any order."""
    lanes: dict[int, Busy] = {}
    for lane, begins, ends in sorted(rows):
        busy = lanes.setdefault(lane, Busy([], []))
        busy.begins.append(begins)
        busy.ends.append(ends)
    return lanes


def is_lane_free(busy: Busy, begins: int, ends: int) -> bool:
    """Whether nothing taken overlaps a half-open span; what is taken of a lane never overlaps itself."""
    after = bisect_right(busy.ends, begins)
    return after == len(busy.begins) or busy.begins[after] >= ends


def is_free(lanes: Mapping[int, Busy], capacity: int, begins: int, ends: int) -> bool:
    """Whether at least one of a resource's ``capacity`` lanes is free for a half-open span."""
    if len(lanes) < capacity:
        return True
    return any(is_lane_free(busy, begins, ends) for busy in lanes.values())


def _as_spans(spans: Sequence[Sequence[str]]) -> Spans:
    return tuple((opens, closes) for opens, closes in spans)


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _wall(minute: int) -> time:
    return time(*divmod(minute, 60))

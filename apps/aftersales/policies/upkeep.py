"""When the next service is due: by months or by kilometres, whichever comes first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from apps.aftersales import conf
from apps.aftersales.policies.dates import add_months


class Need(StrEnum):
    """How near the next service is."""

    LATER = "LATER"
    SOON = "SOON"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A service of a plan: due so many months or km after the hand-over."""

    step_id: int
    months: int
    km: int


@dataclass(frozen=True, kw_only=True)
class Done:
    """A service of a plan that was done: its day and its reading in km."""

    step_id: int
    day: date
    km: int


@dataclass(frozen=True, kw_only=True)
class Notice:
    """How many days before its day, or km before its reading, a service counts as due soon."""

    days: int
    km: int


@dataclass(frozen=True, kw_only=True)
class Life:
    """A car's life so far: the day of its hand-over, the km last read, and on which day (None: never read)."""

    in_service_on: date
    kilometres: int = 0
    read_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Due:
    """
    The next service: its day and its reading in km, whichever comes first, and how near it is.

    ``by_km`` is the day on which the car should reach that reading, where that is before ``day`` and can be told.
    """

    step_id: int
    day: date
    km: int
    by_km: date | None
    need: Need
    life: Life

    @property
    def on(self) -> date:
        """The day it is due, as far as we know."""
        return self.by_km or self.day

    @property
    def left_km(self) -> int:
        """How many km are left from the last reading on."""
        return max(self.km - self.life.kilometres, 0)


def next_due(
    steps: Sequence[Step], *, done: Collection[Done], life: Life, notice: Notice | None, today: date
) -> Due | None:
    """
    Return the first service of a plan that is not done; None when all are.

    A later step that is done covers the earlier ones, and what follows is counted from the day and the reading of that
    service. OVERDUE once the day has passed or the reading is beyond; SOON within the days or km of ``notice``.
    """
    ordered = sorted(steps, key=lambda step: (step.months, step.km))
    places = {step.step_id: index for index, step in enumerate(ordered)}
    served = [(places[one.step_id], one.day, one.km) for one in done if one.step_id in places]
    reached, since, km_then = max(served, default=(-1, life.in_service_on, 0))
    if reached + 1 >= len(ordered):
        return None
    step = ordered[reached + 1]
    months, km = step.months, step.km
    if reached >= 0:
        months, km = months - ordered[reached].months, km_then + max(km - ordered[reached].km, 0)
    day = add_months(since, months)
    by_km = day_of_reading(life, km=km, before=day)
    if today > day or life.kilometres > km:
        need = Need.OVERDUE
    elif notice and (today >= (by_km or day) - timedelta(days=notice.days) or life.kilometres >= km - notice.km):
        need = Need.SOON
    else:
        need = Need.LATER
    return Due(step_id=step.step_id, day=day, km=km, by_km=by_km, need=need, life=life)


def day_of_reading(life: Life, *, km: int, before: date) -> date | None:
    """
    Return the day on which a car reaches a reading, if it goes on as it did from its hand-over to the last reading.

    None if that is not ``before`` a day, or nothing was read conf.LEAST_DAYS after the hand-over or later.
    """
    if life.read_on is None or life.kilometres <= 0:
        return None
    days = (life.read_on - life.in_service_on).days
    if days < conf.LEAST_DAYS:
        return None
    ahead = -(-max(km - life.kilometres, 0) * days // life.kilometres)
    return life.read_on + timedelta(days=ahead) if ahead < (before - life.read_on).days else None


def round_up(minutes: int) -> int:
    """Return the minutes a bay is booked for: up to the next conf.GRID, at most conf.LONGEST_VISIT."""
    return min(-(-minutes // conf.GRID) * conf.GRID, conf.LONGEST_VISIT)

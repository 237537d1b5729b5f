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
class Due:
    """The next service: its day, its reading in km, and how near it is."""

    step_id: int
    day: date
    km: int
    need: Need


def next_due(
    steps: Sequence[Step], *, done: Collection[int], in_service_on: date, kilometres: int, today: date
) -> Due | None:
    """
    Return the first service of a plan that is not done; None when all are.

    ``done`` are ids of steps; a later step that is done covers the earlier ones. OVERDUE once the day has passed or
    the reading is beyond; SOON within conf.SOON_DAYS days or conf.SOON_KM km.
    """
    ordered = sorted(steps, key=lambda step: (step.months, step.km))
    reached = max((index for index, step in enumerate(ordered) if step.step_id in done), default=-1)
    if reached + 1 >= len(ordered):
        return None
    step = ordered[reached + 1]
    day = add_months(in_service_on, step.months)
    if today > day or kilometres > step.km:
        need = Need.OVERDUE
    elif today >= day - timedelta(days=conf.SOON_DAYS) or kilometres >= step.km - conf.SOON_KM:
        need = Need.SOON
    else:
        need = Need.LATER
    return Due(step_id=step.step_id, day=day, km=step.km, need=need)


def round_up(minutes: int) -> int:
    """Return the minutes a bay is booked for: up to the next conf.GRID, at most conf.LONGEST_VISIT."""
    return min(-(-minutes // conf.GRID) * conf.GRID, conf.LONGEST_VISIT)

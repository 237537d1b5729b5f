"""Whether a warranty still covers a car."""

from dataclasses import dataclass
from datetime import date, timedelta

from apps.aftersales.policies.dates import add_months


@dataclass(frozen=True, kw_only=True)
class Term:
    """A warranty: so many months, and km or None for any reading; from where it is known."""

    component: int
    months: int
    km: int | None
    source: str


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What a warranty means for one car on one day: its last day, its last reading, and whether it holds."""

    component: int
    until: date
    km: int | None
    is_running: bool
    source: str


def covers(term: Term, *, in_service_on: date, kilometres: int, today: date) -> Cover:
    """Return what a warranty means for a car; its last day and its last reading are included."""
    until = add_months(in_service_on, term.months) - timedelta(days=1)
    is_running = today <= until and (term.km is None or kilometres <= term.km)
    return Cover(component=term.component, until=until, km=term.km, is_running=is_running, source=term.source)

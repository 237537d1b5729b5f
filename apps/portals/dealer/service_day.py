"""The calendar of a workshop's day: one column for each bay, one row for each hour the workshop is busy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.aftersales.api import ServiceVisit, VisitStatus
from apps.scheduling.api import Resource, on_wall

USUAL_HOURS = (9, 18)


@dataclass(frozen=True, kw_only=True)
class BayRow:
    """One hour by the clock at the store: for each bay the visits that begin in it."""

    hour: str
    cells: list[list[tuple[ServiceVisit, datetime]]]


def lay_out(bays: Iterable[Resource], visits: Iterable[ServiceVisit], *, zone: str) -> list[BayRow]:
    """Lay the visits of a day out by hour and bay; nine to six, and longer where there are visits."""
    columns = list(bays)
    shown = [visit for visit in visits if visit.status != VisitStatus.CANCELLED]
    timed = [(visit, on_wall(visit.starts_at, zone)) for visit in shown]
    hours = [local.hour for _visit, local in timed]
    first, last = min([USUAL_HOURS[0], *hours]), max([USUAL_HOURS[1], *(hour + 1 for hour in hours)])
    return [
        BayRow(
            hour=f"{hour:02}:00",
            cells=[
                [(visit, local) for visit, local in timed if visit.booking.resource_id == bay.pk and local.hour == hour]
                for bay in columns
            ],
        )
        for hour in range(first, last)
    ]

"""The calendar of a store's handovers: one column for each area, one row for each hour the store is busy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.orders.api import HandoverAppointment
from apps.scheduling.api import Resource

USUAL_HOURS = (9, 18)


@dataclass(frozen=True, kw_only=True)
class AreaCell:
    """What an area does in an hour. ``local`` is when the hour begins, as the form to move an appointment takes it."""

    area_id: int
    local: str
    handovers: list[tuple[HandoverAppointment, datetime]]


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    """One hour by the clock at the store."""

    hour: str
    cells: list[AreaCell]


def lay_out(
    areas: Iterable[Resource], appointments: Iterable[HandoverAppointment], *, day: date, zone: str
) -> list[AreaRow]:
    """Lay the handovers of a day out by hour and area; nine to six, and longer where there are some."""
    wall = ZoneInfo(zone)
    columns = list(areas)
    shown = [one for one in appointments if one.booking.status != "CANCELLED"]
    timed = [(one, one.booking.starts_at.astimezone(wall).replace(tzinfo=None)) for one in shown]
    hours = [local.hour for _one, local in timed]
    first, last = min([USUAL_HOURS[0], *hours]), max([USUAL_HOURS[1], *(hour + 1 for hour in hours)])
    return [
        AreaRow(
            hour=f"{hour:02}:00",
            cells=[
                AreaCell(
                    area_id=area.pk,
                    local=f"{day.isoformat()}T{hour:02}:00",
                    handovers=[
                        (one, local)
                        for one, local in timed
                        if one.booking.resource_id == area.pk and local.hour == hour
                    ],
                )
                for area in columns
            ],
        )
        for hour in range(first, last)
    ]

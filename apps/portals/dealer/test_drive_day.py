"""The calendar of a day: one column for each demonstration car, one row for each hour the store is busy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from apps.scheduling.api import on_wall
from apps.testdrives.api import DemoCar, TestDrive, TestDriveStatus

USUAL_HOURS = (9, 18)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a car does in an hour."""

    drives: list[tuple[TestDrive, datetime]]
    car_id: int
    local: str  # when the hour begins, as the form to move a drive takes it


@dataclass(frozen=True, kw_only=True)
class Row:
    """One hour by the clock at the store."""

    hour: str
    cells: list[Cell]


def lay_out(cars: Iterable[DemoCar], drives: Iterable[TestDrive], *, day: date, zone: str) -> list[Row]:
    """Lay the drives of a day out by hour and car; nine to six, and longer where there are drives."""
    columns = list(cars)
    shown = [drive for drive in drives if drive.status != TestDriveStatus.CANCELLED]
    timed = [(drive, on_wall(drive.starts_at, zone)) for drive in shown]
    hours = [local.hour for _drive, local in timed]
    first, last = min([USUAL_HOURS[0], *hours]), max([USUAL_HOURS[1], *(hour + 1 for hour in hours)])
    return [
        Row(
            hour=f"{hour:02}:00",
            cells=[
                Cell(
                    car_id=car.pk,
                    local=f"{day.isoformat()}T{hour:02}:00",
                    drives=[
                        (drive, local) for drive, local in timed if drive.demo_car_id == car.pk and local.hour == hour
                    ],
                )
                for car in columns
            ],
        )
        for hour in range(first, last)
    ]

"""The calendar of a day of test drives: one column for each demonstration car."""

from collections.abc import Iterable

from django.urls import reverse

from apps.portals.dealer.store_day import Card, Column
from apps.testdrives.api import DemoCar, TestDrive, TestDriveStatus


def make_columns(cars: Iterable[DemoCar]) -> list[Column]:
    """Return a column for each car, with its number plate or the end of its VIN."""
    return [Column(pk=car.pk, name=car.trim.model.series.name, note=car.plate or f"…{car.vin[-6:]}") for car in cars]


def make_cards(drives: Iterable[TestDrive]) -> list[Card]:
    """Return a card for each drive that was not cancelled; those ahead can be moved."""
    return [
        Card(
            pk=drive.pk,
            column=drive.demo_car_id,
            starts_at=drive.starts_at,
            ends_at=drive.ends_at,
            title=drive.driver_name,
            is_person=True,
            state=drive.get_status_display(),
            tone=drive.status.lower(),
            url=reverse("dealer-test-drive", args=[drive.pk]),
            move_url=reverse("dealer-test-drive-act", args=[drive.pk, "move"]) if drive.is_ahead else "",
        )
        for drive in drives
        if drive.status != TestDriveStatus.CANCELLED
    ]

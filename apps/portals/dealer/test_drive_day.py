"""The calendar of a day of test drives: one column for each demonstration car."""

from django.urls import reverse

from apps.dealers.api import Store
from apps.portals.dealer.store_day import Card, Column, StoreDay
from apps.testdrives.api import DemoCar, TestDriveStatus, list_drives


def list_columns(store: Store) -> list[Column]:
    """Return a column for each demonstration car of a store, with its number plate or the end of its VIN."""
    cars = DemoCar.objects.filter(store=store).select_related("trim__model__series").order_by("trim_id", "pk")
    return [Column(pk=car.pk, name=car.trim.model.series.name, note=car.plate or f"…{car.vin[-6:]}") for car in cars]


def list_cards(organization_id: int, shown: StoreDay) -> list[Card]:
    """Return a card for each drive of a day that was not cancelled; those ahead can be moved."""
    drives = list_drives(organization_id, since=shown.begins, until=shown.ends, store_id=shown.store.pk)
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

"""Resources to book, for tests: a demonstration car in Pudong, open from nine to six, 45 minutes on the hour."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from apps.dealers.api import Store
from apps.scheduling.api import Booking, Resource, ResourceKind, add_resource
from tests.factories.dealers import make_dealer, make_store

numbers = count(1)


def make_resource(
    *, store: Store | None = None, kind: ResourceKind = ResourceKind.DEMO_CAR, code: str = "", **rules: Any
) -> Resource:
    """Something to book."""
    code = code or f"R-{next(numbers)}"
    return add_resource(
        kind=kind, store=store or make_store(), code=code, name_zh=f"试驾车 {code}", name_en=f"Car {code}", **rules
    )


def make_busy_stores(*, stores: int, cars: int, days: int, now: datetime) -> None:
    """Stores with so many cars each, from tomorrow on for so many days; a third of all slots are booked."""
    dealer = make_dealer()
    places = [make_store(dealer=dealer) for _ in range(stores)]
    begins = now.replace(hour=1) + timedelta(days=1)
    rows = []
    for number, car in enumerate(make_resource(store=store) for store in places for _ in range(cars)):
        for day in range(days):
            for hour in range(number % 3, 9, 3):
                starts_at = begins + timedelta(days=day, hours=hour)
                rows.append(
                    Booking(
                        organization_id=car.organization_id,
                        resource=car,
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(minutes=45),
                        period=(starts_at, starts_at + timedelta(minutes=60)),
                        purpose="test",
                        created_at=now,
                        changed_at=now,
                    )
                )
    Booking.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE scheduling_booking, scheduling_resource")

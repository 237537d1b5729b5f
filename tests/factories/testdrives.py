"""Demonstration cars and test drives, for tests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.inventory.api import Site, SiteKind
from apps.testdrives import api
from tests.factories.accounts import make_user, numbers
from tests.factories.catalog import make_trim
from tests.factories.dealers import make_store
from tests.factories.orders import make_site, make_vin

REGISTERED_AT = datetime(2026, 6, 1, tzinfo=UTC)
LICENCE = api.Licence(licence_class="C1", expires_on=date(2034, 1, 1), born_on=date(1990, 5, 1))


def make_driver(**fields: Any) -> User:
    """Somebody with a verified phone number."""
    return make_user(phone=f"139{next(numbers):08d}", **fields)


def make_demo_car(*, store: Store | None = None, trim: Trim | None = None, **rules: Any) -> api.DemoCar:
    """A demonstration car: 45 minutes on the hour while the store is open."""
    store = store or make_store()
    if not Site.objects.filter(store=store).exists():
        make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)
    return api.register_demo_car(vin=make_vin(), trim=trim or make_trim(), store=store, now=REGISTERED_AT, **rules)


def next_slot(car: api.DemoCar, *, now: datetime) -> datetime:
    """The first free slot of a car from the day after tomorrow on."""
    day = (now + timedelta(days=2)).date()
    slots = api.list_slots(product_id=car.trim.product_id, store_id=car.store_id, first_day=day, days=3, now=now)
    return next(slot.starts_at for slot in slots if slot.is_free and slot.resource_id == car.resource_id)


def book_drive(store: Store, *, member: User, now: datetime) -> api.TestDrive:
    """A test drive at a store, on a car of its own."""
    if not member.phone:
        member.set_phone(f"137{next(numbers):08d}", verified=True)
        member.save()
    car = make_demo_car(store=store)
    return api.book_test_drive(
        product_id=car.trim.product_id,
        store_id=store.pk,
        starts_at=next_slot(car, now=now),
        licence=LICENCE,
        agrees=True,
        member=member,
        now=now,
    )

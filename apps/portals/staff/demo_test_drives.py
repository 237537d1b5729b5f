"""Demonstration cars of the demo's stores, and a few drives of its two consumers, written by the services pages use."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.inventory.api import Unit, UnitStatus
from apps.testdrives.api import (
    DemoCar,
    Licence,
    Outcome,
    TestDrive,
    answer_survey,
    book_test_drive,
    check_in,
    complete_test_drive,
    confirm_test_drive,
    list_slots,
    register_demo_car,
)

STORE, CLERK = "ST-SHANGHAI-PUDONG", "clerk@demo.example"
CONSUMERS = ("consumer@demo.example", "consumer2@demo.example")
LICENCE = Licence(licence_class="C1", expires_on=date(2035, 6, 30))


def load_test_drives(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``demo_cars.json``, and drives behind and ahead once; returns how many demonstration cars there are."""
    stores = {store.code: store for store in Store.objects.select_related("dealer")}
    trims = {trim.code: trim for trim in Trim.objects.select_related("model__series", "product__info")}
    units = Unit.objects.filter(status=UnitStatus.DEMO).values("vin")
    known = set(DemoCar.objects.filter(vin__in=units).values_list("vin", flat=True))
    for row in data["demo_cars"]:
        if row["vin"] not in known:
            register_demo_car(vin=row["vin"], trim=trims[row["trim"]], store=stores[row["store"]], now=now)
    people = {user.email: user for user in User.objects.filter(email__in=(*CONSUMERS, CLERK))}
    if len(people) == 3 and not TestDrive.objects.exists():
        _drive_some(people, now=now)
    return len(data["demo_cars"])


def _drive_some(people: Mapping[str, User], *, now: datetime) -> None:
    """One drive that took place, one the store expects, and one that waits for its answer."""
    one, other, clerk = (people[email] for email in (*CONSUMERS, CLERK))
    cars = list(DemoCar.objects.filter(store__code=STORE).select_related("trim", "store__dealer").order_by("pk")[:3])
    driven = _book(cars[0], member=one, day=2, now=now - timedelta(days=5))
    at = driven.starts_at
    keys = {"test_drive_id": driven.pk, "organization_id": driven.organization_id, "by": clerk}
    confirm_test_drive(**keys, now=at - timedelta(days=1))
    check_in(**keys, kilometres_out=3120, route="世纪大道—滨江大道—世纪大道", now=at)
    back = at + timedelta(minutes=40)
    complete_test_drive(**keys, outcome=Outcome.THINKING, kilometres_in=3136, note="关注续航与充电", now=back)
    answer_survey(reference=driven.reference, stars=5, comment="安静，转向很准。", member=one, now=back)
    expected = _book(cars[1], member=other, day=1, now=now)
    confirm_test_drive(test_drive_id=expected.pk, organization_id=expected.organization_id, by=clerk, now=now)
    _book(cars[2], member=one, day=2, now=now)


def _book(car: DemoCar, *, member: User, day: int, now: datetime) -> TestDrive:
    """Book the first free slot of a car from so many days after ``now`` on."""
    first_day = (now + timedelta(days=day)).date()
    slots = list_slots(product_id=car.trim.product_id, store_id=car.store_id, first_day=first_day, days=3, now=now)
    starts_at = next(slot.starts_at for slot in slots if slot.is_free and slot.resource_id == car.resource_id)
    return book_test_drive(
        product_id=car.trim.product_id,
        store_id=car.store_id,
        starts_at=starts_at,
        resource_id=car.resource_id,
        licence=LICENCE,
        agrees=True,
        member=member,
        language=member.language,
        now=now,
    )

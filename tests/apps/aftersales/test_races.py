"""Ten redeem a package of five services at once, two desks drop visits on one bay: without the guards it goes wrong."""

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from apps.aftersales import api
from apps.aftersales.models import Entitlement, Ownership, Redemption
from apps.aftersales.services import entitlements
from apps.kernel.api import Money, OutboxEvent
from apps.scheduling.api import Booking
from tests.factories.accounts import make_user
from tests.factories.aftersales import (
    book_visit,
    make_entitlement,
    make_item,
    make_owner,
    make_vehicle,
    make_workshop,
    next_time,
)
from tests.factories.dealers import make_store
from tests.races import race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]
CROWD, SERVICES = 10, 5


@pytest.fixture
def redeem_all(transactional_db, now):
    """Ten stores of one dealer each redeem the package, at once."""
    store = make_store()
    make_workshop(store)
    owner = make_owner()
    vehicle = make_vehicle(owner=owner, now=now)
    package = make_entitlement(holder=owner, vehicle=vehicle, count=SERVICES, now=now)
    line = package.lines.get()

    def redeem(cause):
        return lambda: bool(api.redeem(line_id=line.pk, vehicle=vehicle, store=store, cause=cause, by=None, now=now))

    return lambda causes: Counter(race(*map(redeem, causes)))


def test_of_ten_at_once_five_redeem(redeem_all):
    results = redeem_all([f"work:{number}" for number in range(CROWD)])

    assert results == {True: SERVICES, "entitlement_used_up": CROWD - SERVICES}
    rows = list(Redemption.objects.order_by("number").values_list("number", "value"))
    assert [number for number, _value in rows] == [1, 2, 3, 4, 5]
    assert sum(value for _number, value in rows) == 1000


def test_the_same_work_redeems_once(redeem_all):
    assert redeem_all(["work:1"] * CROWD) == {True: CROWD}
    assert Redemption.objects.count() == 1


@contextmanager
def without_guards(monkeypatch):
    """Take the row lock away, and the constraints that would catch who slips through."""
    meeting = threading.Barrier(CROWD)

    def read_only(entitlement_id):
        found = Entitlement.objects.select_related("product__info").get(pk=entitlement_id)
        meeting.wait(timeout=60)
        return found

    def price_together(entitlement):
        """All of them have counted when the first of them writes."""
        meeting.wait(timeout=60)
        return Money.of("200.00")

    monkeypatch.setattr(entitlements, "lock_entitlement", read_only)
    monkeypatch.setattr(entitlements, "_worth_next", price_together)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE aftersales_redemption DROP CONSTRAINT aftersales_redeemed_once")
    yield


def test_control_without_lock_and_constraint_more_are_redeemed(redeem_all, monkeypatch):
    with without_guards(monkeypatch):
        redeem_all([f"work:{number}" for number in range(CROWD)])

    assert Redemption.objects.count() == CROWD


def test_two_visits_do_not_hold_the_last_service_twice(transactional_db, now):
    store = make_store()
    make_workshop(store, bays=2)
    owner = make_owner()
    vehicle = make_vehicle(owner=owner, now=now)
    line = make_entitlement(holder=owner, vehicle=vehicle, count=1, now=now).lines.get()
    item = make_item()
    begins = next_time(store, now=now)

    def book(starts_at):
        wish = api.Wish(code=item.code, entitlement_line_id=line.pk)
        keys = {"vehicle_id": vehicle.pk, "store_id": store.pk, "services": [wish], "by": owner, "now": now}
        return lambda: bool(api.book_service(**keys, starts_at=starts_at))

    assert Counter(race(book(begins), book(begins + timedelta(hours=1)))) == {True: 1, "entitlement_used_up": 1}
    assert api.ServiceVisit.objects.count() == 1


def test_an_owner_is_verified_once(transactional_db, now):
    """Two people claim one car, and two stores see papers for it at the same moment."""
    vehicle = make_vehicle(now=now)
    works = []
    for _ in range(2):
        person = make_owner()
        api.claim_vehicle(vin=vehicle.vin, by=person, now=now)
        store = make_store()
        visit = book_visit(store, member=person, vehicle=vehicle, now=now)
        keys = {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": make_user(), "now": now}
        api.check_in(**keys, kilometres=12_000)
        works.append(lambda keys=keys: bool(api.verify_owner(**keys)))

    assert Counter(race(*works)) == {True: 1, "vehicle_has_owner": 1}
    assert Ownership.objects.filter(vehicle=vehicle, is_verified=True).count() == 1


@pytest.fixture
def two_desks(transactional_db, now):
    """Two visits, each in a bay of its own, and two desks that drop both on a third bay at one hour."""
    store = make_store()
    first, second, free = make_workshop(store, bays=3)
    begins = next_time(store, now=now)
    visits = [book_visit(store, member=make_owner(), starts_at=begins, now=now) for _ in range(2)]
    assert {visit.booking.resource_id for visit in visits} == {first.pk, second.pk}

    def drop(visit):
        keys = {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": make_user(), "now": now}
        at = begins + timedelta(hours=2)
        return lambda: bool(api.move_visit(**keys, starts_at=at, bay_id=free.pk))

    return visits, free, lambda: race(*map(drop, visits))


def lying(visit):
    """Where and when a visit lies now, and how often it was moved."""
    return Booking.objects.values_list("resource_id", "starts_at", "times_moved").get(pk=visit.booking_id)


def test_of_two_visits_dropped_on_one_bay_and_hour_one_lies_there(two_desks, now):
    visits, free, drop_both = two_desks
    before = {visit.pk: lying(visit) for visit in visits}

    results = drop_both()

    assert Counter(results) == {True: 1, "slot_taken": 1}
    moved, left = visits if results[0] is True else reversed(visits)
    assert lying(moved) == (free.pk, before[moved.pk][1] + timedelta(hours=2), 1)
    assert lying(left) == before[left.pk]
    told = OutboxEvent.objects.filter(name__in=("scheduling.booking_moved.v1", "aftersales.service_moved.v1"))
    assert Counter(told.values_list("name", flat=True)) == dict.fromkeys(
        ("scheduling.booking_moved.v1", "aftersales.service_moved.v1"), 1
    )


def test_control_without_the_constraint_both_lie_there(two_desks):
    visits, free, drop_both = two_desks
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scheduling_booking DROP CONSTRAINT scheduling_no_overlap_per_resource")

    assert drop_both() == [True, True]
    assert {lying(visit)[0] for visit in visits} == {free.pk}

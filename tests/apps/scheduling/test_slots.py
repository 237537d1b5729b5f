"""Which slots are offered; and the figure: 60 stores, 14 days, 4 cars each, in a few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.dealers.api import StoreDay
from apps.scheduling import api
from tests.factories.scheduling import make_busy_stores, make_resource

TOMORROW = date(2026, 6, 11)
STORES, DAYS, CARS = 60, 14, 4


def slots(car, now, **changes):
    values = {"resources": [car], "first_day": TOMORROW, "days": 1, "now": now}
    return api.find_slots(**{**values, **changes})[car.pk]


def test_a_day_has_a_slot_each_hour(car, now):
    found = slots(car, now)

    assert [slot.starts_at.hour + 8 for slot in found] == list(range(9, 18))
    assert all(slot.is_free and slot.ends_at - slot.starts_at == timedelta(minutes=45) for slot in found)


def test_a_booked_slot_is_shown_as_taken(car, now, book, ten):
    book(ten)

    assert [slot.is_free for slot in slots(car, now)] == [True, False] + [True] * 7


def test_a_cancelled_booking_is_in_nobody_s_way(car, now, book, ten):
    api.cancel(booking_id=book(ten).pk, by=None, now=now)

    assert all(slot.is_free for slot in slots(car, now))


def test_what_is_too_near_or_too_far_is_not_offered_except_to_staff(car, now):
    today = {"first_day": date(2026, 6, 10)}
    assert [slot.starts_at.hour + 8 for slot in slots(car, now, **today)] == list(range(12, 18))
    assert [slot.starts_at.hour + 8 for slot in slots(car, now, **today, is_staff=True)] == list(range(10, 18))
    assert slots(car, now, first_day=date(2026, 7, 10))
    assert slots(car, now, first_day=date(2026, 7, 11)) == []


def test_the_store_s_special_day_and_the_car_s_own_exception_count(car, now):
    StoreDay.objects.create(store=car.store, day=TOMORROW, spans=[["09:00", "11:00"]])
    assert len(slots(car, now)) == 2

    house = car.organization_id
    api.set_exception(resource_id=car.pk, organization_id=house, day=TOMORROW, spans=[], reason="In the workshop")
    assert slots(car, now) == []


def test_interchangeable_cars_read_as_one_list(car, now, book, ten):
    other = make_resource(store=car.store)
    book(ten)
    found = api.find_slots(resources=[car, other], first_day=TOMORROW, days=1, now=now)
    merged = api.by_start([slot for one in found.values() for slot in one])

    assert len(merged) == 9
    assert all(slot.is_free for slot in merged)
    assert next(slot for slot in merged if slot.starts_at == ten).resource_id == other.pk


@pytest.mark.parametrize("days", [0, -1, 63])
def test_a_mistaken_number_of_days_is_a_bug(car, now, days):
    with pytest.raises(ValueError, match="days"):
        slots(car, now, days=days)


def test_sixty_stores_for_two_weeks_take_six_queries_at_most(db, now):
    make_busy_stores(stores=STORES, cars=CARS, days=DAYS, now=now)

    with CaptureQueriesContext(connection) as queries:
        cars = api.list_resources(kind=api.ResourceKind.DEMO_CAR)
        found = api.find_slots(resources=cars, first_day=TOMORROW, days=DAYS, now=now)

    assert len(queries) <= 6
    assert sum(len(slots) for slots in found.values()) == STORES * CARS * DAYS * 9
    assert sum(slot.is_free for slots in found.values() for slot in slots) == STORES * CARS * DAYS * 6

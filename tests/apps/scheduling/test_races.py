"""A hundred people at once want one slot. One gets it; with the constraint dropped they all do."""

from collections import Counter
from datetime import timedelta

import pytest

from apps.scheduling import api
from apps.scheduling.models import Booking
from tests.factories.accounts import make_user
from tests.factories.scheduling import make_resource
from tests.races import drop_constraint, race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]
CROWD = 100


@pytest.fixture
def car(transactional_db):
    return make_resource()


def booking(car, ten, now):
    return lambda: bool(api.book(resource_ids=[car.pk], starts_at=ten, purpose="test", now=now))


def test_of_a_hundred_at_once_one_books(car, ten, now):
    results = Counter(race(*([booking(car, ten, now)] * CROWD)))

    assert results == {True: 1, "slot_taken": CROWD - 1}
    assert Booking.objects.count() == 1


def test_control_without_the_constraint_they_all_do(car, ten, now):
    drop_constraint("scheduling_booking", "scheduling_no_overlap_per_resource")

    results = Counter(race(*([booking(car, ten, now)] * CROWD)))

    assert results == {True: CROWD}
    assert Booking.objects.count() == CROWD


def test_who_does_not_book_waits_and_the_first_is_offered(car, ten, now):
    people = [make_user() for _ in range(20)]

    def book_or_wait(person):
        keys = {"resource_ids": [car.pk], "starts_at": ten, "purpose": "test", "customer": person, "now": now}

        def work():
            try:
                return api.book(**keys).status
            except api.SlotTaken:
                return api.join_waitlist(**keys, ends_at=ten + timedelta(minutes=45)).status

        return work

    assert Counter(race(*map(book_or_wait, people))) == {"BOOKED": 1, "WAITING": 19}
    api.cancel(booking_id=Booking.objects.get().pk, by=None, now=now)
    assert Counter(api.WaitlistEntry.objects.values_list("status", flat=True)) == {"OFFERED": 1, "WAITING": 18}


def test_moves_into_one_slot_from_two_sides_end_well(car, ten, now):
    """Two bookings of two cars swap sides at once: locks are taken in order, so nobody waits in a circle."""
    other = make_resource(store=car.store)
    hour = timedelta(hours=1)
    first = api.book(resource_ids=[car.pk], starts_at=ten, purpose="test", now=now)
    second = api.book(resource_ids=[other.pk], starts_at=ten, purpose="test", now=now)

    def move(booking, resource):
        keys = {"booking_id": booking.pk, "starts_at": ten + hour, "resource_ids": [resource.pk], "by": None}
        return lambda: api.reschedule(**keys, now=now).resource_id

    assert sorted(race(move(first, other), move(second, car))) == sorted([car.pk, other.pk])


def test_an_offer_is_taken_once(car, ten, now):
    person = make_user()
    taken = api.book(resource_ids=[car.pk], starts_at=ten, purpose="test", now=now)
    entry = api.join_waitlist(
        resource_ids=[car.pk],
        starts_at=ten,
        ends_at=ten + timedelta(minutes=45),
        purpose="test",
        customer=person,
        now=now,
    )
    api.cancel(booking_id=taken.pk, by=None, now=now)

    results = race(*([lambda: bool(api.take_offer(entry_id=entry.pk, customer=person, now=now))] * 5))

    assert Counter(results) == {True: 1, "offer_over": 4}


@pytest.mark.parametrize(
    ("looked", "expected", "times_moved"),
    [(1, {True: 1, "moved_meanwhile": 1}, 2), (None, {True: 2}, 3)],
    ids=["as-it-lay", "control-wherever-it-lies"],
)
def test_of_two_who_move_what_both_saw_one_does(looked, expected, times_moved, car, ten, now, person):
    hour = timedelta(hours=1)
    booking = api.book(resource_ids=[car.pk], starts_at=ten, purpose="test", now=now)
    move = {"booking_id": booking.pk, "is_staff": True, "by": person, "now": now}
    api.reschedule(**move, starts_at=ten + hour)

    results = Counter(
        race(
            lambda: bool(api.reschedule(**move, starts_at=ten, times_moved=looked)),
            lambda: bool(api.reschedule(**move, starts_at=ten + 2 * hour, times_moved=looked)),
        )
    )

    booking.refresh_from_db()
    assert (results, booking.times_moved) == (expected, times_moved)

"""Who waits for a slot is offered it, in the order of asking, for half an hour."""

from datetime import timedelta

import pytest

from apps.scheduling import api
from tests.factories.accounts import make_user


@pytest.fixture
def wait(car, ten, now):
    def join(customer, **changes):
        values = {
            "resource_ids": [car.pk],
            "starts_at": ten,
            "ends_at": ten + timedelta(minutes=45),
            "purpose": "test",
            "customer": customer,
            "now": now,
        }
        return api.join_waitlist(**{**values, **changes})

    return join


def status(entry):
    entry.refresh_from_db()
    return entry.status


def test_the_first_in_line_is_offered_what_is_cancelled(book, wait, ten, now, person):
    booking = book(ten)
    first, second = wait(make_user()), wait(make_user())

    api.cancel(booking_id=booking.pk, by=person, now=now)

    assert (status(first), status(second)) == ("OFFERED", "WAITING")
    assert first.offered_until == now + timedelta(minutes=30)
    with pytest.raises(api.SlotTaken):
        book(ten)


def test_moving_away_frees_the_slot_for_the_next(book, wait, ten, now, person):
    booking = book(ten)
    entry = wait(make_user())

    api.reschedule(booking_id=booking.pk, starts_at=ten + timedelta(hours=3), by=person, now=now)

    assert status(entry) == "OFFERED"


def test_an_offer_is_taken(book, wait, ten, now, person):
    booking = book(ten)
    entry = wait(person)
    api.cancel(booking_id=booking.pk, by=None, now=now)

    taken = api.take_offer(entry_id=entry.pk, subject="test:9", customer=person, now=now)

    assert (taken.status, taken.subject, taken.customer_id) == ("BOOKED", "test:9", person.pk)
    assert status(entry) == "TAKEN"


def test_an_offer_that_runs_out_goes_to_the_next(book, wait, ten, now, person):
    booking = book(ten)
    first, second = wait(person), wait(make_user())
    api.cancel(booking_id=booking.pk, by=None, now=now)
    later = now + timedelta(minutes=30)

    with pytest.raises(api.OfferOver):
        api.take_offer(entry_id=first.pk, customer=person, now=later)
    api.expire_offers(now=later)

    assert (status(first), status(second)) == ("EXPIRED", "OFFERED")
    assert api.expire_offers(now=later) == 0


def test_a_declined_offer_goes_to_the_next(book, wait, ten, now, person):
    booking = book(ten)
    first, second = wait(person), wait(make_user())
    api.cancel(booking_id=booking.pk, by=None, now=now)

    api.leave_waitlist(entry_id=first.pk, customer=person, now=now)

    assert (status(first), status(second)) == ("DECLINED", "OFFERED")


def test_a_stale_offer_is_in_nobody_s_way(book, wait, ten, now, person):
    booking = book(ten)
    entry = wait(person)
    api.cancel(booking_id=booking.pk, by=None, now=now)

    assert book(ten, now=now + timedelta(minutes=31)).pk
    assert status(entry) == "EXPIRED"


def test_who_leaves_is_offered_nothing(book, wait, ten, now, person):
    booking = book(ten)
    entry = wait(person)
    api.leave_waitlist(entry_id=entry.pk, customer=person, now=now)

    api.cancel(booking_id=booking.pk, by=None, now=now)

    assert status(entry) == "LEFT"
    assert book(ten).pk


def test_nobody_waits_for_what_is_free(wait, person):
    with pytest.raises(api.SlotIsFree):
        wait(person)
    assert not api.WaitlistEntry.objects.exists()


def test_nobody_waits_twice(book, wait, ten, person):
    book(ten)
    wait(person)

    with pytest.raises(api.AlreadyWaiting):
        wait(person)


def test_a_stranger_s_place_is_not_found(book, wait, ten, now, person):
    book(ten)
    entry = wait(make_user())

    with pytest.raises(api.BookingNotFound):
        api.leave_waitlist(entry_id=entry.pk, customer=person, now=now)
    assert status(entry) == "WAITING"


def test_waiting_ends_when_the_time_has_come(book, wait, ten, person):
    book(ten)
    entry = wait(person)

    api.expire_offers(now=ten)

    assert status(entry) == "EXPIRED"

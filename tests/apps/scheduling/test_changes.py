"""Moving, cancelling, finishing, reminding."""

from datetime import timedelta

import pytest

from apps.kernel.api import MoveNotAllowed, OutboxEvent
from apps.scheduling import api
from tests.factories.scheduling import make_resource

HOUR = timedelta(hours=1)
TITLE = "试驾；青岚, 第 1 次" * 6


def names():
    told = OutboxEvent.objects.filter(name__startswith="scheduling.")
    return list(told.order_by("pk").values_list("name", flat=True))


def test_a_booking_moves_to_another_time(book, ten, now, person):
    booking = book(ten)

    moved = api.reschedule(booking_id=booking.pk, starts_at=ten + 2 * HOUR, by=person, now=now)

    assert (moved.pk, moved.starts_at, moved.times_moved) == (booking.pk, ten + 2 * HOUR, 1)
    assert names()[-1] == "scheduling.booking_moved.v1"
    assert book(ten).pk


def test_it_may_move_into_a_time_that_overlaps_its_own(book, ten, now, person):
    booking = book(ten, length_minutes=105)

    moved = api.reschedule(booking_id=booking.pk, starts_at=ten + HOUR, by=person, now=now)

    assert moved.ends_at == ten + HOUR + timedelta(minutes=105)


def test_moving_into_a_taken_slot_changes_nothing(book, ten, now, person):
    booking, other = book(ten), book(ten + HOUR)

    with pytest.raises(api.SlotTaken):
        api.reschedule(booking_id=booking.pk, starts_at=other.starts_at, by=person, now=now)

    booking.refresh_from_db()
    assert (booking.starts_at, booking.times_moved) == (ten, 0)
    assert names() == ["scheduling.booking_made.v1"] * 2


def test_it_moves_to_another_resource(book, car, ten, now, person):
    other = make_resource(store=car.store)
    booking = book(ten)

    moved = api.reschedule(booking_id=booking.pk, starts_at=ten, resource_ids=[other.pk], by=person, now=now)

    assert moved.resource_id == other.pk


@pytest.mark.parametrize("service", ["cancel", "reschedule"])
def test_customers_are_bound_by_the_rule_and_staff_are_not(book, ten, person, service):
    booking = book(ten)
    late = ten - timedelta(minutes=119)
    keys = {"booking_id": booking.pk, "by": person, "now": late}
    if service == "reschedule":
        keys["starts_at"] = ten + 4 * HOUR

    with pytest.raises(api.TooLateToChange):
        getattr(api, service)(**keys)
    booking.refresh_from_db()
    assert booking.status == api.BookingStatus.BOOKED

    getattr(api, service)(**keys, is_staff=True)


def test_cancelling_frees_the_slot(book, ten, now, person):
    booking = book(ten)

    api.cancel(booking_id=booking.pk, reason="Ill", by=person, now=now)

    assert book(ten).pk != booking.pk
    assert "scheduling.booking_cancelled.v1" in names()


@pytest.mark.parametrize("service", ["cancel", "finish", "mark_no_show"])
def test_what_is_over_stays_over(book, ten, now, person, service):
    booking = book(ten)
    api.cancel(booking_id=booking.pk, by=person, now=now)

    with pytest.raises(MoveNotAllowed):
        getattr(api, service)(booking_id=booking.pk, by=person, now=now)
    with pytest.raises(MoveNotAllowed):
        api.reschedule(booking_id=booking.pk, starts_at=ten + HOUR, by=person, now=now)


def test_a_missing_booking_is_not_found(db, now, person):
    with pytest.raises(api.BookingNotFound):
        api.cancel(booking_id=999_999, by=person, now=now)


def test_reminders_come_a_day_and_two_hours_before_each_once(book, ten, now):
    booking = book(ten + timedelta(days=2))
    due = lambda: names().count("scheduling.booking_due.v1")  # noqa: E731

    api.remind_due(now=now)
    assert due() == 0
    for at, told in ((timedelta(hours=24), 1), (timedelta(hours=23), 1), (2 * HOUR, 2), (HOUR, 2)):
        api.remind_due(now=booking.starts_at - at)
        assert due() == told


def test_nobody_is_reminded_of_what_was_cancelled(book, ten, now, person):
    booking = book(ten)
    api.cancel(booking_id=booking.pk, by=person, now=now)

    api.remind_due(now=ten - HOUR)
    assert "scheduling.booking_due.v1" not in names()


def test_a_feed_shows_what_its_person_hosts_and_an_old_address_is_dead(book, ten, now, person, car):
    booking = book(ten)
    book(ten + HOUR)
    api.assign_host(booking_id=booking.pk, host=person, now=now)
    old = api.make_feed(user=person, organization_id=car.organization_id, now=now)
    token = api.make_feed(user=person, organization_id=car.organization_id, now=now)

    assert [one.pk for one in api.list_feed(api.open_feed(token), since=now)] == [booking.pk]
    with pytest.raises(api.BookingNotFound):
        api.open_feed(old)


def test_a_calendar_file_is_folded_and_escaped(ten):
    event = api.Event(
        uid="1@x",
        starts_at=ten,
        ends_at=ten + HOUR,
        changed_at=ten,
        title="试驾；青岚, 第 1 次" * 6,
        place="a\nb",
        sequence=2,
    )
    text = api.write_calendar([event], name="Drives")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "DTSTART:20260611T020000Z" in text
    assert "\\, 第" in text.replace("\r\n ", "")
    assert "LOCATION:a\\nb" in text
    assert "SEQUENCE:2" in text

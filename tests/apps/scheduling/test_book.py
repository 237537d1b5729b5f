"""Booking a slot: what is written, what is refused, and that a refusal holds nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.kernel.api import DomainError, OutboxEvent
from apps.scheduling import api
from tests.factories.dealers import make_store
from tests.factories.scheduling import make_resource


def facts():
    return list(OutboxEvent.objects.filter(name__startswith="scheduling.").values_list("name", flat=True))


def refused(booking, code):
    with pytest.raises(DomainError) as refusal:
        booking()
    assert refusal.value.code == code
    assert facts() == []


def test_takes_the_slot_and_the_buffer_after_it(book, car, ten, person):
    booking = book(ten, customer=person, subject="test:1", title_zh="试驾", title_en="Drive")

    booking.refresh_from_db()
    assert (booking.starts_at, booking.ends_at) == (ten, ten + timedelta(minutes=45))
    assert (booking.period.lower, booking.period.upper) == (ten, ten + timedelta(minutes=60))
    assert booking.organization_id == car.store.dealer.organization_id
    assert facts() == ["scheduling.booking_made.v1"]


def test_slots_that_touch_do_not_overlap(book, ten):
    book(ten)
    book(ten + timedelta(hours=1))

    assert api.Booking.objects.count() == 2


def test_a_taken_slot_is_refused(book, ten):
    book(ten)
    OutboxEvent.objects.all().delete()

    refused(lambda: book(ten), "slot_taken")
    assert api.Booking.objects.count() == 1


def test_the_first_free_of_interchangeable_resources_is_taken(book, car, ten):
    other = make_resource(store=car.store)
    book(ten)

    assert book(ten, resource_ids=[car.pk, other.pk]).resource_id == other.pk
    with pytest.raises(api.SlotTaken):
        book(ten, resource_ids=[other.pk, car.pk])


def test_a_resource_out_of_service_that_day_leaves_the_others(book, car, ten):
    other = make_resource(store=car.store)
    house = car.organization_id
    api.set_exception(resource_id=car.pk, organization_id=house, day=ten.date(), spans=[], reason="Tyres")

    assert book(ten, resource_ids=[car.pk, other.pk]).resource_id == other.pk


def test_so_many_at_a_time_as_there_are_lanes(book, ten):
    area = make_resource(capacity=3)
    lanes = {book(ten, resource_ids=[area.pk]).lane for _ in range(3)}

    assert lanes == {0, 1, 2}
    with pytest.raises(api.SlotTaken):
        book(ten, resource_ids=[area.pk])


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-06-10T09:00+08:00", "slot_in_past"),
        ("2026-06-10T11:00+08:00", "notice_too_short"),
        ("2026-07-11T10:00+08:00", "too_far_ahead"),
        ("2026-06-11T08:00+08:00", "outside_hours"),
        ("2026-06-11T18:00+08:00", "outside_hours"),
        ("2026-06-11T17:30+08:00", "outside_hours"),
        ("2026-06-11T10:10+08:00", "slot_not_offered"),
    ],
)
def test_refuses_a_time_that_is_not_offered(book, at, code):
    refused(lambda: book(datetime.fromisoformat(at)), code)
    assert not api.Booking.objects.exists()


@pytest.mark.parametrize("at", ["2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00"])
def test_refuses_the_repeated_hour_when_clocks_change(book, at):
    """Open through the night in Berlin, where two o'clock comes twice."""
    store = make_store(time_zone="Europe/Berlin", opening_hours={"sun": [["00:00", "23:00"]]})
    bay = make_resource(store=store)
    now = datetime(2026, 10, 20, tzinfo=UTC)

    refused(
        lambda: book(datetime.fromisoformat(at), resource_ids=[bay.pk], now=now),
        "ambiguous_time",
    )
    assert not api.Booking.objects.exists()


def test_books_by_the_clock_on_the_wall_after_the_change(book):
    store = make_store(time_zone="Europe/Berlin", opening_hours={"sun": [["09:00", "18:00"]]})
    bay = make_resource(store=store)
    now = datetime(2026, 10, 20, tzinfo=UTC)

    booking = book(datetime.fromisoformat("2026-10-25T09:00+01:00"), resource_ids=[bay.pk], now=now)
    assert booking.starts_at == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_refuses_a_holiday_of_those_who_keep_them(book):
    bay = make_resource(keeps_holidays=True, horizon_days=200)
    national_day = datetime.fromisoformat("2026-10-01T10:00+08:00")

    refused(lambda: book(national_day, resource_ids=[bay.pk]), "outside_hours")


@pytest.mark.parametrize("resource_ids", [[], [999_999_999], [-1], [2**70]])
def test_refuses_what_is_not_there(book, ten, resource_ids):
    refused(lambda: book(ten, resource_ids=resource_ids), "not_found")


def test_refuses_what_is_out_of_service(book, car, ten):
    api.Resource.objects.filter(pk=car.pk).update(is_active=False)

    refused(lambda: book(ten), "not_found")


def test_refuses_a_closed_store(book, car, ten):
    type(car.store).objects.filter(pk=car.store_id).update(is_open=False)

    refused(lambda: book(ten), "not_found")


def test_staff_book_at_short_notice_and_off_the_grid_but_not_outside_hours(book):
    soon = datetime.fromisoformat("2026-06-10T10:20+08:00")

    assert book(soon, is_staff=True).pk
    with pytest.raises(api.OutsideHours):
        book(datetime.fromisoformat("2026-06-10T20:00+08:00"), is_staff=True)
    with pytest.raises(api.SlotInPast):
        book(datetime.fromisoformat("2026-06-10T09:20+08:00"), is_staff=True)


def test_a_longer_appointment_takes_longer(book, ten):
    booking = book(ten, length_minutes=105)

    assert booking.ends_at == ten + timedelta(minutes=105)
    with pytest.raises(api.SlotTaken):
        book(ten + timedelta(hours=1))

"""Booking a test drive: what is kept, who may not drive, and that a refusal holds nothing."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.accounts.api import User
from apps.kernel.api import DomainError, MoveNotAllowed, OutboxEvent
from apps.scheduling.api import Booking, WaitlistEntry, cancel
from apps.testdrives import api
from tests.factories.accounts import make_user
from tests.factories.catalog import make_part, make_trim
from tests.factories.dealers import make_store
from tests.factories.testdrives import LICENCE, make_demo_car, make_driver

# 11 June 2026 is the day of the drive.
EIGHTEEN_THAT_DAY, A_DAY_LATE = date(2008, 6, 11), date(2008, 6, 12)


def test_keeps_the_slot_and_what_was_signed(book, driver, ten):
    drive = book()

    assert (drive.status, drive.starts_at, drive.member) == ("REQUESTED", ten, driver)
    assert drive.booking.subject == f"test_drive:{drive.reference}"
    agreement = drive.agreement
    assert agreement.version == "2026-01"
    assert agreement.signed_by == "王小明"
    assert agreement.text_digest == hashlib.sha256(agreement.text.encode()).hexdigest()
    assert OutboxEvent.objects.filter(name="testdrives.test_drive_requested.v1").count() == 1


def test_freezes_the_agreement_in_the_reader_s_language(book):
    assert book(language="en").agreement.text.startswith("I drive a Xingchi car")


def test_the_car_most_like_the_product_is_taken_first(book, car):
    wanted = make_trim(model=car.trim.model)
    exact = make_demo_car(store=car.store, trim=wanted)

    assert book(product_id=wanted.product_id).demo_car == exact
    assert book(product_id=wanted.product_id).demo_car == car


def test_one_car_may_be_named(book, car):
    other = make_demo_car(store=car.store, trim=make_trim(model=car.trim.model))

    assert book(resource_id=other.resource_id).demo_car == other


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agrees": False}, "agreement_required"),
        ({"licence": replace(LICENCE, licence_class="D")}, "licence_not_accepted"),
        ({"licence": replace(LICENCE, licence_class="")}, "licence_not_accepted"),
        ({"licence": replace(LICENCE, expires_on=date(2026, 6, 10))}, "licence_expired"),
        ({"licence": replace(LICENCE, born_on=A_DAY_LATE)}, "under_age"),
        ({"product_id": 999_999_999}, "not_found"),
        ({"product_id": 2**70}, "not_found"),
        ({"store_id": 999_999_999}, "unknown_store"),
        ({"resource_id": 999_999_999}, "no_demo_car"),
        ({"place": api.Place.HOME}, "address_required"),
    ],
)
def test_refuses_and_holds_nothing(book, changes, code):
    with pytest.raises(DomainError) as refusal:
        book(**changes)

    assert refusal.value.code == code
    assert not Booking.objects.exists()
    assert not api.TestDrive.objects.exists()


@pytest.mark.parametrize(
    "licence",
    [
        replace(LICENCE, licence_class="c1"),
        replace(LICENCE, licence_class="A2D"),
        replace(LICENCE, expires_on=date(2026, 6, 11)),
        replace(LICENCE, born_on=EIGHTEEN_THAT_DAY),
        replace(LICENCE, born_on=None),
    ],
)
def test_takes_whoever_may_drive_on_that_day(book, licence):
    assert book(licence=licence).pk


@pytest.mark.parametrize("day", [date(2022, 4, 1), date(2026, 6, 11), date(2099, 1, 1)])
def test_the_rule_runs_from_its_first_day(db, day):
    rule = api.get_rule(day)

    assert rule.min_age == 18
    assert {"C1", "C2"} <= set(rule.licence_classes)
    assert rule.source


def test_there_is_no_rule_before_its_first_day(db):
    with pytest.raises(DomainError):
        api.get_rule(date(2022, 3, 31))


def test_a_phone_number_that_is_not_verified_is_refused(book, driver):
    User.objects.filter(pk=driver.pk).update(is_phone_verified=False)

    with pytest.raises(api.PhoneNotVerified):
        book(member=User.objects.get(pk=driver.pk))
    with pytest.raises(api.PhoneNotVerified):
        book(member=make_user())
    assert not Booking.objects.exists()


def test_a_part_is_no_car_and_a_store_without_one_says_so(book):
    with pytest.raises(api.UnknownCar):
        book(product_id=make_part().pk)
    with pytest.raises(api.NoDemoCar):
        book(store_id=make_store().pk)


def test_a_taken_slot_is_refused(book):
    book()

    with pytest.raises(DomainError) as refusal:
        book(member=make_driver())
    assert refusal.value.code == "slot_taken"
    assert api.TestDrive.objects.count() == 1


def test_nobody_hoards_drives(book, ten, driver):
    for hour in range(5):
        book(starts_at=ten + timedelta(hours=hour))

    with pytest.raises(api.TooManyDrives):
        book(starts_at=ten + timedelta(hours=5))
    assert Booking.objects.count() == 5


def test_a_drive_at_home_takes_the_way_there_and_back(book):
    drive = book(place=api.Place.HOME, address="世纪大道 100 号")

    assert drive.ends_at - drive.starts_at == timedelta(minutes=api.HOME_MINUTES)
    assert drive.address == "世纪大道 100 号"


def test_one_s_own_drive_moves_and_is_confirmed_anew(book, keys, driver, ten, now):
    drive = book()
    api.confirm_test_drive(**keys(drive))

    moved = api.move_own_test_drive(
        reference=drive.reference, starts_at=ten + timedelta(hours=3), member=driver, now=now
    )

    assert (moved.status, moved.starts_at) == ("REQUESTED", ten + timedelta(hours=3))


def test_the_store_moves_it_without_asking_again(book, keys, ten):
    drive = book()
    api.confirm_test_drive(**keys(drive))

    moved = api.move_test_drive(**keys(drive), starts_at=ten + timedelta(hours=3, minutes=10))

    assert moved.status == "CONFIRMED"


def test_it_does_not_move_past_the_licence(book, driver, ten, now):
    drive = book(licence=replace(LICENCE, expires_on=date(2026, 6, 11)))

    with pytest.raises(api.LicenceExpired):
        api.move_own_test_drive(reference=drive.reference, starts_at=ten + timedelta(days=1), member=driver, now=now)
    drive.booking.refresh_from_db()
    assert drive.booking.starts_at == ten


def test_cancelling_frees_the_car(book, driver, now):
    drive = book()

    cancelled = api.cancel_own_test_drive(reference=drive.reference, reason="Ill", member=driver, now=now)

    assert (cancelled.status, cancelled.booking.status) == ("CANCELLED", "CANCELLED")
    assert book(member=make_driver()).pk


def test_too_late_to_cancel_changes_nothing(book, driver, ten):
    drive = book()

    with pytest.raises(DomainError) as refusal:
        api.cancel_own_test_drive(reference=drive.reference, member=driver, now=ten - timedelta(minutes=30))
    assert refusal.value.code == "too_late_to_change"
    drive.refresh_from_db()
    assert drive.status == "REQUESTED"


def test_a_stranger_finds_nothing(book, now):
    drive, stranger = book(), make_driver()

    for service in (api.cancel_own_test_drive,):
        with pytest.raises(api.TestDriveNotFound):
            service(reference=drive.reference, member=stranger, now=now)
    with pytest.raises(api.TestDriveNotFound):
        api.access_own_drive(member=stranger, test_drive_id=drive.pk)
    with pytest.raises(api.TestDriveNotFound):
        api.access_drive(test_drive_id=drive.pk, organization_id=0)


def test_what_is_over_is_not_cancelled(book, driver, now):
    drive = book()
    api.cancel_own_test_drive(reference=drive.reference, member=driver, now=now)

    with pytest.raises(MoveNotAllowed):
        api.cancel_own_test_drive(reference=drive.reference, member=driver, now=now)


def test_who_waited_takes_the_slot_that_is_held(book, car, driver, ten, now):
    drive, other = book(), make_driver()
    keys = {"product_id": car.trim.product_id, "store_id": car.store_id, "starts_at": ten}
    entry = api.wait_for_test_drive(**keys, member=other, now=now)
    api.cancel_own_test_drive(reference=drive.reference, member=driver, now=now)

    with pytest.raises(DomainError) as refusal:
        book(member=make_driver())
    assert refusal.value.code == "slot_taken"

    taken = book(member=other)
    entry.refresh_from_db()
    assert (entry.status, taken.booking_id) == ("TAKEN", entry.booking_id)


def test_control_a_slot_offered_to_another_is_not_taken(book, car, driver, ten, now):
    drive = book()
    api.wait_for_test_drive(
        product_id=car.trim.product_id, store_id=car.store_id, starts_at=ten, member=make_driver(), now=now
    )
    cancel(booking_id=drive.booking_id, by=driver, now=now)

    assert WaitlistEntry.objects.get().status == "OFFERED"
    with pytest.raises(DomainError):
        book(member=make_driver())

"""Book, move and cancel a test drive."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.dealers.api import Store, get_store
from apps.events.api import TestDriveChanged, TestDriveMoved, TestDriveRequested
from apps.kernel.api import MoveNotAllowed, attempts, outbox, random_letters
from apps.scheduling import api as scheduling
from apps.testdrives import conf, policies
from apps.testdrives.errors import (
    AddressRequired,
    AgreementRequired,
    LicenceExpired,
    LicenceNotAccepted,
    NoDemoCar,
    PhoneNotVerified,
    TooManyDrives,
    UnderAge,
)
from apps.testdrives.models import Agreement, DemoCar, TestDrive
from apps.testdrives.policies import Licence
from apps.testdrives.selectors.cars import cars_for, find_trim, get_agreement_text, get_rule, length_of
from apps.testdrives.selectors.drives import access_drive, access_own_drive, count_ahead
from apps.testdrives.states import TEST_DRIVE, Place, TestDriveStatus

LONGEST_ADDRESS = 200


@transaction.atomic
def book_test_drive(
    *,
    product_id: int,
    store_id: int,
    starts_at: datetime,
    resource_id: int | None = None,
    licence: Licence,
    agrees: bool,
    place: Place = Place.STORE,
    address: str = "",
    member: User,
    language: str = "zh-hans",
    now: datetime,
) -> TestDrive:
    """
    Book a demonstration car of a store for a slot, and keep what the driver agreed to.

    ``starts_at`` is an aware slot start, as listed by ``list_slots``; ``resource_id`` names one car, otherwise the one
    most like the product is taken that is free. Whoever was offered the slot by the waitlist gets the one held.

    :raises UnknownCar: if the product is no car on sale
    :raises UnknownStore: if there is no such open store
    :raises NoDemoCar: if the store has no car of this series, or not the one named
    :raises AgreementRequired, PhoneNotVerified, LicenceNotAccepted, LicenceExpired, UnderAge: if the driver may not
    :raises RulesMissing: if no rule or agreement is in force on that day
    :raises AddressRequired: for a drive at home without an address
    :raises TooManyDrives: if the person has MOST_OPEN drives ahead
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if the cars are promised for that time
    """
    trim, store = find_trim(product_id), get_store(store_id)
    cars = [car for car in cars_for(trim, store.pk) if resource_id in (None, car.resource_id)]
    if not cars:
        raise NoDemoCar
    if starts_at <= now:
        raise scheduling.SlotInPast
    where = _read_address(place, address)
    check_driver(licence=licence, agrees=agrees, member=member, starts_at=starts_at, zone=store.time_zone, now=now)
    # One person's requests take turns, so that their number is counted right.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if count_ahead(member) >= conf.MOST_OPEN:
        raise TooManyDrives(most=conf.MOST_OPEN)
    reference = _make_reference()
    booking = _take_slot(cars, trim, starts_at, reference=reference, place=place, member=member, now=now)
    drive = TestDrive.objects.create(
        reference=reference,
        booking=booking,
        organization_id=store.dealer.organization_id,
        store=store,
        demo_car=next(car for car in cars if car.resource_id == booking.resource_id),
        product_id=trim.product_id,
        member=member,
        place=place,
        address=where or None,
        licence_class=licence.licence_class.strip().upper(),
        licence_expires_on=licence.expires_on,
        requested_at=now,
    )
    _sign(drive, store, language=language, now=now)
    fact = TestDriveRequested(
        test_drive_id=drive.pk,
        organization_id=drive.organization_id,
        store_id=store.pk,
        starts_at=starts_at.isoformat(),
    )
    outbox.record(fact, at=now)
    return drive


def check_driver(
    *, licence: Licence, agrees: bool, member: User, starts_at: datetime, zone: str, now: datetime
) -> None:
    """
    Refuse somebody who may not drive on the day of the drive, by the calendar at the store.

    Age is checked where a birthday is given, and kept nowhere; the store looks at the licence itself at check-in.

    :raises AgreementRequired, PhoneNotVerified, LicenceNotAccepted, LicenceExpired, UnderAge: the first that fails
    :raises RulesMissing: if no rule is in force on that day
    """
    if not agrees:
        raise AgreementRequired(fields={"agree": [str(AgreementRequired.message)]})
    if not (member.phone and member.is_phone_verified):
        raise PhoneNotVerified
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    rule = get_rule(day)
    if not policies.is_accepted(licence.licence_class, rule.licence_classes):
        accepted = ", ".join(rule.licence_classes)
        message = str(LicenceNotAccepted.message) % {"accepted": accepted}
        raise LicenceNotAccepted(fields={"licence_class": [message]}, accepted=accepted)
    if licence.expires_on < day:
        raise LicenceExpired(
            fields={"expires_on": [str(LicenceExpired.message)]}, expires_on=licence.expires_on.isoformat()
        )
    if licence.born_on is not None and policies.age_on(licence.born_on, day) < rule.min_age:
        message = str(UnderAge.message) % {"age": rule.min_age}
        raise UnderAge(fields={"born_on": [message]}, age=rule.min_age)


@transaction.atomic
def move_own_test_drive(*, reference: str, starts_at: datetime, member: User, now: datetime) -> TestDrive:
    """
    Move one's test drive to another slot of the store's cars; the store confirms anew.

    :raises TestDriveNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it has begun or is over
    :raises TooLateToChange: if the appointment is too near
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises LicenceExpired: if the licence runs out before the new day
    :raises SlotTaken: if the cars are promised for that time
    """
    drive = access_own_drive(member=member, reference=reference)
    return _move(drive, starts_at, is_staff=False, by=member, now=now)


@attempts.trailed("testdrives.move_test_drive", subject="test_drive_id", keeps=("organization_id",))
def move_test_drive(
    *,
    test_drive_id: int,
    organization_id: int,
    starts_at: datetime,
    times_moved: int | None = None,
    by: User,
    now: datetime,
) -> TestDrive:
    """
    Move a customer's test drive, as agreed with them: also at short notice and off the grid.

    ``times_moved``: how often it had been moved when the store looked; without it, it is moved wherever it lies by now.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    :raises MovedMeanwhile: if it was moved since the store looked
    :raises SlotInPast, AmbiguousTime, OutsideHours: if the time is wrong
    :raises SlotTaken: if the cars are promised for that time
    """
    drive = access_drive(test_drive_id=test_drive_id, organization_id=organization_id)
    return _move(drive, starts_at, times_moved=times_moved, is_staff=True, by=by, now=now)


@transaction.atomic
def cancel_own_test_drive(
    *, test_drive_id: int | None = None, reference: str = "", reason: str = "", member: User, now: datetime
) -> TestDrive:
    """
    Cancel one's test drive.

    :raises TestDriveNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it has begun or is over
    :raises TooLateToChange: if the appointment is too near
    """
    drive = access_own_drive(member=member, test_drive_id=test_drive_id, reference=reference)
    return _cancel(drive, reason, is_staff=False, by=member, now=now)


@attempts.trailed("testdrives.cancel_test_drive", subject="test_drive_id", keeps=("organization_id",))
def cancel_test_drive(
    *, test_drive_id: int, organization_id: int, reason: str = "", by: User, now: datetime
) -> TestDrive:
    """
    Cancel a customer's test drive, at any time before it begins.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    """
    drive = access_drive(test_drive_id=test_drive_id, organization_id=organization_id)
    return _cancel(drive, reason, is_staff=True, by=by, now=now)


@transaction.atomic
def wait_for_test_drive(
    *, product_id: int, store_id: int, starts_at: datetime, member: User, now: datetime
) -> scheduling.WaitlistEntry:
    """
    Wait for a slot that is taken; the car that becomes free is offered to who waited longest.

    :raises UnknownCar, UnknownStore, NoDemoCar: as for a booking
    :raises PhoneNotVerified: if the offer could not reach the person
    :raises SlotIsFree, AlreadyWaiting: if there is no need to wait
    """
    trim, store = find_trim(product_id), get_store(store_id)
    cars = cars_for(trim, store.pk)
    if not cars:
        raise NoDemoCar
    if not (member.phone and member.is_phone_verified):
        raise PhoneNotVerified
    return scheduling.join_waitlist(
        resource_ids=[car.resource_id for car in cars],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=cars[0].resource.slot_minutes),
        purpose=conf.PURPOSE,
        wish=f"product:{trim.product_id}",
        customer=member,
        now=now,
    )


def _take_slot(
    cars: list[DemoCar],
    trim: Trim,
    starts_at: datetime,
    *,
    reference: str,
    place: Place,
    member: User,
    now: datetime,
) -> scheduling.Booking:
    """Take what the waitlist holds for the person at this time, or book the first car that is free."""
    info = trim.product.info
    words = {
        "subject": f"test_drive:{reference}",
        "title_zh": f"试驾 {trim.product.title}"[:120],
        "title_en": f"Test drive {info.title_en}"[:120],
        "customer": member,
        "now": now,
    }
    wanted = {car.resource_id for car in cars}
    for entry in scheduling.list_waiting(customer=member, purpose=conf.PURPOSE, now=now):
        held = entry.booking
        if held and held.resource_id in wanted and entry.starts_at == starts_at and entry.is_offered(now):
            return scheduling.take_offer(entry_id=entry.pk, **words)
    return scheduling.book(
        resource_ids=[car.resource_id for car in cars],
        starts_at=starts_at,
        length_minutes=length_of(place),
        purpose=conf.PURPOSE,
        **words,
    )


def _sign(drive: TestDrive, store: Store, *, language: str, now: datetime) -> None:
    """Freeze what was agreed to, word for word; its PDF is printed after the commit."""
    text = get_agreement_text(now.astimezone(ZoneInfo(store.time_zone)).date())
    words = text.body_en if language.startswith("en") else text.body_zh
    Agreement.objects.create(
        test_drive=drive,
        version=text.version,
        text=words,
        text_digest=hashlib.sha256(words.encode()).hexdigest(),
        signed_by=drive.driver_name,
        signed_at=now,
        language=language,
    )


def _move(
    drive: TestDrive,
    starts_at: datetime,
    *,
    times_moved: int | None = None,
    is_staff: bool,
    by: User,
    now: datetime,
) -> TestDrive:
    locked = lock_drive(drive)
    if not locked.is_ahead:
        raise MoveNotAllowed(lifecycle=TEST_DRIVE.name, move="reschedule", status=locked.status)
    before, day = locked.starts_at, starts_at.astimezone(ZoneInfo(drive.store.time_zone)).date()
    if drive.licence_expires_on < day:
        raise LicenceExpired(expires_on=drive.licence_expires_on.isoformat())
    trim = find_trim(drive.product_id)
    cars = {car.resource_id: car for car in cars_for(trim, drive.store_id)}
    # Its own car first: the customer was promised it.
    wanted = [drive.booking.resource_id, *(pk for pk in cars if pk != drive.booking.resource_id)]
    booking = scheduling.reschedule(
        booking_id=drive.booking_id,
        starts_at=starts_at,
        resource_ids=[pk for pk in wanted if pk in cars],
        times_moved=times_moved,
        is_staff=is_staff,
        by=by,
        now=now,
    )
    locked.demo_car = cars[booking.resource_id]
    locked.save(update_fields=["demo_car"])
    if not is_staff and locked.status == TestDriveStatus.CONFIRMED:
        TEST_DRIVE.move(locked, "ask_again", by=by, at=now)
    fact = TestDriveMoved(
        test_drive_id=drive.pk,
        starts_at=starts_at.isoformat(),
        is_by_store=is_staff,
        from_starts_at=before.isoformat(),
    )
    outbox.record(fact, at=now)
    return access_drive(test_drive_id=drive.pk, organization_id=drive.organization_id)


def _cancel(drive: TestDrive, reason: str, *, is_staff: bool, by: User, now: datetime) -> TestDrive:
    locked = lock_drive(drive)
    words = policies.clean(reason, most=200)
    TEST_DRIVE.move(locked, "cancel", by=by, at=now, reason=words)
    scheduling.cancel(booking_id=drive.booking_id, reason=words, is_staff=is_staff, by=by, now=now)
    locked.cancel_reason = words
    locked.save(update_fields=["cancel_reason"])
    tell_changed(locked, is_by_store=is_staff, now=now)
    return access_drive(test_drive_id=drive.pk, organization_id=drive.organization_id)


def lock_drive(drive: TestDrive) -> TestDrive:
    """Lock a test drive that the caller may touch, and read it again."""
    return TestDrive.objects.select_for_update(of=("self",), no_key=True).get(pk=drive.pk)


def tell_changed(drive: TestDrive, *, is_by_store: bool, now: datetime) -> None:
    """Tell that a test drive's status is another one now."""
    fact = TestDriveChanged(
        test_drive_id=drive.pk, organization_id=drive.organization_id, status=drive.status, is_by_store=is_by_store
    )
    outbox.record(fact, at=now)


def _read_address(place: Place, address: str) -> str:
    where = policies.clean(address, most=LONGEST_ADDRESS) if place == Place.HOME else ""
    if place == Place.HOME and not where:
        raise AddressRequired(fields={"address": [str(AddressRequired.message)]})
    return where


def _make_reference() -> str:
    return random_letters(10)

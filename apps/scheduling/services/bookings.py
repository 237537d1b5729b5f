"""Book, move, cancel, finish."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.api import User
from apps.events.api import BookingCancelled, BookingDue, BookingMoved
from apps.kernel.api import MoveNotAllowed, outbox
from apps.scheduling.errors import BookingNotFound, MovedMeanwhile, SlotTaken, TooLateToChange
from apps.scheduling.models import Booking, Resource
from apps.scheduling.services.offers import let_go_of_stale, made, promote_waiting
from apps.scheduling.services.placing import list_offering, lock_resource_of, lock_resources, next_reminder, place
from apps.scheduling.states import BOOKING, BookingStatus

LONGEST_REASON = 200
AT_ONCE = 500


@transaction.atomic
def book(
    *,
    resource_ids: Sequence[int],
    starts_at: datetime,
    length_minutes: int | None = None,
    purpose: str,
    subject: str = "",
    title_zh: str = "",
    title_en: str = "",
    customer: User | None = None,
    host: User | None = None,
    is_staff: bool = False,
    now: datetime,
) -> Booking:
    """
    Book the first of some interchangeable resources that is free at a time, in the order given.

    ``starts_at`` is an aware instant, a slot's beginning as ``find_slots`` lists it; ``length_minutes`` is the slot's
    unless given. ``purpose`` and ``subject`` are the caller's words; facts and reminders repeat them. ``is_staff``
    books at short notice, far ahead and off the grid, never in the past and never outside of hours.

    :raises ResourceNotFound: if one of the resources cannot be booked
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if none of them is free
    """
    resources = lock_resources(resource_ids)
    length = timedelta(minutes=length_minutes) if length_minutes else None
    wanted = [resources[resource_id] for resource_id in dict.fromkeys(resource_ids)]
    for resource, ends_at in list_offering(wanted, starts_at, length, is_staff=is_staff, now=now):
        let_go_of_stale(resource, now=now)
        booking = Booking(
            starts_at=starts_at,
            ends_at=ends_at,
            purpose=purpose,
            subject=subject,
            title_zh=title_zh,
            title_en=title_en,
            customer=customer,
            host=host,
            next_reminder_at=next_reminder(starts_at, now=now),
            created_at=now,
            changed_at=now,
        )
        if place(booking, resource):
            outbox.record(made(booking, resource), at=now)
            return booking
    raise SlotTaken(starts_at=starts_at)


@transaction.atomic
def reschedule(
    *,
    booking_id: int,
    starts_at: datetime,
    resource_ids: Sequence[int] = (),
    times_moved: int | None = None,
    is_staff: bool = False,
    by: User | None,
    now: datetime,
) -> Booking:
    """
    Move a booking to another time, on its own resource or the first free one of others; its length stays.

    What it leaves is offered to whoever waits for it. ``times_moved``: how often it had been moved when the caller
    looked; without it, it is moved wherever it lies by now.

    :raises BookingNotFound: if there is none
    :raises MoveNotAllowed: if it is over
    :raises MovedMeanwhile: if it was moved since the caller looked
    :raises TooLateToChange: if the customer is later than the resource allows
    :raises ResourceNotFound: if one of the resources cannot be booked
    :raises SlotInPast, AmbiguousTime, NoticeTooShort, TooFarAhead, OutsideHours, SlotNotOffered: if the time is wrong
    :raises SlotTaken: if none of them is free
    """
    known = _find(booking_id)
    wanted = list(dict.fromkeys(resource_ids)) or [known.resource_id]
    resources = lock_resources({known.resource_id, *wanted}) if is_bookable(known) else lock_resources(wanted)
    booking = _lock(booking_id)
    if booking.status != BookingStatus.BOOKED:
        raise MoveNotAllowed(lifecycle=BOOKING.name, move="reschedule", status=booking.status)
    if times_moved not in (None, booking.times_moved):
        raise MovedMeanwhile
    check_still_free_to_change(booking, is_staff=is_staff, now=now)
    left, before = booking.resource_id, (booking.starts_at, booking.period.upper)
    length = booking.ends_at - booking.starts_at
    candidates = [resources[resource_id] for resource_id in wanted]
    for resource, ends_at in list_offering(candidates, starts_at, length, is_staff=is_staff, now=now):
        let_go_of_stale(resource, now=now)
        booking.starts_at, booking.ends_at = starts_at, ends_at
        booking.times_moved, booking.changed_at = booking.times_moved + 1, now
        booking.next_reminder_at = next_reminder(starts_at, now=now)
        if place(booking, resource):
            break
        booking = _lock(booking_id)
    else:
        raise SlotTaken(starts_at=starts_at)
    outbox.record(
        BookingMoved(
            booking_id=booking.pk,
            purpose=booking.purpose,
            subject=booking.subject,
            from_starts_at=before[0].isoformat(),
            starts_at=starts_at.isoformat(),
        ),
        at=now,
    )
    promote_waiting(resource_id=left, since=before[0], until=before[1], now=now)
    return booking


@transaction.atomic
def cancel(*, booking_id: int, reason: str = "", is_staff: bool = False, by: User | None, now: datetime) -> Booking:
    """
    Cancel a booking; what becomes free is offered to whoever waits for it.

    :raises BookingNotFound: if there is none
    :raises MoveNotAllowed: if it is over
    :raises TooLateToChange: if the customer is later than the resource allows
    """
    known = _find(booking_id)
    resource = lock_resource_of(known)
    booking = _lock(booking_id)
    if booking.is_live:
        check_still_free_to_change(booking, is_staff=is_staff, now=now)
    _end(booking, "cancel", by=by, now=now, reason=reason.strip()[:LONGEST_REASON])
    outbox.record(
        BookingCancelled(
            booking_id=booking.pk, purpose=booking.purpose, subject=booking.subject, reason=booking.cancel_reason
        ),
        at=now,
    )
    promote_waiting(resource_id=resource.pk, since=booking.starts_at, until=booking.period.upper, now=now)
    return booking


@transaction.atomic
def finish(*, booking_id: int, by: User | None, now: datetime) -> Booking:
    """
    Note that an appointment took place; what is left of it is free again.

    :raises BookingNotFound: if there is none
    :raises MoveNotAllowed: if it is over
    """
    return _end(_lock(booking_id), "finish", by=by, now=now)


@transaction.atomic
def mark_no_show(*, booking_id: int, by: User | None, now: datetime) -> Booking:
    """
    Note that nobody came.

    :raises BookingNotFound: if there is none
    :raises MoveNotAllowed: if it is over
    """
    return _end(_lock(booking_id), "miss", by=by, now=now)


@transaction.atomic
def assign_host(*, booking_id: int, host: User | None, now: datetime) -> Booking:
    """
    Say who expects the customer; it shows in that person's calendar feed.

    :raises BookingNotFound: if there is none
    """
    booking = _lock(booking_id)
    booking.host, booking.changed_at = host, now
    booking.save(update_fields=["host", "changed_at"])
    return booking


def remind_due(*, now: datetime) -> int:
    """Tell of bookings whose customer wants reminding now; each moment once. Returns how many."""
    told = 0
    while True:
        with transaction.atomic():
            due = Booking.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(
                status=BookingStatus.BOOKED, next_reminder_at__lte=now
            )
            batch = list(due.order_by("pk")[:AT_ONCE])
            for booking in batch:
                if booking.starts_at > now:
                    outbox.record(_due(booking, now=now), at=now)
                booking.next_reminder_at = next_reminder(booking.starts_at, now=now)
                booking.save(update_fields=["next_reminder_at"])
        told += len(batch)
        if len(batch) < AT_ONCE:
            return told


def check_still_free_to_change(booking: Booking, *, is_staff: bool, now: datetime) -> None:
    """
    Let customers move and cancel until the resource's time before the appointment; staff always.

    :raises TooLateToChange: if it is later than that
    """
    minutes = booking.resource.change_minutes
    if not is_staff and booking.starts_at - now < timedelta(minutes=minutes):
        raise TooLateToChange(minutes=minutes)


def is_bookable(booking: Booking) -> bool:
    """Whether a booking's resource still takes bookings; one out of service is left, never come back to."""
    resource: Resource = booking.resource
    return resource.is_active and resource.store.is_open


def _due(booking: Booking, *, now: datetime) -> BookingDue:
    return BookingDue(
        booking_id=booking.pk,
        purpose=booking.purpose,
        subject=booking.subject,
        starts_at=booking.starts_at.isoformat(),
        minutes=int((booking.starts_at - now).total_seconds()) // 60,
    )


def _end(booking: Booking, move: str, *, by: User | None, now: datetime, reason: str = "") -> Booking:
    BOOKING.move(booking, move, by=by, at=now, reason=reason)
    booking.cancel_reason, booking.next_reminder_at, booking.changed_at = reason, None, now
    booking.save(update_fields=["cancel_reason", "next_reminder_at", "changed_at"])
    return booking


def _find(booking_id: int) -> Booking:
    booking = Booking.objects.select_related("resource__store").filter(pk=booking_id).first()
    if booking is None:
        raise BookingNotFound
    return booking


def _lock(booking_id: int) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("resource__store")
    booking = rows.filter(pk=booking_id).first()
    if booking is None:
        raise BookingNotFound
    return booking

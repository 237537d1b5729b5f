"""What test drives do when they, and scheduling, tell."""

from datetime import datetime

from apps.events.api import BookingDue, SlotOffered, TestDriveChanged, TestDriveMoved, TestDriveRequested
from apps.kernel.api import outbox
from apps.testdrives.api import PURPOSE, TestDrive, open_lead_of, tell_driver, tell_new_time, tell_waiting
from apps.testdrives.states import AHEAD, TestDriveStatus


@outbox.subscribe(TestDriveRequested, name="testdrives.open_lead")
def open_lead(fact: TestDriveRequested, *, event) -> None:
    """Open the lead of a test drive."""
    open_lead_of(test_drive_id=fact.test_drive_id, now=event.occurred_at)


@outbox.subscribe(TestDriveRequested, name="testdrives.tell_requested")
def tell_requested(fact: TestDriveRequested, *, event) -> None:
    """Tell the driver that the car is booked."""
    tell_driver(test_drive_id=fact.test_drive_id, template="test_drive_booked", cause="", now=event.occurred_at)


@outbox.subscribe(TestDriveMoved, name="testdrives.tell_moved")
def tell_moved(fact: TestDriveMoved, *, event) -> None:
    """Tell the driver the new time."""
    tell_new_time(
        test_drive_id=fact.test_drive_id,
        before=datetime.fromisoformat(fact.from_starts_at) if fact.from_starts_at else None,
        after=datetime.fromisoformat(fact.starts_at),
        is_by_store=fact.is_by_store,
        cause=str(event.pk),
        now=event.occurred_at,
    )


@outbox.subscribe(TestDriveChanged, name="testdrives.tell_changed")
def tell_changed(fact: TestDriveChanged, *, event) -> None:
    """Tell the driver that the store confirmed or cancelled, or that the own cancelling arrived."""
    template = {
        TestDriveStatus.CONFIRMED: "test_drive_confirmed",
        TestDriveStatus.CANCELLED: "test_drive_cancelled",
    }.get(TestDriveStatus(fact.status))
    if template:
        tell_driver(test_drive_id=fact.test_drive_id, template=template, cause=str(event.pk), now=event.occurred_at)


@outbox.subscribe(BookingDue, name="testdrives.remind")
def remind(fact: BookingDue, *, event) -> None:
    """Remind the driver of a drive that is still ahead."""
    if fact.purpose != PURPOSE:
        return
    drive = TestDrive.objects.filter(booking=fact.booking_id, status__in=AHEAD).first()
    if drive is not None:
        cause = f"{fact.starts_at}:{fact.minutes}"
        tell_driver(test_drive_id=drive.pk, template="test_drive_reminder", cause=cause, now=event.occurred_at)


@outbox.subscribe(SlotOffered, name="testdrives.tell_waiting")
def tell_offered(fact: SlotOffered, *, event) -> None:
    """Tell somebody from the waitlist that the slot is theirs to take."""
    if fact.purpose == PURPOSE:
        tell_waiting(entry_id=fact.entry_id, now=event.occurred_at)

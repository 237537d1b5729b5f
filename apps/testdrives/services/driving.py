"""At the store: confirm, check in, come back, or nobody came; pictures, the driver's answer, the printed agreement."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.kernel.api import attempts, print_pdf, private_files
from apps.leads.api import FollowUpKind, LeadStatus, follow_up
from apps.scheduling import api as scheduling
from apps.testdrives import policies
from apps.testdrives.errors import AlreadyAnswered, InvalidReport
from apps.testdrives.models import Agreement, DamagePhoto, Survey, TestDrive
from apps.testdrives.models.drives import MOST_KM
from apps.testdrives.selectors.drives import access_drive, access_own_drive
from apps.testdrives.services.booking import lock_drive, tell_changed
from apps.testdrives.states import TEST_DRIVE, Outcome, PhotoMoment, TestDriveStatus

MOST_PHOTOS = 20
PRINTED_AT_ONCE = 50


@attempts.trailed("testdrives.confirm_test_drive", subject="test_drive_id", keeps=("organization_id",))
def confirm_test_drive(*, test_drive_id: int, organization_id: int, by: User, now: datetime) -> TestDrive:
    """
    Confirm a test drive; whoever confirms expects the customer and has it in their calendar.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it is not REQUESTED
    """
    drive = access_drive(test_drive_id=test_drive_id, organization_id=organization_id)
    TEST_DRIVE.move(drive, "confirm", by=by, at=now)
    scheduling.assign_host(booking_id=drive.booking_id, host=by, now=now)
    tell_changed(drive, is_by_store=True, now=now)
    return access_drive(test_drive_id=test_drive_id, organization_id=organization_id)


@attempts.trailed("testdrives.check_in", subject="test_drive_id", keeps=("organization_id",))
def check_in(
    *,
    test_drive_id: int,
    organization_id: int,
    kilometres_out: int | None = None,
    route: str = "",
    by: User,
    now: datetime,
) -> TestDrive:
    """
    Give the keys to a driver whose licence was seen.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it is not CONFIRMED
    :raises InvalidReport: if the kilometres cannot be right
    """
    drive = lock_drive(access_drive(test_drive_id=test_drive_id, organization_id=organization_id))
    drive.checked_in_at = now
    drive.kilometres_out = _read_kilometres(kilometres_out, "kilometres_out")
    drive.route = policies.clean(route, most=200)
    drive.save(update_fields=["checked_in_at", "kilometres_out", "route"])
    TEST_DRIVE.move(drive, "check_in", by=by, at=now)
    tell_changed(drive, is_by_store=True, now=now)
    return access_drive(test_drive_id=test_drive_id, organization_id=organization_id)


@attempts.trailed("testdrives.complete_test_drive", subject="test_drive_id", keeps=("organization_id",))
def complete_test_drive(
    *,
    test_drive_id: int,
    organization_id: int,
    outcome: str = "",
    kilometres_in: int | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> TestDrive:
    """
    Take the car back: note how it went, free what is left of the slot, and let the lead know that the person drove.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it is not CHECKED_IN
    :raises InvalidReport: if the outcome is unknown, or the car came back with fewer kilometres
    """
    drive = lock_drive(access_drive(test_drive_id=test_drive_id, organization_id=organization_id))
    if outcome and outcome not in Outcome.values:
        raise InvalidReport(fields={"outcome": [_("Please choose what came of it.")]})
    reached = _read_kilometres(kilometres_in, "kilometres_in")
    if reached is not None and drive.kilometres_out is not None and reached < drive.kilometres_out:
        raise InvalidReport(fields={"kilometres_in": [_("The car left with more kilometres.")]})
    drive.completed_at, drive.outcome, drive.kilometres_in = now, outcome, reached
    drive.note = policies.clean(note)
    drive.save(update_fields=["completed_at", "outcome", "kilometres_in", "note"])
    TEST_DRIVE.move(drive, "complete", by=by, at=now)
    scheduling.finish(booking_id=drive.booking_id, by=by, now=now)
    _tell_lead(drive, by=by, now=now)
    tell_changed(drive, is_by_store=True, now=now)
    return access_drive(test_drive_id=test_drive_id, organization_id=organization_id)


@attempts.trailed("testdrives.mark_no_show", subject="test_drive_id", keeps=("organization_id",))
def mark_no_show(*, test_drive_id: int, organization_id: int, by: User, now: datetime) -> TestDrive:
    """
    Note that nobody came.

    :raises TestDriveNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it has begun or is over
    """
    drive = access_drive(test_drive_id=test_drive_id, organization_id=organization_id)
    TEST_DRIVE.move(drive, "no_show", by=by, at=now)
    scheduling.mark_no_show(booking_id=drive.booking_id, by=by, now=now)
    tell_changed(drive, is_by_store=True, now=now)
    return access_drive(test_drive_id=test_drive_id, organization_id=organization_id)


@transaction.atomic
def add_photo(*, test_drive_id: int, organization_id: int, upload: "File[Any]", by: User, now: datetime) -> DamagePhoto:
    """
    Keep a picture of the car: before the drive until it is back, afterwards after it.

    :raises TestDriveNotFound: if it is another dealer's
    :raises FileRefused, FileTooLarge, FileNotPlain: if it is no picture we keep
    :raises InvalidReport: if there are MOST_PHOTOS already, or it is no picture
    """
    drive = lock_drive(access_drive(test_drive_id=test_drive_id, organization_id=organization_id))
    if drive.photos.count() >= MOST_PHOTOS:
        raise InvalidReport(fields={"photo": [_("There are enough pictures.")]})
    moment = PhotoMoment.AFTER if drive.status == TestDriveStatus.COMPLETED else PhotoMoment.BEFORE
    file = private_files.store(upload=upload, by=by, now=now)
    if not file.content_type.startswith("image/"):
        raise InvalidReport(fields={"photo": [_("Please choose a picture (JPEG or PNG).")]})
    return DamagePhoto.objects.create(test_drive=drive, moment=moment, file=file, by=by, at=now)


@transaction.atomic
def answer_survey(*, reference: str, stars: int, comment: str = "", member: User, now: datetime) -> Survey:
    """
    Say how the drive was, once.

    :raises TestDriveNotFound: if it is somebody else's
    :raises InvalidReport: if it has not taken place, or the stars are not 1 to 5
    :raises AlreadyAnswered: if it was answered
    """
    drive = access_own_drive(member=member, reference=reference)
    if drive.status != TestDriveStatus.COMPLETED:
        raise InvalidReport
    if not 1 <= stars <= 5:
        raise InvalidReport(fields={"stars": [_("Please give one to five stars.")]})
    try:
        with transaction.atomic():
            return Survey.objects.create(test_drive=drive, stars=stars, comment=policies.clean(comment), at=now)
    except IntegrityError as error:
        raise AlreadyAnswered from error


def print_agreement(*, test_drive_id: int, now: datetime) -> Agreement:
    """
    Print what was signed and keep the PDF with its hash; repeating it changes nothing.

    :raises PrinterMissing: if this machine cannot print; it is tried again later
    """
    agreement = Agreement.objects.select_related("test_drive__store__dealer", "file").get(test_drive=test_drive_id)
    if agreement.file_id is not None:
        return agreement
    with translation.override(agreement.language):
        page = render_to_string(
            "testdrives/agreement_paper.html", {"agreement": agreement, "drive": agreement.test_drive}
        )
    pdf = print_pdf(page)
    with transaction.atomic():
        locked = Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
        if locked.file_id is None:
            name = f"agreement-{agreement.test_drive.reference}.pdf"
            locked.file = private_files.store(upload=ContentFile(pdf, name=name), by=None, now=now)
            locked.file_digest = locked.file.digest
            locked.save(update_fields=["file", "file_digest"])
        return locked


def print_agreements(*, now: datetime) -> int:
    """
    Print what was signed and is not printed yet, the oldest first; safe to repeat. Returns how many there were.

    :raises PrinterMissing: if this machine cannot print; they wait
    """
    unprinted = Agreement.objects.filter(file=None).order_by("pk")
    waiting = list(unprinted.values_list("test_drive_id", flat=True)[:PRINTED_AT_ONCE])
    for test_drive_id in waiting:
        print_agreement(test_drive_id=test_drive_id, now=now)
    return len(waiting)


def _tell_lead(drive: TestDrive, *, by: User, now: datetime) -> None:
    """Write the drive into the lead's story; one that was closed meanwhile stays closed."""
    lead = drive.lead
    if lead is None or lead.status in (LeadStatus.WON, LeadStatus.LOST, LeadStatus.MERGED):
        return
    note = " · ".join(part for part in (str(drive.get_outcome_display()) if drive.outcome else "", drive.note) if part)
    follow_up(
        lead_id=lead.pk,
        organization_id=drive.organization_id,
        kind=FollowUpKind.TEST_DRIVE,
        note=note,
        by=by,
        now=now,
    )


def _read_kilometres(value: int | None, field: str) -> int | None:
    if value is not None and not 0 <= value <= MOST_KM:
        raise InvalidReport(fields={field: [_("Please give the kilometres on the clock.")]})
    return value

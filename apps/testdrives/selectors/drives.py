"""Reads of test drives: a person's own, a dealer's own, and nobody else's."""

from datetime import datetime

from django.core import signing
from django.db.models import Prefetch, QuerySet

from apps.accounts.api import User
from apps.testdrives.errors import TestDriveNotFound
from apps.testdrives.models import DamagePhoto, TestDrive
from apps.testdrives.states import AHEAD

MOST_ID = 2**63
CHECK_IN_SALT = "testdrives.check_in"
SEEN_WITH = (
    "booking__host",
    "store__dealer",
    "demo_car__trim__model__series",
    "product__info",
    "member",
    "agreement",
    "lead",
)


def list_own_drives(member: User) -> QuerySet[TestDrive]:
    """List a person's test drives, the latest appointment first."""
    return TestDrive.objects.filter(member=member).select_related(*SEEN_WITH).order_by("-booking__starts_at", "-pk")


def access_own_drive(*, member: User, test_drive_id: int | None = None, reference: str = "") -> TestDrive:
    """
    Return a person's own test drive, by id or by number.

    :raises TestDriveNotFound: if there is none, or it is somebody else's
    """
    drives = list_own_drives(member).select_related("survey")
    if reference:
        drive = drives.filter(reference=reference).first()
    else:
        drive = drives.filter(pk=test_drive_id).first() if test_drive_id and 0 < test_drive_id < MOST_ID else None
    if drive is None:
        raise TestDriveNotFound
    return drive


def list_drives(
    organization_id: int, *, since: datetime | None = None, until: datetime | None = None, store_id: int | None = None
) -> QuerySet[TestDrive]:
    """List a dealer's test drives in order of time, within a half-open span if one is given."""
    drives = TestDrive.objects.filter(organization=organization_id).select_related(*SEEN_WITH)
    if since is not None:
        drives = drives.filter(booking__starts_at__gte=since)
    if until is not None:
        drives = drives.filter(booking__starts_at__lt=until)
    if store_id is not None:
        drives = drives.filter(store=store_id)
    return drives.order_by("booking__starts_at", "pk")


def access_drive(*, test_drive_id: int, organization_id: int) -> TestDrive:
    """
    Return a dealer's test drive with its pictures.

    :raises TestDriveNotFound: if there is none, or it is another dealer's
    """
    photos = Prefetch("photos", DamagePhoto.objects.select_related("file").order_by("at", "pk"))
    drives = list_drives(organization_id).select_related("survey").prefetch_related(photos)
    drive = drives.filter(pk=test_drive_id).first() if 0 < test_drive_id < MOST_ID else None
    if drive is None:
        raise TestDriveNotFound
    return drive


def count_requested(organization_id: int) -> int:
    """Count what a dealer has not answered yet."""
    return TestDrive.objects.filter(organization=organization_id, status="REQUESTED").count()


def count_ahead(member: User) -> int:
    """Count the test drives that a person has ahead."""
    return TestDrive.objects.filter(member=member, status__in=AHEAD).count()


def check_in_token(drive: TestDrive) -> str:
    """Return what the driver's QR code says: signed, so that nobody guesses one."""
    return signing.dumps(drive.reference, salt=CHECK_IN_SALT)


def find_by_token(*, token: str, organization_id: int) -> TestDrive:
    """
    Return the dealer's test drive whose QR code was scanned.

    :raises TestDriveNotFound: if the code is forged, or another dealer's
    """
    try:
        reference = signing.loads(token, salt=CHECK_IN_SALT)
    except signing.BadSignature:
        raise TestDriveNotFound from None
    drive = list_drives(organization_id).filter(reference=str(reference)).first()
    if drive is None:
        raise TestDriveNotFound
    return drive

"""What drivers are told, and the lead that a drive opens."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from apps.leads.api import Lead, LeadSource, interest_in, open_lead
from apps.leads.errors import TooManyLeads
from apps.notifications.api import UNDO_TIME, Channel, queue_message, take_back, tell_user
from apps.scheduling.api import WaitlistEntry
from apps.testdrives import conf
from apps.testdrives.models import TestDrive
from apps.testdrives.selectors.drives import SEEN_WITH
from apps.testdrives.states import TestDriveStatus


def find_drive(test_drive_id: int) -> TestDrive:
    """Return a test drive with what messages say of it."""
    return TestDrive.objects.select_related(*SEEN_WITH).get(pk=test_drive_id)


@transaction.atomic
def tell_driver(*, test_drive_id: int, template: str, cause: str, now: datetime) -> None:
    """Write a message to the driver of a test drive, by SMS and by e-mail where there is one; once per cause."""
    drive = find_drive(test_drive_id)
    if template == "test_drive_cancelled":
        # Of a time that was not told yet nothing need be told any more.
        take_back(thread=_moves_of(drive), before="", now=now)
    key = f"testdrives:{drive.reference}:{template}:{cause}"
    tell_user(drive.member, template=template, context=_words(drive), key=key, now=now)


@transaction.atomic
def tell_new_time(
    *, test_drive_id: int, before: datetime | None, after: datetime, is_by_store: bool, cause: str, now: datetime
) -> None:
    """
    Tell the driver when a drive takes place instead; what the store moved a minute later, and not if it is undone.

    ``before`` and ``after`` are when it would have taken place and when it does, ``before`` None if nobody knows.
    """
    drive = find_drive(test_drive_id)
    known = take_back(thread=_moves_of(drive), before=_instant(before), now=now)
    if is_by_store and known == _instant(after):
        return
    context, wait = {**_words(drive), "before": known}, UNDO_TIME if is_by_store else timedelta(0)
    key = f"{_moves_of(drive)}{cause}"
    tell_user(drive.member, template="test_drive_moved", context=context, key=key, wait=wait, now=now)


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _moves_of(drive: TestDrive) -> str:
    return f"testdrives:{drive.reference}:test_drive_moved:"


def _words(drive: TestDrive) -> dict[str, Any]:
    local = drive.starts_at.astimezone(ZoneInfo(drive.store.time_zone))
    info = drive.product.info
    is_english = drive.member.language.startswith("en")
    return {
        "car": info.title_en if is_english else drive.product.title,
        "store": drive.store.name_en if is_english else drive.store.name_zh,
        "address": drive.store.address_en if is_english else drive.store.address_zh,
        "time": f"{local:%Y-%m-%d %H:%M}",
        "link": f"{settings.SITE_URL.rstrip('/')}/account/test-drives/{drive.reference}/",
    }


@transaction.atomic
def tell_waiting(*, entry_id: int, now: datetime) -> None:
    """Tell somebody from the waitlist that their slot is free now, and until when."""
    entry = WaitlistEntry.objects.select_related("store", "customer").get(pk=entry_id)
    member = entry.customer
    if entry.purpose != conf.PURPOSE or not member.phone or entry.offered_until is None:
        return
    zone = ZoneInfo(entry.store.time_zone)
    queue_message(
        template="test_drive_offered",
        channel=Channel.SMS,
        to=member.phone,
        language=member.language,
        context={
            "store": entry.store.name_en if member.language.startswith("en") else entry.store.name_zh,
            "time": f"{entry.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "until": f"{entry.offered_until.astimezone(zone):%H:%M}",
            "link": f"{settings.SITE_URL.rstrip('/')}/account/test-drives/",
        },
        dedupe_key=f"testdrives:offer:{entry.pk}",
        user_id=member.pk,
        now=now,
    )


@transaction.atomic
def open_lead_of(*, test_drive_id: int, now: datetime) -> Lead | None:
    """
    Open the lead of a test drive, or let the person's open lead at the dealer go on; repeating it changes nothing.

    Who asked too often today has been passed on already: that drive stays without a lead of its own.
    """
    drive = TestDrive.objects.select_for_update(of=("self",), no_key=True).get(pk=test_drive_id)
    if drive.lead_id is not None or drive.status == TestDriveStatus.CANCELLED:
        return drive.lead
    try:
        with transaction.atomic():
            lead = open_lead(
                source=LeadSource.TEST_DRIVE,
                store_id=drive.store_id,
                name=drive.driver_name,
                phone=drive.member.phone or "",
                # The agreement that was signed says so.
                has_consent=True,
                interest=interest_in(product_id=drive.product_id),
                member=drive.member,
                by=drive.member,
                now=now,
            )
    except TooManyLeads:
        return None
    drive.lead = lead
    drive.save(update_fields=["lead"])
    return lead

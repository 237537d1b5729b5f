"""Test drives on the dealer's home: what is to be answered, and who comes next."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.api import Organization
from apps.portals.todo import Action, TodoBlock, TodoRow
from apps.testdrives.api import TestDrive, TestDriveStatus, list_drives

MOST_ROWS = 5
NEAR = timedelta(hours=24)


def drives_due(*, organization: Organization, now: datetime) -> TodoBlock:
    """Test drives to confirm, and those of the next day; the next one first."""
    near = Q(status=TestDriveStatus.CONFIRMED, booking__starts_at__lt=now + NEAR)
    waiting = Q(status__in=(TestDriveStatus.REQUESTED, TestDriveStatus.CHECKED_IN))
    due = list_drives(organization.pk).filter(near | waiting)
    return TodoBlock(
        title=_("Test drives"),
        count=due.count(),
        icon="calendar",
        tone="accent",
        rows=tuple(_row(drive) for drive in due[:MOST_ROWS]),
        link=reverse("dealer-test-drives"),
    )


def _row(drive: TestDrive) -> TodoRow:
    page = reverse("dealer-test-drive", args=[drive.pk])
    local = drive.starts_at.astimezone(ZoneInfo(drive.store.time_zone))
    actions = [Action(label=pgettext("action", "View"), url=page, is_post=False, is_primary=False)]
    if drive.status == TestDriveStatus.REQUESTED:
        confirm = reverse("dealer-test-drive-act", args=[drive.pk, "confirm"])
        actions.insert(0, Action(label=pgettext("test drive", "Confirm"), url=confirm))
    return TodoRow(
        title=f"{local:%m-%d %H:%M} · {drive.product.info.title}",
        url=page,
        detail=drive.store.name,
        badge=drive.get_status_display(),
        tone="warn" if drive.status == TestDriveStatus.REQUESTED else "",
        actions=tuple(actions),
    )

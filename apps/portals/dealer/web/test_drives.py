"""Test drives at the dealer's stores: the list, the day, the page of one and everything that is done about it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, open_to_machines, require_roles
from apps.kernel.api import NotFound, private_files
from apps.portals.dealer.acting import Act, Desk, Place, to_time
from apps.portals.dealer.store_day import answer_day
from apps.portals.dealer.test_drive_day import list_cards, list_columns
from apps.portals.dealer.test_drive_forms import make_forms
from apps.scheduling.api import Event, list_feed, make_feed, on_wall, open_feed, write_calendar
from apps.testdrives.api import (
    TestDrive,
    TestDriveStatus,
    access_drive,
    add_photo,
    cancel_test_drive,
    check_in,
    complete_test_drive,
    confirm_test_drive,
    find_by_token,
    list_drives,
    mark_no_show,
    move_test_drive,
)

PAGE_SIZE = 20
SHOWS = {"requested": gettext_lazy("To be confirmed"), "past": gettext_lazy("Past")}
FEED_SINCE = timedelta(days=30)
S = TestDriveStatus
AHEAD = (S.REQUESTED, S.CONFIRMED, S.CHECKED_IN)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def test_drives(request: HttpRequest) -> HttpResponse:
    """List the test drives at the dealer's stores, the next one first."""
    organization = current_organization(request, OrganizationKind.DEALER)
    show = request.GET.get("show", "")
    drives = list_drives(organization.pk)
    if show == "past":
        found = drives.exclude(status__in=AHEAD).order_by("-booking__starts_at", "-pk")
    elif show == "requested":
        found = drives.filter(status=S.REQUESTED)
    else:
        found = drives.filter(status__in=AHEAD)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [(drive, _local(drive)) for drive in page.object_list],
        "page": page,
        "show": show,
        "shows": SHOWS.items(),
    }
    return render(request, "portals/dealer/test_drives.html", context)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def day(request: HttpRequest) -> HttpResponse:
    """Show one day of a store: each demonstration car with its drives by the hour."""
    return answer_day(
        request,
        "portals/dealer/test_drive_day.html",
        stores={"has_sales": True},
        columns=list_columns,
        cards=list_cards,
    )


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def test_drive(request: HttpRequest, test_drive_id: int) -> HttpResponse:
    """Show one test drive and what to do."""
    return _show(request, _open(request, test_drive_id))


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """Open the test drive whose QR code was scanned."""
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        drive = find_by_token(token=token, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None
    return redirect("dealer-test-drive", drive.pk)


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def act(request: HttpRequest, test_drive_id: int, name: str) -> HttpResponse:
    """Do one thing about a test drive; what was typed stays on the page where it is refused."""
    return DESK.act(request, test_drive_id, name)


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def feed(request: HttpRequest) -> HttpResponse:
    """Make an address at which the reader's own calendar program reads the appointments; shown once."""
    organization = current_organization(request, OrganizationKind.DEALER)
    token = make_feed(user=request.user, organization_id=organization.pk, now=timezone.now())
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('appointments-feed', args=[token])}"
    return render(request, "portals/dealer/calendar_feed.html", {"address": address})


@never_cache
@require_safe
@open_to_machines
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give a person's appointments to their calendar program; the address is the proof."""
    try:
        found = open_feed(token)
    except NotFound:
        raise Http404 from None
    site = settings.SITE_URL.partition("://")[2].rstrip("/")
    events = [
        Event(
            uid=f"booking-{booking.pk}@{site}",
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            changed_at=booking.changed_at,
            title=booking.title or booking.resource.name,
            place=booking.resource.store.name,
            sequence=booking.times_moved,
            is_cancelled=booking.status == "CANCELLED",
        )
        for booking in list_feed(found, since=timezone.now() - FEED_SINCE)
    ]
    text = write_calendar(events, name=_("Appointments"))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _open(request: HttpRequest, test_drive_id: int) -> TestDrive:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        return access_drive(test_drive_id=test_drive_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None


def _show(
    request: HttpRequest, drive: TestDrive, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    forms = forms or make_forms()
    agreement = drive.agreement
    context = {
        "drive": drive,
        "local": _local(drive),
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "wrong": next((form for form in forms.values() if form.errors), None),
        "may_confirm": drive.status == S.REQUESTED,
        "may_check_in": drive.status == S.CONFIRMED,
        "may_complete": drive.status == S.CHECKED_IN,
        # Nobody is missed before the time has come.
        "may_miss": drive.is_ahead and drive.starts_at <= now,
        "photos": [
            (photo, private_files.signed_url(file=photo.file, viewer=request.user, now=now))
            for photo in drive.photos.all()
        ],
        "agreement": agreement,
        "paper_url": private_files.signed_url(file=agreement.file, viewer=request.user, now=now)
        if agreement.file
        else "",
    }
    return render(request, "portals/dealer/test_drive.html", context, status=status)


def _local(drive: TestDrive) -> datetime:
    return on_wall(drive.starts_at, drive.store.time_zone)


def _make_forms(name: str, request: HttpRequest, drive: TestDrive) -> dict[str, Any]:
    return make_forms(name, request.POST, request.FILES)


def _keys(drive: TestDrive) -> dict[str, Any]:
    return {"test_drive_id": drive.pk, "organization_id": drive.organization_id}


def _lies(drive: TestDrive) -> Place:
    booking = drive.booking
    return Place(local=_local(drive), resource=booking.resource_id, times_moved=booking.times_moved)


ACTS = {
    "confirm": Act(
        service=confirm_test_drive,
        told=gettext_lazy("Confirmed. The customer has been told, and it is in your calendar."),
    ),
    "check-in": Act(service=check_in, told=gettext_lazy("Checked in. Have a good drive!")),
    "complete": Act(service=complete_test_drive, told=gettext_lazy("Completed. The lead knows about it.")),
    "no-show": Act(service=mark_no_show, told=gettext_lazy("Noted: nobody came.")),
    "move": Act(
        service=move_test_drive,
        told=gettext_lazy("Moved. The customer is told in a minute, unless you undo it."),
        reads=to_time,
        lies=_lies,
    ),
    "cancel": Act(service=cancel_test_drive, told=gettext_lazy("Cancelled. The customer has been told.")),
    "photo": Act(service=add_photo, told=gettext_lazy("Saved."), reads=lambda drive, data: {"upload": data["photo"]}),
}
DESK = Desk(
    acts=ACTS,
    page="dealer-test-drive",
    open=_open,
    make_forms=_make_forms,
    keys_of=_keys,
    show=_show,
)

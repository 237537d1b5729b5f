"""One's own test drives: the list, the page of one with its QR code, moving, cancelling, the answer afterwards."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import open_to_members
from apps.kernel.api import DomainError, NotFound, private_files
from apps.kernel.web import add_to_form
from apps.portals.storefront.qr import draw_qr
from apps.portals.storefront.test_drive_forms import SurveyForm
from apps.portals.storefront.web.own_appointments import (
    give_calendar,
    read_posted_instant,
    read_posted_reason,
    show_days,
    try_to,
)
from apps.portals.storefront.web.ways_back import posted
from apps.scheduling.api import leave_waitlist, list_waiting, on_wall
from apps.testdrives.api import (
    DAYS_SHOWN,
    PURPOSE,
    DemoCar,
    TestDrive,
    TestDriveStatus,
    access_own_drive,
    answer_survey,
    cancel_own_test_drive,
    check_in_token,
    list_own_drives,
    list_times,
    move_own_test_drive,
)

PAGE_SIZE = 20


@never_cache
@require_safe
@open_to_members
def mine(request: HttpRequest) -> HttpResponse:
    """List one's own test drives, and for what one waits."""
    now = timezone.now()
    page = Paginator(list_own_drives(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [(drive, _local(drive)) for drive in page.object_list],
        "page": page,
        "waiting": [
            _describe_waiting(entry, now) for entry in list_waiting(customer=request.user, purpose=PURPOSE, now=now)
        ],
    }
    return render(request, "storefront/test_drives_mine.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one's own test drive; a POST is the answer to the survey."""
    drive = _open(request, reference)
    form = SurveyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            answer_survey(reference=reference, member=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Thank you!"))
            return redirect("shop:test-drive", reference)
    agreement = drive.agreement
    context = {
        "drive": drive,
        "local": _local(drive),
        "form": form,
        "qr": _draw_check_in(drive),
        "asks": drive.status == TestDriveStatus.COMPLETED and not hasattr(drive, "survey"),
        "agreement": agreement,
        "paper_url": private_files.signed_url(file=agreement.file, viewer=request.user, now=timezone.now())
        if agreement.file
        else "",
    }
    return render(request, "storefront/test_drive.html", context, status=422 if form.errors else 200)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another time for one's own test drive."""
    drive = _open(request, reference)
    now = timezone.now()
    if request.method == "POST":
        return try_to(
            request,
            move_own_test_drive,
            reference=reference,
            starts_at=read_posted_instant(request),
            member=request.user,
            now=now,
            told=_("Your test drive has a new time. The store confirms it again."),
            page=reverse("shop:test-drive", args=[reference]),
            refused=reverse("shop:test-drive-move", args=[reference]),
        )
    slots = list_times(
        series_id=drive.demo_car.trim.model.series_id,
        store_id=drive.store_id,
        first_day=now.astimezone(ZoneInfo(drive.store.time_zone)).date(),
        days=DAYS_SHOWN,
        place=drive.place,
        now=now,
    )
    context = {"drive": drive, "local": _local(drive), **show_days(request, slots, zone=drive.store.time_zone)}
    return render(request, "storefront/test_drive_move.html", context)


@require_POST
@open_to_members
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel one's own test drive."""
    drive = _open(request, reference)
    return try_to(
        request,
        cancel_own_test_drive,
        reference=drive.reference,
        reason=read_posted_reason(request),
        member=request.user,
        now=timezone.now(),
        told=_("Your test drive is cancelled."),
        page=reverse("shop:test-drive", args=[drive.reference]),
    )


@never_cache
@require_safe
@open_to_members
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the appointment as a file for the reader's own calendar."""
    drive = _open(request, reference)
    return give_calendar(
        drive.booking,
        store=drive.store,
        uid=drive.reference,
        title=_("Test drive %(car)s") % {"car": drive.product.info.title},
        note=_("Please bring your driving licence."),
        page=reverse("shop:test-drive", args=[drive.reference]),
        name=f"test-drive-{drive.reference}",
    )


@require_POST
@open_to_members
def leave(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Give up a place on the waitlist."""
    try:
        leave_waitlist(entry_id=entry_id, customer=request.user, now=timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, _("You are no longer on the waitlist."))
    return redirect("shop:test-drives-mine")


def _open(request: HttpRequest, reference: str) -> TestDrive:
    try:
        return access_own_drive(member=request.user, reference=reference)
    except NotFound:
        raise Http404 from None


def _local(drive: TestDrive):
    return on_wall(drive.starts_at, drive.store.time_zone)


def _draw_check_in(drive: TestDrive) -> str:
    """Draw the code that the store scans, while there is something to check in."""
    if not drive.is_ahead:
        return ""
    path = reverse("dealer-test-drive-scan", args=[check_in_token(drive)])
    return draw_qr(f"{settings.SITE_URL.rstrip('/')}{path}")


def _describe_waiting(entry, now) -> dict[str, object]:
    """Return a place on the waitlist with the address at which the held slot is taken."""
    car = DemoCar.objects.filter(resource__in=entry.resource_ids).select_related("trim__model__series").first()
    at = int(entry.starts_at.timestamp())
    return {
        "entry": entry,
        "series": car.trim.model.series if car else None,
        "local": on_wall(entry.starts_at, entry.store.time_zone),
        "until": on_wall(entry.offered_until, entry.store.time_zone) if entry.offered_until else None,
        "url": reverse("shop:test-drive-sign", args=[car.trim.model.series.slug, entry.store.code.lower(), at])
        if car and entry.is_offered(now)
        else "",
    }

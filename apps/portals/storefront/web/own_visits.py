"""One's own visits to the workshop: the list, the page of one, its findings to answer, moving, cancelling."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

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
from apps.aftersales.api import (
    DAYS_SHOWN,
    Finding,
    ServiceVisit,
    VisitLine,
    VisitStatus,
    access_own_visit,
    answer_finding,
    cancel_own_visit,
    list_own_visits,
    list_service_times,
    move_own_visit,
)
from apps.kernel.api import DomainError, Money, NotFound, private_files
from apps.payments.api import Provider
from apps.portals.storefront.web.own_appointments import (
    give_calendar,
    read_posted_instant,
    read_posted_reason,
    show_days,
    try_to,
)
from apps.scheduling.api import on_wall

PAGE_SIZE = 20


@never_cache
@require_safe
@open_to_members
def mine(request: HttpRequest) -> HttpResponse:
    """List one's visits to workshops."""
    page = Paginator(list_own_visits(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(visit, at_store(visit)) for visit in page.object_list]
    return render(request, "storefront/my_visits.html", {"rows": rows, "page": page})


@never_cache
@require_safe
@open_to_members
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one's visit: when and where, what is done at which price, and what was found."""
    visit = _open(request, reference)
    agreed = [line for line in visit.lines.all() if line.counts]
    owed = visit.due if visit.due is not None else sum((line.owed for line in agreed), Decimal(0))
    context = {
        "visit": visit,
        "local": at_store(visit),
        "lines": [(line, _price(line, visit)) for line in agreed],
        "owed": Money(owed, visit.currency),
        "findings": [_show_finding(finding, visit, request) for finding in visit.findings.all()],
        "asks": visit.status == VisitStatus.CHECKED_IN,
        "may_pay": visit.status == VisitStatus.DONE,
        "providers": Provider.choices,
    }
    return render(request, "storefront/my_visit.html", context)


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another time for one's visit."""
    visit = _open(request, reference)
    now = timezone.now()
    if request.method == "POST":
        return try_to(
            request,
            move_own_visit,
            reference=reference,
            starts_at=read_posted_instant(request),
            by=request.user,
            now=now,
            told=_("Your appointment has a new time."),
            page=reverse("shop:my-visit", args=[reference]),
            refused=reverse("shop:visit-move", args=[reference]),
        )
    slots = list_service_times(
        store_id=visit.store_id,
        minutes=int((visit.ends_at - visit.starts_at).total_seconds() // 60),
        first_day=now.astimezone(ZoneInfo(visit.store.time_zone)).date(),
        days=DAYS_SHOWN,
        now=now,
    )
    context = {"visit": visit, "local": at_store(visit), **show_days(request, slots, zone=visit.store.time_zone)}
    return render(request, "storefront/visit_move.html", context)


@require_POST
@open_to_members
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel one's visit."""
    visit = _open(request, reference)
    return try_to(
        request,
        cancel_own_visit,
        reference=visit.reference,
        reason=read_posted_reason(request),
        by=request.user,
        now=timezone.now(),
        told=_("Your appointment is cancelled."),
        page=reverse("shop:my-visit", args=[visit.reference]),
    )


@require_POST
@open_to_members
def answer(request: HttpRequest, reference: str, finding_id: int) -> HttpResponse:
    """Approve or decline extra work."""
    approves = request.POST.get("answer") == "approve"
    try:
        answer_finding(
            reference=reference, finding_id=finding_id, approves=approves, by=request.user, now=timezone.now()
        )
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        told = _("Approved. The workshop goes on.") if approves else _("Declined. It is not done.")
        messages.success(request, told)
    return redirect("shop:my-visit", reference)


@never_cache
@require_safe
@open_to_members
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the appointment as a file for the reader's own calendar."""
    visit = _open(request, reference)
    return give_calendar(
        visit.booking,
        store=visit.store,
        uid=visit.reference,
        title=_("Service %(car)s") % {"car": visit.vehicle.title},
        note=_("Please bring the vehicle licence."),
        page=reverse("shop:my-visit", args=[visit.reference]),
        name=f"service-{visit.reference}",
    )


def _open(request: HttpRequest, reference: str) -> ServiceVisit:
    try:
        return access_own_visit(reference=reference, member=request.user)
    except NotFound:
        raise Http404 from None


def at_store(visit: ServiceVisit, moment: datetime | None = None) -> datetime:
    """Return a moment, or the beginning of the visit, by the clock on the store's wall."""
    return on_wall(moment or visit.starts_at, visit.store.time_zone)


def _price(line: VisitLine, visit: ServiceVisit) -> Money:
    return Money(line.total, visit.currency)


def _show_finding(finding: Finding, visit: ServiceVisit, request: HttpRequest) -> dict[str, object]:
    now = timezone.now()
    return {
        "finding": finding,
        "total": Money(finding.total, visit.currency),
        "owed": Money(finding.owed, visit.currency),
        "lines": [(line, _price(line, visit)) for line in finding.lines.all()],
        "photos": [
            private_files.signed_url(file=photo.file, viewer=request.user, now=now) for photo in finding.photos.all()
        ],
    }

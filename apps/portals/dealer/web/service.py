"""Visits to the dealer's workshops: the list, the day, the work order and everything that is done about it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.aftersales.api import (
    Finding,
    Ownership,
    PartWish,
    ServiceVisit,
    VisitStatus,
    access_visit,
    add_finding,
    add_finding_photo,
    cancel_visit,
    check_in,
    check_warranty,
    finish_work,
    get_bill_payment,
    list_bays,
    list_open_recalls,
    list_visits,
    mark_visit_missed,
    move_visit,
    pay_at_till,
    propose_work,
    settle_visit,
    verify_owner,
)
from apps.inventory.api import list_own_levels
from apps.kernel.api import Money, NotFound, private_files
from apps.portals.dealer.acting import Act, Desk, Place, to_time
from apps.portals.dealer.service_day import list_cards
from apps.portals.dealer.service_forms import make_forms
from apps.portals.dealer.store_day import answer_day, make_columns
from apps.portals.storefront.qr import draw_qr
from apps.scheduling.api import on_wall

PAGE_SIZE = 20
SHOWS = {"work": gettext_lazy("In the workshop"), "past": gettext_lazy("Past")}
V = VisitStatus
OPEN = (V.BOOKED, V.CHECKED_IN, V.DONE)
DEALERS = (Role.DEALER_MANAGER, Role.DEALER_CLERK)


@never_cache
@require_safe
@require_roles(*DEALERS)
def visits(request: HttpRequest) -> HttpResponse:
    """List the visits to the dealer's workshops, the next one first."""
    organization = current_organization(request, OrganizationKind.DEALER)
    show = request.GET.get("show", "")
    found = list_visits(organization.pk)
    if show == "past":
        found = found.exclude(status__in=OPEN).order_by("-booking__starts_at", "-pk")
    elif show == "work":
        found = found.filter(status__in=(V.CHECKED_IN, V.DONE))
    else:
        found = found.filter(status__in=OPEN)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [(visit, _local(visit)) for visit in page.object_list],
        "page": page,
        "show": show,
        "shows": SHOWS.items(),
    }
    return render(request, "portals/dealer/visits.html", context)


@never_cache
@require_safe
@require_roles(*DEALERS)
def day(request: HttpRequest) -> HttpResponse:
    """Show one day of a workshop: each bay with its visits by the hour."""
    return answer_day(
        request,
        "portals/dealer/visit_day.html",
        stores={"has_service": True},
        columns=lambda store: make_columns(list_bays(store.pk)),
        cards=list_cards,
    )


@never_cache
@require_safe
@require_roles(*DEALERS)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Show one work order and what to do; while a payment is awaited, htmx asks whether it came in."""
    found = _open(request, visit_id)
    if request.htmx:
        is_awaited = found.status == V.DONE
        return HttpResponse(status=204) if is_awaited else HttpResponse(headers={"HX-Refresh": "true"})
    return _show(request, found)


@require_POST
@require_roles(*DEALERS)
def act(request: HttpRequest, visit_id: int, name: str) -> HttpResponse:
    """Do one thing about a visit; what was typed stays on the page where it is refused."""
    return DESK.act(request, visit_id, name)


def _open(request: HttpRequest, visit_id: int) -> ServiceVisit:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        return access_visit(visit_id=visit_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None


def _show(
    request: HttpRequest, found: ServiceVisit, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    forms = forms or make_forms(parts=_parts(found), bays=_bays(found))
    lines = list(found.lines.all())
    agreed = [line for line in lines if line.counts]
    owed = found.due if found.due is not None else sum((line.owed for line in agreed), Decimal(0))
    if found.status == V.DONE and not forms["settle"].is_bound:
        forms["settle"].initial = {"amount": owed}
    is_at_work = found.status == V.CHECKED_IN
    payment = get_bill_payment(found, now=now) if found.status == V.DONE else None
    own = Ownership.objects.filter(vehicle=found.vehicle_id, member=found.member_id, until=None).first()
    context = {
        "visit": found,
        "local": _local(found),
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "wrong": next((form for form in forms.values() if form.errors), None),
        "lines": [(line, Money(line.total, found.currency)) for line in agreed],
        "missing": [line for line in agreed if line.kind == "PART" and not line.is_reserved],
        "owed": Money(owed, found.currency),
        "findings": [_show_finding(finding, found, request, forms) for finding in found.findings.all()],
        "may_check_in": found.status == V.BOOKED,
        "is_at_work": is_at_work,
        "waits": any(finding.status == "PROPOSED" for finding in found.findings.all()),
        "may_settle": found.status == V.DONE,
        "payment": payment,
        "qr": draw_qr(payment.action.url) if payment and payment.action else "",
        # Nobody is missed before the time has come.
        "may_miss": found.is_ahead and found.starts_at <= now,
        "covers": check_warranty(found.vehicle, today=timezone.localdate(now)) if found.is_open else [],
        "recalls": list_open_recalls(found.vehicle.vin) if found.is_open else [],
        "may_verify": is_at_work and own is not None and not own.is_verified,
    }
    return render(request, "portals/dealer/visit.html", context, status=status)


def _show_finding(
    finding: Finding, found: ServiceVisit, request: HttpRequest, forms: dict[str, Any]
) -> dict[str, object]:
    """Return a finding with its own forms; what was typed about one finding stays with that one."""
    now = timezone.now()
    parts = forms["propose"].fields["part"].choices[1:]
    own = make_forms(parts=parts, auto_id=f"id_{finding.pk}_%s")
    sent = [name for name in ("photo", "propose") if forms[name].is_bound]
    typed = {name for name in sent if forms[name]["finding"].value() == str(finding.pk)}
    return {
        **{name: forms[name] if name in typed else own[name] for name in ("photo", "propose")},
        "typed": typed,
        "finding": finding,
        "total": Money(finding.total, found.currency),
        "owed": Money(finding.owed, found.currency),
        "lines": [(line, Money(line.total, found.currency)) for line in finding.lines.all()],
        "photos": [
            private_files.signed_url(file=photo.file, viewer=request.user, now=now) for photo in finding.photos.all()
        ],
    }


def _parts(found: ServiceVisit) -> list[tuple[str, str]]:
    """List the parts that lie in the store's own stockroom, to choose from."""
    levels = list_own_levels(found.organization_id).filter(site__store=found.store_id, on_hand__gt=0)
    return [(str(level.product_id), f"{level.product.info.title} ({level.free})") for level in levels if level.free > 0]


def _bays(found: ServiceVisit) -> list[tuple[str, str]]:
    """List the store's bays, to move a visit that is ahead to one of them."""
    return [(str(bay.pk), bay.name) for bay in list_bays(found.store_id)] if found.is_ahead else []


def _local(found: ServiceVisit) -> datetime:
    return on_wall(found.starts_at, found.store.time_zone)


def _make_forms(name: str, request: HttpRequest, found: ServiceVisit) -> dict[str, Any]:
    return make_forms(name, request.POST, request.FILES, parts=_parts(found), bays=_bays(found))


def _keys(found: ServiceVisit) -> dict[str, Any]:
    return {"visit_id": found.pk, "organization_id": found.organization_id}


def _to_propose(found: ServiceVisit, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "finding_id": data["finding"],
        "labour": data["labour"],
        "parts": [PartWish(product_id=int(data["part"]), quantity=data["quantity"] or 1)] if data["part"] else [],
        "warranty": int(data["warranty"]) if data["warranty"] else None,
    }


def _to_till(found: ServiceVisit, data: dict[str, Any]) -> dict[str, Any]:
    page = f"{settings.SITE_URL.rstrip('/')}{reverse('shop:my-visit', args=[found.reference])}"
    return {"provider": data["provider"], "return_url": page}


def _to_bay(found: ServiceVisit, data: dict[str, Any]) -> dict[str, Any]:
    read = to_time(found, data)
    bay = read.pop("bay")
    return {**read, "bay_id": int(bay) if bay else None}


def _lies(found: ServiceVisit) -> Place:
    booking = found.booking
    return Place(
        local=_local(found),
        resource=booking.resource_id,
        times_moved=booking.times_moved,
        bay=str(booking.resource_id),
    )


def _tell_moved(before: ServiceVisit, after: ServiceVisit) -> str:
    if after.starts_at != before.starts_at:
        return _("Moved. The customer is told in a minute, unless you undo it.")
    return _("Saved. The customer comes at the same time as before.")


ACTS = {
    "check-in": Act(service=check_in, told=gettext_lazy("Checked in. The work order is open.")),
    "verify": Act(service=verify_owner, told=gettext_lazy("Noted: the papers name this customer as the owner.")),
    "finding": Act(
        service=add_finding,
        told=gettext_lazy("Noted. Add pictures, and propose the work if it should be done."),
    ),
    "photo": Act(
        service=add_finding_photo,
        told=gettext_lazy("Saved."),
        reads=lambda found, data: {"finding_id": data["finding"], "upload": data["photo"]},
    ),
    "propose": Act(
        service=propose_work,
        told=gettext_lazy("Proposed. The customer has been asked; nothing is begun before the answer."),
        reads=_to_propose,
    ),
    "finish": Act(service=finish_work, told=gettext_lazy("Done. The customer has been told.")),
    "settle": Act(service=settle_visit, told=gettext_lazy("Paid. The visit is completed.")),
    "till": Act(
        service=pay_at_till,
        told=gettext_lazy("Let the customer scan the code. This page notes the payment by itself."),
        reads=_to_till,
    ),
    "no-show": Act(service=mark_visit_missed, told=gettext_lazy("Noted: nobody came.")),
    "move": Act(service=move_visit, told=_tell_moved, reads=_to_bay, lies=_lies),
    "cancel": Act(service=cancel_visit, told=gettext_lazy("Cancelled. The customer has been told.")),
}
DESK = Desk(acts=ACTS, page="dealer-visit", open=_open, make_forms=_make_forms, keys_of=_keys, show=_show)

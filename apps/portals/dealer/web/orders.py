"""Orders and pickups: the list, the page of one, its papers, and a look at a buyer's number."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, mask_phone, require_roles
from apps.kernel.api import DomainError, NotFound
from apps.orders.api import (
    DONE_FULFILMENTS,
    FETCHABLE,
    Fulfilment,
    FulfilmentStatus,
    Method,
    access_fulfilment,
    find_appointment,
    list_fulfilments,
    list_inspections,
    local_time,
    reveal_recipient,
    story_of,
)
from apps.portals import papers
from apps.portals.dealer.clocks import clock_of_fulfilment
from apps.portals.worklist import possible_moves

S = FulfilmentStatus
PAGE_SIZE = 20
SHOWS = {
    "accept": (gettext_lazy("To accept"), (S.PENDING,)),
    "steps": (gettext_lazy("Next steps"), (S.PICKED, S.IN_TRANSIT, S.ARRIVED, S.PDI_PASSED)),
    "ready": (gettext_lazy("Waiting to be fetched"), (S.READY,)),
    "sent": (gettext_lazy("Shipped"), (S.SHIPPED,)),
    "done": (gettext_lazy("Done"), (*DONE_FULFILMENTS, S.CANCELLED)),
}


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def orders(request: HttpRequest) -> HttpResponse:
    """List the fulfilments of the caller's dealer, what is due first; ``q`` is an order's number."""
    organization = current_organization(request, OrganizationKind.DEALER)
    own = list_fulfilments(organization.pk)
    show = request.GET.get("show", "")
    found = own.filter(status__in=SHOWS[show][1]) if show in SHOWS else own.exclude(status__in=SHOWS["done"][1])
    query = request.GET.get("q", "").strip()[:40]
    if query:
        found = own.filter(order__number__icontains=query.replace("\x00", ""))
    ordering = ["-done_at", "-pk"] if show == "done" else ["sla_due_at", "pk"]
    page = Paginator(found.order_by(*ordering), PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "rows": [
            (row, clock_of_fulfilment(row, now=now), possible_moves(row, organization_id=organization.pk))
            for row in page.object_list
        ],
        "page": page,
        "show": show,
        "shows": [(code, label) for code, (label, _statuses) in SHOWS.items()],
        "query": query,
    }
    return render(request, "portals/dealer/orders.html", context)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def order(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Show one fulfilment: what it is, whose, what happened, what to do now."""
    return _show(request, fulfilment_id)


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def reveal(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Show the buyer's whole number once; who looked and why is written down."""
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        phone = reveal_recipient(
            fulfilment_id=fulfilment_id,
            organization_id=organization.pk,
            reason=request.POST.get("reason", "")[:500].replace("\x00", ""),
            by=request.user,
            now=timezone.now(),
        )
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("dealer-order", fulfilment_id)
    response = _show(request, fulfilment_id, phone=phone)
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def order_paper(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Give the order as a PDF, in the reader's language or in that of ``lang``."""
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        fulfilment = access_fulfilment(fulfilment_id=fulfilment_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None
    is_open = fulfilment.status not in SHOWS["done"][1]
    context = {
        "fulfilment": fulfilment,
        "organization": organization,
        "lines": fulfilment.lines.all(),
        "buyer": fulfilment.order.recipient_name if is_open else "",
        "phone": mask_phone(fulfilment.order.recipient_phone or fulfilment.order.phone) if is_open else "",
        "inspections": list_inspections(fulfilment.pk, organization_id=organization.pk),
        "now": timezone.now(),
    }
    return papers.answer(
        request,
        "portals/papers/order.html",
        context,
        name=f"{fulfilment.order.number}-{fulfilment.pk}.pdf",
        back=("dealer-order", fulfilment.pk),
    )


def _show(request: HttpRequest, fulfilment_id: int, *, phone: str = "") -> HttpResponse:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        fulfilment = access_fulfilment(fulfilment_id=fulfilment_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None
    is_open = fulfilment.status not in SHOWS["done"][1]
    found = fulfilment.order
    is_delivery = fulfilment.method == Method.DELIVERY
    context = {
        "fulfilment": fulfilment,
        "order": found,
        "clock": clock_of_fulfilment(fulfilment, now=timezone.now()),
        "moves": possible_moves(fulfilment, organization_id=organization.pk),
        "is_open": is_open,
        "is_delivery": is_delivery,
        "buyer": found.recipient_name if is_open else "",
        "phone": phone or mask_phone(found.recipient_phone or found.phone) if is_open else "",
        "is_revealed": bool(phone),
        "inspections": list_inspections(fulfilment.pk, organization_id=organization.pk),
        "story": story_of(fulfilment),
        "handover": _handover_of(fulfilment, organization.pk),
    }
    return render(request, "portals/dealer/order.html", context)


def _handover_of(fulfilment: Fulfilment, organization_id: int) -> dict[str, Any] | None:
    """Return the appointment of a car that stands at the dealer's store or was handed over there; else nothing."""
    shown = (*FETCHABLE, S.HANDED_OVER)
    if not fulfilment.has_vehicle or fulfilment.receiver_id != organization_id or fulfilment.status not in shown:
        return None
    found = find_appointment(fulfilment.pk)
    return {"appointment": found, "local": local_time(fulfilment, found.booking.starts_at) if found else None}

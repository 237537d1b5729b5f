"""Orders: the list, one order with what can be done about it, and its papers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import SUPPLIER_ROLES, Organization, OrganizationKind, current_organization, require_roles
from apps.kernel.api import DomainError
from apps.orders.api import Fulfilment, accept_partly, access_fulfilment
from apps.orders.errors import FulfilmentNotFound
from apps.portals import worklist
from apps.portals.papers import answer
from apps.portals.storefront.qr import draw_qr
from apps.portals.supplier.orders import TABS, list_outgoing, row_of

PAGE_SIZE = 20
MOVES = ("accept", "reject", "ship")


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def order_list(request: HttpRequest) -> HttpResponse:
    """Show orders by what they wait for, or those whose number was searched for."""
    organization = _organization(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    query = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    found = list_outgoing(organization.pk)
    found = found.filter(order__number__icontains=query) if query else found.filter(TABS[tab][1])
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "rows": [row_of(one, organization_id=organization.pk, now=now) for one in page.object_list],
        "page": page,
        "query": query,
        "tabs": [(label, f"{reverse('supplier-orders')}?tab={name}") for name, (label, _q) in TABS.items()],
        "current": "" if query else f"{reverse('supplier-orders')}?tab={tab}",
        "params": f"q={query}" if query else f"tab={tab}",
    }
    return render(request, "portals/supplier/orders.html", context)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def order_detail(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Show one order."""
    return _show(request, _access(request, fulfilment_id))


@require_POST
@require_roles(*SUPPLIER_ROLES)
def move(request: HttpRequest, fulfilment_id: int, name: str) -> HttpResponse:
    """Accept, decline or ship; then back to where the button was."""
    if name not in MOVES:
        raise Http404
    return worklist.make_move(
        request,
        kind=OrganizationKind.SUPPLIER,
        route="supplier-home",
        fulfilment_id=fulfilment_id,
        name=name,
        now=timezone.now(),
    )


@require_POST
@require_roles(*SUPPLIER_ROLES)
def accept_part(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Accept some pieces; the page says what became of the others."""
    fulfilment = _access(request, fulfilment_id)
    quantities = {line.item_id: request.POST.get(f"take-{line.item_id}", "") for line in fulfilment.lines.all()}
    reason = request.POST.get("reason", "").replace("\x00", "")[:200]
    kept = {"taken": {item: text[:6] for item, text in quantities.items()}, "reason": reason}
    if not all(text.isascii() and text.isdecimal() and len(text) < 7 for text in quantities.values()):
        return _show(request, fulfilment, part={**kept, "error": _("Say for every line how many pieces you take.")})
    try:
        result = accept_partly(
            fulfilment_id=fulfilment_id,
            organization_id=_organization(request).pk,
            quantities={item: int(text) for item, text in quantities.items()},
            reason=reason,
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        return _show(request, fulfilment, part={**kept, "error": str(refusal)})
    if result.is_rerouted:
        messages.success(request, _("Accepted in part. Another site takes the rest."))
    else:
        messages.success(
            request,
            _("Accepted in part. Nobody else has the rest; the buyer gets %(amount)s back.")
            % {"amount": f"¥{result.refunded.amount}"},
        )
    return redirect("supplier-order", fulfilment_id)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def label(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """The parcel's label, 100 × 150 mm, with a code that opens the order on a phone."""
    return _paper(request, fulfilment_id, "label")


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def packing_list(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """What goes into the parcel, A5, for whoever packs and for the buyer."""
    return _paper(request, fulfilment_id, "packing_list")


def _paper(request: HttpRequest, fulfilment_id: int, kind: str) -> HttpResponse:
    fulfilment = _access(request, fulfilment_id)
    organization = _organization(request)
    row = row_of(fulfilment, organization_id=organization.pk, now=timezone.now())
    if not row.has_papers:
        raise Http404
    context = {
        "row": row,
        "fulfilment": fulfilment,
        "order": fulfilment.order,
        "sender": organization,
        "qr": draw_qr(request.build_absolute_uri(reverse("supplier-order", args=[fulfilment.pk]))),
        "now": timezone.now(),
    }
    name = f"{kind.replace('_', '-')}-{fulfilment.order.number}-{fulfilment.pk}.pdf"
    back = ("supplier-order", fulfilment.pk)
    return answer(request, f"portals/supplier/{kind}.html", context, name=name, back=back)


def _show(request: HttpRequest, fulfilment: Fulfilment, *, part: dict | None = None) -> HttpResponse:
    organization = _organization(request)
    row = row_of(fulfilment, organization_id=organization.pk, now=timezone.now())
    taken = (part or {}).get("taken", {})
    context = {
        "row": row,
        "fulfilment": fulfilment,
        "order": fulfilment.order,
        "lines": [(line, taken.get(line.item_id, str(line.quantity))) for line in fulfilment.lines.all()],
        "part": part,
        "here": reverse("supplier-order", args=[fulfilment.pk]),
    }
    return render(request, "portals/supplier/order.html", context, status=422 if part else 200)


def _access(request: HttpRequest, fulfilment_id: int) -> Fulfilment:
    organization = _organization(request)
    try:
        fulfilment = access_fulfilment(fulfilment_id=fulfilment_id, organization_id=organization.pk)
    except FulfilmentNotFound:
        raise Http404 from None
    if fulfilment.source_id != organization.pk:
        raise Http404
    return fulfilment


def _organization(request: HttpRequest) -> Organization:
    return current_organization(request, OrganizationKind.SUPPLIER)

"""Offers and stock, one by one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import (
    SUPPLIER_ROLES,
    Organization,
    OrganizationKind,
    Role,
    current_organization,
    current_roles,
    require_roles,
)
from apps.catalog.api import Offer, OfferNotFound, get_offer, pause_offer, put_offer, resume_offer
from apps.inventory.api import count_supplier_stock, list_own_sites
from apps.kernel.api import DomainError, Money
from apps.portals.supplier.forms import OfferForm, StockForm
from apps.portals.supplier.offers import find_offers, rows_of, standing_of
from apps.portals.supplier.refusals import note_invalid

PAGE_SIZE = 25


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def offer_list(request: HttpRequest) -> HttpResponse:
    """Show the supplier's offers with their stock."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    is_low = bool(request.GET.get("low"))
    page = Paginator(find_offers(organization.pk, query=query, is_low=is_low), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "rows": rows_of(page.object_list, organization_id=organization.pk),
        "page": page,
        "query": query,
        "is_low": is_low,
        "params": "&".join(part for part in (f"q={query}" if query else "", "low=1" if is_low else "") if part),
    }
    return render(request, "portals/supplier/offers.html", context)


@never_cache
@require_safe
@require_roles(*SUPPLIER_ROLES)
def offer_detail(request: HttpRequest, sku: str) -> HttpResponse:
    """Show one offer."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    return _show(request, _access(sku, organization), organization)


@never_cache
@require_POST
@require_roles(Role.SUPPLIER)
def terms(request: HttpRequest, sku: str) -> HttpResponse:
    """Change the terms of one offer."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    offer = _access(sku, organization)
    form = OfferForm(request.POST, sites=list(list_own_sites(organization.pk)))
    if not form.is_valid():
        note_invalid(request, form, name="offer")
        return _show(request, offer, organization, form=form, status=422)
    try:
        put_offer(
            sku=offer.sku,
            organization_id=organization.pk,
            product_id=offer.product_id,
            price=Money(form.cleaned_data["price"], "CNY"),
            lead_time_days=form.cleaned_data["lead_time_days"],
            site=form.cleaned_data["site"],
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.explain(refusal)
        return _show(request, offer, organization, form=form, status=refusal.status)
    messages.success(request, _("The offer is changed."))
    return redirect("supplier-offer", offer.sku)


@require_POST
@require_roles(*SUPPLIER_ROLES)
def count(request: HttpRequest, sku: str, site: str) -> HttpResponse:
    """Record a count at one site."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    offer = _access(sku, organization)
    if not list_own_sites(organization.pk).filter(code=site).exists():
        raise Http404
    form = StockForm(request.POST)
    if not form.is_valid():
        note_invalid(request, form, name="count")
        return _show(request, offer, organization, counted=(site, form), status=422)
    try:
        count_supplier_stock(
            organization_id=organization.pk,
            sku=sku,
            site_code=site,
            on_hand=form.cleaned_data["on_hand"],
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error("on_hand", str(refusal))
        return _show(request, offer, organization, counted=(site, form), status=refusal.status)
    messages.success(request, _("Counted."))
    return redirect("supplier-offer", sku)


@require_POST
@require_roles(Role.SUPPLIER)
def switch(request: HttpRequest, sku: str) -> HttpResponse:
    """Take an offer off sale, or put it back."""
    organization = current_organization(request, OrganizationKind.SUPPLIER)
    offer = _access(sku, organization)
    change = resume_offer if request.POST.get("on") else pause_offer
    try:
        change(offer_id=offer.pk, by=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("supplier-offer", sku)


def _show(
    request: HttpRequest,
    offer: Offer,
    organization: Organization,
    *,
    form: OfferForm | None = None,
    counted: tuple[str, StockForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    sites = list(list_own_sites(organization.pk))
    (row,) = rows_of([offer], organization_id=organization.pk)
    on_shelf = {shelf.site.code: shelf for shelf in row.shelves}
    terms = {"price": row.price.amount if row.price else None, "lead_time_days": offer.lead_time_days}
    shelves = []
    for site in sites:
        shelf = on_shelf.get(site.code)
        bound = counted[1] if counted and counted[0] == site.code else None
        shelves.append((site, shelf, bound or StockForm(initial={"on_hand": shelf.on_hand if shelf else 0})))
    context = {
        "row": row,
        "offer": offer,
        "shelves": shelves,
        "form": form or OfferForm(sites=sites, initial={**terms, "site": offer.site_code}),
        "standing": standing_of(offer),
        "may_price": _may_price(request),
    }
    return render(request, "portals/supplier/offer.html", context, status=status)


def _access(sku: str, organization: Organization) -> Offer:
    try:
        return get_offer(sku, organization.pk)
    except OfferNotFound:
        raise Http404 from None


def _may_price(request: HttpRequest) -> bool:
    return Role.SUPPLIER in current_roles(request)

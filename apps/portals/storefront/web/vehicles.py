"""Cars: the list, and the page that sells one series."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import (
    BodyType,
    Powertrain,
    ProductKind,
    ProductNotFound,
    ProductQuery,
    open_showroom,
    put_on_stage,
    search_products,
)
from apps.dealers.api import list_stores
from apps.financing.api import list_finance_products
from apps.kernel.web import cached_page, tag_page
from apps.portals.storefront import showcase
from apps.portals.storefront.instalments import calculate
from apps.portals.storefront.selectors import list_body_types, list_powertrains, list_series_cards
from apps.portals.storefront.web.holes import own_tools

ACCESSORIES = 4


@require_safe
@cached_page(tags=["vehicles", "list"], query=["body", "power"], own=own_tools)
@open_to_everyone
def vehicles(request: HttpRequest) -> HttpResponse:
    """List the series, narrowed by body type and powertrain."""
    body_type, powertrain = request.GET.get("body", ""), request.GET.get("power", "")
    body_type = body_type if body_type in BodyType.values else ""
    powertrain = powertrain if powertrain in Powertrain.values else ""
    context = {
        "series": list_series_cards(body_type=body_type, powertrain=powertrain),
        "body_types": list_body_types(),
        "powertrains": list_powertrains(),
        "body_type": body_type,
        "powertrain": powertrain,
    }
    return render(request, "storefront/vehicles.html", context)


@require_safe
@cached_page(tags=["vehicles", "stores", "finance"], query=["trim", "option*"], own=own_tools)
@open_to_everyone
def vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Sell one series; a link that names a car leads on to the configurator with it."""
    if "trim" in request.GET or any(name.startswith("option") for name in request.GET):
        return redirect(f"{reverse('shop:configure', args=[slug])}?{request.GET.urlencode(safe=',')}")
    try:
        showroom = open_showroom(slug)
    except ProductNotFound as refusal:
        raise Http404 from refusal
    series, first = showroom.series, showroom.trims[0]
    cheapest = min(showroom.trims, key=lambda row: row.price.amount)
    groups = put_on_stage([first])[first.code].groups
    query = ProductQuery(kind=ProductKind.ACCESSORY, fits=first.trim.product_id, page_size=ACCESSORIES)
    accessories = search_products(query).items
    shown = [*(row.trim.product_id for row in showroom.trims), *(card.id for card in accessories)]
    tag_page(request, *(f"product:{product_id}" for product_id in shown))
    context = {
        "series": series,
        "trims": showroom.trims,
        "cheapest": cheapest,
        "finance": calculate(list_finance_products(at=timezone.now()), cheapest.price),
        "hero": showcase.find_cover(series),
        "paints": showcase.list_paints(series, groups),
        "gallery": showcase.list_sides(series),
        "spin": showcase.find_spin(series),
        "interior": showcase.find_interior(series, groups),
        "figures": showcase.list_figures(showroom.trims),
        "comparison": showcase.compare_trims(showroom.trims),
        "specifications": showcase.group_facts(first),
        "first": first,
        "highlights": showcase.list_highlights(series),
        "warranty": showcase.tell_warranty(series),
        "accessories": accessories,
        "cities": showcase.list_cities(list_stores(service="sales")),
        "configure_url": reverse("shop:configure", args=[slug]),
        "trail": [(_("Home"), "/"), (_("Vehicles"), reverse("shop:vehicles")), (series.name, "")],
    }
    return render(request, "storefront/vehicle.html", context)

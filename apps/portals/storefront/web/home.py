"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.catalog.api import ProductKind, ProductQuery, search_products
from apps.portals.storefront.selectors import list_series_cards

ACCESSORIES = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the cars, a few accessories and the ways in."""
    series = list_series_cards()
    popular = ProductQuery(kind=ProductKind.ACCESSORY, in_stock=True, ordering="popular", page_size=ACCESSORIES)
    context = {
        "series": series,
        "hero": series[-1] if series else None,
        "accessories": search_products(popular).items,
    }
    return render(request, "storefront/home.html", context)

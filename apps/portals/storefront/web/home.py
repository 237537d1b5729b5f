"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.catalog.api import ProductKind, ProductQuery, search_products
from apps.portals.storefront.selectors import list_series_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the cars, a few accessories and the ways in."""
    series = list_series_cards()
    accessories = search_products(ProductQuery(kind=ProductKind.ACCESSORY, ordering="popular", page_size=8)).items
    return render(
        request,
        "storefront/home.html",
        {"series": series, "hero": series[-1] if series else None, "accessories": accessories},
    )

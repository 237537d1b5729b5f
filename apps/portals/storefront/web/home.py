"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductKind, ProductQuery, search_products
from apps.dealers.api import list_stores
from apps.kernel.web import cached_page
from apps.portals.storefront.front_page import list_cities, list_hero_figures, list_paints
from apps.portals.storefront.selectors import list_cars, list_series_cards
from apps.portals.storefront.web.holes import own_tools

ACCESSORIES = 4


@require_safe
@cached_page(tags=["vehicles", "list", "stores"], own=own_tools)
@open_to_everyone
def home(request: HttpRequest) -> HttpResponse:
    """Show the cars, their paints, what goes with them, and the ways in."""
    series = list_series_cards()
    popular = ProductQuery(kind=ProductKind.ACCESSORY, in_stock=True, ordering="popular", page_size=ACCESSORIES)
    stores = list(list_stores())
    hero = series[-1] if series else None
    context = {
        "series": series,
        "hero": hero,
        "figures": list_hero_figures(hero.series) if hero else [],
        "paints": list_paints([card.series for card in series]),
        "accessories": search_products(popular).items,
        "cars": list_cars(),
        "cities": list_cities(stores),
        "store_count": len(stores),
    }
    return render(request, "storefront/home.html", context)

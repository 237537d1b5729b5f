"""Where to find a dealer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.dealers.api import StoreService, list_stores
from apps.portals.storefront.hours import show_store


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """List stores, narrowed by city and by what they offer."""
    city = request.GET.get("city", "")[:40]
    service = request.GET.get("service", "")
    service = service if service in StoreService.values else ""
    everywhere = list(list_stores())
    cities = list({store.city: (store.city, store.city_name) for store in everywhere}.values())
    found = list(list_stores(city=city or None, service=service or None)) if city or service else everywhere
    now = timezone.now()
    context = {
        "stores": [show_store(store, at=now) for store in found],
        "cities": cities,
        "city": city,
        "service": service,
    }
    return render(request, "storefront/stores.html", context)

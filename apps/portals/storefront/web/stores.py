"""Where to find a dealer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.dealers.api import list_stores


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """List stores, those of the asked city or service first asked for."""
    city = request.GET.get("city", "")[:40].replace("\x00", "")
    service = request.GET.get("service", "")
    if service not in ("sales", "service"):
        service = ""
    found = list(list_stores(city=city or None, service=service or None))
    cities = sorted({(store.city, store.city_name) for store in list_stores()}, key=lambda pair: pair[0])
    return render(
        request, "storefront/stores.html", {"stores": found, "cities": cities, "city": city, "service": service}
    )

"""Recently viewed products: the device remembers them (a cookie that its own script writes), the server does not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import list_cards
from apps.portals.storefront.web.numbers import read_number
from apps.portals.storefront.web.ways_back import go_back
from apps.portals.storefront.web.wishes import read_ids

RECENT_COOKIE = "xc_recent"
MOST_SHOWN = 6


@never_cache
@require_safe
@open_to_everyone
def recent(request: HttpRequest) -> HttpResponse:
    """Show the products the device remembers, without the one on the page that asks (``except``)."""
    here = read_number(request.GET.get("except"))
    ids = read_ids(request.COOKIES.get(RECENT_COOKIE, ""), most=MOST_SHOWN + 1)
    wanted = [pk for pk in ids if pk != here][:MOST_SHOWN]
    context = {"products": list_cards(wanted) if wanted else []}
    template = "storefront/_recent.html" if request.htmx else "storefront/recent.html"
    return render(request, template, context)


@require_POST
@open_to_everyone
def clear(request: HttpRequest) -> HttpResponse:
    """Let the device forget."""
    if request.htmx:
        response = render(request, "storefront/_recent.html", {"products": []})
    else:
        response = go_back(request, reverse("shop:recent"))
    response.delete_cookie(RECENT_COOKIE, samesite="Lax")
    return response

"""What the search field offers while somebody types: a part of a page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductKind, Suggestion, suggest
from apps.portals.storefront.list_state import LONGEST_WORDS

# A minute of the same letters: backspace asks nobody.
KEPT_SECONDS = 60
LIST_OF_KIND = {ProductKind.PACKAGE: "shop:packages", ProductKind.VEHICLE: "shop:vehicles"}


@require_safe
@cache_control(private=True, max_age=KEPT_SECONDS)
@vary_on_headers("Accept-Language", "Cookie")
@open_to_everyone
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer with the options of a list box: queries, categories, series and products."""
    typed = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    found = suggest(typed)
    context = {
        "found": found,
        "typed": typed,
        "queries": [(row, f"{reverse('shop:search')}?{urlencode({'q': row.value})}") for row in found.queries],
        "categories": [(row, _category_url(row)) for row in found.categories],
        "series": [(row, reverse("shop:vehicle", args=[row.value])) for row in found.series],
        "products": [(card, reverse("shop:product", args=[card.slug])) for card in found.products],
    }
    return render(request, "storefront/_suggestions.html", context)


def _category_url(row: Suggestion) -> str:
    if row.kind in LIST_OF_KIND:
        return reverse(LIST_OF_KIND[ProductKind(row.kind)])
    kind = {"kind": row.kind} if row.kind == ProductKind.ACCESSORY else {}
    return f"{reverse('shop:parts')}?{urlencode({**kind, 'category': row.value.lower()})}"

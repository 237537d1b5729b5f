"""Where to find a store."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductDetail, ProductNotFound, get_product
from apps.dealers.api import Store, StoreService, UnknownStore, find_store, list_stores, with_special_days
from apps.inventory.api import stock_at_stores
from apps.kernel.web import cached_page, tag_page
from apps.portals.storefront.hours import show_store
from apps.portals.storefront.regions import LONGEST_PLACE, Place, find_places, list_city_dots
from apps.portals.storefront.store_map import draw_map
from apps.portals.storefront.web.holes import own_tools

# A position is a neighbourhood, not a doorstep: two places are about a kilometer.
POSITION_PLACES = 2
# So many are near; the others are farther away, and not on the map.
NEAREST = 8


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody looks for: near where, which service, with which product."""

    near: tuple[float, float] | None
    place: Place | None
    others: tuple[Place, ...]
    typed: str
    city: str
    service: str
    product: ProductDetail | None

    @property
    def center(self) -> tuple[float, float] | None:
        """What distances are counted from."""
        if self.near:
            return self.near
        return (self.place.latitude, self.place.longitude) if self.place else None


# A minute: whether a store is open is told by the clock, not by a fact.
@cached_page(tags=["stores"], seconds=60, query=["near", "place", "city", "service", "product"], own=own_tools)
@require_safe
@open_to_everyone
def stores(request: HttpRequest) -> HttpResponse:
    """List stores, the nearest first where a place is known, with a map of them."""
    wish = _read(request)
    if wish.product:
        tag_page(request, f"product:{wish.product.id}", f"stock:{wish.product.id}")
    everywhere = list(list_stores())
    matching = list_stores(near=wish.center, city=wish.city or None, service=wish.service or None)
    found = list(with_special_days(matching, on=timezone.localdate()))
    stock = {row.pk: pieces for row, pieces in stock_at_stores(wish.product.id)} if wish.product else {}
    if wish.product:
        # Where it can be taken along comes first; the order within stays.
        found.sort(key=lambda row: row.pk not in stock)
    now = timezone.now()
    near = found[:NEAREST] if wish.center else found
    cards = [
        show_store(
            row,
            at=now,
            stock=stock.get(row.pk, 0) if wish.product else None,
            with_distance=not wish.place or wish.place.is_exact,
        )
        for row in found
    ]
    context = {
        "stores": cards[: len(near)],
        "farther": cards[len(near) :],
        "shown_count": len(near),
        "map": draw_map(near, near=wish.center, cities=list_city_dots()) if near else None,
        "cities": _list_cities(everywhere),
        "wish": wish,
        "is_unknown": bool(wish.typed and not wish.place),
        "kept": _kept(wish),
        "services": [("", _("Sales and service")), *StoreService.choices],
    }
    return render(request, "storefront/stores.html", context)


def _read(request: HttpRequest) -> Wish:
    """Read what is asked for; a value no filter can have is as good as none."""
    data = request.GET
    service = data.get("service", "")
    typed = data.get("place", "").strip()[:LONGEST_PLACE]
    near = _read_position(data.get("near", ""))
    places = find_places(typed) if typed and not near else []
    return Wish(
        near=near,
        place=places[0] if places else None,
        others=tuple(places[1:]),
        typed="" if near else typed,
        city="" if near or typed else data.get("city", "")[:40],
        service=service if service in StoreService.values else "",
        product=_read_product(data.get("product", "")),
    )


def _read_position(text: str) -> tuple[float, float] | None:
    """Return "31.23,121.47" as (degrees north, degrees east), rounded to about a kilometer; None for anything else."""
    parts = text[:60].split(",")
    try:
        latitude, longitude = (round(float(part), POSITION_PLACES) for part in parts)
    except (ValueError, OverflowError):
        return None
    # A comparison with NaN is never true, so that NaN is refused as well.
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def _read_product(slug: str) -> ProductDetail | None:
    if not slug:
        return None
    try:
        return get_product(slug=slug[:255], with_stores=False)
    except ProductNotFound:
        return None


def _list_cities(rows: list[Store]) -> list[str]:
    """Return the cities there is a store in, those with most stores first."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.city_name] = counts.get(row.city_name, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])


def _kept(wish: Wish) -> str:
    """Return the part of the query that a change of place keeps."""
    kept = {"service": wish.service, "product": wish.product.slug if wish.product else ""}
    return urlencode({name: value for name, value in kept.items() if value})


@cached_page(tags=["stores"], seconds=60, query=["product"], own=own_tools)
@require_safe
@open_to_everyone
def store(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one store; its address is its code in lower case."""
    try:
        found = find_store(slug)
    except UnknownStore:
        raise Http404 from None
    product = _read_product(request.GET.get("product", ""))
    if product:
        tag_page(request, f"product:{product.id}", f"stock:{product.id}")
    stock = dict(_stock_of(product)).get(found.pk, 0) if product else None
    card = show_store(found, at=timezone.now(), stock=stock)
    near = (float(found.latitude), float(found.longitude))
    neighbors = [row for row in list_stores(near=near)[:4] if row.pk != found.pk]
    context: dict[str, Any] = {
        "row": card,
        "product": product,
        "neighbors": neighbors,
        "map": draw_map([found, *neighbors], near=None, cities=list_city_dots()),
        "trail": [(_("Home"), reverse("shop:home")), (_("Stores"), reverse("shop:stores")), (found.name, "")],
    }
    return render(request, "storefront/store.html", context)


def _stock_of(product: ProductDetail) -> list[tuple[int, int]]:
    return [(row.pk, pieces) for row, pieces in stock_at_stores(product.id)]

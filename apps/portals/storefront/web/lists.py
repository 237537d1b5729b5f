"""Lists of parts, accessories and packages, and the search."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.catalog.api import CarName, ProductKind, ProductPage, guess_meant, list_own_cars, search_products
from apps.kernel.web.page_cache import cached_page
from apps.membership.api import CarView
from apps.portals.storefront import lists
from apps.portals.storefront.cards import render_card
from apps.portals.storefront.list_state import PARAMETERS, ListState
from apps.portals.storefront.web.cars import visitor_cars

FITTED = (ProductKind.PART, ProductKind.ACCESSORY)
GARAGE_SHOWN = 3
# So few matches, and one wonders whether the words were meant.
FEW = 2
# Words, a car and other people's stock change lists; facts of all of them end a page's life.
TAGS = ("list",)


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS)
def parts(request: HttpRequest) -> HttpResponse:
    """List parts or accessories, narrowed by category and by the visitor's car."""
    state = ListState.read(request.GET, kinds=FITTED, default_kind=ProductKind.PART)
    return _show(request, state, title=_("Parts and accessories"), kinds=FITTED)


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS)
def packages(request: HttpRequest) -> HttpResponse:
    """List service packages."""
    state = ListState.read(request.GET, kinds=(), default_kind=ProductKind.PACKAGE)
    return _show(request, state, title=_("Service packages"), kinds=())


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS)
def search(request: HttpRequest) -> HttpResponse:
    """Search everything that is sold."""
    kinds = tuple(ProductKind)
    state = ListState.read(request.GET, kinds=kinds, default_kind=None)
    title = _("Results for “%(words)s”") % {"words": state.words} if state.words else _("Search")
    return _show(request, state, title=title, kinds=kinds, is_search=True)


def _show(
    request: HttpRequest, state: ListState, *, title: str, kinds: Sequence[ProductKind], is_search: bool = False
) -> HttpResponse:
    cars = list_own_cars()
    car = next((row for row in cars if row.product_id == state.fits), None)
    if car is None:
        # A car that is none of ours is as good as none.
        state = replace(state, fits=None)
    found = search_products(state.query)
    if state.page > lists.last_page(found):
        raise Http404
    context = {
        "title": title,
        "garage": _garage(request),
        "state": state,
        "found": found,
        "status": lists.count_words(found, car),
        "cards": [(card, render_card(card)) for card in found.items],
        "is_search": is_search,
        "kinds": lists.kind_choices(state, found.facets, kinds) if len(kinds) > 1 else [],
        "groups": lists.filter_groups(state, found.facets),
        "stock": lists.stock_choice(state, found.facets),
        "chips": lists.chips(state, found.facets, car),
        "clear_url": ListState(kind=state.kind, default_kind=state.default_kind).url(),
        "sizes": lists.size_choices(state, found),
        "cars": _by_series(cars) if state.kind is not ProductKind.VEHICLE else [],
        "car": car,
        "hidden_for_sort": state.hidden("ordering"),
        "hidden_for_words": state.hidden("q", "ordering"),
        "hidden_for_price": state.hidden("price_min", "price_max"),
        "hidden_for_car": state.hidden("fits"),
        "here": f"{request.path}{state.url()}",
        "pages": lists.last_page(found),
        "params": state.url().removeprefix("?"),
        **_way_out(state, found),
    }
    return render(request, "storefront/products.html", context)


def _garage(request: HttpRequest) -> list[CarView]:
    """The cars of somebody signed in; a page that may be kept shows nobody's."""
    return visitor_cars(request)[:GARAGE_SHOWN] if request.user.is_authenticated else []


def _by_series(cars: Sequence[CarName]) -> list[tuple[str, list[CarName]]]:
    groups: dict[str, list[CarName]] = {}
    for car in cars:
        groups.setdefault(car.series, []).append(car)
    return list(groups.items())


def _way_out(state: ListState, found: ProductPage) -> dict[str, object]:
    """What somebody may do who found little or nothing."""
    meant = guess_meant(state.words) if state.words and found.count <= FEW else ""
    if found.count:
        return {"meant": meant, "meant_url": state.url(words=meant)}
    everywhere = f"{reverse('shop:search')}{ListState(words=state.words).url()}"
    loosened = [
        (_("Show what is out of stock as well"), state.url(in_stock=False), state.in_stock),
        (_("Show what fits any car"), state.url(fits=None), state.fits is not None),
        (
            _("Show every price"),
            state.url(price_min=None, price_max=None),
            (state.price_min, state.price_max) != (None, None),
        ),
        (_("Search all kinds of products"), everywhere, state.words and (state.kind or state.is_narrowed)),
    ]
    ways = [(words, url) for words, url, helps in loosened if helps]
    return {"meant": meant, "meant_url": state.url(words=meant), "ways": ways}

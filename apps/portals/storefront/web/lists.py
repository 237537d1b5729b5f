"""Lists of parts, accessories and packages, and the search."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductKind, guess_meant, list_own_cars, search_products
from apps.kernel.web import cached_page, tag_page
from apps.membership.api import CarView
from apps.portals.storefront.list_page import ListPage, render_list
from apps.portals.storefront.list_state import PARAMETERS, ListState, last_page
from apps.portals.storefront.web.cars import visitor_cars
from apps.portals.storefront.web.holes import own_tools_without_garage

FITTED = (ProductKind.PART, ProductKind.ACCESSORY)
GARAGE_SHOWN = 3
# So few matches, and one wonders whether the words were meant.
FEW = 2
# Words, a car and other people's stock change lists; facts of all of them end a page's life.
TAGS = ("list",)


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS, own=own_tools_without_garage)
@open_to_everyone
def parts(request: HttpRequest) -> HttpResponse:
    """List parts or accessories, narrowed by category and by the visitor's car."""
    state = ListState.read(request.GET, kinds=FITTED, default_kind=ProductKind.PART)
    return _show(request, state, title=_("Parts and accessories"), kinds=FITTED)


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS, own=own_tools_without_garage)
@open_to_everyone
def packages(request: HttpRequest) -> HttpResponse:
    """List service packages."""
    state = ListState.read(request.GET, kinds=(), default_kind=ProductKind.PACKAGE)
    return _show(request, state, title=_("Service packages"), kinds=())


@require_safe
@cached_page(tags=TAGS, query=PARAMETERS, own=own_tools_without_garage)
@open_to_everyone
def search(request: HttpRequest) -> HttpResponse:
    """Search everything that is sold."""
    kinds = tuple(ProductKind)
    state = ListState.read(request.GET, kinds=kinds, default_kind=None)
    title = _("Results for “%(words)s”") % {"words": state.words} if state.words else _("Search")
    return _show(request, state, title=title, kinds=kinds, is_search=True)


def _show(
    request: HttpRequest, state: ListState, *, title: str, kinds: Sequence[ProductKind], is_search: bool = False
) -> HttpResponse:
    cars = tuple(list_own_cars())
    car = next((row for row in cars if row.product_id == state.fits), None)
    if car is None:
        # A car that is none of ours is as good as none.
        state = replace(state, fits=None)
    found = search_products(state.query)
    if state.page > last_page(found.pages):
        # Somebody's bookmark of a list that was longer: its last page.
        state = replace(state, page=last_page(found.pages))
        found = search_products(state.query)
    tag_page(request, *(f"product:{card.id}" for card in found.items))
    meant = guess_meant(state.words) if state.words and found.count <= FEW else ""
    page = ListPage(
        path=request.path,
        title=title,
        is_search=is_search,
        state=state,
        kinds=tuple(kinds),
        count=found.count,
        cards=tuple(found.items),
        facets=found.facets,
        cars=cars if state.kind is not ProductKind.VEHICLE else (),
        car=car,
        garage=_garage(request),
        meant=meant,
    )
    context = {"title": title, "shown": page, "list": render_list(page)}
    return render(request, "storefront/products.html", context)


def _garage(request: HttpRequest) -> tuple[CarView, ...]:
    """The cars of somebody signed in; a page that may be kept shows nobody's."""
    return tuple(visitor_cars(request)[:GARAGE_SHOWN]) if request.user.is_authenticated else ()

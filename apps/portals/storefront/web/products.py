"""Parts, accessories, packages: lists, search, and the page of one product."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.catalog.api import (
    InvalidQuery,
    KindName,
    ProductKind,
    ProductNotFound,
    ProductPage,
    ProductQuery,
    fits,
    get_product,
    list_categories,
    search_products,
)
from apps.kernel.api import DomainError
from apps.orders.api import add_line
from apps.portals.storefront.selectors import list_cars
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number

PAGE_SIZE = 24
LONGEST_SEARCH = 100
ORDERINGS = ("popular", "price", "-price", "newest")
FITTED = (ProductKind.PART, ProductKind.ACCESSORY)
FITMENT_SHOWN = 12


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """List parts or accessories, narrowed by category and by the visitor's car."""
    kind = ProductKind.ACCESSORY if request.GET.get("kind") == ProductKind.ACCESSORY else ProductKind.PART
    return _list(request, title=_("Parts and accessories"), kinds=FITTED, kind=kind)


@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """List service packages."""
    return _list(request, title=_("Service packages"), kinds=(), kind=ProductKind.PACKAGE)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search everything that is sold."""
    asked = request.GET.get("kind", "")
    kinds = tuple(ProductKind)
    return _list(request, title=_("Search"), kinds=kinds, kind=ProductKind(asked) if asked in kinds else None)


def _list(request: HttpRequest, *, title: str, kinds: Sequence[ProductKind], kind: ProductKind | None) -> HttpResponse:
    """Show the list of ``kind`` (None: of all); ``kinds`` are those a visitor may change to."""
    cars = list_cars() if kind in FITTED else []
    query = _read_query(request, kind=kind, car_ids={car.product_id for car in cars})
    try:
        found = search_products(query)
    except InvalidQuery:
        raise Http404 from None
    params = request.GET.copy()
    params.pop("page", None)
    context = {
        "title": title,
        "found": found,
        "query": query,
        "kinds": _kinds(found, kinds, kind, query.q),
        "kind": kind,
        "categories": _categories(found, kind),
        "cars": cars,
        "car": next((car for car in cars if car.product_id == query.fits), None),
        "params": params.urlencode(),
        "is_search": kind is None or len(kinds) > len(FITTED),
        "is_narrowed": bool(query.q or query.category or query.fits or query.in_stock),
    }
    return render(request, "storefront/products.html", context)


def _read_query(request: HttpRequest, *, kind: ProductKind | None, car_ids: set[int]) -> ProductQuery:
    """Read the filters; a value no filter can have is as good as none."""
    data = request.GET
    ordering = data.get("ordering", "")
    car = read_number(data.get("fits"))
    words = data.get("q", "").strip()[:LONGEST_SEARCH]
    return ProductQuery(
        q=words,
        kind=kind,
        category=data.get("category", "")[:60] or None,
        fits=car if car in car_ids else None,
        in_stock=True if data.get("in_stock") else None,
        ordering=ordering if ordering in ORDERINGS else (None if words else "popular"),
        page=max(read_number(data.get("page")) or 1, 1),
        page_size=PAGE_SIZE,
    )


def _kinds(found: ProductPage, kinds: Sequence[ProductKind], chosen: ProductKind | None, words: str) -> list[dict]:
    """Return the kinds to choose from as links; those without a match are left out, the chosen one never."""
    counts = {facet.value: facet.count for facet in found.facets.kind}
    shown = [kind for kind in kinds if counts.get(kind) or kind == chosen]
    return [
        {
            "name": KindName(kind).label,
            "count": counts.get(kind, 0),
            "query": urlencode({"kind": kind.value} | ({"q": words} if words else {})),
            "is_chosen": kind == chosen,
        }
        for kind in shown
    ]


def _categories(found: ProductPage, kind: ProductKind | None) -> list[dict]:
    if kind is None:
        return []
    counts = {facet.value: facet.count for facet in found.facets.category}
    return [
        {"code": row.code, "name": row.name, "count": counts[row.code]}
        for row in list_categories((kind,))
        if row.depth > 1 and counts.get(row.code)
    ]


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one part, accessory or package; ``?fits=`` answers whether it fits a car."""
    try:
        found = get_product(slug=slug)
    except ProductNotFound:
        raise Http404 from None
    if found.trim is not None:
        query = urlencode({"trim": found.trim.code})
        return redirect(f"{reverse('shop:vehicle', args=[found.trim.model.series.slug])}?{query}")
    cars = list_cars() if found.kind in FITTED else []
    asked = read_number(request.GET.get("fits"))
    car = next((car for car in cars if car.product_id == asked), None)
    context = {
        "product": found,
        "cars": cars,
        "car": car,
        "does_fit": fits(found.id, car.product_id) if car else None,
        "fitment": found.fitment[:FITMENT_SHOWN],
        "fitment_more": found.fitment[FITMENT_SHOWN:],
        "list_url": reverse("shop:packages") if found.kind == ProductKind.PACKAGE else reverse("shop:parts"),
    }
    return render(request, "storefront/product.html", context)


@require_POST
def add_to_cart(request: HttpRequest, slug: str) -> HttpResponse:
    """Put pieces of a product into the cart and show it; a refusal leads back with its reason."""
    try:
        found = get_product(slug=slug)
        cart = add_line(
            cart_ref=cart_ref(request),
            product_id=found.id,
            quantity=read_number(request.POST.get("quantity")) or 0,
            vehicle_id=read_number(request.POST.get("vehicle_id")),
            now=timezone.now(),
        )
    except ProductNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if is_ours else reverse("shop:product", args=[slug]))
    return remember_cart(request, redirect("shop:cart"), cart.id)

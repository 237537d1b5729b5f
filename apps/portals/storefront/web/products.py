"""Parts, accessories, packages: lists, search, and the page of one product."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.catalog.api import ProductKind, ProductQuery, fits, get_product, list_categories, search_products
from apps.catalog.errors import ProductNotFound
from apps.kernel.api import DomainError
from apps.orders.api import add_line
from apps.portals.storefront.selectors import list_garage_choices
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number

PAGE_SIZE = 24
ORDERINGS = ("popular", "price", "-price", "newest")
GARAGE = "garage_product_id"


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """List parts and accessories, narrowed by category and by the visitor's car."""
    return _list(request, title=_("Parts and accessories"), kinds=(ProductKind.PART, ProductKind.ACCESSORY))


@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """List service packages."""
    return _list(request, title=_("Service packages"), kinds=(ProductKind.PACKAGE,))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search everything that is sold."""
    return _list(request, title=_("Search"), kinds=())


def _list(request: HttpRequest, *, title: str, kinds: tuple[ProductKind, ...]) -> HttpResponse:
    asked_kind = request.GET.get("kind", "")
    kind = asked_kind if asked_kind in [k.value for k in kinds or ProductKind] else ""
    page = max(read_number(request.GET.get("page")) or 1, 1)
    ordering = request.GET.get("ordering", "")
    query = ProductQuery(
        q=request.GET.get("q", "")[:100].replace("\x00", ""),
        kind=kind or (",".join(kinds) if kinds else ""),
        category=request.GET.get("category", "")[:60].replace("\x00", ""),
        fits=read_number(request.GET.get("fits")),
        in_stock=True if request.GET.get("in_stock") else None,
        ordering=ordering if ordering in ORDERINGS else "",
        page=page,
        page_size=PAGE_SIZE,
    )
    try:
        found = search_products(query)
    except DomainError:
        raise Http404 from None
    pages = Paginator(range(found.count), PAGE_SIZE)
    params = request.GET.copy()
    params.pop("page", None)
    context = {
        "title": title,
        "found": found,
        "query": query,
        "categories": list_categories(kinds) if kinds else [],
        "cars": list_garage_choices() if ProductKind.PART in kinds else [],
        "page": pages.get_page(page),
        "params": params.urlencode(),
        "is_search": not kinds,
    }
    return render(request, "storefront/products.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one part, accessory or package; ``?fits=`` answers whether it fits a car."""
    try:
        found = get_product(slug=slug)
    except ProductNotFound:
        raise Http404 from None
    if found.trim is not None:
        return redirect(f"{found.trim.model.series.get_absolute_url()}?trim={found.trim.code}")
    car = read_number(request.GET.get("fits"))
    cars = list_garage_choices() if found.kind in (ProductKind.PART, ProductKind.ACCESSORY) else []
    named = next((trim for trim in cars if trim.product_id == car), None)
    context = {
        "product": found,
        "cars": cars,
        "car": named,
        "does_fit": fits(found.id, named.product_id) if named else None,
        "fitment_limit": 12,
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
        return redirect(back if is_ours else "parts")
    return remember_cart(request, redirect("cart"), cart.id)

"""What search engines ask for: robots.txt and sitemaps."""

from collections.abc import Iterable
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import count_sold_products, list_series_slugs, list_sold_slugs
from apps.dealers.api import list_stores
from apps.portals.storefront.languages import TAGS, address_in
from apps.portals.storefront.seo import absolute

# A sitemap may hold 50,000 addresses; smaller ones are made in a fraction of a second. Source: sitemaps.org, protocol.
PRODUCTS_A_FILE = 5_000
MOST_FILES = 50_000
PAGES = ("home", "vehicles", "parts", "packages", "stores")
# Nobody's business but the visitor's, or endless.
PRIVATE = (
    "/account/",
    "/admin/",
    "/api/",
    "/checkout/",
    "/cms/",
    "/compare/",
    "/dealer/",
    "/files/",
    "/garage/",
    "/hooks/",
    "/me/",
    "/orders/",
    "/recent/",
    "/search/",
    "/styleguide/",
    "/supplier/",
    "/wishlist/",
    "/_allauth/",
)
XML = "application/xml; charset=utf-8"


@cache_control(public=True, max_age=3600)
@require_safe
@open_to_everyone
def robots(request: HttpRequest) -> HttpResponse:
    """Say where robots may go, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    lines.append(f"Sitemap: {absolute(reverse('shop:sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=3600)
@require_safe
@open_to_everyone
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the sitemaps: pages, cars, stores, and products in files of PRODUCTS_A_FILE."""
    files = [("pages", 1), ("vehicles", 1), ("stores", 1)]
    files += [("products", number) for number in range(1, ceil(count_sold_products() / PRODUCTS_A_FILE) + 1)]
    addresses = [absolute(reverse("shop:sitemap-part", args=file)) for file in files]
    return HttpResponse(
        render_to_string("storefront/site/sitemap_index.xml", {"addresses": addresses}), content_type=XML
    )


@cache_control(public=True, max_age=3600)
@require_safe
@open_to_everyone
def sitemap_part(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """List the addresses of one section, each in every language."""
    pages = [_languages_of(path) for path in _paths(section, number)]
    if not pages:
        raise Http404
    return HttpResponse(render_to_string("storefront/site/sitemap.xml", {"pages": pages}), content_type=XML)


def _paths(section: str, number: int) -> Iterable[str]:
    if section == "products" and 1 <= number <= MOST_FILES:
        slugs = list_sold_slugs(first=(number - 1) * PRODUCTS_A_FILE, most=PRODUCTS_A_FILE)
        return [reverse("shop:product", args=[slug]) for slug in slugs]
    if number != 1:
        return []
    if section == "vehicles":
        return [reverse("shop:vehicle", args=[slug]) for slug in list_series_slugs()]
    if section == "stores":
        return [reverse("shop:store", args=[store.code.lower()]) for store in list_stores()]
    return [reverse(f"shop:{name}") for name in PAGES] if section == "pages" else []


def _languages_of(path: str) -> dict[str, str]:
    """Return the absolute address of a path by the tag of its language."""
    return {tag: absolute(address_in(code, path)) for code, tag in TAGS.items()}

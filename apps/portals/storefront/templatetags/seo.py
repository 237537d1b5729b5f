"""Tags of a page's head: its words for search engines and for those it is shared with."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from apps.portals.storefront import seo
from apps.portals.storefront.languages import AT_HOME, TAGS, address_in, keep_parameters, switch_to

register = template.Library()
OPEN_GRAPH = {"zh-hans": "zh_CN", "en": "en_US"}


@register.simple_block_tag(name="captured")
def captured(content: str) -> SafeString:
    """Render something once to use it twice: ``{% captured as title %}…{% endcaptured %}``."""
    return mark_safe(" ".join(content.split()))  # noqa: S308 - rendered by the template, escaped there


@register.simple_tag(takes_context=True)
def language_address(context: Context, language: str) -> str:
    """Return this page's address in another language, for the switch."""
    request = context.get("request")
    return switch_to(language, request.path, request.META.get("QUERY_STRING", "")) if request else "/"


@register.simple_tag(takes_context=True)
def page_links(context: Context, keep: str = "") -> SafeString:
    """
    Return the canonical address of this page and its addresses by language.

    ``keep`` names the parameters that make another page of it ("kind page"); all others are left out.
    """
    request = context.get("request")
    if request is None:
        return SafeString()
    query = keep_parameters(request.META.get("QUERY_STRING", ""), keep.split())
    links = [("canonical", "", seo.absolute(address_in(current_language(), request.path, query)))]
    links += [("alternate", tag, seo.absolute(address_in(code, request.path, query))) for code, tag in TAGS.items()]
    links.append(("alternate", "x-default", seo.absolute(address_in(AT_HOME, request.path, query))))
    return format_html_join(
        "\n    ",
        '<link rel="{}"{} href="{}">',
        ((rel, format_html(' hreflang="{}"', tag) if tag else "", address) for rel, tag, address in links),
    )


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """Return the absolute address of this page in the language it is read in."""
    request = context.get("request")
    return seo.absolute(address_in(current_language(), request.path)) if request else seo.absolute("/")


@register.simple_tag
def open_graph_locale() -> str:
    """Return the language as Open Graph writes it."""
    return OPEN_GRAPH[current_language()]


@register.filter
def absolute(path: str) -> str:
    """Return the absolute address of a path of ours."""
    return seo.absolute(path) if path else ""


@register.simple_tag
def website_ld() -> SafeString:
    """Return the shop itself as JSON-LD, for the front page."""
    return seo.script(seo.website(reverse("shop:search")))


@register.simple_tag
def breadcrumbs_ld(trail: Iterable[tuple[str, str]]) -> SafeString:
    """Return where the page hangs as JSON-LD."""
    return seo.script(seo.breadcrumbs(trail))


@register.simple_tag
def product_ld(product: Any) -> SafeString:
    """Return a part, accessory or package as JSON-LD."""
    path = reverse("shop:product", args=[product.slug])
    rating = getattr(product, "rating", None)
    return seo.script(seo.product(product, path, rating, getattr(product, "rating_count", 0)))


@register.simple_tag
def vehicle_ld(series: Any, trims: Iterable[Any], image: str = "") -> SafeString:
    """Return a series as JSON-LD; ``trims`` are the catalog's ``TrimView`` rows."""
    rows = list(trims)
    prices = [row.price for row in rows]
    fuel = " / ".join(dict.fromkeys(str(row.powertrain) for row in rows))
    return seo.script(
        seo.vehicle(series, reverse("shop:vehicle", args=[series.slug]), prices=prices, image=image, fuel=fuel)
    )


@register.simple_tag
def store_ld(store: Any) -> SafeString:
    """Return a dealer's store as JSON-LD."""
    return seo.script(seo.store(store, reverse("shop:store", args=[store.code.lower()])))


def current_language() -> str:
    """Return the language this page is read in, by Django's code; Chinese where it is none of ours."""
    code = (get_language() or "").lower()
    return code if code in TAGS else AT_HOME

"""
What search engines read of a page besides its words: JSON-LD as schema.org has it.

Pure functions over what pages show anyway; a template asks by ``{% load seo %}`` and a tag per kind of page. Addresses
are absolute, prices are what the page shows, and nothing is claimed that the page does not say.
Source: https://schema.org/ (Organization, Product, Car, Offer, BreadcrumbList, AutoDealer).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.kernel.api import Money

CONTEXT = "https://schema.org"
# JSON inside <script>: what could end the element or open a comment is written as an escape, which JSON allows.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def absolute(path: str) -> str:
    """Return the address of a path of ours as the world sees it."""
    return path if "://" in path else f"{settings.SITE_URL.rstrip('/')}{path}"


def script(data: Mapping[str, Any]) -> SafeString:
    """
    Return the data as a data block. Browsers do not run those, so the content policy lets them stand.

    Values may come from suppliers: ``</script>`` in a title must not end the block.
    """
    body = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{body}</script>')  # noqa: S308 - escaped above


def organization() -> dict[str, Any]:
    """Return who we are."""
    return {
        "@type": "Organization",
        "name": _("Xingchi"),
        "url": absolute("/"),
        "logo": absolute(static("img/icons/icon-512.png")),
    }


def website(search_path: str) -> dict[str, Any]:
    """Return the shop with the address that searches it."""
    return {
        "@type": "WebSite",
        "name": _("Xingchi"),
        "url": absolute("/"),
        "publisher": organization(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(search_path)}?q={{words}}"},
            "query-input": "required name=words",
        },
    }


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return where a page hangs: pairs (name, path) from the front page down; the last needs no path."""
    steps = [
        {"@type": "ListItem", "position": position, "name": str(name)} | ({"item": absolute(path)} if path else {})
        for position, (name, path) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def offer(price: Money | None, *, path: str, is_in_stock: bool, seller: str = "") -> dict[str, Any]:
    """Return an offer at the price shown; {} without a price."""
    if price is None:
        return {}
    found = {
        "@type": "Offer",
        "url": absolute(path),
        "price": str(price.amount),
        "priceCurrency": price.currency,
        "itemCondition": f"{CONTEXT}/NewCondition",
        "availability": f"{CONTEXT}/{'InStock' if is_in_stock else 'OutOfStock'}",
    }
    return found | ({"seller": {"@type": "Organization", "name": seller}} if seller else {})


def product(found: Any, path: str, rating: float | None = None, rating_count: int = 0) -> dict[str, Any]:
    """Return a part, accessory or package as its page shows it; ``found`` is the catalog's ``ProductDetail``."""
    data = {
        "@type": "Product",
        "name": found.title,
        "sku": found.sku,
        "description": found.summary,
        "url": absolute(path),
        "brand": {"@type": "Brand", "name": _("Xingchi")},
        "offers": offer(found.price, path=path, is_in_stock=found.in_stock, seller=found.seller or ""),
        "image": absolute(found.image) if found.image else "",
    }
    if rating is not None and rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(float(rating), 1),
            "reviewCount": rating_count,
            "bestRating": 5,
        }
    return _without_blanks(data)


def vehicle(
    series: Any, path: str, *, prices: Sequence[Money], image: str = "", fuel: str = "", name: str = ""
) -> dict[str, Any]:
    """Return a series as a car in several trims: the range of their prices, its body, what drives it."""
    data = {
        "@type": ["Product", "Car"],
        "name": name or series.name,
        "description": series.summary,
        "url": absolute(path),
        "image": absolute(image) if image else "",
        "brand": {"@type": "Brand", "name": _("Xingchi")},
        "manufacturer": {"@type": "Organization", "name": _("Xingchi")},
        "bodyType": series.get_body_type_display(),
        "fuelType": fuel,
        "vehicleConfiguration": series.tagline,
    }
    if prices:
        data["offers"] = {
            "@type": "AggregateOffer",
            "lowPrice": str(min(price.amount for price in prices)),
            "highPrice": str(max(price.amount for price in prices)),
            "offerCount": len(prices),
            "priceCurrency": prices[0].currency,
            "url": absolute(path),
        }
    return _without_blanks(data)


def store(found: Any, path: str) -> dict[str, Any]:
    """Return a dealer's store with address, place and opening hours; ``found`` is the dealers' ``Store``."""
    hours = [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": DAYS[day], "opens": opens, "closes": closes}
        for day, spans in found.opening_hours.items()
        if day in DAYS
        for opens, closes in spans
    ]
    return _without_blanks(
        {
            "@type": "AutoDealer",
            "name": found.name,
            "url": absolute(path),
            "telephone": found.phone,
            "address": {
                "@type": "PostalAddress",
                "addressCountry": "CN",
                "addressLocality": str(found.city_name),
                "streetAddress": found.address,
            },
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": float(found.latitude),
                "longitude": float(found.longitude),
            },
            "openingHoursSpecification": hours,
        }
    )


def _without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, {}, [])}

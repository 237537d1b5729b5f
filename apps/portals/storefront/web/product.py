"""The page of one part, accessory or package."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import (
    ProductDetail,
    ProductKind,
    ProductNotFound,
    fits,
    get_product,
    list_related,
    picture_set,
)
from apps.inventory.api import stock_at_stores
from apps.kernel.api import keep_value
from apps.kernel.web import cached_page, tag_page
from apps.membership.api import CarView, describe_trim, list_top_questions, list_top_reviews
from apps.portals.storefront.member_selectors import list_car_choices, picture_of_car
from apps.portals.storefront.web.cars import visitor_car
from apps.portals.storefront.web.holes import own_tools
from apps.portals.storefront.web.numbers import read_number

FITTED = (ProductKind.PART, ProductKind.ACCESSORY)
FITMENT_SHOWN = 12
STORES_SHOWN = 5
# So many pieces or fewer are called few.
FEW = 3


@cached_page(query=["fits"], own=own_tools)
@require_safe
@open_to_everyone
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one part, accessory or package; ``?fits=`` answers whether it fits a car."""
    shown = keep_value("product", slug, find=lambda: _look_up(slug), tags_of=_tags_of, seconds=120)
    found: ProductDetail = shown["product"]
    tag_page(request, *_tags_of(shown))
    if found.trim is not None:
        query = urlencode({"trim": found.trim.code})
        return redirect(f"{reverse('shop:vehicle', args=[found.trim.model.series.slug])}?{query}")
    asked = read_number(request.GET.get("fits")) if found.fitment else None
    answer = _answer_fit(found, describe_trim(asked)) if asked else {}
    return render(request, "storefront/product.html", {**shown, **answer})


def _look_up(slug: str) -> dict[str, Any]:
    """Find what the page shows to everybody."""
    found = open_product(slug, with_stores=False)
    if found.trim is not None:
        return {"product": found, "related": []}
    is_fitted = found.kind in FITTED
    stores = stock_at_stores(found.id) if is_fitted else []
    rating, reviews = list_top_reviews(found.id)
    question_count, questions = list_top_questions(found.id)
    return {
        "product": found,
        "picture": picture_set(found.image_key, kind=found.kind),
        "is_fitted": is_fitted,
        "fitment": found.fitment[:FITMENT_SHOWN],
        "fitment_more": found.fitment[FITMENT_SHOWN:],
        "stores": stores[:STORES_SHOWN],
        "store_count": len(stores),
        "few": FEW,
        "other_offers": [offer for offer in found.offers if not offer.is_chosen],
        "rating": rating,
        "reviews": reviews,
        "review_photos": [shot for review in reviews for shot in review.photos][:6],
        "question_count": question_count,
        "questions": questions,
        "related": list(list_related(found)),
        "trail": _trail(found),
    }


def _tags_of(shown: Mapping[str, Any]) -> list[str]:
    found: ProductDetail = shown["product"]
    return [f"stock:{found.id}", f"product:{found.id}", *(f"product:{card.id}" for card in shown["related"])]


@never_cache
@require_safe
@open_to_everyone
def fit(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer whether the product fits the visitor's own car: the part of the page that is personal."""
    found = open_product(slug, with_stores=False)
    context = {"product": found, **_answer_fit(found, visitor_car(request)), "is_own_car": True}
    return render(request, "storefront/_fit.html", context)


def open_product(slug: str, *, with_stores: bool = True) -> ProductDetail:
    """Return a public product; 404 for any other."""
    try:
        return get_product(slug=slug, with_stores=with_stores)
    except ProductNotFound:
        raise Http404 from None


def list_url_of(found: ProductDetail) -> str:
    """Return the address of the list a product stands in."""
    if found.kind == ProductKind.PACKAGE:
        return reverse("shop:packages")
    return reverse("shop:parts") + ("?kind=accessory" if found.kind == ProductKind.ACCESSORY else "")


def _trail(found: ProductDetail) -> list[tuple[str, str]]:
    names = {
        ProductKind.PACKAGE: _("Service packages"),
        ProductKind.ACCESSORY: _("Accessories"),
    }
    return [
        (_("Home"), reverse("shop:home")),
        (names.get(found.kind, _("Parts")), list_url_of(found)),
        (found.title, reverse("shop:product", args=[found.slug])),
    ]


def _answer_fit(found: ProductDetail, car: CarView | None) -> dict[str, object]:
    return {
        "car": car,
        "car_picture": picture_of_car(car.series_code) if car else None,
        "car_choices": list_car_choices(),
        "does_fit": (not found.fitment or fits(found.id, car.product_id)) if car else None,
    }

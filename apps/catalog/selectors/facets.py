"""What a list can be narrowed by, in the reader's language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.catalog.models import PRICE_STEPS
from apps.catalog.selectors.names import Names
from apps.catalog.selectors.search_sql import Counts
from apps.catalog.states import KindName

if TYPE_CHECKING:
    from apps.catalog.selectors.search import ProductQuery


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """One value of a facet and how many products choosing it would show; ``depth`` 1 is the top of a tree."""

    value: str
    title: str
    count: int
    is_selected: bool
    depth: int = 1
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class PriceRange:
    """A range of prices, ``low`` inclusive, ``high`` exclusive (None: open), and how many products lie in it."""

    low: int
    high: int | None
    count: int
    is_selected: bool


@dataclass(frozen=True, kw_only=True)
class Facets:
    """
    What the list can be narrowed by. Each facet counts under all filters but its own.

    ``rating`` counts what has at least so many stars, ``in_stock`` what can be delivered.
    """

    kind: tuple[FacetValue, ...]
    category: tuple[FacetValue, ...]
    brand: tuple[FacetValue, ...]
    price: tuple[PriceRange, ...]
    rating: tuple[FacetValue, ...] = ()
    in_stock: int = 0


# Fewer stars than these are no reason to choose.
STARS = (4, 3)


def build_facets(counts: Counts, names: Names, query: ProductQuery) -> Facets:
    """Name what was counted."""
    return Facets(
        kind=tuple(_kinds(counts, query)),
        category=tuple(_categories(counts, names, query)),
        brand=tuple(_brands(counts, names, query)),
        price=tuple(_prices(counts, query)),
        rating=tuple(_ratings(counts, query)),
        in_stock=counts.in_stock,
    )


def _kinds(counts: Counts, query: ProductQuery) -> list[FacetValue]:
    return [
        FacetValue(
            value=kind.value,
            title=str(kind.label),
            count=counts.kinds[kind.value],
            is_selected=kind.value in query.kinds,
        )
        for kind in KindName
        if counts.kinds.get(kind.value)
    ]


def _categories(counts: Counts, names: Names, query: ProductQuery) -> list[FacetValue]:
    """All public categories with something in them or below them, every parent before its children."""
    wanted = names.category(query.category) if query.category else None
    return [
        FacetValue(
            value=category.code,
            title=category.name,
            count=counts.categories[category.id],
            is_selected=category == wanted,
            depth=category.depth,
            kind=category.kind,
        )
        for category in names.categories
        if counts.categories.get(category.id)
    ]


def _brands(counts: Counts, names: Names, query: ProductQuery) -> list[FacetValue]:
    known = [(names.brand_by_id[pk], count) for pk, count in counts.brands.items() if pk in names.brand_by_id]
    return [
        FacetValue(value=brand.code, title=brand.name, count=count, is_selected=brand.code.lower() in query.brands)
        for brand, count in sorted(known, key=lambda item: (-item[1], item[0].code))
    ]


def _prices(counts: Counts, query: ProductQuery) -> list[PriceRange]:
    ranges = []
    for step, count in sorted(counts.price_steps.items()):
        low = PRICE_STEPS[step]
        high = PRICE_STEPS[step + 1] if step + 1 < len(PRICE_STEPS) else None
        ranges.append(
            PriceRange(low=low, high=high, count=count, is_selected=query.price_min == low and query.price_max == high)
        )
    return ranges


def _ratings(counts: Counts, query: ProductQuery) -> list[FacetValue]:
    at_least = Counter[int]()
    for step, count in counts.rating_steps.items():
        for stars in STARS:
            if step is not None and step >= stars:
                at_least[stars] += count
    return [
        FacetValue(value=str(stars), title=str(stars), count=at_least[stars], is_selected=query.rating == stars)
        for stars in STARS
        if at_least[stars]
    ]

"""Up to four products side by side; which ones, the address says."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import (
    MOST_COMPARED,
    ComparedFact,
    ComparedGroup,
    Comparison,
    ProductCard,
    ProductKind,
    compare_products,
)
from apps.kernel.web.page_cache import cached_page, tag_page
from apps.portals.storefront.web.holes import own_tools
from apps.portals.storefront.web.numbers import read_number

# More than this many ids is not a visitor's doing.
MOST_READ = 12
MISSING = "–"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One product at the head of the table, and the address of the comparison without it."""

    card: ProductCard
    url: str
    without: str


@dataclass(frozen=True, kw_only=True)
class ShownFact:
    """A line of the table in words."""

    name: str
    values: list[str]
    differs: bool


@require_safe
@cached_page(tags=("list", "price"), query=["id", "only"], own=own_tools)
@open_to_everyone
def compare(request: HttpRequest) -> HttpResponse:
    """Compare products fact by fact, all facts or only those in which they differ."""
    asked = _read_ids(request)
    comparison = compare_products(asked)
    ids = [card.id for card in comparison.cards]
    tag_page(request, *(f"product:{product_id}" for product_id in ids))
    only_differences = len(ids) > 1 and request.GET.get("only") == "1"
    is_of_cars = bool(ids) and all(card.kind == ProductKind.VEHICLE for card in comparison.cards)
    context = {
        "columns": [_column(card, ids, only_differences) for card in comparison.cards],
        "groups": _groups(comparison, only_differences),
        "only_differences": only_differences,
        "switch_url": _url(ids, only=not only_differences),
        "can_switch": len(ids) > 1,
        "free": range(MOST_COMPARED - len(ids)) if ids else (),
        "most": MOST_COMPARED,
        "left_out": max(len(asked) - len(ids), 0),
        "list_url": reverse("shop:vehicles") if is_of_cars else reverse("shop:parts"),
    }
    return render(request, "storefront/compare.html", context)


def _read_ids(request: HttpRequest) -> list[int]:
    """Read ``?id=1&id=2``, or ``?id=1,2`` as people write it; what is no id is left out."""
    texts = [text for value in request.GET.getlist("id")[:MOST_READ] for text in value[:200].split(",")]
    numbers = [read_number(text) for text in texts[:MOST_READ]]
    return list(dict.fromkeys(number for number in numbers if number and number > 0))


def _url(ids: list[int], *, only: bool) -> str:
    return f"?{urlencode([*(('id', pk) for pk in ids), *([('only', 1)] if only else [])])}"


def _column(card: ProductCard, ids: list[int], only: bool) -> Column:
    others = [pk for pk in ids if pk != card.id]
    return Column(
        card=card,
        url=reverse("shop:product", args=[card.slug]),
        without=_url(others, only=only) if others else reverse("shop:compare"),
    )


def _groups(comparison: Comparison, only_differences: bool) -> list[tuple[str, list[ShownFact]]]:
    shown = [(group.title, _facts(group, only_differences)) for group in comparison.groups]
    return [(title, facts) for title, facts in shown if facts]


def _facts(group: ComparedGroup, only_differences: bool) -> list[ShownFact]:
    return [_fact(fact) for fact in group.facts if fact.differs or not only_differences]


def _fact(fact: ComparedFact) -> ShownFact:
    values = [_show(value, fact.unit) for value in fact.values]
    return ShownFact(name=fact.name, values=values, differs=fact.differs)


def _show(value: str | float | bool | None, unit: str) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = number_format(value) if isinstance(value, int | float) else value
    return f"{text} {unit}".strip()

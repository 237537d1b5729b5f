"""What the page of a list shows beside the products: filters with counts and addresses, chips, sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.catalog.api import CarName, Facets, FacetValue, KindName, PriceRange, ProductKind
from apps.kernel.api import Money
from apps.portals.storefront.list_state import PAGE_SIZES, ListState
from apps.portals.storefront.templatetags.shop import money

BRANDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose: its words, how many products it leaves, and the address that chooses it or lets it go."""

    key: str
    title: str
    count: int | None
    href: str
    is_chosen: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """A filter; ``more`` are choices that stay folded until somebody wants them."""

    key: str
    title: str
    choices: list[Choice]
    more: list[Choice]


def kind_choices(state: ListState, facets: Facets, kinds: Sequence[ProductKind]) -> list[Choice]:
    """The kinds to change to, with "everything" where the list may hold all; kinds without a match are left out."""
    counts = {facet.value: facet.count for facet in facets.kind}
    choices = [
        Choice(
            key=kind.value,
            title=str(KindName(kind).label),
            count=counts.get(kind, 0),
            href=state.url(kind=kind, category=""),
            is_chosen=kind == state.kind,
        )
        for kind in kinds
        if counts.get(kind) or kind == state.kind
    ]
    if state.default_kind is None and len(choices) > 1:
        everything = state.url(kind=None, category="")
        choices.insert(
            0, Choice("all", _("Everything"), sum(counts.values()), everything, is_chosen=state.kind is None)
        )
    return choices


def filter_groups(state: ListState, facets: Facets) -> list[ChoiceGroup]:
    """The filters that make a difference here."""
    groups = [
        ChoiceGroup("category", _("Category"), _categories(state, facets.category), []),
        ChoiceGroup("brand", _("Brand"), *_brands(state, facets.brand)),
        ChoiceGroup("price", _("Price range"), [_price(state, row) for row in facets.price], []),
        ChoiceGroup("rating", _("Rating"), [_rating(state, row) for row in facets.rating], []),
    ]
    return [group for group in groups if len(group.choices) > 1 or any(row.is_chosen for row in group.choices)]


def stock_choice(state: ListState, facets: Facets) -> Choice:
    """Only what can be delivered."""
    href = state.url(in_stock=not state.in_stock)
    return Choice("stock", _("In stock only"), facets.in_stock, href, is_chosen=state.in_stock)


def _categories(state: ListState, rows: Sequence[FacetValue]) -> list[Choice]:
    """The chosen category with what lies above, beside and below it; of the others their tops."""
    wanted = [row for row in rows if state.kind is None or row.kind == state.kind]
    top = min((row.depth for row in wanted), default=1)
    # A single category at the top says nothing: its branches do.
    if state.kind is not None and sum(row.depth == top for row in wanted) == 1:
        wanted = [row for row in wanted if row.depth > top]
        top += 1
    return [
        Choice(
            key=row.value.lower(),
            title=row.title,
            count=row.count,
            href=state.url(category="" if row.is_selected else row.value.lower()),
            is_chosen=row.is_selected,
            depth=row.depth - top,
        )
        for row in wanted
    ]


def _brands(state: ListState, rows: Sequence[FacetValue]) -> tuple[list[Choice], list[Choice]]:
    choices = []
    for row in rows:
        code = row.value.lower()
        others = tuple(brand for brand in state.brands if brand != code)
        brands = others if row.is_selected else (*others, code)
        choices.append(Choice(code, row.title, row.count, state.url(brands=brands), is_chosen=row.is_selected))
    choices.sort(key=lambda choice: not choice.is_chosen)
    return choices[:BRANDS_SHOWN], choices[BRANDS_SHOWN:]


def _price(state: ListState, row: PriceRange) -> Choice:
    ends = (None, None) if row.is_selected else (row.low, row.high)
    return Choice(
        key=str(row.low),
        title=range_title(row.low, row.high),
        count=row.count,
        href=state.url(price_min=ends[0], price_max=ends[1]),
        is_chosen=row.is_selected,
    )


def _rating(state: ListState, row: FacetValue) -> Choice:
    stars = int(row.value)
    return Choice(
        key=row.value,
        title=_("%(stars)s stars and more") % {"stars": stars},
        count=row.count,
        href=state.url(rating=None if row.is_selected else stars),
        is_chosen=row.is_selected,
    )


def range_title(low: object, high: object) -> str:
    """A range of prices in words; either end may be open."""
    ends = {name: money(Money.of(str(end))) for name, end in (("low", low), ("high", high)) if end is not None}
    if "high" not in ends:
        return _("%(low)s and more") % ends
    if not low:
        return _("up to %(high)s") % ends
    return _("%(low)s to %(high)s") % ends


def chips(state: ListState, facets: Facets, car: CarName | None) -> list[Choice]:
    """Every filter that is set, with the address without it."""
    found: list[Choice] = []
    if state.words:
        found.append(Choice("q", f"“{state.words}”", None, state.url(words="")))
    if car:
        found.append(Choice("fits", _("Fits: %(name)s") % {"name": car.name}, None, state.url(fits=None)))
    if state.category:
        names = {row.value.lower(): row.title for row in facets.category if row.is_selected}
        title = next(iter(names.values()), state.category)
        found.append(Choice("category", title, None, state.url(category="")))
    titles = {row.value.lower(): row.title for row in facets.brand}
    for code in state.brands:
        others = tuple(brand for brand in state.brands if brand != code)
        found.append(Choice(f"brand-{code}", titles.get(code, code), None, state.url(brands=others)))
    if state.price_min is not None or state.price_max is not None:
        title = range_title(state.price_min, state.price_max)
        found.append(Choice("price", title, None, state.url(price_min=None, price_max=None)))
    if state.rating:
        title = _("%(stars)s stars and more") % {"stars": state.rating}
        found.append(Choice("rating", title, None, state.url(rating=None)))
    if state.in_stock:
        found.append(Choice("stock", _("In stock only"), None, state.url(in_stock=False)))
    return found


def size_choices(state: ListState, count: int) -> list[Choice]:
    """How many products a page shows; nothing to choose where one page holds all."""
    if count <= PAGE_SIZES[0]:
        return []
    return [
        Choice(str(size), str(size), None, state.url(size=size), is_chosen=size == state.size) for size in PAGE_SIZES
    ]

"""The product list: words, filters, order, pages, and facets with counts; at most eight queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.catalog.errors import InvalidQuery
from apps.catalog.models import Brand, ProductInfo, Trim
from apps.catalog.models.naming import in_language
from apps.catalog.policies.text import search_query
from apps.catalog.selectors.products import ProductCard, cards_of
from apps.catalog.states import STOCKED_KINDS, KindName, ProductKind
from apps.shop.api import Category

MAX_PAGE_SIZE = 100
MAX_PRICE = Decimal("9999999999.99")
ORDERINGS = ("price", "-price", "newest", "popular")
# Lower ends of the price ranges offered as a facet, in major units.
PRICE_STEPS = (0, 100, 300, 1000, 3000, 10_000, 50_000, 100_000, 150_000, 200_000, 300_000, 500_000)
PRICE = "shown_offer__stock_record__price"


@dataclass(frozen=True, kw_only=True)
class ProductQuery:
    """
    What somebody looks for; an empty value is no filter.

    ``kind`` may be several, with commas between; ``fits`` is the product id of a trim. Without ``ordering`` the best
    match comes first, or what is popular if there is nothing to match.
    """

    q: str = ""
    kind: str | None = None
    category: str | None = None
    brand: str | None = None
    fits: int | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool | None = None
    ordering: str | None = None
    page: int = 1
    page_size: int = 20

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds asked for; empty for all."""
        return frozenset(filter(None, (self.kind or "").split(",")))


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """One value of a facet and how many products choosing it would show."""

    value: str
    title: str
    count: int
    is_selected: bool


@dataclass(frozen=True, kw_only=True)
class PriceRange:
    """A range of prices, ``low`` inclusive, ``high`` exclusive (None: open), and how many products lie in it."""

    low: int
    high: int | None
    count: int
    is_selected: bool


@dataclass(frozen=True, kw_only=True)
class Facets:
    """What the list can be narrowed by. Each facet counts under all filters but its own."""

    kind: list[FacetValue]
    category: list[FacetValue]
    brand: list[FacetValue]
    price: list[PriceRange]


@dataclass(frozen=True, kw_only=True)
class ProductPage:
    """One page of a product list. ``count`` is that of all pages."""

    count: int
    items: list[ProductCard]
    facets: Facets
    page: int
    page_size: int

    @property
    def pages(self) -> int:
        """How many pages there are; one, empty, for nothing found."""
        return max(1, -(-self.count // self.page_size))


def search_products(query: ProductQuery) -> ProductPage:
    """
    Find public products that somebody offers.

    :raises InvalidQuery: if a filter has a value it cannot have, naming each under ``fields``
    """
    _check(query)
    found = _matching(query)
    category = _find_category(query.category)
    in_category = _in_category(found, query.category, category)
    counts = _count(in_category, query)
    items = _page(in_category.filter(_kind(query), _brand(query), _price(query)), query)
    facets = Facets(
        kind=_kind_facet(counts, query),
        category=_category_facet(found.filter(_kind(query), _brand(query), _price(query)), query),
        brand=_brand_facet(counts, query),
        price=_price_facet(counts, query),
    )
    total = sum(row.count for row in counts if row.kind_fits and row.brand_fits and row.price_fits)
    return ProductPage(count=total, items=items, facets=facets, page=query.page, page_size=query.page_size)


def _check(query: ProductQuery) -> None:
    wrong: dict[str, list[str]] = {}
    if not query.kinds <= set(ProductKind):
        wrong["kind"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(ProductKind)}]
    if query.ordering and query.ordering not in ORDERINGS:
        wrong["ordering"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(ORDERINGS)}]
    for name in ("price_min", "price_max"):
        price = getattr(query, name)
        if price is not None and not (price.is_finite() and 0 <= price <= MAX_PRICE):
            wrong[name] = [_("Give a price of zero or more.")]
    if not 1 <= query.page_size <= MAX_PAGE_SIZE:
        wrong["page_size"] = [_("Give a number from 1 to %(maximum)s.") % {"maximum": MAX_PAGE_SIZE}]
    if query.page < 1:
        wrong["page"] = [_("Give a number of 1 or more.")]
    for name in ("q", "category", "brand"):
        if "\x00" in (getattr(query, name) or ""):
            wrong[name] = [_("Null characters are not allowed.")]
    if wrong:
        raise InvalidQuery(fields=wrong)


def _matching(query: ProductQuery) -> QuerySet[ProductInfo]:
    """Every filter but kind, brand, price and category."""
    infos = ProductInfo.objects.filter(product__is_public=True, shown_offer__isnull=False)
    if query.q.strip():
        words = search_query(query.q)
        infos = infos.filter(_matches(words)) if words else infos.none()
    if query.fits is not None:
        infos = infos.filter(_fits(query.fits))
    if query.in_stock is not None:
        available = Coalesce(F("shown_offer__stock_record__num_in_stock"), 0) - Coalesce(
            F("shown_offer__stock_record__num_allocated"), 0
        )
        stocked = Q(kind__in=STOCKED_KINDS)
        infos = infos.annotate(available=available)
        has_stock = ~stocked | Q(available__gt=0)
        infos = infos.filter(has_stock if query.in_stock else ~has_stock)
    return infos


def _matches(words: str) -> Func:
    return Func(
        F("search"), _tsquery(words), template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
    )


def _tsquery(words: str) -> Func:
    return Func(Value(words), template="%(expressions)s::tsquery")


def _fits(vehicle_product_id: int) -> Q:
    trim = None
    if 0 < vehicle_product_id < 2**63:
        trim = Trim.objects.select_related("model").filter(product_id=vehicle_product_id).first()
    if trim is None:
        raise InvalidQuery(fields={"fits": [_("There is no such car.")]})
    line = "product__fitments__"
    named = (
        Q(**{f"{line}series": trim.model.series_id})
        & (Q(**{f"{line}model": None}) | Q(**{f"{line}model": trim.model_id}))
        & (Q(**{f"{line}trim": None}) | Q(**{f"{line}trim": trim.pk}))
        & (Q(**{f"{line}year_from": None}) | Q(**{f"{line}year_from__lte": trim.model.model_year}))
        & (Q(**{f"{line}year_to": None}) | Q(**{f"{line}year_to__gte": trim.model.model_year}))
    )
    fitting = ProductInfo.objects.filter(named).values("pk")
    everywhere = Q(product__fitments__isnull=True)
    return ~Q(kind=ProductKind.VEHICLE) & (Q(pk__in=fitting) | everywhere)


def _find_category(code: str | None) -> Category | None:
    return Category.objects.filter(Q(code__iexact=code) | Q(slug=code), is_public=True).first() if code else None


def _in_category(found: QuerySet[ProductInfo], code: str | None, category: Category | None) -> QuerySet[ProductInfo]:
    if not code:
        return found
    if category is None:
        return found.none()
    # Materialized paths: a descendant's path begins with its ancestor's.
    return found.filter(
        pk__in=ProductInfo.objects.filter(product__categories__path__startswith=category.path).values("pk")
    )


def _kind(query: ProductQuery) -> Q:
    return Q(kind__in=query.kinds) if query.kinds else Q()


def _brand(query: ProductQuery) -> Q:
    return Q(brand__code__iexact=query.brand) if query.brand else Q()


def _price(query: ProductQuery) -> Q:
    wanted = Q()
    if query.price_min is not None:
        wanted &= Q(**{f"{PRICE}__gte": query.price_min})
    if query.price_max is not None:
        wanted &= Q(**{f"{PRICE}__lte": query.price_max})
    return wanted


@dataclass(frozen=True, slots=True)
class _CountRow:
    """How many products share kind, brand and price range; and which of the query's own filters they pass."""

    kind: str
    brand: Brand | None
    step: int
    count: int
    kind_fits: bool
    brand_fits: bool
    price_fits: bool


def _count(found: QuerySet[ProductInfo], query: ProductQuery) -> list[_CountRow]:
    """One grouped query from which the total and three facets are added up."""
    steps = Value("{" + ",".join(map(str, PRICE_STEPS)) + "}")
    step = Func(F(PRICE), steps, template="width_bucket(%(expressions)s::numeric[])", output_field=IntegerField())
    wanted = _price(query)
    price_fits = ExpressionWrapper(wanted or Q(pk__isnull=False), output_field=BooleanField())
    rows = found.annotate(step=step, price_fits=price_fits).order_by()
    raw = list(rows.values("kind", "brand", "step", "price_fits").annotate(count=Count("pk")))
    brands = Brand.objects.in_bulk({row["brand"] for row in raw if row["brand"]})
    return [
        _CountRow(
            kind=row["kind"],
            brand=brands.get(row["brand"]),
            step=row["step"] - 1,
            count=row["count"],
            kind_fits=not query.kinds or row["kind"] in query.kinds,
            brand_fits=not query.brand
            or (row["brand"] in brands and brands[row["brand"]].code.lower() == query.brand.lower()),
            price_fits=row["price_fits"],
        )
        for row in raw
    ]


def _kind_facet(counts: Sequence[_CountRow], query: ProductQuery) -> list[FacetValue]:
    tally = Counter[str]()
    for row in counts:
        if row.brand_fits and row.price_fits:
            tally[row.kind] += row.count
    return [
        FacetValue(
            value=kind.value, title=str(kind.label), count=tally[kind.value], is_selected=kind.value in query.kinds
        )
        for kind in KindName
        if tally[kind.value]
    ]


def _brand_facet(counts: Sequence[_CountRow], query: ProductQuery) -> list[FacetValue]:
    tally = Counter[Brand]()
    for row in counts:
        if row.brand and row.kind_fits and row.price_fits:
            tally[row.brand] += row.count
    wanted = (query.brand or "").lower()
    return [
        FacetValue(value=brand.code, title=brand.name, count=count, is_selected=brand.code.lower() == wanted)
        for brand, count in sorted(tally.items(), key=lambda item: (-item[1], item[0].code))
    ]


def _price_facet(counts: Sequence[_CountRow], query: ProductQuery) -> list[PriceRange]:
    tally = Counter[int]()
    for row in counts:
        if row.kind_fits and row.brand_fits:
            tally[row.step] += row.count
    ranges = []
    for step, count in sorted(tally.items()):
        low = PRICE_STEPS[step]
        high = PRICE_STEPS[step + 1] if step + 1 < len(PRICE_STEPS) else None
        ranges.append(
            PriceRange(low=low, high=high, count=count, is_selected=query.price_min == low and query.price_max == high)
        )
    return ranges


def _category_facet(found: QuerySet[ProductInfo], query: ProductQuery) -> list[FacetValue]:
    """All public categories with something in them or below them; a product counts once per category."""
    categories = (
        Category.objects.filter(is_public=True, ancestors_are_public=True, code__isnull=False)
        .annotate(products=Count("productcategory__product", filter=Q(productcategory__product__info__in=found)))
        .select_related("info")
        .order_by("path")
    )
    rows = list(categories)
    wanted = (query.category or "").lower()
    facet = []
    for category in rows:
        count = sum(row.products for row in rows if row.path.startswith(category.path))
        if count:
            name_en = category.info.name_en if hasattr(category, "info") else ""
            facet.append(
                FacetValue(
                    value=category.code,
                    title=in_language(category.name, name_en),
                    count=count,
                    is_selected=wanted in (category.code.lower(), category.slug),
                )
            )
    return facet


def _page(found: QuerySet[ProductInfo], query: ProductQuery) -> list[ProductCard]:
    start = (query.page - 1) * query.page_size
    # Past what a page number can reach there is nothing to read.
    if start > 10**9:
        return []
    ordered = _ordered(found, query).select_related("product", "brand", "shown_offer__stock_record")
    return cards_of(list(ordered[start : start + query.page_size]))


def _ordered(found: QuerySet[ProductInfo], query: ProductQuery) -> QuerySet[ProductInfo]:
    if query.ordering == "price":
        return found.order_by(PRICE, "pk")
    if query.ordering == "-price":
        return found.order_by(f"-{PRICE}", "pk")
    if query.ordering == "newest":
        return found.order_by("-product__date_created", "-pk")
    words = "" if query.ordering else search_query(query.q)
    if words:
        rank = Func(F("search"), _tsquery(words), function="ts_rank", output_field=FloatField())
        return found.annotate(rank=rank).order_by("-rank", "-popularity", "pk")
    return found.order_by("-popularity", "pk")

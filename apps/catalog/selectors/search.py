"""The product list: words, filters, order, pages, and facets with counts; two queries, whatever is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.catalog.errors import InvalidQuery
from apps.catalog.pictures import picture_url
from apps.catalog.policies.text import search_query
from apps.catalog.selectors import search_sql
from apps.catalog.selectors.facets import Facets, build_facets
from apps.catalog.selectors.names import Names, known_names, read_names
from apps.catalog.selectors.products import ProductCard
from apps.catalog.selectors.search_sql import Condition, Counts, Plan
from apps.catalog.states import ProductKind
from apps.kernel.api import Money

MAX_PAGE_SIZE = 100
MAX_PRICE = Decimal("9999999999.99")
MAX_RATING = 5
ORDERINGS = ("price", "-price", "newest", "popular")


@dataclass(frozen=True, kw_only=True)
class ProductQuery:
    """
    What somebody looks for; an empty value is no filter.

    ``kind`` and ``brand`` may be several, with commas between; ``fits`` is the product id of a trim; ``rating`` the
    lowest average. Without ``ordering`` the best match comes first, or what is popular if there is nothing to match.
    """

    q: str = ""
    kind: str | None = None
    category: str | None = None
    brand: str | None = None
    fits: int | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool | None = None
    rating: int | None = None
    ordering: str | None = None
    page: int = 1
    page_size: int = 20

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds asked for; empty for all."""
        return frozenset(filter(None, (self.kind or "").split(",")))

    @property
    def brands(self) -> frozenset[str]:
        """The codes of the brands asked for, in lower case; empty for all."""
        return frozenset(filter(None, (self.brand or "").lower().split(",")))


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
    plan, names, counts = _count(query)
    items: list[ProductCard] = []
    offset = (query.page - 1) * query.page_size
    if plan and offset < counts.total:
        rows = search_sql.read(plan, ordering=query.ordering, total=counts.total, limit=query.page_size, offset=offset)
        items = [card_of(row, names) for row in rows]
    facets = build_facets(counts, names, query)
    return ProductPage(count=counts.total, items=items, facets=facets, page=query.page, page_size=query.page_size)


def _count(query: ProductQuery) -> tuple[Plan | None, Names, Counts]:
    """Count with the names as they were last read, and once more if they have changed meanwhile."""
    names = known_names()
    plan = _plan(query, names)
    if plan is None:
        return None, names, Counts()
    counts = search_sql.count(plan)
    if counts.version != names.version:
        names = read_names()
        plan = Plan(words=plan.words, typed=plan.typed, conditions=tuple(_conditions(query, names)))
        counts = search_sql.count(plan)
    if query.fits is not None and query.fits not in names.car_by_product:
        raise InvalidQuery(fields={"fits": [_("There is no such car.")]})
    return plan, names, counts


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
    if query.rating is not None and not 1 <= query.rating <= MAX_RATING:
        wrong["rating"] = [_("Give a number from 1 to %(maximum)s.") % {"maximum": MAX_RATING}]
    if not 1 <= query.page_size <= MAX_PAGE_SIZE:
        wrong["page_size"] = [_("Give a number from 1 to %(maximum)s.") % {"maximum": MAX_PAGE_SIZE}]
    if query.page < 1:
        wrong["page"] = [_("Give a number of 1 or more.")]
    for name in ("q", "category", "brand"):
        if "\x00" in (getattr(query, name) or ""):
            wrong[name] = [_("Null characters are not allowed.")]
    if wrong:
        raise InvalidQuery(fields=wrong)


def _plan(query: ProductQuery, names: Names) -> Plan | None:
    """What to ask the database; None if nothing can be found, since what was typed holds no word."""
    words = search_query(query.q)
    if query.q.strip() and not words:
        return None
    return Plan(words=words, typed=query.q, conditions=tuple(_conditions(query, names)))


def _conditions(query: ProductQuery, names: Names) -> Iterator[Condition]:
    if len(query.kinds) == 1:
        yield Condition(search_sql.KIND, "l.kind = %s", tuple(query.kinds))
    elif query.kinds:
        yield Condition(search_sql.KIND, "l.kind = ANY(%s)", (sorted(query.kinds),))
    if query.category:
        category = names.category(query.category)
        known = (category.id,) if category else ()
        yield Condition(search_sql.CATEGORY, "%s = ANY(l.category_ids)" if known else "false", known)
    if query.brands:
        brands = [names.brand_by_code[code].id for code in sorted(query.brands) if code in names.brand_by_code]
        yield Condition(search_sql.BRAND, "l.brand_id = ANY(%s)", (brands,))
    if query.price_min is not None or query.price_max is not None:
        low, high = query.price_min or Decimal(0), MAX_PRICE if query.price_max is None else query.price_max
        yield Condition(search_sql.PRICE, "l.price BETWEEN %s AND %s", (low, high))
    if query.in_stock is not None:
        yield Condition(search_sql.STOCK, "l.in_stock = %s", (query.in_stock,))
    if query.rating is not None:
        yield Condition(search_sql.RATING, "l.rating_average >= %s", (query.rating,))
    if query.fits is not None:
        yield search_sql.fits_condition(names.car_by_product.get(query.fits))


def card_of(row: search_sql.Row, names: Names) -> ProductCard:
    """The card of a row of the list."""
    brand = names.brand_by_id.get(row.brand_id) if row.brand_id else None
    return ProductCard(
        id=row.product_id,
        sku=row.sku,
        slug=row.slug,
        kind=ProductKind(row.kind),
        title_zh=row.title,
        title_en=row.title_en,
        summary_zh=row.summary_zh,
        summary_en=row.summary_en,
        image=picture_url(row.image_key, kind=row.kind),
        image_key=row.image_key,
        brand_code=brand.code if brand else "",
        price=Money(row.price, row.currency),
        list_price=Money(row.list_price, row.currency) if row.list_price is not None else None,
        in_stock=row.in_stock,
        rating=float(row.rating_average) if row.rating_average is not None else None,
        rating_count=row.rating_count,
    )

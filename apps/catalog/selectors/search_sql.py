"""
The two statements behind every list: one counts, one reads a page.

Written by hand: each reads the narrow table of listings once, and building them takes no time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from apps.catalog.selectors.names import CarName

# Up to so many matches are ranked by where each of their words stands; more only by whether the title has the words.
MAX_RANKED = 600
# The filters that have a facet, as bits of the number that says which of them a product fails.
KIND, CATEGORY, BRAND, PRICE, STOCK, RATING, FITS = (1 << bit for bit in range(7))

FITTING = """
    (l.kind <> 'vehicle' AND (l.is_universal OR l.product_id IN (
      SELECT product_id FROM catalog_fitment
       WHERE series_id = %s AND (model_id IS NULL OR model_id = %s) AND (trim_id IS NULL OR trim_id = %s)
         AND (year_from IS NULL OR year_from <= %s) AND (year_to IS NULL OR year_to >= %s)
    )))
"""
# Products alike to every facet have one shape. What only the listing tells is asked of each, the rest of each shape:
# those are few. What fails two filters counts nowhere.
COUNTING = (
    """
    WITH counted AS MATERIALIZED (
      SELECT l.shape, """,
    """ AS fails, count(*)::int AS n FROM catalog_listing l WHERE """,
    """
       GROUP BY 1, 2
    ), found AS MATERIALIZED (
      SELECT l.*, counted.fails + """,
    """ AS fails, n FROM counted JOIN catalog_listingshape l ON l.id = counted.shape
    )
    SELECT 'total', NULL::bigint, sum(n) FROM found WHERE fails = 0
    UNION ALL SELECT kind, NULL, sum(n) FROM found WHERE fails IN (0, 1) GROUP BY kind
    UNION ALL SELECT 'category', category, sum(n) FROM found CROSS JOIN unnest(category_ids) AS category
     WHERE fails IN (0, 2) GROUP BY category
    UNION ALL SELECT 'brand', brand_id, sum(n) FROM found WHERE fails IN (0, 4) GROUP BY brand_id
    UNION ALL SELECT 'price', price_step, sum(n) FROM found WHERE fails IN (0, 8) GROUP BY price_step
    UNION ALL SELECT 'stock', NULL, sum(n) FROM found WHERE fails IN (0, 16) AND in_stock
    UNION ALL SELECT 'rating', rating_step, sum(n) FROM found WHERE fails IN (0, 32) GROUP BY rating_step
    UNION ALL SELECT 'version', last_value, NULL FROM catalog_names_version
    """,
)
# These a shape does not tell: it has a range of prices and whole stars only, and no cars.
OF_ONE_LISTING = PRICE | RATING | FITS
MATCHING = "l.product_id IN (SELECT product_id FROM catalog_productinfo WHERE search @@ %s::tsquery)"
# Whether anything is found needs no counting. Kept apart, the planner looks each of the questions up in the index.
FINDING = """
    SELECT asked.words
      FROM unnest(%s::text[]) AS asked (words)
     WHERE EXISTS (
       SELECT FROM catalog_productinfo info JOIN catalog_listing USING (product_id)
        WHERE info.search @@ asked.words::tsquery
     )
"""
# For a page of a few the planner would rather sort every listing and look each up, thinking it soon has enough.
FOUND = """
    WITH matching AS MATERIALIZED (SELECT product_id FROM catalog_productinfo WHERE search @@ %s::tsquery)
"""
AMONG_FOUND = "l.product_id IN (SELECT product_id FROM matching)"
READING = (
    """
    SELECT page.product_id, page.kind, page.brand_id, page.sku, page.price, page.list_price, page.currency,
           page.in_stock, page.rating_average, page.rating_count, product.slug, product.title, info.title_en,
           info.summary_zh, info.summary_en, info.image_key
      FROM (
        SELECT row_number() OVER () AS place, ordered.* FROM (
          SELECT l.product_id, l.kind, l.brand_id, l.sku, l.price, l.list_price, l.currency, l.in_stock,
                 l.rating_average, l.rating_count
            FROM catalog_listing l WHERE """,
    """ ORDER BY """,
    """ LIMIT %s OFFSET %s
        ) AS ordered
      ) AS page
      JOIN catalog_productinfo info ON info.product_id = page.product_id
      JOIN catalogue_product product ON product.id = page.product_id
     ORDER BY page.place
    """,
)
ORDERS = {
    "price": "l.price, l.product_id",
    "-price": "l.price DESC, l.product_id",
    "newest": "l.created_at DESC, l.product_id DESC",
    "popular": "l.popularity DESC, l.product_id",
}
# Where a word stands decides; among equals, what others buy, within reason.
BY_RANK = (
    "l.sku = %s DESC, "
    "ts_rank((SELECT search FROM catalog_productinfo i WHERE i.product_id = l.product_id), %s::tsquery) "
    "* (1 + ln(1 + l.popularity) / 20) DESC, l.popularity DESC, l.product_id"
)
BY_TITLE = "l.sku = %s DESC, l.title_words @@ %s::tsquery DESC, l.popularity DESC, l.product_id"


class Row(NamedTuple):
    """What a list shows of one product."""

    product_id: int
    kind: str
    brand_id: int | None
    sku: str
    price: Decimal
    list_price: Decimal | None
    currency: str
    in_stock: bool
    rating_average: Decimal | None
    rating_count: int
    slug: str
    title: str
    title_en: str
    summary_zh: str
    summary_en: str
    image_key: str


@dataclass(frozen=True)
class Condition:
    """A filter as SQL; ``bit`` says which facet it belongs to."""

    bit: int
    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to look for: ``words`` is a tsquery or "", ``typed`` what somebody typed for it."""

    words: str = ""
    typed: str = ""
    conditions: Sequence[Condition] = ()


@dataclass(kw_only=True)
class Counts:
    """What the counting statement found; facets by id, kinds by name."""

    total: int = 0
    in_stock: int = 0
    version: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    categories: dict[int, int] = field(default_factory=dict)
    brands: dict[int | None, int] = field(default_factory=dict)
    price_steps: dict[int, int] = field(default_factory=dict)
    rating_steps: dict[int | None, int] = field(default_factory=dict)


def fits_condition(car: CarName | None) -> Condition:
    """What fits a car; without one, nothing."""
    if car is None:
        return Condition(FITS, "false")
    return Condition(FITS, FITTING, (car.series_id, car.model_id, car.trim_id, car.model_year, car.model_year))


def counting(plan: Plan) -> tuple[str, list[Any]]:
    """The statement that counts, and its values."""
    begin, grouping, joining, end = COUNTING
    own = [condition for condition in plan.conditions if condition.bit & OF_ONE_LISTING]
    shared = [condition for condition in plan.conditions if not condition.bit & OF_ONE_LISTING]
    matching = MATCHING if plan.words else "true"
    values = [value for condition in own for value in condition.values]
    values += [plan.words] if plan.words else []
    values += [value for condition in shared for value in condition.values]
    return "".join([begin, _fails(own), grouping, matching, joining, _fails(shared), end]), values


def _fails(conditions: Sequence[Condition]) -> str:
    """The bits of the conditions a row does not meet, added up."""
    return " + ".join(f"CASE WHEN {row.sql} THEN 0 ELSE {row.bit} END" for row in conditions) or "0"


def reading(plan: Plan, *, ordering: str | None, total: int, limit: int, offset: int) -> tuple[str, list[Any]]:
    """The statement that reads a page, and its values; without an ``ordering`` by relevance."""
    before, middle, after = READING
    found = FOUND if plan.words else ""
    where = [AMONG_FOUND] if plan.words else []
    values: list[Any] = [plan.words] if plan.words else []
    for condition in plan.conditions:
        where.append(condition.sql)
        values += condition.values
    order = ORDERS.get(ordering or "", ORDERS["popular"])
    if plan.words and not ordering:
        order = BY_RANK if total <= MAX_RANKED else BY_TITLE
        values += [plan.typed.strip().upper(), plan.words]
    return "".join([found, before, " AND ".join(where) or "true", middle, order, after]), [*values, limit, offset]


def count(plan: Plan) -> Counts:
    """Count the matches of a plan, all facets in one statement."""
    counts = Counts()
    for name, key, number in _run(*counting(plan)):
        match name:
            case "total":
                counts.total = int(number or 0)
            case "stock":
                counts.in_stock = int(number or 0)
            case "version":
                counts.version = key
            case "category":
                counts.categories[key] = int(number)
            case "brand":
                counts.brands[key] = int(number)
            case "price":
                counts.price_steps[key] = int(number)
            case "rating":
                counts.rating_steps[key] = int(number)
            case _:
                counts.kinds[name] = int(number)
    return counts


def which_find(questions: Iterable[str]) -> set[str]:
    """Return those of the tsqueries that find a product; an empty one finds none."""
    asked = [words for words in questions if words]
    return {words for (words,) in _run(FINDING, [asked])} if asked else set()


def read(plan: Plan, *, ordering: str | None, total: int, limit: int, offset: int) -> list[Row]:
    """Read one page of the matches of a plan."""
    sql, values = reading(plan, ordering=ordering, total=total, limit=limit, offset=offset)
    return [Row(*row) for row in _run(sql, values)]


def _run(sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()

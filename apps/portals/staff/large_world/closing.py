"""Closing the books: figures that follow from rows, and the questions that must all be answered with nothing."""

from collections.abc import Callable

from django.db import connection, transaction

from apps.catalog.api import Offer, ProductInfo, refresh_shown_offers

# Projections of what was written, as inventory derives them.
FIGURES = """
WITH moved AS (
    SELECT level_id,
           sum(CASE kind WHEN 'RECEIVED' THEN quantity WHEN 'ADJUSTED' THEN quantity WHEN 'TRANSFERRED_IN' THEN quantity
                         WHEN 'SHIPPED' THEN -quantity WHEN 'TRANSFERRED_OUT' THEN -quantity ELSE 0 END) AS on_hand,
           sum(CASE kind WHEN 'ALLOCATED' THEN quantity WHEN 'RELEASED' THEN -quantity WHEN 'SHIPPED' THEN -quantity
                         ELSE 0 END) AS allocated
    FROM inventory_movement GROUP BY level_id
)
UPDATE inventory_stocklevel AS level SET on_hand = moved.on_hand, allocated = moved.allocated
FROM moved
WHERE moved.level_id = level.id AND (level.on_hand, level.allocated) <> (moved.on_hand, moved.allocated)
"""
SHADOWS = """
WITH held AS (
    SELECT stock_record_id, sum(on_hand) AS on_hand, sum(reserved + allocated) AS promised
    FROM inventory_stocklevel WHERE stock_record_id IS NOT NULL GROUP BY stock_record_id
)
UPDATE partner_stockrecord AS record SET num_in_stock = held.on_hand, num_allocated = held.promised
FROM held
WHERE held.stock_record_id = record.id
  AND (COALESCE(record.num_in_stock, 0), COALESCE(record.num_allocated, 0)) <> (held.on_hand, held.promised)
"""
POPULARITY = """
WITH sold AS (
    SELECT product_id, sum(quantity) AS pieces FROM orders_orderitem WHERE product_id IS NOT NULL GROUP BY product_id
)
UPDATE catalog_productinfo AS info SET popularity = sold.pieces
FROM sold WHERE sold.product_id = info.product_id AND info.popularity < sold.pieces
"""
AMOUNTS = ("goods", "discount", "freight", "tax", "total")


def _sums(parent: str, child: str, key: str, amounts: tuple[str, ...] = AMOUNTS) -> str:
    """Rows of ``parent`` whose children do not sum to them."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in amounts)
    mine = ", ".join(f"parent.{name}" for name in amounts)
    theirs = ", ".join(f"child.{name}" for name in amounts)
    pk = "order_id" if parent == "orders_customerorder" else "id"
    return (
        f"SELECT count(*) FROM {parent} AS parent JOIN (SELECT {key}, {sums} FROM {child} GROUP BY {key}) AS child "  # noqa: S608 - our constants
        f"ON child.{key} = parent.{pk} WHERE ({mine}) IS DISTINCT FROM ({theirs})"
    )


# Each asks for rows that must not be; over the whole database, whoever wrote them.
CHECKS = {
    "Σ lines = order, in goods and discount": _sums(
        "orders_customerorder", "orders_orderitem", "order_id", ("goods", "discount")
    ),
    "Σ seller orders = order, in every amount": _sums("orders_customerorder", "orders_sellerorder", "order_id"),
    "Σ fulfilments = seller order, in every amount": _sums(
        "orders_sellerorder", "orders_fulfilment", "seller_order_id"
    ),
    "Σ fulfilment lines = fulfilment, in goods and discount": _sums(
        "orders_fulfilment", "orders_fulfilmentline", "fulfilment_id", ("goods", "discount")
    ),
    "Σ pieces shipped or to ship = pieces ordered": """
        SELECT count(*) FROM orders_orderitem AS item
        JOIN (SELECT item_id, sum(quantity) AS pieces FROM orders_fulfilmentline AS line
              JOIN orders_fulfilment AS fulfilment ON fulfilment.id = line.fulfilment_id
              WHERE fulfilment.status <> 'CANCELLED' GROUP BY item_id) AS sent ON sent.item_id = item.line_id
        WHERE sent.pieces <> item.quantity
    """,
    "every order has lines, and Oscar's row the same total": """
        SELECT count(*) FROM orders_customerorder AS mine JOIN order_order AS oscar ON oscar.id = mine.order_id
        LEFT JOIN (SELECT order_id, sum(line_price_incl_tax) AS goods FROM order_line GROUP BY order_id) AS line
          ON line.order_id = oscar.id
        WHERE (oscar.total_incl_tax, oscar.number, line.goods + mine.freight)
            IS DISTINCT FROM (mine.total, mine.number, mine.total)
    """,
    "paid = captured": """
        SELECT count(*) FROM orders_customerorder AS mine
        LEFT JOIN (SELECT order_number, sum(amount) AS captured FROM payments_payment WHERE status = 'CAPTURED'
                   GROUP BY order_number) AS money ON money.order_number = mine.number
        WHERE mine.paid <> COALESCE(money.captured, 0)
    """,
    "refunded = refunds that succeeded": """
        SELECT count(*) FROM orders_customerorder AS mine
        LEFT JOIN (SELECT payment.order_number, sum(refund.amount) AS given FROM payments_refund AS refund
                   JOIN payments_payment AS payment ON payment.id = refund.payment_id
                   WHERE refund.status = 'SUCCEEDED' GROUP BY payment.order_number) AS back
          ON back.order_number = mine.number
        WHERE mine.refunded <> COALESCE(back.given, 0)
    """,
    "Σ paid and refunded of sellers = the order's": """
        SELECT count(*) FROM orders_customerorder AS mine
        JOIN (SELECT order_id, sum(paid) AS paid, sum(refunded) AS refunded FROM orders_sellerorder GROUP BY order_id)
          AS part ON part.order_id = mine.order_id
        WHERE (part.paid, part.refunded) <> (LEAST(mine.paid, mine.total), LEAST(mine.refunded, mine.total))
    """,
    "on hand and allocated = movements": """
        SELECT count(*) FROM inventory_stocklevel AS level
        LEFT JOIN (SELECT level_id,
            sum(CASE WHEN kind IN ('RECEIVED', 'ADJUSTED', 'TRANSFERRED_IN') THEN quantity
                     WHEN kind IN ('SHIPPED', 'TRANSFERRED_OUT') THEN -quantity ELSE 0 END) AS on_hand,
            sum(CASE WHEN kind = 'ALLOCATED' THEN quantity WHEN kind IN ('RELEASED', 'SHIPPED') THEN -quantity
                     ELSE 0 END) AS allocated FROM inventory_movement GROUP BY level_id) AS moved
          ON moved.level_id = level.id
        WHERE (level.on_hand, level.allocated) <> (COALESCE(moved.on_hand, 0), COALESCE(moved.allocated, 0))
    """,
    "reserved and allocated = live reservations": """
        SELECT count(*) FROM inventory_stocklevel AS level
        LEFT JOIN (SELECT level_id, sum(quantity) FILTER (WHERE status = 'HELD') AS held,
                          sum(quantity) FILTER (WHERE status = 'ALLOCATED') AS allocated
                   FROM inventory_reservation GROUP BY level_id) AS live ON live.level_id = level.id
        WHERE (level.reserved, level.allocated) <> (COALESCE(live.held, 0), COALESCE(live.allocated, 0))
    """,
    "no shelf was ever empty beyond nothing": """
        SELECT count(*) FROM (
            SELECT sum(CASE WHEN kind IN ('RECEIVED', 'ADJUSTED', 'TRANSFERRED_IN') THEN quantity
                            WHEN kind IN ('SHIPPED', 'TRANSFERRED_OUT') THEN -quantity ELSE 0 END)
                   OVER (PARTITION BY level_id ORDER BY at, id) AS on_hand FROM inventory_movement
        ) AS running WHERE on_hand < 0
    """,
    "Oscar's stock figures = levels": """
        SELECT count(*) FROM partner_stockrecord AS record
        JOIN (SELECT stock_record_id, sum(on_hand) AS on_hand, sum(reserved + allocated) AS promised
              FROM inventory_stocklevel GROUP BY stock_record_id) AS level ON level.stock_record_id = record.id
        WHERE (COALESCE(record.num_in_stock, 0), COALESCE(record.num_allocated, 0)) <> (level.on_hand, level.promised)
    """,
    "a shipped fulfilment's promises are shipped, and no other's": """
        SELECT count(*) FROM orders_fulfilmentline AS line
        JOIN orders_fulfilment AS fulfilment ON fulfilment.id = line.fulfilment_id
        JOIN inventory_reservation AS promise ON promise.id = line.reservation_id
        WHERE (promise.status = 'SHIPPED') <> (fulfilment.shipped_at IS NOT NULL)
    """,
    "every car that is assigned is held once, by the same order line": """
        SELECT count(*) FROM orders_assignedvehicle AS assigned
        LEFT JOIN inventory_unit AS unit ON unit.vin = assigned.vin
        LEFT JOIN inventory_unithold AS hold ON hold.unit_id = unit.id AND hold.is_live AND hold.cause = assigned.cause
        WHERE assigned.released_at IS NULL AND hold.id IS NULL
    """,
}


class BooksDoNotClose(AssertionError):
    """A world was written whose rows contradict each other: a mistake in this package."""


def close_books(*, report: Callable[[str], None]) -> None:
    """Bring the figures that follow from rows up to them, and have the planner look at the new sizes."""
    changed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (FIGURES, SHADOWS, POPULARITY):
            cursor.execute(statement)
            changed += cursor.rowcount
    if not changed:
        report("books: closed before")
        return
    # A shelf that was empty may have something now, and the other way round: lists show offers by that.
    products = sorted(set(Offer.objects.values_list("product_id", flat=True)))
    for start in range(0, len(products), 1000):
        refresh_shown_offers(products[start : start + 1000])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    report(f"books: closed over {ProductInfo.objects.count()} products")


def check_books() -> dict[str, int]:
    """How many rows contradict each rule; every rule answered with 0 is the proof."""
    found = {}
    with connection.cursor() as cursor:
        for name, question in CHECKS.items():
            cursor.execute(question)
            found[name] = cursor.fetchone()[0]
    return found


def prove_books(*, report: Callable[[str], None]) -> None:
    """
    Check the books and say so.

    :raises BooksDoNotClose: if a rule is broken
    """
    broken = {name: number for name, number in check_books().items() if number}
    if broken:
        raise BooksDoNotClose("; ".join(f"{name}: {number}" for name, number in broken.items()))
    report(f"books: {len(CHECKS)} rules hold")

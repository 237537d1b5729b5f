"""What the database says, read past the code under test."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar

import psycopg2

PATIENCE = 120.0
T = TypeVar("T")


def eventually(look: Callable[[], T], holds: Callable[[T], bool], *, seconds: float = PATIENCE) -> T:
    """Look until it holds and return what was seen; the last look fails the test."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if holds(seen):
            return seen
        assert time.monotonic() < deadline, f"still {seen!r} after {seconds:.0f} s"
        time.sleep(0.1)


class Books:
    """A suite's database."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Run one statement of one's own; its rows."""
        with closing(psycopg2.connect(self.database_url, connect_timeout=5)) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []

    def value(self, query: str, *values: Any) -> Any:
        """The first value of the first row."""
        return self.rows(query, *values)[0][0]

    def deadlocks(self) -> int:
        """How many deadlocks PostgreSQL has broken in this database."""
        return self.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")

    # Stock

    def stock_of(self, product_id: int) -> dict[str, int]:
        """Every figure of a product's stock: ours, Oscar's, and the rows behind them."""
        on_hand, reserved, allocated = self.rows(
            "SELECT sum(on_hand), sum(reserved), sum(allocated) FROM inventory_stocklevel WHERE product_id = %s",
            product_id,
        )[0]
        num_in_stock, num_allocated = self.rows(
            "SELECT sum(num_in_stock), sum(num_allocated) FROM partner_stockrecord WHERE product_id = %s", product_id
        )[0]
        live_rows, live_pieces = self.rows(
            "SELECT count(*), coalesce(sum(r.quantity), 0) FROM inventory_reservation r"
            " JOIN inventory_stocklevel l ON l.id = r.level_id"
            " WHERE l.product_id = %s AND r.status IN ('HELD', 'ALLOCATED')",
            product_id,
        )[0]
        return {
            "on_hand": on_hand,
            "promised": reserved + allocated,
            "oscar_in_stock": num_in_stock,
            "oscar_allocated": num_allocated or 0,
            "rows": live_rows,
            "pieces": live_pieces,
        }

    # Money

    def entries(self, provider: str) -> Counter[tuple[str, int]]:
        """What we say that a provider moved: (kind, amount in fen), with how often."""
        rows = self.rows(
            "SELECT 'payment', (amount * 100)::int FROM payments_payment WHERE provider = %s AND status = 'CAPTURED'"
            " UNION ALL SELECT 'refund', (r.amount * 100)::int FROM payments_refund r"
            " JOIN payments_payment p ON p.id = r.payment_id WHERE p.provider = %s AND r.status = 'SUCCEEDED'",
            provider,
            provider,
        )
        return Counter(rows)

    # Orders

    def status_of(self, number: str) -> str:
        """The status of an order."""
        return self.value("SELECT status FROM orders_customerorder WHERE number = %s", number)

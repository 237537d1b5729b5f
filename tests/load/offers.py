"""
Time of choosing among many offers, and of the lists that show what was chosen.

    python tests/load/offers.py [--products 5000] [--offers 10]

Fills a scratch database of the tests' own server with products and offers of each by ten suppliers (50,000 offers
unless told otherwise), chooses for all of them, replays every choice, and reads list pages. Prints how long each took
and how many statements a page needs: the same as with one offer of each product.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

from tests.plugins import database, servers

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
BATCH = 1000
PAGE_STATEMENTS = 2


def fill(products: int, offers: int) -> list[int]:
    """Write products, and so many offers of each; their ids."""
    from apps.catalog.api import ProductKind
    from apps.catalog.services.bulk import OfferRow, ProductRow, upsert_offers, upsert_products
    from apps.kernel.api import Money
    from apps.shop.api import StockRecord
    from tests.factories.catalog import make_category, make_tax_rates
    from tests.factories.dealers import make_supplier

    make_tax_rates()
    make_category(code="PART-LOAD", name_zh="配件")
    sellers = [make_supplier().organization.code for _seller in range(offers)]
    ids: list[int] = []
    for start in range(0, products, BATCH):
        codes = [f"LOAD-{number:06d}" for number in range(start, min(start + BATCH, products))]
        rows = [
            ProductRow(
                code=code,
                kind=ProductKind.PART,
                title_zh=f"滤清器 {code}",
                title_en=f"Filter {code}",
                categories=["PART-LOAD"],
                popularity=number % 97,
            )
            for number, code in enumerate(codes)
        ]
        made = upsert_products(rows, now=NOW)
        for place, seller in enumerate(sellers):
            upsert_offers(
                [
                    OfferRow(
                        sku=f"{code}-{place}",
                        product_id=pk,
                        organization=seller,
                        price=Money(Decimal(4000 + (pk * 37 + place * 101) % 900) / 100),
                        list_price=None,
                        lead_time_days=(pk + place) % 7,
                        site=f"WH-{place}",
                    )
                    for code, pk in made.items()
                ],
                now=NOW,
            )
        ids += made.values()
    StockRecord.objects.filter(product__in=ids).update(num_in_stock=5)
    StockRecord.objects.filter(product__in=ids[::3], partner_sku__endswith="-0").update(num_in_stock=0)
    return ids


def measure(ids: list[int]) -> bool:
    """Choose, replay, and read pages; whether everything holds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.catalog.api import (
        Offer,
        ProductQuery,
        index_products,
        refresh_shown_offers,
        replay_offer_choices,
        search_products,
    )

    print(f"{Offer.objects.count()} offers of {len(ids)} products, load {os.getloadavg()[0]:.1f}")
    timed("choose for every product", lambda: in_batches(refresh_shown_offers, ids))
    timed("choose again, nothing new", lambda: in_batches(refresh_shown_offers, ids))
    in_batches(index_products, ids)
    differences = timed("replay every choice", lambda: list(replay_offer_choices()))
    search_products(ProductQuery())
    most = 0
    for ordering in ("popular", "price", "newest"):
        query = ProductQuery(ordering=ordering, page_size=100)
        with CaptureQueriesContext(connection) as captured:
            timed(f"a page by {ordering}", lambda query=query: search_products(query))
        most = max(most, len(captured))
    print(f"{len(differences)} choices do not re-derive; {most} statements for a page of 100 products")
    return not differences and most <= PAGE_STATEMENTS


def in_batches(act: Callable, ids: list[int]) -> None:
    """Do something with every product, a thousand at a time."""
    for start in range(0, len(ids), BATCH):
        act(ids[start : start + BATCH])


def timed(name: str, act: Callable):
    """Do something and print how long it took."""
    begun = time.perf_counter()
    answer = act()
    print(f"{name}: {(time.perf_counter() - begun) * 1000:.0f} ms")
    return answer


def main() -> None:
    """Fill, measure, print; leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--products", type=int, default=5000)
    parser.add_argument("--offers", type=int, default=10, help="of each product")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.test")
    django.setup()
    with servers.running_postgres():
        name = "s2b2c_load_offers"
        if name in database.databases(name):
            database.drop(name)
        database.clone(database.migrated_template(), name)
        database.use(name)
        try:
            ids = timed("fill", lambda: fill(options.products, options.offers))
            holds = measure(ids)
        finally:
            database.use("postgres")
            database.drop(name)
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()

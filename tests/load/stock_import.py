"""
A supplier's stock table of 10,000 rows: how long until it is checked, written, and put back.

    python tests/load/stock_import.py [--rows 10000]

Fills a scratch database of the tests' own server with one supplier's offers and shelves, writes the table that its
portal offers for download, changes every count, and works on it as the worker does, chunk by chunk, each chunk's
progress visible to others. Ends with the proof: after the undo every figure is what it was, and the figures rebuilt
from movements are the stored ones.
"""

import argparse
import io
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

from tests.plugins import database, servers

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
GOAL_SECONDS = 15.0


@contextmanager
def scratch():
    """A database of our own, gone afterwards."""
    name = "s2b2c_load_stock_import"
    with servers.running_postgres():
        template = database.migrated_template()
        if name in database.databases(name):
            database.drop(name)
        database.clone(template, name)
        database.use(name)
        try:
            yield
        finally:
            database.use("postgres")
            database.drop(name)


def fill(rows: int) -> int:
    """Write a supplier with so many offers, ten pieces of each on its shelf; its organization's id."""
    from apps.catalog.api import ensure_seller
    from apps.catalog.services.bulk import OfferRow, ProductRow, upsert_offers, upsert_products
    from apps.catalog.states import ProductKind
    from apps.inventory.models import Movement, StockLevel
    from apps.inventory.states import MovementKind
    from apps.kernel.api import Money
    from apps.shop.api import StockRecord
    from tests.factories.dealers import make_supplier
    from tests.factories.orders import make_site

    organization = make_supplier().organization
    ensure_seller(organization)
    site = make_site(organization, code="load-site")
    parts = [
        ProductRow(code=f"LOAD-{n:06d}", kind=ProductKind.PART, title_zh=f"零件 {n}", title_en=f"Part {n}")
        for n in range(rows)
    ]
    ids = upsert_products(parts, now=NOW)
    upsert_offers(
        [
            OfferRow(
                sku=code,
                product_id=pk,
                organization=organization.code,
                price=Money.of("25.00", "CNY"),
                list_price=None,
                lead_time_days=2,
                site=site.code,
            )
            for code, pk in ids.items()
        ],
        now=NOW,
    )
    records = dict(StockRecord.objects.filter(product__in=ids.values()).values_list("product_id", "pk"))
    levels = StockLevel.objects.bulk_create(
        StockLevel(product_id=pk, site=site, stock_record_id=records[pk], on_hand=10) for pk in ids.values()
    )
    Movement.objects.bulk_create(
        Movement(level=level, kind=MovementKind.RECEIVED, quantity=10, cause="load", at=NOW) for level in levels
    )
    StockRecord.objects.filter(pk__in=records.values()).update(num_in_stock=10)
    return organization.pk


def changed_table(scope: str) -> bytes:
    """The table the portal offers, with every count changed."""
    from openpyxl import Workbook, load_workbook

    from apps.kernel.api import imports

    sheet = load_workbook(io.BytesIO(imports.filled_table(imports.get_kind("stock"), scope=scope)), read_only=True)[
        "data"
    ]
    book = Workbook(write_only=True)
    out = book.create_sheet()
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        out.append(row if not number else (*row[:2], 11 + number % 500, *row[3:]))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def timed(what: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """Do it and print how long it took, by the clock and on the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds = time.perf_counter() - wall
    print(f"{what:<44} {seconds:7.2f} s   {time.process_time() - cpu:6.2f} s CPU here")
    return result, seconds


def figures() -> list[tuple]:
    """Everything an undo must restore."""
    from apps.inventory.models import StockLevel
    from apps.shop.api import StockRecord

    return [
        *StockLevel.objects.order_by("pk").values_list("pk", "on_hand", "reserved", "allocated"),
        *StockRecord.objects.order_by("pk").values_list("pk", "num_in_stock", "num_allocated"),
    ]


def measure(rows: int) -> int:
    """Check, write and undo; 0 if it is within the goal and exact."""
    from django.core.files.base import ContentFile

    from apps.inventory.api import check_levels
    from apps.kernel.api import imports

    organization_id, _seconds = timed(f"fill {rows} offers with stock", lambda: fill(rows))
    scope = imports.scope_of(organization_id)
    before = figures()
    content, _seconds = timed("download and change the table", lambda: changed_table(scope))
    told: list[int] = []
    run = imports.upload(kind="stock", upload=ContentFile(content, "stock.xlsx"), by=None, now=NOW, scope=scope)

    def work():
        return imports.work(run_id=run.pk, clock=lambda: NOW, report=lambda one: told.append(one.done))

    _run, checking = timed("check (dry run)", work)
    imports.request_apply(run_id=run.pk, by=None, now=NOW)
    applied, writing = timed("write", work)
    after = figures()
    imports.request_undo(run_id=run.pk, by=None, now=NOW)
    undone, undoing = timed("undo", work)
    is_exact = figures() == before and check_levels() == [] and after != before
    total = checking + writing
    print(f"written {applied.counts['applied']}, undone {undone.counts['undone']}; progress told {len(told)} times")
    print(f"check and write: {total:.2f} s for {rows} rows (goal {GOAL_SECONDS:.0f} s at 10,000); undo {undoing:.2f} s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"undo restored every figure: {is_exact}; most memory {memory} MB")
    return 0 if is_exact and (rows > 10_000 or total <= GOAL_SECONDS) else 1


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.test")
    django.setup()
    with scratch():
        sys.exit(measure(options.rows))


if __name__ == "__main__":
    main()

"""An import of counts against buyers of the same pieces, on real threads. The control takes the guard away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection

from apps.inventory.api import Demand, Reservation, StockLevel, check_levels, reserve
from apps.inventory.errors import OutOfStock
from apps.inventory.services import stock_import
from tests.apps.inventory import stock_files as files

BUYERS, PIECES, COUNT = 8, 8, 3
CONSTRAINT = "inventory_never_promise_more_than_on_hand"


def buy(number: int, level: StockLevel, site: str, expires_at, now) -> bool:
    """Whether a buyer got a piece."""
    demand = Demand(line_ref="1", product_id=level.product_id, quantity=1, site_codes=(site,))
    try:
        reserve(cause=f"order-{number}", demands=[demand], expires_at=expires_at, by=None, now=now)
    except OutOfStock:
        return False
    return True


def race(supply: files.Supply, run, expires_at, now) -> int:
    """Let buyers and the import loose at once; how many got a piece."""
    level = StockLevel.objects.get(site=supply.site)
    gate = Barrier(BUYERS + 1)

    def shop(number: int) -> bool:
        try:
            gate.wait()
            return buy(number, level, supply.site.code, expires_at, now)
        finally:
            connection.close()

    def write() -> None:
        try:
            gate.wait()
            files.apply(run, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(BUYERS + 1) as pool:
        importing = pool.submit(write)
        sold = list(pool.map(shop, range(BUYERS)))
        importing.result()
    return sum(sold)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_the_count_and_the_sales_agree_whoever_comes_first(turn, expires_at, now):
    supply = files.make_supply(on_hand=[PIECES], now=now)
    rows = [(supply.skus[0], supply.site.code, COUNT)]
    run = files.check(files.as_xlsx(rows), scope=supply.scope, now=now)

    sold = race(supply, run, expires_at, now)

    level = StockLevel.objects.get(site=supply.site)
    # Counted before the fourth sale: three pieces, three sold. Else the row is refused and all are sold.
    assert (level.on_hand, sold) in {(COUNT, COUNT), (PIECES, PIECES)}
    assert level.reserved == sold
    assert [code for _line, _field, code in files.problems_of(run)] == ([] if sold == COUNT else ["below_promised"])
    assert check_levels() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_and_the_constraint_it_promises_what_is_not_there(expires_at, now, monkeypatch):
    supply = files.make_supply(on_hand=[PIECES], now=now)
    run = files.check(files.as_xlsx([(supply.skus[0], supply.site.code, COUNT)]), scope=supply.scope, now=now)
    counted, all_bought = Event(), Barrier(BUYERS + 1)
    stale: dict[int, int] = {}

    def read_without_lock(level_ids):
        return {level.pk: level for level in StockLevel.objects.select_related("site").filter(pk__in=level_ids)}

    def count_then_let_everybody_buy(level_ids):
        if not counted.is_set():
            counted.set()
            all_bought.wait()
        return stale

    def shop(number: int, level: StockLevel) -> bool:
        try:
            counted.wait()
            return buy(number, level, supply.site.code, expires_at, now)
        finally:
            connection.close()
            all_bought.wait()

    def write() -> None:
        try:
            files.apply(run, now=now)
        finally:
            connection.close()

    level = StockLevel.objects.get(site=supply.site)
    monkeypatch.setattr(stock_import, "lock_levels", read_without_lock)
    monkeypatch.setattr(stock_import, "promised_by_rows", count_then_let_everybody_buy)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE inventory_stocklevel DROP CONSTRAINT {CONSTRAINT}")
    try:
        with ThreadPoolExecutor(BUYERS + 1) as pool:
            importing = pool.submit(write)
            sold = sum(pool.map(lambda number: shop(number, level), range(BUYERS)))
            importing.result()
        level.refresh_from_db()
        assert level.on_hand < sold == PIECES
    finally:
        Reservation.objects.all().delete()
        StockLevel.objects.update(reserved=0)
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE inventory_stocklevel ADD CONSTRAINT {CONSTRAINT} CHECK (on_hand >= reserved + allocated)"
            )

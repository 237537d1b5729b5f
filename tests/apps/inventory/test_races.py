"""Races for stock, on PostgreSQL with real threads. The control shows that the test sees a missing guard."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.inventory.api import Demand, Reservation, StockLevel, allocate, check_levels, reserve
from apps.inventory.errors import OutOfStock
from apps.inventory.services import levels as levels_module
from apps.inventory.services import reservations as reservations_module

BUYERS, PIECES = 20, 5


def _race(product, expires_at, now) -> list[str]:
    gate = Barrier(BUYERS)

    def buy(number: int) -> str:
        try:
            gate.wait()
            demand = Demand(line_ref="1", product_id=product.pk, quantity=1, site_codes=("east",))
            reserve(cause=f"order-{number}", demands=[demand], expires_at=expires_at, by=None, now=now)
        except OutOfStock:
            return "out_of_stock"
        else:
            return "sold"
        finally:
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(buy, range(BUYERS)))


@pytest.mark.django_db(transaction=True)
def test_sells_exactly_what_there_is(stocked, figures, expires_at, now):
    product = stocked(PIECES)

    outcomes = _race(product, expires_at, now)

    assert outcomes.count("sold") == PIECES
    assert outcomes.count("out_of_stock") == BUYERS - PIECES
    assert Reservation.objects.count() == PIECES
    assert figures(product) == {"east": (PIECES, PIECES, 0)}
    assert check_levels() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_and_the_constraint_it_oversells(stocked, expires_at, now, monkeypatch):
    """The guard is taken out on purpose: no row lock, and no CHECK behind it."""
    product = stocked(PIECES)
    ready = Barrier(BUYERS)

    def read_without_lock(level_ids):
        return {level.pk: level for level in StockLevel.objects.select_related("site").filter(pk__in=level_ids)}

    def count_before_anyone_writes(level_ids):
        promised = levels_module.promised_by_rows(level_ids)
        ready.wait()
        return promised

    monkeypatch.setattr(reservations_module, "lock_levels", read_without_lock)
    monkeypatch.setattr(reservations_module, "promised_by_rows", count_before_anyone_writes)
    name = "inventory_never_promise_more_than_on_hand"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE inventory_stocklevel DROP CONSTRAINT {name}")
    try:
        outcomes = _race(product, expires_at, now)
    finally:
        Reservation.objects.all().delete()
        StockLevel.objects.update(reserved=0)
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE inventory_stocklevel ADD CONSTRAINT {name} CHECK (on_hand >= reserved + allocated)"
            )

    assert outcomes.count("sold") > PIECES


@pytest.mark.django_db(transaction=True)
def test_orders_over_the_same_products_in_opposite_order_never_deadlock(stocked, expires_at, now):
    first, second = stocked(40), stocked(40)
    gate = Barrier(8)

    def buy(number: int) -> None:
        products = (first, second) if number % 2 else (second, first)
        demands = [
            Demand(line_ref=str(n), product_id=product.pk, quantity=1, site_codes=("east",))
            for n, product in enumerate(products)
        ]
        try:
            gate.wait()
            for step in range(5):
                cause = f"{number}-{step}"
                reserve(cause=cause, demands=demands, expires_at=expires_at, by=None, now=now)
                allocate(cause=cause, by=None, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(buy, range(8)))

    assert StockLevel.objects.get(product=first).allocated == 40
    assert check_levels() == []

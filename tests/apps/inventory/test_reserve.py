from datetime import timedelta

import pytest

from apps.inventory.api import (
    Reservation,
    StockLevel,
    allocate,
    check_levels,
    expire_reservations,
    release,
    reserve,
    ship,
)
from apps.inventory.errors import OutOfStock, ReservationLapsed
from apps.inventory.models import Movement

pytestmark = pytest.mark.django_db


def test_holds_at_the_preferred_site_and_spills_to_the_next(stocked, demand, figures, now, expires_at):
    product = stocked(3, 4)

    promises = reserve(cause="A", demands=[demand(product, 5, "west", "east")], expires_at=expires_at, by=None, now=now)

    assert [(p.site_code, p.quantity) for p in promises] == [("west", 4), ("east", 1)]
    assert figures(product) == {"east": (3, 1, 0), "west": (4, 4, 0)}
    assert check_levels() == []


def test_refuses_all_lines_when_one_is_short_and_names_it(stocked, demand, figures, now, expires_at):
    plenty, scarce = stocked(9), stocked(1)

    with pytest.raises(OutOfStock) as refusal:
        reserve(
            cause="A",
            demands=[demand(plenty, 2, line_ref="1"), demand(scarce, 2, line_ref="2")],
            expires_at=expires_at,
            by=None,
            now=now,
        )

    assert refusal.value.context["lines"] == [
        {"line_ref": "2", "product_id": scarce.pk, "requested": 2, "available": 1}
    ]
    assert figures(plenty) == {"east": (9, 0, 0)}
    assert not Reservation.objects.exists()


def test_two_lines_of_one_product_share_what_is_there(stocked, demand, now, expires_at):
    product = stocked(3)

    with pytest.raises(OutOfStock):
        reserve(
            cause="A",
            demands=[demand(product, 2, line_ref="1"), demand(product, 2, line_ref="2")],
            expires_at=expires_at,
            by=None,
            now=now,
        )


def test_never_promises_the_safety_stock(stocked, demand, now, expires_at):
    product = stocked(5)
    StockLevel.objects.filter(product=product).update(safety_stock=3)

    with pytest.raises(OutOfStock) as refusal:
        reserve(cause="A", demands=[demand(product, 3)], expires_at=expires_at, by=None, now=now)

    assert refusal.value.context["lines"][0]["available"] == 2


def test_counts_rows_even_where_the_counter_lies(stocked, demand, now, expires_at):
    product = stocked(2)
    reserve(cause="A", demands=[demand(product, 2)], expires_at=expires_at, by=None, now=now)
    StockLevel.objects.filter(product=product).update(reserved=0)  # a lost update

    with pytest.raises(OutOfStock):
        reserve(cause="B", demands=[demand(product, 1)], expires_at=expires_at, by=None, now=now)

    assert [(d.figure, d.stored, d.derived) for d in check_levels()] == [("reserved", 0, 2)]
    check_levels(repair=True)
    assert check_levels() == []


def test_walks_from_hold_to_shipment_and_repeats_change_nothing(stocked, demand, figures, now, expires_at):
    product = stocked(5)
    reserve(cause="A", demands=[demand(product, 2)], expires_at=expires_at, by=None, now=now)

    for _ in range(2):
        promises = allocate(cause="A", by=None, now=now)
        assert figures(product) == {"east": (5, 0, 2)}
    for _ in range(2):
        ship(reservation_ids=[p.reservation_id for p in promises], by=None, now=now)
        assert figures(product) == {"east": (3, 0, 0)}

    assert list(Movement.objects.order_by("pk").values_list("kind", "quantity", "cause")) == [
        ("RECEIVED", 5, "seed"),
        ("ALLOCATED", 2, "A"),
        ("SHIPPED", 2, "A"),
    ]
    assert release(cause="A", by=None, now=now) == 0
    assert check_levels() == []


def test_gives_back_holds_and_allocations_once(stocked, demand, figures, now, expires_at):
    product = stocked(5)
    reserve(cause="A", demands=[demand(product, 2)], expires_at=expires_at, by=None, now=now)
    allocate(cause="A", by=None, now=now)
    reserve(cause="A", demands=[demand(product, 1, line_ref="2")], expires_at=expires_at, by=None, now=now)

    assert release(cause="A", by=None, now=now) == 3
    assert release(cause="A", by=None, now=now) == 0
    assert figures(product) == {"east": (5, 0, 0)}
    assert check_levels() == []


def test_expiry_takes_only_holds_whose_time_is_over(stocked, demand, figures, now, expires_at):
    product = stocked(5)
    reserve(cause="A", demands=[demand(product, 1)], expires_at=expires_at, by=None, now=now)
    reserve(cause="B", demands=[demand(product, 1)], expires_at=expires_at + timedelta(seconds=1), by=None, now=now)

    assert expire_reservations(now=expires_at) == ["A"]
    assert expire_reservations(now=expires_at) == []
    assert figures(product) == {"east": (5, 1, 0)}


def test_a_lapsed_hold_cannot_be_allocated_until_it_is_held_again(stocked, demand, figures, now, expires_at):
    product = stocked(1)
    reserve(cause="A", demands=[demand(product, 1)], expires_at=expires_at, by=None, now=now)
    expire_reservations(now=expires_at)

    with pytest.raises(ReservationLapsed):
        allocate(cause="A", by=None, now=now)
    assert figures(product) == {"east": (1, 0, 0)}

    reserve(cause="A", demands=[demand(product, 1)], expires_at=expires_at, by=None, now=now)
    allocate(cause="A", by=None, now=now)
    assert figures(product) == {"east": (1, 0, 1)}


def test_only_allocated_pieces_leave(stocked, demand, figures, now, expires_at):
    product = stocked(1)
    [promise] = reserve(cause="A", demands=[demand(product, 1)], expires_at=expires_at, by=None, now=now)

    with pytest.raises(ReservationLapsed):
        ship(reservation_ids=[promise.reservation_id], by=None, now=now)
    assert figures(product) == {"east": (1, 1, 0)}

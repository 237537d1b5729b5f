"""
Races on PostgreSQL with real threads. Each has a control: with its guard taken away, the same race goes wrong.
"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction

from apps.inventory.api import Reservation, StockLevel
from apps.orders import api
from apps.orders.models import CustomerOrder, Fulfilment, OrderEvent
from apps.orders.selectors.carts import find_cart
from apps.orders.services import cancellation, carts, checkout, expiry
from apps.orders.states import DELIVERY, ORDER
from apps.payments.api import Payment, Refund
from apps.shop.api import Basket, Order
from tests.factories.accounts import make_user
from tests.factories.orders import Shop
from tests.races import drop_constraint, race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture
def shop(transactional_db, gateway, now):
    return Shop(now=now, gateway=gateway)


def statuses(results):
    return Counter(result if isinstance(result, str) else type(result).__name__ for result in results)


# 50 buyers, 10 pieces


@pytest.fixture
def buyers(shop):
    part = shop.part(price="120.00", stock=10)
    carts = [shop.cart(part) for _ in range(50)]
    return part, [lambda ref=ref: shop.check_out(ref) for ref in carts]


def test_fifty_buyers_of_ten_pieces_leave_ten_orders(shop, buyers):
    part, works = buyers
    results = statuses(race(*works))
    level = StockLevel.objects.get(product=part)
    assert results == {"CheckoutResult": 10, "out_of_stock": 40}
    assert CustomerOrder.objects.count() == Order.objects.count() == 10
    assert Reservation.objects.filter(level=level, status="HELD").count() == 10
    assert level.reserved == 10
    assert Basket.objects.filter(status="Open").count() == 40


def test_without_the_lock_on_stock_levels_more_is_sold(shop, buyers, monkeypatch):
    from apps.inventory.services import reservations

    _, works = buyers
    unlocked = lambda ids: {level.pk: level for level in StockLevel.objects.select_related("site").filter(pk__in=ids)}  # noqa: E731
    monkeypatch.setattr(reservations, "lock_levels", unlocked)
    drop_constraint("inventory_stocklevel", "inventory_never_promise_more_than_on_hand")
    results = statuses(race(*works, keeps_errors=True))
    assert results["CheckoutResult"] > 10


# One cart, eight submits


def submits_with_total(shop, keys):
    """Like ``check_out``, with the total read once: a cart that is ordered shows nothing any more."""
    part = shop.part(price="120.00", stock=100)
    ref = shop.cart(part)
    total = api.get_cart(ref, now=shop.now).total
    return [lambda key=key: shop.check_out(ref, checkout_key=key, expected_total=total) for key in keys]


def test_eight_submits_of_one_cart_with_one_key_give_one_order(shop):
    results = race(*submits_with_total(shop, ["same"] * 8))
    assert len({result.order_number for result in results}) == 1
    assert CustomerOrder.objects.count() == 1
    assert Payment.objects.count() == 1
    assert StockLevel.objects.get().reserved == 1


def test_eight_submits_of_one_cart_with_eight_keys_give_one_order(shop):
    results = statuses(race(*submits_with_total(shop, [f"key-{n}" for n in range(8)])))
    assert results == {"CheckoutResult": 1, "cart_already_ordered": 7}
    assert CustomerOrder.objects.count() == 1


def test_without_closing_the_cart_under_its_lock_one_cart_is_ordered_often(shop, monkeypatch):
    drop_index_of_column("orders_customerorder", "cart_id")
    monkeypatch.setattr(checkout, "lock_open_cart", lambda ref, now: Basket.objects.get(pk=ref.cart_id))
    results = statuses(race(*submits_with_total(shop, [f"key-{n}" for n in range(8)]), keeps_errors=True))
    assert results["CheckoutResult"] > 1


# One user, eight clicks on "add"


def adds(shop, user):
    part = shop.part(price="120.00")
    ref = api.CartRef(user_id=user.pk)
    return [lambda: api.add_line(cart_ref=ref, product_id=part.pk, quantity=1, now=shop.now)] * 8


def test_eight_clicks_put_eight_pieces_into_one_cart(shop):
    user = make_user()
    race(*adds(shop, user))
    assert [line.quantity for line in api.get_cart(api.CartRef(user_id=user.pk), now=shop.now).lines] == [8]
    assert Basket.objects.filter(owner=user).count() == 1


def test_without_the_lock_on_the_cart_clicks_are_lost(shop, monkeypatch):
    user = make_user()
    shop.cart(shop.part(), user=user)
    monkeypatch.setattr(carts, "_lock_cart", find_cart)
    works = adds(shop, user)
    works[0]()
    race(*works[:6], keeps_errors=True)
    quantities = [line.quantity for line in api.get_cart(api.CartRef(user_id=user.pk), now=shop.now).lines]
    assert quantities[1] < 7


# Capture and expiry


def capture_and_expire(shop):
    """An order paid at the last moment while the clock expires it; True if it was placed."""
    result = shop.order(shop.part(price="120.00", stock=1))
    order = CustomerOrder.objects.get(number=result.order_number)
    later = order.expires_at + timedelta(seconds=1)
    race(
        lambda: shop.pay(result.payment, now=later),
        lambda: expiry.expire_order(number=order.number, now=later),
    )
    shop.drain()
    shop.refund_all()
    return shop.reload(order.number)


def is_whole(order):
    """Tell whether an order was either placed and owes nothing back, or expired with everything given back."""
    level = StockLevel.objects.order_by("-pk").first()
    refunds = Refund.objects.filter(payment__order_number=order.number).count()
    if order.status == "PLACED":
        return (refunds, level.reserved, level.allocated, order.refunded) == (0, 0, 1, 0)
    return (order.status, refunds, level.reserved, level.allocated) == ("EXPIRED", 1, 0, 0) and (
        order.refunded == order.paid == order.total
    )


def test_a_capture_that_meets_the_expiry_places_or_refunds_never_both(shop):
    for _ in range(6):
        assert is_whole(capture_and_expire(shop))


def test_without_the_order_lock_a_paid_order_expires(shop, monkeypatch):
    result = shop.order(shop.part(price="120.00", stock=1))
    order = shop.reload(result.order_number)
    without_lock(monkeypatch, ORDER, "expire", {"AWAITING_PAYMENT", "PLACED"})
    expired_check = Interleaved(monkeypatch, expiry, "_has_captured")
    race(
        lambda: expiry.expire_order(number=order.number, now=order.expires_at),
        lambda: expired_check.during(lambda: shop.pay(result.payment)),
        keeps_errors=True,
    )
    assert event_codes(order) >= {"placed", "expired"}


# Cancel and ship


def cancel_and_ship(shop):
    """An accepted delivery that the buyer calls off while the supplier ships it."""
    order = shop.placed(shop.part(price="120.00", stock=1))
    fulfilment = order.fulfilments.get()
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    api.accept_fulfilment(**keys)
    race(
        lambda: api.call_off(number=order.number, reason="changed my mind", by=None, now=shop.now),
        lambda: api.ship_fulfilment(**keys, carrier="SF", tracking_number="1"),
    )
    fulfilment.refresh_from_db()
    return shop.reload(order.number), fulfilment


def test_an_order_is_called_off_or_shipped_never_both(shop):
    for _ in range(6):
        order, fulfilment = cancel_and_ship(shop)
        level = StockLevel.objects.order_by("-pk").first()
        if order.status == "CANCELLED":
            assert (fulfilment.status, level.on_hand, level.allocated) == ("CANCELLED", 1, 0)
        else:
            assert (order.status, fulfilment.status, level.on_hand) == ("IN_FULFILMENT", "SHIPPED", 0)


def test_without_the_order_lock_a_shipped_order_is_called_off(shop, monkeypatch):
    order = shop.placed(shop.part(price="120.00", stock=1))
    keys = {
        "fulfilment_id": order.fulfilments.get().pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now,
    }  # fmt: skip
    api.accept_fulfilment(**keys)
    without_lock(monkeypatch, DELIVERY, "cancel", {"PICKED", "SHIPPED"})
    cancel_check = Interleaved(monkeypatch, cancellation, "_check")
    race(
        lambda: api.call_off(number=order.number, reason="changed my mind", by=None, now=shop.now),
        lambda: cancel_check.during(lambda: api.ship_fulfilment(**keys, carrier="SF", tracking_number="1")),
        keeps_errors=True,
    )
    assert event_codes(order) >= {"shipped", "cancelled"}


# Two captures


def test_two_captures_of_one_order_at_once_refund_one(shop, gateway):
    result = shop.order(shop.part(price="120.00", stock=1))
    second = api.pay_order(
        number=result.order_number, provider="alipay", tender="full", return_url="https://x.example/{number}/",
        by=None, token=result.order_token, now=shop.now,
    )  # fmt: skip
    race(
        lambda: shop.capture(result.payment.number),
        lambda: shop.capture(second.number, provider="alipay"),
    )
    race(shop.drain, shop.drain)
    shop.drain()
    shop.refund_all()
    order = shop.reload(result.order_number)
    assert order.status == "PLACED"
    assert (order.paid, order.refunded) == (2 * order.total, order.total)
    assert Refund.objects.count() == 1
    assert order.seller_orders.get().paid == order.total
    assert order.seller_orders.get().refunded == 0


# Hand-over


def test_two_hand_overs_at_once_give_the_goods_once(shop):
    order = shop.placed(shop.part(price="120.00", stock=1), method="pickup")
    fulfilment = shop.walk_to_ready(order.fulfilments.get())
    code = shop.code_of(fulfilment)
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    race(*[lambda: api.hand_over(**keys, code=code)] * 4)
    assert Fulfilment.objects.get().status == "HANDED_OVER"
    assert OrderEvent.objects.filter(code="handed_over").count() == 1


def test_wrong_codes_at_once_are_all_counted(shop):
    order = shop.placed(shop.part(price="120.00", stock=1), method="pickup")
    fulfilment = shop.walk_to_ready(order.fulfilments.get())
    wrong = "000000" if shop.code_of(fulfilment) != "000000" else "111111"
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    results = statuses(race(*[lambda: api.hand_over(**keys, code=wrong)] * 8))
    assert results == {"wrong_code": 5, "code_exhausted": 3}


class Interleaved:
    """Holds one thread right after its check ``name`` while another does its whole work."""

    def __init__(self, monkeypatch, module, name):
        self.checked, self.done = threading.Event(), threading.Event()
        check = getattr(module, name)

        def checked_and_held(*args):
            answer = check(*args)
            self.checked.set()
            self.done.wait(timeout=20)
            return answer

        monkeypatch.setattr(module, name, checked_and_held)

    def during(self, work):
        """Do the work while the other thread is held."""
        self.checked.wait(timeout=20)
        try:
            return work()
        finally:
            self.done.set()


def without_lock(monkeypatch, lifecycle, move, starts):
    """Take away the order's lock, and the lifecycle's own check of one move behind it."""
    monkeypatch.setattr(expiry, "lock_order", lambda number: CustomerOrder.objects.get(number=number))
    monkeypatch.setattr(cancellation, "lock_order", lambda number: CustomerOrder.objects.get(number=number))
    monkeypatch.setitem(lifecycle.moves, move, (frozenset(starts), lifecycle.moves[move][1]))


def event_codes(order):
    """What the timeline says happened."""
    return set(OrderEvent.objects.filter(order=order).values_list("code", flat=True))


def drop_index_of_column(table, column):
    """Take the unique constraint of one column away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
            " WHERE conrelid = %s::regclass AND contype = 'u' AND attname = %s AND array_length(conkey, 1) = 1",
            [table, column],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')

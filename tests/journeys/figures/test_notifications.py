"""
A hundred orders, each told paid twenty times, in any order, among forged, wrong and late news.

Each is captured once, and the providers' own statements equal our books to the fen.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.figures.books import eventually
from tests.journeys.figures.buyers import Buyer, Order, at_once, decide
from tests.journeys.figures.forgeries import forge
from tests.journeys.figures.shop import Shop
from tests.journeys.figures.statements import statement_of

pytestmark = pytest.mark.journey

PROVIDERS = ("wechatpay", "alipay", "stripe")
ORDERS = 100
TIMES = 20
# How the providers tell of the hundred payments; two in a hundred are told only by a lie, two not at all.
WAYS = [
    *[{"notify": "once"}] * 52,
    *[{"notify": "twice"}] * 16,
    *[{"notify": "reordered"}] * 16,
    *[{"notify": "late", "delay_seconds": 2}] * 8,
    *[{"notify": "wrong_amount"}] * 4,
    *[{"notify": "forged"}] * 2,
    *[{"notify": "never"}] * 2,
]
CANCELLED = 6
EXPIRED = 6
# News that no provider repeats: the buyer did not pay, and a stranger claims otherwise.
UNPAID = 3


@dataclass
class Storm:
    """Who bought what; every order in one of four ways."""

    buyers: dict[str, Buyer]
    paid: list[Order]
    expired: list[Order]
    unpaid: list[Order]
    forged_answers: list[int]
    server_errors_before: int

    @property
    def cancelled(self) -> list[Order]:
        """The first of the paid ones: two of each provider."""
        return self.paid[:CANCELLED]


@pytest.fixture(scope="module")
def storm(shop: Shop) -> Storm:
    """Let it all happen, and wait until nothing is on its way any more."""
    errors = shop.server_errors()
    part = shop.fresh_part(stock=500)
    orders, buyers = _buy(shop, part, ORDERS + EXPIRED + UNPAID)
    storm = Storm(
        buyers=buyers,
        paid=orders[:ORDERS],
        expired=orders[ORDERS : ORDERS + EXPIRED],
        unpaid=orders[ORDERS + EXPIRED :],
        forged_answers=[],
        server_errors_before=errors,
    )
    # Providers come again after seconds, not minutes.
    shop.control("retry_scale", value=0.02)
    _pay_too_late(shop, storm.expired)
    known = _last_delivery(shop)
    chance = random.Random(20)
    ways = chance.sample(WAYS, k=len(WAYS))
    at_once([lambda o=o, w=w: decide(o.action_url, **w) for o, w in zip(storm.paid, ways, strict=True)], most=8)
    at_once([lambda o=o: decide(o.action_url, result="fail", notify="forged") for o in storm.unpaid])
    _repeat(shop, storm, since=known, chance=chance)
    _await(shop, storm.paid, "PLACED")
    for order in storm.cancelled:
        assert buyers[order.number].cancel(order).status == 200
    _await_refunds(shop, [*storm.cancelled, *storm.expired])
    shop.await_outbox()
    shop.control("retry_scale", value=1)
    return storm


def _buy(shop, part, count):
    buyers = [shop.buyer() for _ in range(count)]
    jobs = [lambda b=b, p=PROVIDERS[n % 3]: b.buy(part, provider=p) for n, b in enumerate(buyers)]
    orders = at_once(jobs, most=8)
    return orders, {order.number: buyer for order, buyer in zip(orders, buyers, strict=True)}


def _pay_too_late(shop, orders):
    """Let orders expire while their buyers stand at the cashier, with workers too slow to close the payments there."""
    numbers = tuple(order.number for order in orders)
    with shop.frozen("worker"):
        shop.books.rows(
            "UPDATE orders_customerorder SET expires_at = now() - interval '1 minute' WHERE number IN %s", numbers
        )
        shop.python("from apps.orders.api import expire_orders", "expire_orders(now=now)")
        assert {shop.books.status_of(number) for number in numbers} == {"EXPIRED"}
        for order in orders:
            assert decide(order.action_url).status == 200
        eventually(lambda: captures_of(shop, orders), lambda found: set(found.values()) == {1})


def _last_delivery(shop):
    return max((delivery["id"] for delivery in shop.deliveries()), default=0)


def _repeat(shop, storm, *, since, chance):
    """Have every true notification sent nineteen times more, shuffled, and lie in between."""
    told = [delivery for delivery in shop.deliveries() if delivery["id"] > since and not delivery["forged"]]
    first = {(delivery["provider"], delivery["event_id"]): delivery["id"] for delivery in reversed(told)}
    assert len(first) >= ORDERS - 4
    jobs = [lambda d=d: shop.control("replay", delivery=d) for d in first.values() for _ in range(TIMES - 1)]
    jobs += [lambda o=o: storm.forged_answers.append(forge(shop, o).status) for o in [*storm.paid, *storm.unpaid]]
    chance.shuffle(jobs)
    at_once(jobs, most=4)


def _await(shop, orders, status):
    numbers = tuple(order.number for order in orders)
    query = "SELECT status, count(*) FROM orders_customerorder WHERE number IN %s GROUP BY status"
    eventually(lambda: shop.books.rows(query, numbers), lambda found: found == [(status, len(numbers))], seconds=120)


def _await_refunds(shop, orders):
    numbers = tuple(order.number for order in orders)
    query = (
        "SELECT r.status, count(*) FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id"
        " WHERE p.order_number IN %s GROUP BY r.status"
    )
    eventually(
        lambda: shop.books.rows(query, numbers), lambda found: found == [("SUCCEEDED", len(numbers))], seconds=90
    )


def captures_of(shop, orders):
    """How often each order's money was booked: facts, one per capture."""
    numbers = tuple(order.number for order in orders)
    query = (
        "SELECT payload->>'order_number', count(*) FROM kernel_outboxevent"
        " WHERE name = 'payments.payment_captured.v1' AND payload->>'order_number' IN %s GROUP BY 1"
    )
    return dict.fromkeys(numbers, 0) | dict(shop.books.rows(query, numbers))


def test_every_payment_is_captured_once(shop, storm):
    assert set(captures_of(shop, storm.paid).values()) == {1}
    paid = shop.books.rows(
        "SELECT o.number FROM orders_customerorder o JOIN payments_payment p ON p.order_number = o.number"
        " WHERE o.number IN %s AND p.status = 'CAPTURED' AND p.amount = o.total AND o.paid = o.total",
        tuple(order.number for order in storm.paid),
    )
    assert sorted(row[0] for row in paid) == sorted(order.number for order in storm.paid)


def test_every_paid_order_is_placed_once_and_its_buyer_is_told_once(shop, storm):
    numbers = tuple(order.number for order in storm.paid)
    placed = shop.books.rows(
        "SELECT payload->>'order_number', count(*) FROM kernel_outboxevent"
        " WHERE name = 'orders.order_placed.v1' AND payload->>'order_number' IN %s GROUP BY 1",
        numbers,
    )
    assert dict(placed) == dict.fromkeys(numbers, 1)
    statuses = {number: shop.books.status_of(number) for number in numbers}
    gone = {order.number for order in storm.cancelled}
    assert {status for number, status in statuses.items() if number in gone} == {"CANCELLED"}
    assert {status for number, status in statuses.items() if number not in gone} == {"PLACED"}


def test_forged_news_is_turned_away_and_pays_for_nothing(shop, storm):
    assert Counter(storm.forged_answers) == {401: ORDERS + UNPAID}
    assert set(captures_of(shop, storm.unpaid).values()) == {0}
    for order in storm.unpaid:
        view = storm.buyers[order.number].read(order)
        assert (view["status"], view["paid"]["amount"]) == ("AWAITING_PAYMENT", "0.00")


def test_a_payment_for_an_expired_order_goes_back_in_full(shop, storm):
    assert set(captures_of(shop, storm.expired).values()) == {1}
    for order in storm.expired:
        view = storm.buyers[order.number].read(order)
        assert (view["status"], view["paid"], view["refunded"]) == ("EXPIRED", order.total, order.total)
        assert view["seller_orders"] == []


def test_a_cancelled_order_is_refunded_once(shop, storm):
    for order in storm.cancelled:
        view = storm.buyers[order.number].read(order)
        assert (view["status"], view["refunded"]) == ("CANCELLED", order.total)
        assert len(view["refunds"]) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_providers_statement_equals_our_books_to_the_fen(shop, storm, provider):
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    theirs = sum((statement_of(shop.suite.sandbox_url, provider, today - timedelta(days=d)) for d in (0, 1)), Counter())
    assert shop.books.entries(provider) == theirs
    assert theirs.total() >= ORDERS // 3 + (CANCELLED + EXPIRED) // 3


def test_the_daily_reconciliation_finds_no_difference(shop, storm):
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    report = shop.suite.manage("reconcile_payments", "--date", today.isoformat())
    assert report.count(": 0 differences") == len(PROVIDERS)


def test_no_hook_failed(shop, storm):
    assert shop.server_errors() == storm.server_errors_before

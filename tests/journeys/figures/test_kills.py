"""
Processes die by kill -9 in the middle of checkout, notification, refund and message.

What the buyer was told stands; what the buyer asks for again happens once; nothing stays promised past its time.
"""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.figures.books import eventually
from tests.journeys.figures.buyers import Client, HungUp, at_once, decide, order_of
from tests.journeys.figures.statements import statement_of

pytestmark = pytest.mark.journey

PIECES = 3
PROVIDERS = ("wechatpay", "alipay", "stripe")


@pytest.fixture(autouse=True)
def _all_is_well(shop):
    """Begin with every process up, and with providers that repeat after a fraction of a second what nobody accepted."""
    shop.suite.wait_well(seconds=150)
    shop.control("retry_scale", value=0.02)


def insist(buyer, key):
    """Ask again under the same key until somebody answers, as a phone does that lost the line."""

    def ask():
        try:
            return buyer.check_out(key=key)
        except HungUp:
            return None

    return eventually(ask, lambda answer: answer is not None and answer.code != "request_in_progress")


def forget_lease(shop, key):
    """Let the half minute pass in which the dead process might have come back to its request."""
    shop.books.rows("UPDATE kernel_idempotencykey SET lease_ends_at = now() - interval '1 second' WHERE key = %s", key)


def counts_of(shop, number):
    """How often each thing happened to an order."""
    count = shop.books.value
    facts = "SELECT count(*) FROM kernel_outboxevent WHERE name = %s AND payload->>'order_number' = %s"
    return {
        "captured": count(facts, "payments.payment_captured.v1", number),
        "placed": count(facts, "orders.order_placed.v1", number),
        "payments": count("SELECT count(*) FROM payments_payment WHERE order_number = %s", number),
        "seller orders": count(
            "SELECT count(*) FROM orders_sellerorder s JOIN orders_customerorder o ON o.order_id = s.order_id"
            " WHERE o.number = %s",
            number,
        ),
        "messages": count(
            "SELECT count(*) FROM notifications_message WHERE dedupe_key LIKE %s", f"orders:{number}:order_placed:%"
        ),
    }


ONCE = {"captured": 1, "placed": 1, "payments": 1, "seller orders": 1, "messages": 2}


def becomes(shop, order, status):
    """Wait until an order has that status."""
    eventually(lambda: shop.books.status_of(order.number), lambda seen: seen == status)


def assert_placed_once(shop, order, part):
    """Everything happened to this order, and all of it once; its piece is the only one promised."""
    becomes(shop, order, "PLACED")
    assert counts_of(shop, order.number) == ONCE
    stock = shop.books.stock_of(part)
    assert (stock["on_hand"], stock["promised"], stock["oscar_allocated"], stock["rows"]) == (PIECES, 1, 1, 1)


@pytest.mark.parametrize(
    ("point", "whom"),
    [
        ("before_commit", "self"),
        ("before_gateway_call", "group"),
        ("after_gateway_call", "self"),
        ("before_answer_is_stored", "self"),
        ("before_answer_is_sent", "self"),
    ],
)
def test_web_dies_in_checkout_and_the_buyer_asks_again(shop, point, whom):
    part, key = shop.fresh_part(stock=PIECES), str(uuid.uuid4())
    buyer = shop.buyer().fill(part)
    shop.arm(point, whom)
    with pytest.raises(HungUp):
        buyer.check_out(key=key)
    assert shop.has_died_at(point)
    promised = 0 if point == "before_commit" else 1
    eventually(lambda: shop.books.stock_of(part)["rows"], lambda rows: rows == promised)
    forget_lease(shop, key)

    answer = insist(buyer, key)

    assert answer.status == 201, answer
    assert [insist(buyer, key).body for _ in range(2)] == [answer.body] * 2
    order = order_of(answer, "wechatpay")
    assert decide(order.action_url).status == 200
    assert_placed_once(shop, order, part)


@pytest.mark.parametrize(("point", "whom"), [("hook_before_commit", "self"), ("hook_after_commit", "group")])
def test_web_dies_in_a_notification_and_the_provider_comes_again(shop, point, whom):
    part = shop.fresh_part(stock=PIECES)
    order = shop.buyer().buy(part)
    shop.arm(point, whom)

    assert decide(order.action_url).status == 200

    eventually(lambda: shop.has_died_at(point), bool)
    assert_placed_once(shop, order, part)


@pytest.mark.parametrize("point", ["relay_in_handler", "relay_after_commit"])
def test_the_relay_dies_and_every_fact_still_counts_once(shop, point):
    part = shop.fresh_part(stock=PIECES)
    order = shop.buyer().buy(part)
    shop.arm(point)

    assert decide(order.action_url).status == 200

    eventually(lambda: shop.has_died_at(point), bool)
    assert_placed_once(shop, order, part)
    assert_told(shop, order)


def assert_told(shop, order):
    """Every message about the order goes out, also one that the broker never heard of: beat finds its row."""
    query = "SELECT status, count(*) FROM notifications_message WHERE dedupe_key LIKE %s GROUP BY status"

    def look():
        shop.tick("notifications.deliver_waiting")
        return shop.books.rows(query, f"orders:{order.number}:order_placed:%")

    eventually(look, lambda found: found == [("SENT", ONCE["messages"])])


@pytest.mark.parametrize(("point", "whom"), [("worker_before_refund", "group"), ("worker_after_refund", "self")])
def test_the_worker_dies_in_a_refund_and_the_money_goes_back_once(shop, point, whom):
    buyer = shop.buyer()
    order = buyer.buy(shop.fresh_part(stock=PIECES))
    decide(order.action_url)
    becomes(shop, order, "PLACED")
    shop.arm(point, whom)

    assert buyer.cancel(order).status == 200

    eventually(lambda: shop.has_died_at(point), bool)
    # The half minute after which a refund that was tried without an end is tried again.
    shop.books.rows(
        "UPDATE payments_refund r SET next_try_at = now() FROM payments_payment p"
        " WHERE p.id = r.payment_id AND p.order_number = %s AND r.status = 'PENDING'",
        order.number,
    )
    shop.tick("payments.execute_due_refunds")
    view = eventually(lambda: buyer.read(order), lambda seen: seen["refunded"] == order.total)
    assert [(refund["status"], refund["amount"]) for refund in view["refunds"]] == [("SUCCEEDED", order.total)]


def test_the_worker_dies_before_it_sends_a_message_and_one_is_sent(shop):
    phone = f"139{uuid.uuid4().int % 10**8:08d}"
    buyer = shop.buyer()
    buyer.email = ""
    order = buyer.buy(shop.fresh_part(stock=PIECES), phone=phone)
    shop.arm("worker_before_message")

    decide(order.action_url)

    eventually(lambda: shop.has_died_at("worker_before_message"), bool)
    # The minute for which a sender that died holds its message.
    shop.books.rows("UPDATE notifications_message SET next_attempt_at = now() WHERE status = 'QUEUED'")

    def texts():
        shop.tick("notifications.deliver_waiting")
        return Client(shop.suite.sandbox_url).send("GET", f"/sms/messages?phone={phone}").body

    assert len(eventually(texts, bool)) == 1
    eventually(
        lambda: shop.books.value("SELECT count(*) FROM notifications_message WHERE status = 'QUEUED'"),
        lambda waiting: waiting == 0,
    )
    assert len(texts()) == 1


@pytest.mark.parametrize("whom", ["self", "group"])
def test_what_a_dead_process_promised_is_free_again_when_its_time_is_over(shop, whom):
    """Web dies after the order was written, the buyer never comes back; then the worker dies giving the stock back."""
    part = shop.fresh_part(stock=PIECES)
    buyer = shop.buyer().fill(part)
    shop.arm("before_gateway_call")
    with pytest.raises(HungUp):
        buyer.check_out()
    assert shop.books.stock_of(part)["rows"] == 1
    (number,) = shop.books.rows(
        "SELECT o.number FROM orders_customerorder o JOIN orders_orderitem i ON i.order_id = o.order_id"
        " WHERE i.product_id = %s",
        part,
    )[0]
    shop.arm("worker_in_expiry", whom)
    # A quarter of an hour.
    for table, column in (("orders_customerorder", "number"), ("inventory_reservation", "cause")):
        shop.books.rows(f"UPDATE {table} SET expires_at = now() - interval '1 second' WHERE {column} = %s", number)

    shop.tick("orders.expire_orders")
    eventually(lambda: shop.has_died_at("worker_in_expiry"), bool)
    shop.tick("orders.expire_orders")

    eventually(lambda: shop.books.status_of(number), lambda status: status == "EXPIRED")
    stock = shop.books.stock_of(part)
    assert (stock["promised"], stock["oscar_allocated"], stock["rows"]) == (0, 0, 0)


def test_orders_are_taken_without_redis_and_the_outbox_drains_afterwards(shop):
    part, buyer = shop.fresh_part(stock=PIECES), shop.buyer()
    with shop.without_redis():
        order = buyer.buy(part)
        assert decide(order.action_url).status == 200
        becomes(shop, order, "PLACED")
        assert buyer.cancel(order).status == 200

    shop.await_outbox()
    assert_told(shop, order)
    shop.books.rows("UPDATE payments_refund SET next_try_at = now() WHERE status = 'PENDING'")
    shop.tick("payments.execute_due_refunds")
    eventually(lambda: buyer.read(order), lambda view: view["refunded"] == order.total)


def test_a_redis_that_hangs_holds_nobody_up_for_long(shop):
    buyer = shop.buyer()
    with shop.frozen("redis"):
        orders = [buyer.buy(shop.fresh_part(stock=PIECES)) for _ in range(2)]
        for order in orders:
            assert decide(order.action_url).status == 200
        # The relay waits for the broker once, then leaves it alone.
        for order in orders:
            becomes(shop, order, "PLACED")
    shop.suite.wait_well()


def test_orders_are_taken_while_redis_is_killed_again_and_again(shop):
    part, buyers = shop.fresh_part(stock=20), [shop.buyer() for _ in range(20)]

    def buy_and_pay(buyer):
        order = buyer.buy(part, provider=PROVIDERS[buyers.index(buyer) % 3])
        assert decide(order.action_url).status == 200
        return order

    def kill_redis():
        for _ in range(3):
            shop.suite.kill("redis")

    *orders, _ = at_once([*(lambda b=b: buy_and_pay(b) for b in buyers), kill_redis], most=6)

    for order in orders:
        becomes(shop, order, "PLACED")
    assert [counts_of(shop, order.number) for order in orders] == [ONCE] * len(orders)


# After all of it


def test_nothing_is_stuck(shop):
    shop.await_outbox()
    late = "SELECT count(*) FROM inventory_reservation WHERE status = 'HELD' AND expires_at < now()"
    assert shop.books.value(late) == 0
    half_done = "SELECT count(*) FROM orders_customerorder WHERE status = 'AWAITING_PAYMENT' AND paid > 0"
    assert shop.books.value(half_done) == 0


def test_nothing_is_doubled(shop):
    for query in (
        "SELECT cart_id FROM orders_customerorder GROUP BY 1 HAVING count(*) > 1",
        "SELECT order_number FROM payments_payment WHERE status = 'CAPTURED' GROUP BY 1 HAVING count(*) > 1",
        "SELECT aggregate, sequence FROM kernel_outboxevent GROUP BY 1, 2 HAVING count(*) > 1",
        "SELECT payment_id FROM payments_refund GROUP BY 1 HAVING count(*) > 1",
        "SELECT order_id, seller_id FROM orders_sellerorder GROUP BY 1, 2 HAVING count(*) > 1",
    ):
        assert shop.books.rows(query) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_providers_moved_what_our_books_say(shop, provider):
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    theirs = sum((statement_of(shop.suite.sandbox_url, provider, today - timedelta(days=d)) for d in (0, 1)), Counter())
    assert shop.books.entries(provider) == theirs


def test_the_stock_figures_prove_out(shop):
    assert shop.suite.manage("check_stock").strip() == "0 differences."

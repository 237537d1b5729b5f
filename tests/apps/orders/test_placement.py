"""What payments, their absence and their surplus do to an order."""

from datetime import timedelta

import pytest

from apps.inventory.api import Reservation, StockLevel, expire_reservations
from apps.kernel.api import OutboxEvent, outbox, ports
from apps.orders import api
from apps.orders.errors import NothingToPay, OrderNotFound
from apps.payments.api import Payment, Refund

HOUR = timedelta(hours=1)


def level_of(part):
    return StockLevel.objects.get(product=part)


def pay_url(shop, result, **changes):
    values = {"provider": "alipay", "tender": "full", "return_url": "https://x.example/{number}/", "by": None}
    return api.pay_order(number=result.order_number, token=result.order_token, **{**values, "now": shop.now, **changes})


def test_a_placed_order_tells_its_buyer_and_the_suite(shop):
    order = shop.placed(shop.part())
    assert "order_placed" in shop.messages()
    names = list(OutboxEvent.objects.filter(aggregate=f"orders:{order.number}").values_list("name", flat=True))
    assert names == ["orders.order_awaiting_payment.v1", "orders.order_placed.v1"]


def test_an_unpaid_order_expires_and_gives_everything_back(shop):
    part = shop.part(stock=1)
    result = shop.order(part)
    assert api.expire_orders(now=shop.now + timedelta(minutes=14)) == []
    assert api.expire_orders(now=shop.now + timedelta(minutes=15)) == [result.order_number]
    order = shop.reload(result.order_number)
    assert order.status == "EXPIRED"
    assert (level_of(part).reserved, level_of(part).allocated) == (0, 0)
    assert Payment.objects.get().status == "CLOSED"
    assert "order_expired" in shop.messages()
    assert api.expire_orders(now=shop.now + HOUR) == []


def test_a_late_payment_is_given_back_by_itself_once(shop):
    result = shop.order(shop.part(stock=1))
    api.expire_orders(now=shop.now + HOUR)
    shop.pay(result.payment, now=shop.now + HOUR)
    shop.refund_all()
    order = shop.reload(result.order_number)
    assert order.status == "EXPIRED"
    assert order.paid == order.refunded == order.total
    assert Refund.objects.count() == 1
    codes = [entry["code"] for entry in api.get_order_view(order).timeline]
    assert codes == ["created", "expired", "payment_received", "late_payment_refund", "refunded"]


def test_a_payment_that_was_made_in_time_wins_over_the_clock(shop):
    result = shop.order(shop.part(stock=1))
    shop.capture(result.payment.number)
    assert api.expire_orders(now=shop.now + HOUR) == []
    shop.drain()
    assert shop.reload(result.order_number).status == "PLACED"


def test_a_lapsed_reservation_is_made_again(shop):
    part = shop.part(stock=1)
    result = shop.order(part)
    shop.capture(result.payment.number)
    assert expire_reservations(now=shop.now + HOUR) == [result.order_number]
    shop.drain()
    order = shop.reload(result.order_number)
    assert order.status == "PLACED"
    assert level_of(part).allocated == 1
    assert api.FulfilmentLine.objects.get(fulfilment__order=order).stock_cause == f"{order.number}/2"
    api.call_off(number=order.number, reason="x", by=None, now=shop.now)
    assert level_of(part).allocated == 0


def test_a_lapsed_reservation_that_somebody_else_bought_ends_in_a_refund(shop):
    part = shop.part(stock=1)
    result = shop.order(part)
    shop.capture(result.payment.number)
    expire_reservations(now=shop.now + HOUR)
    winner = shop.order(part)
    shop.pay(winner.payment)
    shop.refund_all()
    loser = shop.reload(result.order_number)
    assert shop.reload(winner.order_number).status == "PLACED"
    assert (loser.status, loser.refunded) == ("EXPIRED", loser.total)


def test_a_hold_outlives_its_order_by_a_minute_only(shop):
    result = shop.order(shop.part(stock=1))
    order = shop.reload(result.order_number)
    assert Reservation.objects.get().expires_at - order.expires_at == timedelta(minutes=1)


def test_paying_twice_gives_one_payment_back(shop):
    result = shop.order(shop.part(stock=2))
    second = pay_url(shop, result)
    shop.pay(result.payment)
    shop.pay(second, provider="alipay")
    shop.refund_all()
    order = shop.reload(result.order_number)
    assert order.status == "PLACED"
    assert (order.paid, order.refunded) == (2 * order.total, order.total)
    assert not order.balance_due
    assert order.seller_orders.get().refunded == 0


def test_another_provider_replaces_the_first_payment(shop):
    result = shop.order(shop.part())
    second = pay_url(shop, result)
    assert second.provider == "alipay"
    assert Payment.objects.get(number=result.payment.number).status == "CLOSED"
    shop.pay(second, provider="alipay")
    assert shop.reload(result.order_number).status == "PLACED"


def test_asking_again_presents_the_same_payment(shop):
    result = shop.order(shop.part())
    assert pay_url(shop, result, provider="wechatpay").number == result.payment.number


@pytest.mark.parametrize("tender", ["balance", "full"])
def test_nothing_is_due_on_a_paid_order(shop, tender):
    result = shop.order(shop.part())
    shop.pay(result.payment)
    with pytest.raises(NothingToPay):
        pay_url(shop, result, tender=tender)
    assert Payment.objects.count() == 1


def test_an_order_whose_time_is_over_takes_no_payment(shop):
    result = shop.order(shop.part())
    with pytest.raises(NothingToPay):
        pay_url(shop, result, now=shop.now + HOUR)


def test_a_guest_without_the_token_pays_nothing(shop):
    result = shop.order(shop.part())
    with pytest.raises(OrderNotFound):
        api.pay_order(
            number=result.order_number, provider="alipay", tender="full", return_url="x", by=None, now=shop.now
        )


def test_a_failed_try_is_on_the_timeline_and_the_order_waits(shop, gateway):
    from apps.payments.api import receive_notification
    from apps.payments.ports import ProviderStatus

    result = shop.order(shop.part())
    news = gateway.news_of(result.payment.number, status=ProviderStatus.FAILED)
    receive_notification(provider="wechatpay", notification=news, now=shop.now)
    shop.drain()
    order = shop.reload(result.order_number)
    assert order.status == "AWAITING_PAYMENT"
    assert [entry["code"] for entry in api.get_order_view(order).timeline] == ["created", "payment_failed"]


def test_the_same_fact_twice_counts_once(shop):
    order = shop.placed(shop.part())
    assert outbox.drain(now=shop.now + HOUR).delivered == 0
    assert shop.reload(order.number).paid == order.total


class Taken:
    """Issues a number that is taken before a fresh one."""

    def __init__(self, taken):
        self.numbers = [taken, "XC260610FRESH00001"]

    def new_number(self):
        return self.numbers.pop(0)


def test_a_number_that_is_taken_is_drawn_again(shop):
    first = shop.order(shop.part())
    with ports.using({"shop.order_number": Taken(first.order_number)}):
        assert shop.order(shop.part()).order_number == "XC260610FRESH00001"
    assert api.CustomerOrder.objects.count() == 2


def test_what_expired_can_be_put_into_the_cart_again(shop):
    part = shop.part()
    result = shop.order((part, 3))
    api.expire_orders(now=shop.now + HOUR)
    view = api.reorder(
        number=result.order_number, cart_ref=api.CartRef(), by=None, token=result.order_token, now=shop.now
    )
    assert [(line.product_id, line.quantity) for line in view.lines] == [(part.pk, 3)]

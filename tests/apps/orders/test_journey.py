"""The spine at the level of services: cart, checkout, payment, split, hand-over."""

import pytest

from apps.inventory.api import StockLevel, Unit
from apps.orders import api
from apps.orders.errors import BalanceDue


def test_a_guest_orders_a_part_by_delivery_and_gets_it(shop):
    part = shop.part(price="60.00", stock=5)
    result = shop.order((part, 1))

    order = shop.reload(result.order_number)
    assert order.status == "AWAITING_PAYMENT"
    assert str(order.total) == "72.00"
    assert StockLevel.objects.get(product=part).reserved == 1

    shop.pay(result.payment)
    order = shop.reload(result.order_number)
    assert order.status == "PLACED"
    (fulfilment,) = order.fulfilments.all()
    supplier = {"fulfilment_id": fulfilment.pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    api.accept_fulfilment(**supplier)
    api.ship_fulfilment(**supplier, carrier="顺丰", tracking_number="SF1234567890")
    assert shop.reload(order.number).status == "IN_FULFILMENT"
    level = StockLevel.objects.get(product=part)
    assert (level.on_hand, level.reserved, level.allocated) == (4, 0, 0)

    api.confirm_delivery(
        number=order.number, fulfilment_id=fulfilment.pk, by=None, token=result.order_token, now=shop.now
    )
    order = shop.reload(order.number)
    assert order.status == "COMPLETED"
    assert order.seller_orders.get().status == "COMPLETED"
    view = api.get_order_view(order)
    assert [entry["code"] for entry in view.timeline] == [
        "created", "payment_received", "placed", "accepted", "shipped", "delivered", "completed",
    ]  # fmt: skip


def test_a_car_is_paid_in_two_parts_and_handed_over_with_the_code(shop):
    car = shop.car(price="169900.00")
    result = shop.order(car, method="pickup", plan="deposit")
    assert str(result.payment.amount) == "16990.00 CNY"
    shop.pay(result.payment)
    order = shop.reload(result.order_number)
    assert order.status == "DEPOSIT_PAID"
    (fulfilment,) = order.fulfilments.all()
    ready = shop.walk_to_ready(fulfilment)
    assert shop.reload(order.number).status == "AWAITING_BALANCE"
    code = shop.code_of(ready)
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    with pytest.raises(BalanceDue):
        api.hand_over(**keys, code=code)

    shop.pay_balance(order)
    assert shop.reload(order.number).status == "IN_FULFILMENT"
    api.hand_over(**keys, code=code)
    order = shop.reload(order.number)
    assert order.status == "COMPLETED"
    assert Unit.objects.filter(status="DELIVERED").count() == 1
    assert api.hand_over(**keys, code=code).status == "HANDED_OVER"
    assert order.seller_orders.get().paid == order.total

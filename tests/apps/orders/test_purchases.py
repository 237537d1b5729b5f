"""Who bought what, as membership asks it (port ``membership.purchases``)."""

import pytest

from apps.orders.adapters import Purchases
from apps.orders.api import cancel_order
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def has_bought(user, product) -> bool:
    return Purchases().has_bought(user_id=user.pk, product_id=product.pk)


def test_a_paid_order_is_a_purchase_of_its_buyer_alone(shop):
    part, buyer, other = shop.part(), make_user(), make_user()
    order = shop.placed_cart(shop.cart(part, user=buyer), by=buyer)

    assert order.status == "PLACED"
    assert has_bought(buyer, part)
    assert not has_bought(other, part)
    assert not has_bought(buyer, shop.part())


def test_an_order_that_is_not_paid_or_called_off_is_none(shop, now):
    part, buyer = shop.part(), make_user()
    result = shop.check_out(shop.cart(part, user=buyer), by=buyer)
    assert not has_bought(buyer, part)
    shop.pay(result.payment)
    assert has_bought(buyer, part)
    cancel_order(number=result.order_number, reason="changed my mind", by=buyer, token=None, now=now)
    assert not has_bought(buyer, part)

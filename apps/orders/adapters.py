"""What orders answers to the apps below it."""

import secrets

from django.utils import timezone

from apps.orders.models import OrderItem
from apps.orders.policies.numbers import order_number
from apps.orders.states import OrderStatus

PAID = (OrderStatus.PLACED, OrderStatus.IN_FULFILMENT, OrderStatus.COMPLETED)


class OrderNumber:
    """Answers ``shop.order_number``: the day in the shop's zone and fifty random bits."""

    def new_number(self) -> str:
        """Return a fresh number; the unique constraint decides should it ever be taken."""
        return order_number(day=timezone.localdate(), entropy=secrets.randbits(64))


class Purchases:
    """Answers ``membership.purchases`` from what was ordered."""

    def has_bought(self, *, user_id: int, product_id: int) -> bool:
        """Whether the user paid an order with this product in it that was not called off."""
        return OrderItem.objects.filter(order__user_id=user_id, order__status__in=PAID, product_id=product_id).exists()

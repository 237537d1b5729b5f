"""What orders answers to the apps below it."""

import secrets

from django.utils import timezone

from apps.orders.policies.numbers import order_number


class OrderNumber:
    """Answers ``shop.order_number``: the day in the shop's zone and fifty random bits."""

    def new_number(self) -> str:
        """Return a fresh number; the unique constraint decides should it ever be taken."""
        return order_number(day=timezone.localdate(), entropy=secrets.randbits(64))

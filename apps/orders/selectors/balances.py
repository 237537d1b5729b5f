"""Until when a balance may be paid."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from apps.orders.models import CustomerOrder
from apps.orders.states import OrderStatus


def balance_until(order: CustomerOrder) -> str:
    """
    Write until when the balance may be paid, as ``2026-06-24 10:00`` by the clock of the store, or of the shop where
    goods are delivered; nothing where no balance is dated.
    """
    due = order.balance_due_at
    if due is None or order.status != OrderStatus.AWAITING_BALANCE:
        return ""
    zone = ZoneInfo(order.store.time_zone) if order.store else timezone.get_default_timezone()
    return f"{due.astimezone(zone):%Y-%m-%d %H:%M}"

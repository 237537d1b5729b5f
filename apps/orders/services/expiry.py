"""End orders that nobody paid in time."""

from datetime import datetime

from django.db import transaction

from apps.events.api import OrderExpired
from apps.inventory.api import release
from apps.kernel.api import outbox, ports
from apps.orders.models import CustomerOrder
from apps.orders.services.locks import lock_order
from apps.orders.services.quotas import release_quotas
from apps.orders.services.timeline import add_event, tell_buyer
from apps.orders.states import ORDER, OrderStatus
from apps.payments.api import Payment, PaymentStatus, close_payments


def expire_orders(*, now: datetime, limit: int = 200) -> list[str]:
    """
    Expire the unpaid orders whose time is over and return their numbers; each in a transaction of its own.

    An order whose money has arrived already, though nobody acted on it yet, is left to its payment.
    """
    due = (
        CustomerOrder.objects.filter(status=OrderStatus.AWAITING_PAYMENT, expires_at__lte=now)
        .order_by("expires_at", "pk")
        .values_list("number", flat=True)[:limit]
    )
    return [number for number in list(due) if expire_order(number=number, now=now)]


@transaction.atomic
def expire_order(*, number: str, now: datetime) -> bool:
    """Expire one order if it is still unpaid and its time is over; tell whether it was."""
    order = lock_order(number)
    if order.status != OrderStatus.AWAITING_PAYMENT or order.expires_at is None or order.expires_at > now:
        return False
    if _has_captured(order):
        return False
    end_unpaid(order, reason="unpaid", now=now)
    return True


def end_unpaid(order: CustomerOrder, *, reason: str, now: datetime) -> None:
    """End a locked, unpaid order: payments are closed, stock and vouchers given back, the buyer told."""
    ORDER.move(order, "expire", by=None, at=now, reason=reason)
    order.ended_at = now
    order.save(update_fields=["ended_at"])
    close_payments(order_number=order.number, by=None, now=now)
    release(cause=order.number, by=None, now=now)
    release_quotas(order, now=now)
    ports.adapter("orders.vouchers").release(order_number=order.number, at=now)
    outbox.record(OrderExpired(order_number=order.number), at=now)
    add_event(order, "expired", at=now, reason=reason)
    tell_buyer(order, "order_expired", now=now)


def _has_captured(order: CustomerOrder) -> bool:
    return Payment.objects.filter(order_number=order.number, status=PaymentStatus.CAPTURED).exists()

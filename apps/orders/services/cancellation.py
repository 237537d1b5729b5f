"""Call an order off before anything has left, and give back what was paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.events.api import OrderCancelled
from apps.inventory.api import release
from apps.kernel.api import outbox, ports
from apps.orders.errors import CannotCancel, ReasonRequired
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine, SellerOrder
from apps.orders.selectors.orders import access_order
from apps.orders.services.locks import lock_order
from apps.orders.services.progress import move_fulfilment
from apps.orders.services.quotas import release_quotas
from apps.orders.services.timeline import add_event, tell_buyer
from apps.orders.services.vehicles import release_vehicles
from apps.orders.states import CALLABLE_OFF, LIVE_ORDERS, ORDER, SELLER_ORDER, FulfilmentStatus, OrderStatus
from apps.payments.api import RefundReason, close_payments, request_refund

if TYPE_CHECKING:
    from apps.accounts.api import User

LONGEST_REASON = 200


@transaction.atomic
def cancel_order(
    *, number: str, reason: str, by: "User | None", now: datetime, token: str | None = None
) -> CustomerOrder:
    """
    Call off an order of the caller (its user, or a guest with ``token``).

    Stock and vehicles are free again, everything paid is given back. Cancelling a cancelled order changes nothing.

    :raises OrderNotFound: if the order is not the caller's
    :raises ReasonRequired: without a reason
    :raises CannotCancel: if goods are on their way, or the order ended otherwise; ``reason`` says which
    """
    access_order(number=number, by=by, token=token)
    return call_off(number=number, reason=reason, by=by, now=now)


@transaction.atomic
def call_off(*, number: str, reason: str, by: "User | None", now: datetime) -> CustomerOrder:
    """Call off an order, for HQ; like ``cancel_order`` without asking whose order it is."""
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    order = lock_order(number)
    if order.status == OrderStatus.CANCELLED:
        return order
    fulfilments = list(Fulfilment.objects.filter(order=order).select_related("order", "seller_order").order_by("pk"))
    _check(order, fulfilments)
    end_order(order, fulfilments, why=RefundReason.ORDER_CANCELLED, words=words, by=by, now=now)
    add_event(order, "cancelled", at=now, reason=words)
    tell_buyer(order, "order_cancelled", now=now)
    return order


def end_order(
    order: CustomerOrder,
    fulfilments: Sequence[Fulfilment],
    *,
    why: RefundReason,
    words: str,
    by: "User | None",
    now: datetime,
) -> None:
    """End a locked order that was paid, in part at least: money, vehicles, stock, quotas and vouchers go back."""
    ORDER.move(order, "cancel", by=by, at=now, reason=words)
    order.ended_at = now
    order.save(update_fields=["ended_at"])
    _give_back_money(order, why=why, by=by, now=now)
    for fulfilment in fulfilments:
        if fulfilment.status != FulfilmentStatus.CANCELLED:
            move_fulfilment(fulfilment, "cancel", by=by, now=now, reason=words)
        release_vehicles(fulfilment, by=by, now=now)
    for seller_order in SellerOrder.objects.filter(order=order).order_by("pk"):
        SELLER_ORDER.move(seller_order, "cancel", by=by, at=now, reason=words)
    for cause in _stock_causes(order):
        release(cause=cause, by=by, now=now)
    release_quotas(order, now=now)
    ports.adapter("orders.vouchers").release(order_number=order.number, at=now)
    outbox.record(OrderCancelled(order_number=order.number, reason=words), at=now)


def _check(order: CustomerOrder, fulfilments: Sequence[Fulfilment]) -> None:
    if order.status not in LIVE_ORDERS:
        raise CannotCancel(reason=order.status.lower(), status=order.status, why=order.get_status_display())
    for fulfilment in fulfilments:
        if fulfilment.shipped_at is not None or fulfilment.status not in CALLABLE_OFF:
            raise CannotCancel(
                reason="in_fulfilment",
                status=order.status,
                fulfilment=fulfilment.pk,
                why=fulfilment.get_status_display(),
            )


def _give_back_money(order: CustomerOrder, *, why: RefundReason, by: "User | None", now: datetime) -> None:
    """Close what could still be paid and give back what was; money still on its way is refunded when it arrives."""
    close_payments(order_number=order.number, by=by, now=now)
    refunds = request_refund(
        order_number=order.number,
        amount=None,
        reason=why,
        cause_key=f"orders.cancel:{order.number}",
        by=by,
        now=now,
    )
    for refund in refunds:
        add_event(order, "refund_requested", at=now, amount=refund.money, refund=refund.number)


def _stock_causes(order: CustomerOrder) -> list[str]:
    """Return every cause stock was promised to for this order."""
    lines = FulfilmentLine.objects.filter(fulfilment__order=order).exclude(stock_cause="")
    return sorted({order.number, *lines.values_list("stock_cause", flat=True)})

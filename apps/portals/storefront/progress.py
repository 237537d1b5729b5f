"""How far an order has come, as a line of stages: pure, over what orders shows its buyer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.kernel.api import sum_money
from apps.orders.api import FulfilmentStatus, Method, OrderStatus, OrderView, Plan
from apps.payments.api import PaymentStatus

PAID = {OrderStatus.PLACED, OrderStatus.IN_FULFILMENT, OrderStatus.COMPLETED}
ENDED = {OrderStatus.CANCELLED, OrderStatus.EXPIRED}
UNDER_WAY = {
    FulfilmentStatus.PICKED,
    FulfilmentStatus.IN_TRANSIT,
    FulfilmentStatus.ARRIVED,
    FulfilmentStatus.PDI_PASSED,
}
WITHIN_REACH = {FulfilmentStatus.SHIPPED, FulfilmentStatus.READY}
DONE = {FulfilmentStatus.DELIVERED, FulfilmentStatus.HANDED_OVER}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage by name: behind the order, where it is now, or ahead."""

    name: str
    is_done: bool
    is_current: bool


def list_stages(order: OrderView) -> list[Stage]:
    """
    Return the stages of an order that goes on, none for one that ended early.

    Where parts of an order have come differently far, the slowest one counts.
    """
    if order.status in ENDED:
        return []
    is_deposit = order.plan == Plan.DEPOSIT
    is_pickup = order.method == Method.PICKUP
    is_first_paid = order.status != OrderStatus.AWAITING_PAYMENT
    names_and_marks = [
        (_("Ordered"), True),
        (_("Prepayment paid") if is_deposit else _("Paid"), is_first_paid),
        (_("In preparation"), is_first_paid and _all_in(order, UNDER_WAY | WITHIN_REACH | DONE)),
        (
            _("Ready for pickup") if is_pickup else pgettext("goods", "On its way"),
            is_first_paid and _all_in(order, WITHIN_REACH | DONE),
        ),
        (_("Handed over") if is_pickup else pgettext("goods", "Delivered"), order.status == OrderStatus.COMPLETED),
    ]
    if is_deposit:
        names_and_marks.insert(4, (_("Balance paid"), order.status in PAID))
    current = max(position for position, (_name, is_done) in enumerate(names_and_marks) if is_done)
    return [
        Stage(name=name, is_done=is_done, is_current=position == current)
        for position, (name, is_done) in enumerate(names_and_marks)
    ]


def is_settling(order: OrderView) -> bool:
    """Tell whether money has arrived that the order does not count yet: it will in a moment."""
    captured = [payment.amount for payment in order.payments if payment.status == PaymentStatus.CAPTURED]
    return sum_money(captured, order.paid.currency) > order.paid and order.status not in ENDED


def _all_in(order: OrderView, statuses: set[FulfilmentStatus]) -> bool:
    """Tell whether every fulfilment that was not called off has come to one of these statuses."""
    live = [
        fulfilment.status
        for seller_order in order.seller_orders
        for fulfilment in seller_order.fulfilments
        if fulfilment.status != FulfilmentStatus.CANCELLED
    ]
    return bool(live) and all(status in statuses for status in live)

"""
Balances that nobody pays: the buyer is reminded once, then the order is released.

What was prepaid is a refundable prepayment (订金): all of it goes back, and goods that came to the store stay there as
its stock.
"""

from datetime import datetime

from django.db import transaction

from apps.inventory.api import receive
from apps.orders.models import CustomerOrder, Fulfilment, FulfilmentLine
from apps.orders.selectors.balances import balance_until
from apps.orders.services.appointments import drop_appointment
from apps.orders.services.cancellation import end_order
from apps.orders.services.locks import lock_order
from apps.orders.services.timeline import add_event, order_link, tell_buyer
from apps.orders.states import FulfilmentStatus, Method, OrderStatus
from apps.payments.api import RefundReason, paid_and_refunded

# With the buyer, or on the road: what is not paid cannot be there, what is on the road has to arrive first.
OUT_OF_REACH = (FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED, FulfilmentStatus.HANDED_OVER)


def remind_of_balances(*, now: datetime, limit: int = 500) -> list[str]:
    """Remind buyers, once, of a balance that is due soon; each in a transaction of its own. Returns the orders."""
    due = CustomerOrder.objects.filter(
        status=OrderStatus.AWAITING_BALANCE, balance_remind_at__lte=now, balance_due_at__gt=now
    )
    numbers = list(due.order_by("balance_due_at", "pk").values_list("number", flat=True)[:limit])
    return [number for number in numbers if _remind(number, now=now)]


@transaction.atomic
def _remind(number: str, *, now: datetime) -> bool:
    order = lock_order(number)
    if order.status != OrderStatus.AWAITING_BALANCE or order.balance_remind_at is None:
        return False
    order.balance_remind_at = None
    order.save(update_fields=["balance_remind_at"])
    until = balance_until(order)
    add_event(order, "balance_reminded", at=now, balance_due=order.balance_due, until=until)
    tell_buyer(order, "balance_reminder", now=now, balance_due=order.balance_due, until=until, link=order_link(order))
    return True


def release_unpaid_balances(*, now: datetime, limit: int = 200) -> list[str]:
    """Release the orders whose balance was not paid in time; each in a transaction of its own. Returns them."""
    due = CustomerOrder.objects.filter(status=OrderStatus.AWAITING_BALANCE, balance_due_at__lte=now)
    numbers = list(due.order_by("balance_due_at", "pk").values_list("number", flat=True)[:limit])
    return [number for number in numbers if release_unpaid_balance(number=number, now=now)]


@transaction.atomic
def release_unpaid_balance(*, number: str, now: datetime) -> bool:
    """
    Release one order if its balance is overdue; tell whether it was.

    An order whose money has arrived already, though nobody acted on it yet, is left to its payment; one with goods on
    the road waits until they are there.
    """
    order = lock_order(number)
    is_due = order.balance_due_at is not None and order.balance_due_at <= now
    if order.status != OrderStatus.AWAITING_BALANCE or not is_due or _has_more_money(order):
        return False
    found = Fulfilment.objects.filter(order=order).select_related("order", "seller_order", "store__site", "site")
    fulfilments = list(found.order_by("pk"))
    if any(_is_out_of_reach(one) for one in fulfilments):
        return False
    until = balance_until(order)
    for fulfilment in fulfilments:
        drop_appointment(fulfilment, now=now)
        _keep_at_store(fulfilment, now=now)
    end_order(order, fulfilments, why=RefundReason.BALANCE_OVERDUE, words="balance not paid in time", by=None, now=now)
    add_event(order, "balance_overdue", at=now, until=until)
    tell_buyer(order, "balance_overdue", now=now, until=until, link=order_link(order))
    return True


def _has_more_money(order: CustomerOrder) -> bool:
    """Tell whether payments took more than the order has counted so far."""
    paid, _refunded = paid_and_refunded(order.number)
    return paid > order.money("paid")


def _is_out_of_reach(fulfilment: Fulfilment) -> bool:
    on_the_road = fulfilment.status == FulfilmentStatus.IN_TRANSIT and fulfilment.shipped_at is not None
    return on_the_road or fulfilment.status in OUT_OF_REACH


def _keep_at_store(fulfilment: Fulfilment, *, now: datetime) -> None:
    """Count what came to the store into its stock again, or the source's where the store keeps none."""
    site = getattr(fulfilment.store, "site", None) or fulfilment.site
    if fulfilment.shipped_at is None or fulfilment.method != Method.PICKUP or site is None:
        return
    for line in FulfilmentLine.objects.filter(fulfilment=fulfilment, reservation_id__isnull=False).select_related(
        "item"
    ):
        receive(
            product_id=line.item.product_id,
            site_code=site.code,
            quantity=line.quantity,
            cause=f"orders.kept:{line.pk}",
            by=None,
            now=now,
        )

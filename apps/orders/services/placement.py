"""
What a payment does to an order.

Everything here runs in the transaction of an outbox delivery: exactly once per fact, the order's row locked first.
"""

from datetime import datetime

from django.db import transaction

from apps.events.api import DepositPaid, OrderPlaced
from apps.inventory.api import Demand, Promise, allocate, release, reserve
from apps.inventory.errors import OutOfStock, ReservationLapsed
from apps.kernel.api import Money, outbox
from apps.orders.models import CustomerOrder, Fulfilment
from apps.orders.services.expiry import end_unpaid
from apps.orders.services.locks import lock_order
from apps.orders.services.progress import follow_up
from apps.orders.services.splitting import create_seller_orders, share_out
from apps.orders.services.timeline import add_event, order_link, tell_buyer
from apps.orders.services.vehicles import assign_vehicles, invoice_vehicles
from apps.orders.states import ENDED_ORDERS, ORDER, OrderStatus
from apps.payments.api import RefundReason, request_refund


@transaction.atomic
def take_payment(*, order_number: str, payment_number: str, amount: Money, now: datetime) -> CustomerOrder:
    """
    Count a captured payment towards its order and do what follows.

    Enough for the first time: the stock is allocated and the order split. Everything paid: the order is placed. Too
    much, or for an order that ended: what came in excess is given back, once.
    """
    order = lock_order(order_number)
    order.paid += amount.amount
    order.save(update_fields=["paid"])
    add_event(order, "payment_received", at=now, amount=amount, payment=payment_number)
    if order.status in ENDED_ORDERS:
        return _give_back_late(order, payment_number, now=now)
    if order.status == OrderStatus.AWAITING_PAYMENT and order.paid >= _first_due(order):
        order = _secure(order, now=now)
        if order.status in ENDED_ORDERS:
            return _give_back_late(order, payment_number, now=now)
    _give_back_surplus(order, payment_number, amount, now=now)
    share_out(order, list(order.seller_orders.order_by("pk")))
    if order.status in (OrderStatus.AWAITING_PAYMENT, OrderStatus.DEPOSIT_PAID, OrderStatus.AWAITING_BALANCE):
        _advance(order, now=now)
    return order


@transaction.atomic
def take_refund(*, order_number: str, refund_number: str, amount: Money, now: datetime) -> CustomerOrder:
    """Count money that was given back, and tell the buyer."""
    order = lock_order(order_number)
    order.refunded += amount.amount
    order.save(update_fields=["refunded"])
    share_out(order, list(order.seller_orders.order_by("pk")))
    add_event(order, "refunded", at=now, amount=amount, refund=refund_number)
    tell_buyer(order, "order_refunded", cause=refund_number, now=now, amount=amount)
    return order


@transaction.atomic
def note_failed_refund(*, order_number: str, refund_number: str, now: datetime) -> None:
    """Tell the buyer that its money is delayed; payments shows the refund to HQ."""
    add_event(lock_order(order_number), "refund_delayed", at=now, refund=refund_number)


@transaction.atomic
def note_failed_payment(*, order_number: str, payment_number: str, now: datetime) -> None:
    """Keep on the timeline that a try to pay failed; the buyer may try again until the order expires."""
    add_event(lock_order(order_number), "payment_failed", at=now, payment=payment_number)


def _first_due(order: CustomerOrder):
    return order.deposit or order.total


def _secure(order: CustomerOrder, *, now: datetime) -> CustomerOrder:
    """Allocate what was reserved and split the order; if the stock is gone, the order expires instead."""
    try:
        promises, stock_cause = _allocate(order, now=now)
    except OutOfStock:
        end_unpaid(order, reason="stock_gone", now=now)
        return order
    fulfilments = create_seller_orders(order, promises, stock_cause=stock_cause, now=now)
    for fulfilment in fulfilments:
        if fulfilment.has_vehicle:
            assign_vehicles(fulfilment, by=None, now=now)
    return order


def _allocate(order: CustomerOrder, *, now: datetime) -> tuple[list[Promise], str]:
    """
    Allocate the order's reservations; reserve again what lapsed while the payment was on its way.

    :raises OutOfStock: if somebody else bought it meanwhile
    """
    if not order.items.filter(needs_stock=True).exists():
        return [], ""
    try:
        return allocate(cause=order.number, by=None, now=now), order.number
    except ReservationLapsed:
        again = f"{order.number}/2"
        demands = _same_demands(order)
        release(cause=order.number, by=None, now=now)
        reserve(cause=again, demands=demands, expires_at=order.expires_at, by=None, now=now)
        return allocate(cause=again, by=None, now=now), again


def _same_demands(order: CustomerOrder) -> list[Demand]:
    """Ask for the same pieces again, at the sites that were chosen first and then at the others that were ranked."""
    demands = []
    for item in order.items.filter(needs_stock=True).order_by("position").prefetch_related("routing_decisions"):
        ranked = [
            candidate["site"]
            for decision in item.routing_decisions.all()
            for candidate in decision.record["candidates"]
            if candidate["rank"] is not None
        ]
        demands.append(
            Demand(
                line_ref=str(item.pk),
                product_id=item.product_id,
                quantity=item.quantity,
                site_codes=tuple(dict.fromkeys(ranked)),
            )
        )
    return demands


def _advance(order: CustomerOrder, *, now: datetime) -> None:
    """Move the order as far as what is paid carries it."""
    if order.paid >= order.total:
        ORDER.move(order, "place", by=None, at=now)
        order.placed_at = order.placed_at or now
        order.save(update_fields=["placed_at"])
        outbox.record(OrderPlaced(order_number=order.number), at=now)
        add_event(order, "placed", at=now)
        tell_buyer(order, "order_placed", now=now, link=order_link(order), total=order.money("total"))
        fulfilments = list(Fulfilment.objects.filter(order=order).order_by("pk"))
        invoice_vehicles([one for one in fulfilments if one.has_vehicle], by=None, now=now)
        follow_up(order, by=None, now=now)
    elif order.status == OrderStatus.AWAITING_PAYMENT and order.deposit and order.paid >= order.deposit:
        ORDER.move(order, "pay_deposit", by=None, at=now)
        order.placed_at = now
        order.save(update_fields=["placed_at"])
        outbox.record(DepositPaid(order_number=order.number), at=now)
        add_event(order, "deposit_paid", at=now, amount=order.money("paid"), balance_due=order.balance_due)
        tell_buyer(
            order,
            "deposit_paid",
            now=now,
            link=order_link(order),
            amount=order.money("paid"),
            balance_due=order.balance_due,
        )


def _give_back_late(order: CustomerOrder, payment_number: str, *, now: datetime) -> CustomerOrder:
    request_refund(
        order_number=order.number,
        payment_number=payment_number,
        amount=None,
        reason=RefundReason.LATE_PAYMENT,
        cause_key=f"orders.late:{payment_number}",
        by=None,
        now=now,
    )
    add_event(order, "late_payment_refund", at=now, payment=payment_number)
    return order


def _give_back_surplus(order: CustomerOrder, payment_number: str, amount: Money, *, now: datetime) -> None:
    """Give back what this payment brought beyond the total: the buyer paid twice."""
    surplus = min(order.money("paid") - order.money("total"), amount)
    if surplus <= Money.zero(order.currency):
        return
    request_refund(
        order_number=order.number,
        payment_number=payment_number,
        amount=surplus,
        reason=RefundReason.PAID_TWICE,
        cause_key=f"orders.surplus:{payment_number}",
        by=None,
        now=now,
    )
    add_event(order, "surplus_refund", at=now, amount=surplus, payment=payment_number)

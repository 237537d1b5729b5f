"""Let a seller order follow its fulfilments, and the order its seller orders."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from apps.events.api import FulfilmentMoved, OrderCompleted
from apps.kernel.api import outbox
from apps.orders import conf
from apps.orders.models import CustomerOrder, Fulfilment, SellerOrder
from apps.orders.services.timeline import add_event
from apps.orders.states import (
    DONE_FULFILMENTS,
    FULFILMENTS,
    ORDER,
    SELLER_ORDER,
    FulfilmentStatus,
    OrderStatus,
    Reason,
)
from apps.orders.states import SellerOrderStatus as S

if TYPE_CHECKING:
    from apps.accounts.api import User

MOVED = (
    FulfilmentStatus.SHIPPED,
    FulfilmentStatus.ARRIVED,
    FulfilmentStatus.PDI_PASSED,
    FulfilmentStatus.READY,
    *DONE_FULFILMENTS,
)


def move_fulfilment(
    fulfilment: Fulfilment, move: str, *, by: "User | None", now: datetime, reason: str = ""
) -> Fulfilment:
    """
    Make one move of a fulfilment whose order is locked, and tell of it.

    :raises MoveNotAllowed: if it is not in a status the move starts from
    """
    FULFILMENTS[fulfilment.method].move(fulfilment, move, by=by, at=now, reason=reason)
    time = conf.step_time(fulfilment.status)
    fulfilment.next_due_at = now + time if time is not None else None
    if fulfilment.attention == Reason.LATE:
        fulfilment.attention = Reason.NONE
    fulfilment.save(update_fields=["next_due_at", "attention"])
    outbox.record(
        FulfilmentMoved(
            order_number=fulfilment.order.number,
            fulfilment_id=fulfilment.pk,
            seller_order_number=fulfilment.seller_order.number,
            move=move,
            status=fulfilment.status,
        ),
        at=now,
    )
    return fulfilment


def follow_up(order: CustomerOrder, *, by: "User | None", now: datetime) -> None:
    """Bring seller orders and the order up to their fulfilments. The order's row is locked by the caller."""
    # What was called off, in part, holds nobody up.
    live = Fulfilment.objects.filter(order=order).exclude(status=FulfilmentStatus.CANCELLED)
    fulfilments = list(live.select_related("order", "seller_order").order_by("pk"))
    _grant_entitlements(order, fulfilments, by=by, now=now)
    sellers = list(SellerOrder.objects.filter(order=order).order_by("pk"))
    for seller_order in sellers:
        own = [one for one in fulfilments if one.seller_order_id == seller_order.pk]
        _follow(seller_order, own, by=by, now=now)
    if order.status == OrderStatus.PLACED and any(s.status in (S.IN_FULFILMENT, S.COMPLETED) for s in sellers):
        ORDER.move(order, "start", by=by, at=now)
    is_paid = order.status in (OrderStatus.PLACED, OrderStatus.IN_FULFILMENT)
    if is_paid and sellers and all(s.status == S.COMPLETED for s in sellers):
        ORDER.move(order, "complete", by=by, at=now)
        order.ended_at = now
        order.save(update_fields=["ended_at"])
        outbox.record(OrderCompleted(order_number=order.number), at=now)
        add_event(order, "completed", at=now)


def _grant_entitlements(
    order: CustomerOrder, fulfilments: Sequence[Fulfilment], *, by: "User | None", now: datetime
) -> None:
    """Grant packages and services once everything is paid and all goods of the order are with the buyer."""
    if order.status not in (OrderStatus.PLACED, OrderStatus.IN_FULFILMENT):
        return
    if any(one.site_id is not None and one.status not in DONE_FULFILMENTS for one in fulfilments):
        return
    for one in fulfilments:
        if one.site_id is None and one.status == FulfilmentStatus.PENDING:
            one.done_at = now
            one.save(update_fields=["done_at"])
            move_fulfilment(one, "grant", by=by, now=now)
            add_event(order, "granted", at=now)


def _follow(seller_order: SellerOrder, fulfilments: Sequence[Fulfilment], *, by: "User | None", now: datetime) -> None:
    if fulfilments and all(one.status in DONE_FULFILMENTS for one in fulfilments):
        move = "complete"
    elif any(one.status in MOVED or one.shipped_at is not None for one in fulfilments):
        move = "start"
    elif any(one.accepted_at is not None or one.source_accepted_at is not None for one in fulfilments):
        move = "accept"
    else:
        return
    if SELLER_ORDER.can(seller_order, move):
        SELLER_ORDER.move(seller_order, move, by=by, at=now)

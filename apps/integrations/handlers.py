"""Facts that organizations are told of. Each writes delivery rows and hands them to the workers after the commit."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.events.api import (
    DealerStatusChanged,
    DepositPaid,
    FulfilmentMoved,
    FulfilmentRerouted,
    OrderCancelled,
    OrderCompleted,
    OrderPlaced,
    ProductChanged,
    StockChanged,
    SupplierStatusChanged,
)
from apps.integrations.webhooks import api, tasks
from apps.kernel.api import outbox


def _send(delivery_ids: Sequence[int]) -> None:
    if delivery_ids:
        transaction.on_commit(lambda: tasks.enqueue(delivery_ids), robust=True)


@outbox.subscribe(OrderPlaced, name="integrations.tell_of_placed_order")
def tell_of_placed_order(fact: OrderPlaced, *, event: Any) -> None:
    """Tell who ships and hands over; those of a prepaid order know already."""
    _send(api.tell_of_order(order_number=fact.order_number, at=event.occurred_at))


@outbox.subscribe(DepositPaid, name="integrations.tell_of_prepaid_order")
def tell_of_prepaid_order(fact: DepositPaid, *, event: Any) -> None:
    """Tell who ships and hands over: work begins with the prepayment."""
    _send(api.tell_of_order(order_number=fact.order_number, at=event.occurred_at))


@outbox.subscribe(FulfilmentMoved, name="integrations.tell_of_move")
def tell_of_move(fact: FulfilmentMoved, *, event: Any) -> None:
    """Tell both sides of a fulfilment."""
    _send(
        api.tell_of_fulfilment(
            fulfilment_id=fact.fulfilment_id,
            move=fact.move,
            status=fact.status,
            key=str(event.event_id),
            at=event.occurred_at,
        )
    )


@outbox.subscribe(FulfilmentRerouted, name="integrations.tell_of_rerouting")
def tell_of_rerouting(fact: FulfilmentRerouted, *, event: Any) -> None:
    """Tell who lost a fulfilment and who got it."""
    _send(
        api.tell_of_rerouting(
            fulfilment_id=fact.fulfilment_id,
            from_organization_id=fact.from_organization_id,
            to_organization_id=fact.to_organization_id,
            key=str(event.event_id),
            at=event.occurred_at,
        )
    )


@outbox.subscribe(OrderCompleted, name="integrations.tell_of_completed_order")
def tell_of_completed_order(fact: OrderCompleted, *, event: Any) -> None:
    """Tell every seller."""
    _send(
        api.tell_of_seller_orders(
            order_number=fact.order_number, event_type="seller_order.completed", at=event.occurred_at
        )
    )


@outbox.subscribe(OrderCancelled, name="integrations.tell_of_cancelled_order")
def tell_of_cancelled_order(fact: OrderCancelled, *, event: Any) -> None:
    """Tell every seller."""
    _send(
        api.tell_of_seller_orders(
            order_number=fact.order_number, event_type="seller_order.cancelled", at=event.occurred_at
        )
    )


@outbox.subscribe(ProductChanged, name="integrations.tell_of_offers")
def tell_of_offers(fact: ProductChanged, *, event: Any) -> None:
    """Tell sellers of their own offers."""
    _send(api.tell_of_offers(product_id=fact.product_id, key=str(event.event_id), at=event.occurred_at))


@outbox.subscribe(StockChanged, name="integrations.tell_of_stock")
def tell_of_stock(fact: StockChanged, *, event: Any) -> None:
    """Tell the site's owner."""
    _send(
        api.tell_of_stock(
            product_id=fact.product_id, site_code=fact.site_code, key=str(event.event_id), at=event.occurred_at
        )
    )


@outbox.subscribe(SupplierStatusChanged, name="integrations.tell_of_supplier")
def tell_of_supplier(fact: SupplierStatusChanged, *, event: Any) -> None:
    """Tell the supplier."""
    _send(
        api.tell_of_supplier(
            organization_id=fact.organization_id, status=fact.status, key=str(event.event_id), at=event.occurred_at
        )
    )


@outbox.subscribe(DealerStatusChanged, name="integrations.tell_of_dealer")
def tell_of_dealer(fact: DealerStatusChanged, *, event: Any) -> None:
    """Tell the dealer."""
    _send(
        api.tell_of_dealer(
            organization_id=fact.organization_id,
            status=fact.status,
            is_blocked=fact.is_blocked,
            key=str(event.event_id),
            at=event.occurred_at,
        )
    )

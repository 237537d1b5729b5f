"""What suppliers are told of."""

from typing import Any

from apps.events.api import (
    DepositPaid,
    OrderCancelled,
    OrderPlaced,
    PriceChangeDecided,
    ProposalDecided,
    SupplierStatusChanged,
)
from apps.kernel.api import outbox
from apps.portals.supplier.notices import tell_cancelled_order, tell_new_order, tell_price, tell_proposal, tell_status


@outbox.subscribe(OrderPlaced, name="portals.supplier.tell_new_order")
def on_order_placed(fact: OrderPlaced, *, event: Any) -> None:
    """Tell each supplier that has something to ship."""
    tell_new_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(DepositPaid, name="portals.supplier.tell_reserved_order")
def on_deposit_paid(fact: DepositPaid, *, event: Any) -> None:
    """Tell each supplier whose goods were reserved by a prepayment."""
    tell_new_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(OrderCancelled, name="portals.supplier.tell_cancelled_order")
def on_order_cancelled(fact: OrderCancelled, *, event: Any) -> None:
    """Tell each supplier that was to ship something."""
    tell_cancelled_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(SupplierStatusChanged, name="portals.supplier.tell_status")
def on_status_changed(fact: SupplierStatusChanged, *, event: Any) -> None:
    """Tell a supplier that it may sell, or may not."""
    tell_status(organization_id=fact.organization_id, status=fact.status, cause=str(event.pk), now=event.occurred_at)


@outbox.subscribe(ProposalDecided, name="portals.supplier.tell_proposal")
def on_proposal_decided(fact: ProposalDecided, *, event: Any) -> None:
    """Tell a supplier what became of its new product."""
    tell_proposal(
        proposal_id=fact.proposal_id,
        organization_id=fact.organization_id,
        sku=fact.sku,
        status=fact.status,
        reason=fact.reason,
        now=event.occurred_at,
    )


@outbox.subscribe(PriceChangeDecided, name="portals.supplier.tell_price")
def on_price_change_decided(fact: PriceChangeDecided, *, event: Any) -> None:
    """Tell a supplier whether its price counts."""
    tell_price(
        organization_id=fact.organization_id,
        sku=fact.sku,
        status=fact.status,
        amount=fact.amount,
        note=fact.note,
        cause=str(event.pk),
        now=event.occurred_at,
    )

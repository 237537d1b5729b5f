"""What dealers are told of."""

from datetime import datetime
from typing import Any

from apps.events.api import (
    DealerStatusChanged,
    DepositPaid,
    ExtraWorkAnswered,
    FulfilmentRerouted,
    HandoverChanged,
    LeadOpened,
    OrderCancelled,
    OrderPlaced,
    ServiceBooked,
    ServiceChanged,
    ServiceMoved,
)
from apps.kernel.api import outbox
from apps.portals.dealer.notices import (
    tell_cancelled_order,
    tell_handover,
    tell_new_lead,
    tell_new_order,
    tell_rerouted_order,
    tell_status,
)
from apps.portals.dealer.service_notices import tell_visit

TOLD_OF_VISITS = {"CANCELLED": "visit_cancelled", "PAID": "visit_paid"}


@outbox.subscribe(OrderPlaced, name="portals.dealer.tell_new_order")
def on_order_placed(fact: OrderPlaced, *, event: Any) -> None:
    """Tell each dealer whose store hands something over, or whose site ships it."""
    tell_new_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(DepositPaid, name="portals.dealer.tell_reserved_order")
def on_deposit_paid(fact: DepositPaid, *, event: Any) -> None:
    """Tell each dealer of what was reserved by a prepayment."""
    tell_new_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(FulfilmentRerouted, name="portals.dealer.tell_rerouted_order")
def on_fulfilment_rerouted(fact: FulfilmentRerouted, *, event: Any) -> None:
    """Tell the dealer that gets what another site did not take."""
    tell_rerouted_order(
        fulfilment_id=fact.fulfilment_id,
        from_organization_id=fact.from_organization_id,
        to_organization_id=fact.to_organization_id,
        cause=str(event.event_id),
        now=event.occurred_at,
    )


@outbox.subscribe(OrderCancelled, name="portals.dealer.tell_cancelled_order")
def on_order_cancelled(fact: OrderCancelled, *, event: Any) -> None:
    """Tell each dealer that was to do something for it."""
    tell_cancelled_order(order_number=fact.order_number, now=event.occurred_at)


@outbox.subscribe(LeadOpened, name="portals.dealer.tell_new_lead")
def on_lead_opened(fact: LeadOpened, *, event: Any) -> None:
    """Tell the store's dealer that somebody asked."""
    tell_new_lead(lead_id=fact.lead_id, now=event.occurred_at)


@outbox.subscribe(DealerStatusChanged, name="portals.dealer.tell_status")
def on_status_changed(fact: DealerStatusChanged, *, event: Any) -> None:
    """Tell a dealer that it takes orders, or does not."""
    tell_status(
        organization_id=fact.organization_id,
        status=fact.status,
        is_blocked=fact.is_blocked,
        cause=str(event.event_id),
        now=event.occurred_at,
    )


@outbox.subscribe(HandoverChanged, name="portals.dealer.tell_handover")
def on_handover_changed(fact: HandoverChanged, *, event: Any) -> None:
    """Tell the dealer of a time the buyer chose, moved or gave up; what the store did itself it knows."""
    if not fact.is_by_store:
        tell_handover(
            fulfilment_id=fact.fulfilment_id,
            organization_id=fact.organization_id,
            what=fact.what,
            starts_at=datetime.fromisoformat(fact.starts_at),
            cause=str(event.event_id),
            now=event.occurred_at,
        )


@outbox.subscribe(ServiceBooked, name="portals.dealer.tell_new_visit")
def on_service_booked(fact: ServiceBooked, *, event: Any) -> None:
    """Tell the store's dealer that somebody booked a bay."""
    tell_visit("new_visit", visit_id=fact.visit_id, now=event.occurred_at)


@outbox.subscribe(ServiceMoved, name="portals.dealer.tell_moved_visit")
def on_service_moved(fact: ServiceMoved, *, event: Any) -> None:
    """Tell the dealer that a customer comes at another time."""
    if not fact.is_by_store:
        tell_visit("visit_moved", visit_id=fact.visit_id, cause=str(event.pk), now=event.occurred_at)


@outbox.subscribe(ServiceChanged, name="portals.dealer.tell_changed_visit")
def on_service_changed(fact: ServiceChanged, *, event: Any) -> None:
    """Tell the dealer that a customer cancelled, or paid online."""
    code = TOLD_OF_VISITS.get(fact.status)
    if code and not fact.is_by_store:
        tell_visit(code, visit_id=fact.visit_id, now=event.occurred_at)


@outbox.subscribe(ExtraWorkAnswered, name="portals.dealer.tell_answer")
def on_extra_work_answered(fact: ExtraWorkAnswered, *, event: Any) -> None:
    """Tell the workshop what the customer answered."""
    code = "extra_work_approved" if fact.is_approved else "extra_work_declined"
    tell_visit(code, visit_id=fact.visit_id, cause=str(fact.finding_id), now=event.occurred_at)

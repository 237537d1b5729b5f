"""What orders tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class OrderAwaitingPayment(Fact):
    """Checkout is done: stock is reserved, the total is fixed, the buyer must pay in time."""

    name: ClassVar[str] = "orders.order_awaiting_payment.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact):
    """Everything is paid: reservations became allocations, seller orders exist."""

    name: ClassVar[str] = "orders.order_placed.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str


@dataclass(frozen=True, kw_only=True)
class OrderExpired(Fact):
    """Nobody paid in time; everything reserved is free again."""

    name: ClassVar[str] = "orders.order_expired.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact):
    """The order is off; what was paid is being refunded."""

    name: ClassVar[str] = "orders.order_cancelled.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Fact):
    """Every fulfilment was delivered or handed over."""

    name: ClassVar[str] = "orders.order_completed.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str


@dataclass(frozen=True, kw_only=True)
class DepositPaid(Fact):
    """The deposit arrived; the balance is still to be paid."""

    name: ClassVar[str] = "orders.deposit_paid.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str


@dataclass(frozen=True, kw_only=True)
class FulfilmentRerouted(Fact):
    """A fulfilment that was not accepted goes to another site now, which may be another organization's."""

    name: ClassVar[str] = "orders.fulfilment_rerouted.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str
    fulfilment_id: int
    from_organization_id: int
    to_organization_id: int


@dataclass(frozen=True, kw_only=True)
class FulfilmentMoved(Fact):
    """One shipment or handover made a move and now has ``status``."""

    name: ClassVar[str] = "orders.fulfilment_moved.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str
    fulfilment_id: int
    seller_order_number: str
    move: str
    status: str


@dataclass(frozen=True, kw_only=True)
class HandoverChanged(Fact):
    """A time to fetch a car was booked, moved or cancelled: ``what`` says which; ``starts_at`` is the time."""

    name: ClassVar[str] = "orders.handover_changed.v1"
    aggregate: ClassVar[str] = "order_number"
    order_number: str
    fulfilment_id: int
    organization_id: int
    what: str
    starts_at: str
    is_by_store: bool

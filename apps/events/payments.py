"""What payments tells."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Fact):
    """The provider confirmed, signed, that it holds the money; amount, currency and order were checked."""

    name: ClassVar[str] = "payments.payment_captured.v1"
    aggregate: ClassVar[str] = "order_number"
    payment_number: str
    order_number: str
    tender: str
    provider: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Fact):
    """The attempt is over without money; the order may be paid by another attempt."""

    name: ClassVar[str] = "payments.payment_failed.v1"
    aggregate: ClassVar[str] = "order_number"
    payment_number: str
    order_number: str
    tender: str
    provider: str


@dataclass(frozen=True, kw_only=True)
class PaymentClosed(Fact):
    """We want no money for the attempt any more; money that comes all the same is captured, late."""

    name: ClassVar[str] = "payments.payment_closed.v1"
    aggregate: ClassVar[str] = "order_number"
    payment_number: str
    order_number: str
    tender: str
    provider: str


@dataclass(frozen=True, kw_only=True)
class RefundRequested(Fact):
    """Money was promised back; the provider does not know yet."""

    name: ClassVar[str] = "payments.refund_requested.v1"
    aggregate: ClassVar[str] = "order_number"
    refund_number: str
    payment_number: str
    order_number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(Fact):
    """The provider confirmed that the money is on its way back."""

    name: ClassVar[str] = "payments.refund_succeeded.v1"
    aggregate: ClassVar[str] = "order_number"
    refund_number: str
    payment_number: str
    order_number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Fact):
    """The provider refused the refund for good; a person must look."""

    name: ClassVar[str] = "payments.refund_failed.v1"
    aggregate: ClassVar[str] = "order_number"
    refund_number: str
    payment_number: str
    order_number: str
    reason: str

"""What payments asks of a payment provider. Adapters answer in ``apps/integrations/<provider>/``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from apps.kernel.api import Money

GATEWAY_PORT = "payments.gateway.{provider}"


class ProviderStatus(StrEnum):
    """What a provider says of a payment or a refund, in one vocabulary."""

    ABSENT = "absent"  # the provider has never heard of it
    UNPAID = "unpaid"  # payment: waits for the buyer
    PAID = "paid"  # payment: the provider has the money
    PROCESSING = "processing"  # refund: on its way
    REFUNDED = "refunded"  # refund: given back
    FAILED = "failed"
    CLOSED = "closed"  # payment: can no longer be paid


class NoticeKind(StrEnum):
    """What a notification is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"  # verified, and none of our business


class CloseOutcome(StrEnum):
    """What became of the wish to take no more money."""

    CLOSED = "closed"  # the provider takes no money any more
    PAID = "paid"  # too late: ask for the state
    ABSENT = "absent"  # no such trade yet; one may still begin until the payment expires


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """Whom the provider pays: a notification for anybody else is not for us."""

    merchant_id: str
    app_id: str


@dataclass(frozen=True, kw_only=True)
class PaymentOrder:
    """One payment as the provider needs to see it; ``session`` and ``reference`` are what it told us before."""

    number: str
    order_number: str
    tender: str
    amount: Money
    subject: str
    return_url: str
    created_at: datetime
    expires_at: datetime
    session: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """One refund as the provider needs to see it. The provider refunds a ``number`` at most once."""

    number: str
    payment: PaymentOrder
    amount: Money
    reason: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """What the buyer does to pay: follow a ``redirect`` or scan a ``qr``; ``session`` is its name there."""

    type: str
    url: str
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class ProviderState:
    """What the provider says of a payment. None where it does not say."""

    status: ProviderStatus
    reference: str = ""
    amount: Money | None = None
    paid_at: datetime | None = None
    merchant_id: str | None = None
    app_id: str | None = None
    order_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundState:
    """What the provider says of a refund; ``reason`` is why it failed, in the provider's words."""

    status: ProviderStatus
    reference: str = ""
    amount: Money | None = None
    settled_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Notification:
    """
    One piece of verified news: pushed by the provider, or what it answered when asked.

    ``number`` is the payment's for PAYMENT, the refund's for REFUND. None where the message does not say.
    """

    kind: NoticeKind
    event_id: str
    event_type: str
    number: str
    status: ProviderStatus
    amount: Money | None = None
    reference: str = ""
    merchant_id: str | None = None
    app_id: str | None = None
    order_number: str | None = None
    happened_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """One line of the provider's own statement: ``kind`` PAYMENT or REFUND, ``number`` ours, the amount positive."""

    kind: NoticeKind
    number: str
    reference: str
    amount: Money
    at: datetime


class PaymentGateway(Protocol):
    """
    One payment provider. Every call is bounded in time and repeatable: numbers are idempotency keys.

    Calls raise ProviderUnavailable where nobody knows what the provider did, ProviderRefused where it said no.
    """

    @property
    def merchant(self) -> Merchant: ...

    def create(self, order: PaymentOrder) -> Action:
        """Open the trade of this number, or find it open, and say how to pay it."""

    def query(self, order: PaymentOrder) -> ProviderState:
        """Say where the trade stands."""

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Take no more money for the trade."""

    def refund(self, order: RefundOrder) -> RefundState:
        """Give money back, once per number. FAILED means that repeating this number is useless."""

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Say where a refund stands."""

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """
        Verify and read what arrived at the hook. ``headers`` are case-insensitive, ``query`` is the raw query string.

        :raises NotificationForged: if the provider did not sign this, lately
        :raises NotificationMalformed: if it cannot be read
        """

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """Return the provider's statement of one of its days."""

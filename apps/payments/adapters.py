"""Answers ``payments.gateway.dealer``: credits for cars taken in part exchange, which people give back."""

from collections.abc import Mapping
from datetime import date

from apps.payments.errors import NotificationForged, ProviderRefused
from apps.payments.ports import (
    Action,
    CloseOutcome,
    Merchant,
    Notification,
    PaymentOrder,
    ProviderState,
    ProviderStatus,
    RefundOrder,
    RefundState,
    StatementLine,
)
from apps.payments.states import Source


class DealerDesk:
    """No trade is ever opened here; a refund stays on its way until headquarters notes how it was done."""

    merchant = Merchant(merchant_id="", app_id="")

    def create(self, order: PaymentOrder) -> Action:
        """Refuse: a credit is booked, not paid."""
        raise ProviderRefused(provider=Source.DEALER.value, reason="credits are booked")

    def query(self, order: PaymentOrder) -> ProviderState:
        """Say what is always so: a credit that is booked is there."""
        return ProviderState(status=ProviderStatus.PAID, reference=order.reference, amount=order.amount)

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Say that there is nothing to close."""
        return CloseOutcome.ABSENT

    def refund(self, order: RefundOrder) -> RefundState:
        """Leave it to the people who have the car."""
        return RefundState(status=ProviderStatus.PROCESSING)

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Say that nobody noted it yet."""
        return RefundState(status=ProviderStatus.PROCESSING)

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """Refuse: dealers send none."""
        raise NotificationForged

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """Return nothing: the books of trade-ins are ours."""
        return []

"""Lenders behind the payments port: no trades, but disbursements that go back, and their statement of a day."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils import timezone

from apps.financing.errors import LenderRefused, LenderUnavailable
from apps.integrations.lender.adapter import NOT_FOUND, PROVIDER, LenderClient
from apps.integrations.reading import ReadingError, read_minor, read_moment, read_text
from apps.payments.errors import NotificationForged, ProviderRefused, ProviderUnavailable
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


class LenderGateway:
    """Answers ``payments.gateway.lender``."""

    def __init__(self) -> None:
        self.merchant = Merchant(merchant_id=settings.LENDER["KEY_ID"], app_id="")
        self._client = LenderClient()

    def create(self, order: PaymentOrder) -> Action:
        """Refuse: a loan is applied for, not opened at a cashier."""
        raise ProviderRefused(provider=PROVIDER, reason="loans are applied for")

    def query(self, order: PaymentOrder) -> ProviderState:
        """Say what is always so: a disbursement that is booked was paid out."""
        return ProviderState(status=ProviderStatus.PAID, reference=order.reference, amount=order.amount)

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Say that there is nothing to close."""
        return CloseOutcome.ABSENT

    def refund(self, order: RefundOrder) -> RefundState:
        """Give money back to the lender, once per number; the loan shrinks by it."""
        values = {
            "number": order.number,
            "disbursement": order.payment.reference,
            "amount": order.amount.minor,
            "currency": order.amount.currency,
            "reason": order.reason,
        }
        return self._state("POST", "/returns", values)

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Ask by our number."""
        return self._state("GET", f"/returns/{order.number}", None)

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """Refuse: lenders write about applications, at their own hook."""
        raise NotificationForged

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """Return nothing: the agreement has no daily statement; each disbursement is compared as it comes."""
        return []

    def _state(self, method: str, path: str, values: dict[str, object] | None) -> RefundState:
        try:
            answer = self._client.call(method, path, values)
            return RefundState(
                status=ProviderStatus.REFUNDED,
                reference=read_text(answer, "reference"),
                amount=read_minor(answer, "amount", read_text(answer, "currency")),
                settled_at=read_moment(answer, "at") or timezone.now(),
            )
        except LenderUnavailable as error:
            raise ProviderUnavailable(**{**error.context, "provider": PROVIDER}) from None
        except LenderRefused as error:
            if error.context.get("reason") == NOT_FOUND:
                return RefundState(status=ProviderStatus.ABSENT)
            return RefundState(status=ProviderStatus.FAILED, reason=str(error.context.get("reason", "")))
        except ReadingError as error:
            raise ProviderUnavailable(provider=PROVIDER, reason=str(error)) from None

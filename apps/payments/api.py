"""The door of payments."""

from apps.payments.models import Payment, PaymentEvent, Refund
from apps.payments.policies import PROVIDERS_ZONE, Difference, DifferenceKind
from apps.payments.ports import Action, Notification, PaymentGateway
from apps.payments.selectors import (
    PaymentView,
    RefundView,
    gateway_of,
    get_payment_view,
    list_payments,
    list_refunds,
    paid_and_refunded,
)
from apps.payments.services import (
    Outcome,
    close_at_provider,
    close_payments,
    execute_due_refunds,
    execute_refund,
    open_payment,
    present_payment,
    query_payment,
    query_pending,
    receive_notification,
    reconcile_all,
    reconcile_day,
    request_refund,
    retry_refund,
)
from apps.payments.states import PaymentStatus, Provider, RefundStatus, Tender, Verdict

__all__ = [
    "PROVIDERS_ZONE",
    "Action",
    "Difference",
    "DifferenceKind",
    "Notification",
    "Outcome",
    "Payment",
    "PaymentEvent",
    "PaymentGateway",
    "PaymentStatus",
    "PaymentView",
    "Provider",
    "Refund",
    "RefundStatus",
    "RefundView",
    "Tender",
    "Verdict",
    "close_at_provider",
    "close_payments",
    "execute_due_refunds",
    "execute_refund",
    "gateway_of",
    "get_payment_view",
    "list_payments",
    "list_refunds",
    "open_payment",
    "paid_and_refunded",
    "present_payment",
    "query_payment",
    "query_pending",
    "receive_notification",
    "reconcile_all",
    "reconcile_day",
    "request_refund",
    "retry_refund",
]

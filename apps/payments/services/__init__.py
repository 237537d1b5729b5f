"""Writes of payments, by noun."""

from apps.payments.services.notifications import Outcome, receive_notification
from apps.payments.services.payments import (
    close_at_provider,
    close_payments,
    expire_payment,
    open_payment,
    present_payment,
)
from apps.payments.services.queries import query_payment, query_pending
from apps.payments.services.reconciliation import reconcile_all, reconcile_day
from apps.payments.services.refunds import execute_due_refunds, execute_refund, request_refund, retry_refund
from apps.payments.services.tenders import book_tender, settle_refund_by_hand

__all__ = [
    "Outcome",
    "book_tender",
    "close_at_provider",
    "close_payments",
    "execute_due_refunds",
    "execute_refund",
    "expire_payment",
    "open_payment",
    "present_payment",
    "query_payment",
    "query_pending",
    "receive_notification",
    "reconcile_all",
    "reconcile_day",
    "request_refund",
    "retry_refund",
    "settle_refund_by_hand",
]

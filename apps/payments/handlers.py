"""Outbox subscribers: queue the calls to providers as soon as what asked for them is committed."""

from typing import Any

from django.db import transaction

from apps.events.api import PaymentClosed, RefundRequested
from apps.kernel.api import outbox
from apps.payments import tasks


@outbox.subscribe(RefundRequested, name="payments.execute_refund")
def execute_requested_refund(fact: RefundRequested, *, event: Any) -> None:
    """Queue the refund. Robust: without a broker the beat's sweep does it a little later."""
    transaction.on_commit(lambda: tasks.execute_refund.delay(refund_number=fact.refund_number), robust=True)


@outbox.subscribe(PaymentClosed, name="payments.close_at_provider")
def close_at_provider(fact: PaymentClosed, *, event: Any) -> None:
    """Queue the question whether money came meanwhile, and the closing. Robust, for the same reason."""
    transaction.on_commit(lambda: tasks.query_payment.delay(payment_number=fact.payment_number), robust=True)

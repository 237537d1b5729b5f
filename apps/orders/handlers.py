"""What orders does when payments tells."""

from apps.events.api import PaymentCaptured, PaymentFailed, RefundFailed, RefundSucceeded
from apps.kernel.api import Money, outbox
from apps.orders.api import note_failed_payment, note_failed_refund, take_payment, take_refund


@outbox.subscribe(PaymentCaptured, name="orders.take_payment")
def take_captured_payment(fact: PaymentCaptured, *, event) -> None:
    """Count the payment and place the order, once."""
    take_payment(
        order_number=fact.order_number,
        payment_number=fact.payment_number,
        amount=Money.from_minor(fact.amount_minor, fact.currency),
        now=event.occurred_at,
    )


@outbox.subscribe(PaymentFailed, name="orders.note_failed_payment")
def note_payment_failure(fact: PaymentFailed, *, event) -> None:
    """Keep the failed try on the timeline."""
    note_failed_payment(order_number=fact.order_number, payment_number=fact.payment_number, now=event.occurred_at)


@outbox.subscribe(RefundSucceeded, name="orders.take_refund")
def take_succeeded_refund(fact: RefundSucceeded, *, event) -> None:
    """Count the refund and tell the buyer, once."""
    take_refund(
        order_number=fact.order_number,
        refund_number=fact.refund_number,
        amount=Money.from_minor(fact.amount_minor, fact.currency),
        now=event.occurred_at,
    )


@outbox.subscribe(RefundFailed, name="orders.note_failed_refund")
def note_refund_failure(fact: RefundFailed, *, event) -> None:
    """Keep the delay on the timeline."""
    note_failed_refund(order_number=fact.order_number, refund_number=fact.refund_number, now=event.occurred_at)

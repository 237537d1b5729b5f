"""What orders does when payments tells of an order, and when scheduling and it itself tell."""

from apps.events.api import BookingDue, FulfilmentMoved, PaymentCaptured, PaymentFailed, RefundFailed, RefundSucceeded
from apps.kernel.api import Money, outbox
from apps.orders.api import (
    PURPOSE,
    is_order_number,
    note_failed_payment,
    note_failed_refund,
    offer_handover,
    remind_buyer,
    take_payment,
    take_refund,
    thank_buyer,
)


@outbox.subscribe(PaymentCaptured, name="orders.take_payment")
def take_captured_payment(fact: PaymentCaptured, *, event) -> None:
    """Count the payment and place the order, once."""
    if not is_order_number(fact.order_number):
        return
    take_payment(
        order_number=fact.order_number,
        payment_number=fact.payment_number,
        amount=Money.from_minor(fact.amount_minor, fact.currency),
        now=event.occurred_at,
    )


@outbox.subscribe(PaymentFailed, name="orders.note_failed_payment")
def note_payment_failure(fact: PaymentFailed, *, event) -> None:
    """Keep the failed try on the timeline."""
    if not is_order_number(fact.order_number):
        return
    note_failed_payment(order_number=fact.order_number, payment_number=fact.payment_number, now=event.occurred_at)


@outbox.subscribe(RefundSucceeded, name="orders.take_refund")
def take_succeeded_refund(fact: RefundSucceeded, *, event) -> None:
    """Count the refund and tell the buyer, once."""
    if not is_order_number(fact.order_number):
        return
    take_refund(
        order_number=fact.order_number,
        refund_number=fact.refund_number,
        amount=Money.from_minor(fact.amount_minor, fact.currency),
        now=event.occurred_at,
    )


@outbox.subscribe(RefundFailed, name="orders.note_failed_refund")
def note_refund_failure(fact: RefundFailed, *, event) -> None:
    """Keep the delay on the timeline."""
    if not is_order_number(fact.order_number):
        return
    note_failed_refund(order_number=fact.order_number, refund_number=fact.refund_number, now=event.occurred_at)


@outbox.subscribe(FulfilmentMoved, name="orders.accompany_handover")
def accompany_handover(fact: FulfilmentMoved, *, event) -> None:
    """Ask the buyer of a car that arrived to choose a time; send the record's address once the car is handed over."""
    if fact.move == "arrive":
        offer_handover(fulfilment_id=fact.fulfilment_id, now=event.occurred_at)
    elif fact.move == "hand_over":
        thank_buyer(fulfilment_id=fact.fulfilment_id, now=event.occurred_at)


@outbox.subscribe(BookingDue, name="orders.remind_of_handover")
def remind_of_handover(fact: BookingDue, *, event) -> None:
    """Remind the buyer of a handover that is still ahead."""
    if fact.purpose == PURPOSE:
        cause = f"{fact.starts_at}:{fact.minutes}"
        remind_buyer(booking_id=fact.booking_id, cause=cause, now=event.occurred_at)

"""Money by no trade of the buyer's: what a lender pays out, what a dealer credits for a car taken in part exchange."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.events.api import PaymentCaptured
from apps.kernel.api import Money, outbox
from apps.kernel.errors import OutsideTransaction
from apps.payments.errors import InvalidAmount, NotSettledByHand, TenderReferenceReused
from apps.payments.models import Payment, Refund
from apps.payments.ports import NoticeKind, Notification, ProviderStatus
from apps.payments.selectors import get_refund
from apps.payments.services.notifications import receive_notification
from apps.payments.services.numbers import new_number
from apps.payments.states import PAYMENT, RefundStatus, Source, Tender

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def book_tender(
    *,
    order_number: str,
    tender: Tender,
    source: Source,
    reference: str,
    amount: Money,
    subject: str,
    by: "AbstractBaseUser | None",
    now: datetime,
) -> Payment:
    """
    Book money for an order that is certain without a trade, in the caller's transaction, and tell as of any capture.

    ``reference`` names it at its source, once: the same again returns the payment that is there.

    :raises InvalidAmount: if the amount is not positive
    :raises TenderReferenceReused: if that reference brought another amount, or to another order
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("book_tender joins its caller's transaction.")
    if amount <= Money.zero(amount.currency):
        raise InvalidAmount
    # Of two at once the second waits here for the first one's row, and then finds it.
    payment, is_new = Payment.objects.get_or_create(
        provider=source,
        provider_reference=reference,
        defaults={
            "number": new_number("P", now),
            "order_number": order_number,
            "tender": tender,
            "amount": amount.amount,
            "currency": amount.currency,
            "subject": subject[:120],
            "return_url": "",
            "expires_at": now,
            "created_at": now,
            "opened_by": by,
            "captured_at": now,
            "paid_at": now,
        },
    )
    if not is_new:
        if (payment.order_number, payment.tender, payment.money) != (order_number, tender, amount):
            raise TenderReferenceReused(reference=reference)
        return payment
    PAYMENT.move(payment, "capture", by=by, at=now, reason=reference[:100])
    outbox.record(
        PaymentCaptured(
            payment_number=payment.number,
            order_number=order_number,
            tender=payment.tender,
            provider=payment.provider,
            amount_minor=amount.minor,
            currency=amount.currency,
        ),
        at=now,
    )
    return payment


def settle_refund_by_hand(*, refund_number: str, note: str, by: "AbstractBaseUser", now: datetime) -> Refund:
    """
    Note that a dealer gave back what it had credited: the car itself, or its value. ``note`` says how.

    Repeating it changes nothing.

    :raises RefundNotFound: if there is no such refund
    :raises NotSettledByHand: if a provider or a lender gives this money back, or no note says how it was done
    """
    refund = get_refund(refund_number)
    if refund.payment.provider != Source.DEALER or not note.strip():
        raise NotSettledByHand(refund=refund_number)
    if refund.status != RefundStatus.SUCCEEDED:
        news = Notification(
            kind=NoticeKind.REFUND,
            event_id=f"by hand:{refund.number}",
            event_type="by hand",
            number=refund.provider_number,
            status=ProviderStatus.REFUNDED,
            amount=refund.money,
            reference=note.strip()[:128],
            happened_at=now,
        )
        receive_notification(provider=Source.DEALER, notification=news, now=now)
    return get_refund(refund_number)

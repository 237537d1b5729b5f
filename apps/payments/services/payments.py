"""Open, present and close payments."""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.events.api import PaymentClosed
from apps.kernel.api import Money, outbox
from apps.kernel.errors import OutsideTransaction
from apps.payments import policies
from apps.payments.errors import AlreadyPaid, InvalidAmount, UnknownProvider
from apps.payments.models import Payment
from apps.payments.ports import Action, CloseOutcome
from apps.payments.selectors import (
    PaymentView,
    as_payment_order,
    gateway_of,
    get_payment,
    get_payment_view,
)
from apps.payments.services.numbers import new_number
from apps.payments.states import LIVE_PAYMENTS, PAYMENT, PaymentStatus, Provider, Tender

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = structlog.get_logger(__name__)


def open_payment(
    *,
    order_number: str,
    tender: str,
    provider: str,
    amount: Money,
    subject: str,
    return_url: str,
    expires_at: datetime,
    by: "AbstractBaseUser | None",
    now: datetime,
) -> Payment:
    """
    Open an attempt to pay one tender of an order; nothing leaves the house until ``present_payment``.

    Runs in the caller's transaction. An attempt that is already open for the same provider and amount is returned; one
    for another provider, or one that has run out, is closed first, so at most one is PENDING per (order, tender).

    :raises UnknownProvider: if we take no payments through ``provider``
    :raises InvalidAmount: if there is nothing to pay
    :raises AlreadyPaid: if this tender is captured and not all given back
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("open_payment joins its caller's transaction.")
    if provider not in Provider.values:
        raise UnknownProvider(provider=provider)
    if amount <= Money.zero(amount.currency):
        raise InvalidAmount
    payments = _of_tender(order_number, tender)
    _refuse_second_capture(payments)
    reusable = None
    for payment in payments:
        if payment.status not in LIVE_PAYMENTS:
            continue
        if reusable is None and _is_same_wish(payment, provider=provider, amount=amount, now=now):
            reusable = payment
        else:
            _close(payment, by=by, now=now, reason="replaced")
    if reusable is not None:
        return reusable
    try:
        with transaction.atomic():
            return Payment.objects.create(
                number=new_number("P", now),
                order_number=order_number,
                tender=Tender(tender),
                provider=provider,
                amount=amount.amount,
                currency=amount.currency,
                subject=subject[:120],
                return_url=return_url,
                expires_at=expires_at,
                created_at=now,
                opened_by=by,
                next_query_at=now + policies.FIRST_QUERY_AFTER,
            )
    except IntegrityError:
        # Somebody opened one a moment ago; the unique constraint let only one of us through.
        return next(p for p in _of_tender(order_number, tender) if p.status == PaymentStatus.PENDING)


def present_payment(*, payment_number: str, now: datetime) -> PaymentView:
    """
    Make a payment payable: create the trade at the provider and keep what the buyer has to follow.

    The provider is called outside any transaction, and only while the payment is PENDING and not presented yet. Safe to
    repeat and to do twice at once: the payment's number is the provider's key, so there is one trade.

    :raises PaymentNotFound: if there is no such payment
    :raises ProviderUnavailable: if the provider does not answer; the payment stays as it was
    :raises ProviderRefused: if the provider says no; the payment stays as it was
    """
    payment = get_payment(payment_number)
    is_open = payment.status == PaymentStatus.PENDING and now < payment.expires_at
    if is_open and not payment.action_url:
        action = gateway_of(payment.provider).create(as_payment_order(payment))
        if not _keep_action(payment, action):
            # Closed while the provider was at it: nobody holds this link, and nobody shall.
            close_at_provider(payment_number=payment_number, now=now)
    return get_payment_view(payment_number, now=now)


def close_payments(*, order_number: str, by: "AbstractBaseUser | None", now: datetime) -> list[Payment]:
    """
    Close every payment of an order that could still take money, in the caller's transaction.

    The providers are told afterwards, by a task; money that arrives all the same is captured, and the order's owner
    hears of it as of any other.
    """
    with transaction.atomic():
        live = [payment for payment in Payment.objects.lock_order(order_number) if payment.status in LIVE_PAYMENTS]
        return [_close(payment, by=by, now=now, reason="order closed") for payment in live]


def expire_payment(*, payment_number: str, now: datetime) -> bool:
    """Close a payment whose time has run out; return whether it was still open."""
    with transaction.atomic():
        payment = Payment.objects.lock_number(payment_number)
        if payment is None or payment.status not in LIVE_PAYMENTS or now < payment.expires_at + policies.EXPIRY_GRACE:
            return False
        _close(payment, by=None, now=now, reason="expired")
        return True


def close_at_provider(*, payment_number: str, now: datetime) -> CloseOutcome | None:
    """
    Tell the provider to take no more money for a payment that we closed; None if there is nothing to tell.

    Where the provider already has the money, the answer is PAID and the payment stays due for a query.

    :raises ProviderUnavailable: if the provider does not answer; the sweep tells it again later
    """
    payment = get_payment(payment_number)
    if payment.status != PaymentStatus.CLOSED or payment.provider_closed_at is not None:
        return None
    outcome = gateway_of(payment.provider).close(as_payment_order(payment))
    # A trade that does not exist yet can still begin, until the link that the buyer may hold runs out.
    is_over = outcome is CloseOutcome.CLOSED or (
        outcome is CloseOutcome.ABSENT and now >= payment.expires_at + policies.EXPIRY_GRACE
    )
    closed = Payment.objects.filter(pk=payment.pk, status=PaymentStatus.CLOSED, provider_closed_at__isnull=True)
    if is_over:
        closed.update(provider_closed_at=now, next_query_at=None)
    elif outcome is CloseOutcome.PAID:
        closed.update(next_query_at=now)
    return outcome


def _of_tender(order_number: str, tender: str) -> list[Payment]:
    return [payment for payment in Payment.objects.lock_order(order_number) if payment.tender == tender]


def _refuse_second_capture(payments: list[Payment]) -> None:
    captured = [payment.pk for payment in payments if payment.status == PaymentStatus.CAPTURED]
    if not captured:
        return
    for payment in Payment.objects.with_refunds().filter(pk__in=captured):
        if payment.promised_back < payment.amount:
            raise AlreadyPaid(payment=payment.number)


def _is_same_wish(payment: Payment, *, provider: str, amount: Money, now: datetime) -> bool:
    return (
        payment.status == PaymentStatus.PENDING
        and payment.provider == provider
        and payment.money == amount
        and now < payment.expires_at
    )


def _keep_action(payment: Payment, action: Action) -> bool:
    """Keep the action unless somebody else kept one or the payment moved on; say whether the payment is still open."""
    same = Payment.objects.filter(pk=payment.pk)
    same.filter(status=PaymentStatus.PENDING, action_url="").update(
        action_type=action.type, action_url=action.url, provider_session=action.session
    )
    # Even a payment that is no longer open must know its session: the provider is asked by it.
    same.filter(provider_session="").update(provider_session=action.session)
    return not same.filter(Q(status=PaymentStatus.CLOSED)).exists()


def _close(payment: Payment, *, by: "AbstractBaseUser | None", now: datetime, reason: str) -> Payment:
    """Move a live payment to CLOSED; the caller holds its lock."""
    PAYMENT.move(payment, "close", by=by, at=now, reason=reason)
    payment.closed_at = now
    payment.next_query_at = now + policies.FIRST_QUERY_AFTER
    payment.save(update_fields=["closed_at", "next_query_at"])
    outbox.record(
        PaymentClosed(
            payment_number=payment.number,
            order_number=payment.order_number,
            tender=payment.tender,
            provider=payment.provider,
        ),
        at=now,
    )
    log.info("payment_closed", payment=payment.number, order=payment.order_number, reason=reason)
    return payment

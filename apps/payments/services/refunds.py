"""Promise refunds and carry them out."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from apps.events.api import RefundRequested
from apps.kernel.api import Money, outbox, sum_money
from apps.kernel.errors import MoveNotAllowed, OutsideTransaction
from apps.payments import policies
from apps.payments.errors import (
    InvalidAmount,
    ProviderRefused,
    ProviderUnavailable,
    RefundCauseReused,
    RefundExceedsPaid,
)
from apps.payments.models import Payment, Refund
from apps.payments.ports import NoticeKind, Notification, ProviderStatus, RefundState
from apps.payments.selectors import as_refund_order, gateway_of, get_refund
from apps.payments.services.notifications import receive_notification
from apps.payments.services.numbers import new_number
from apps.payments.states import REFUND, PaymentStatus, RefundReason, RefundStatus

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = structlog.get_logger(__name__)

# After so many tries without an end, staff is told; the trying goes on.
TRIES_BEFORE_ALARM = 6


def request_refund(
    *,
    order_number: str,
    amount: Money | None,
    reason: RefundReason,
    cause_key: str,
    by: "AbstractBaseUser | None",
    now: datetime,
    payment_number: str | None = None,
) -> list[Refund]:
    """
    Promise to give back ``amount`` of what an order paid (None: all that is left), in the caller's transaction.

    The newest payment gives first. ``cause_key`` names why, once: asked again for the same cause, the same refunds are
    returned. ``payment_number`` limits it to one payment. The providers are told afterwards, by a task.

    :raises InvalidAmount: if the amount is not positive
    :raises RefundExceedsPaid: if more is asked than was captured and not yet promised back
    :raises RefundCauseReused: if this cause was already refunded with another total
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("request_refund joins its caller's transaction.")
    if amount is not None and amount <= Money.zero(amount.currency):
        raise InvalidAmount
    # Every payment of the order is locked first: two refunds at once see each other's promises.
    locked = [payment.pk for payment in Payment.objects.lock_order(order_number)]
    existing = list(
        Refund.objects.select_related("payment").filter(cause_key=cause_key, payment__in=locked).order_by("pk")
    )
    if existing:
        return _same_again(existing, amount)
    left = _list_left(locked, payment_number)
    available = sum_money((money for _, money in left), amount.currency if amount else _currency_of(left))
    wanted = available if amount is None else amount
    if wanted > available:
        raise RefundExceedsPaid(available=available)
    shares = policies.spread_refund(wanted, [(payment.pk, money) for payment, money in left])
    payments = {payment.pk: payment for payment, _ in left}
    return [_promise(payments[key], share, reason=reason, cause_key=cause_key, by=by, now=now) for key, share in shares]


def execute_refund(*, refund_number: str, now: datetime) -> Refund:
    """
    Have the provider give the money back, outside any transaction; safe to repeat, the number is the provider's key.

    A provider that does not answer, or that does not want to now, is tried again by ``execute_due_refunds``.

    :raises RefundNotFound: if there is no such refund
    """
    refund = get_refund(refund_number)
    if refund.status != RefundStatus.PENDING:
        return refund
    _note_try(refund, now=now)
    gateway, order = gateway_of(refund.payment.provider), as_refund_order(refund)
    try:
        state = gateway.refund(order)
    except (ProviderUnavailable, ProviderRefused) as error:
        tries = refund.tries + 1
        write = log.error if tries >= TRIES_BEFORE_ALARM else log.warning
        write("refund_try_failed", **{**error.context, "refund": refund.number, "tries": tries, "code": error.code})
        return get_refund(refund_number)
    _settle(refund, state, now=now)
    return get_refund(refund_number)


def execute_due_refunds(*, now: datetime, limit: int = 50) -> list[str]:
    """
    Try refunds whose turn has come: tasks get lost, providers sleep. Return their numbers.

    A provider that does not answer is left alone for the rest of the run by its breaker.
    """
    with transaction.atomic():
        due = list(
            Refund.objects.filter(next_try_at__lte=now, status=RefundStatus.PENDING)
            .order_by("next_try_at", "pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
        )
        for refund in due:
            refund.next_try_at = policies.next_refund_try_at(tries=max(refund.tries, 1), now=now)
        Refund.objects.bulk_update(due, ["next_try_at"])
    for refund in due:
        execute_refund(refund_number=refund.number, now=now)
    return [refund.number for refund in due]


def retry_refund(*, refund_number: str, by: "AbstractBaseUser | None", now: datetime) -> Refund:
    """
    Give a failed refund another round, under a new number at the provider; tell the provider afterwards.

    The provider is asked first: should the failed round have succeeded after all, it is settled and nothing is retried.

    :raises RefundNotFound: if there is no such refund
    :raises MoveNotAllowed: if the refund is not FAILED
    :raises RefundExceedsPaid: if the money was promised elsewhere in the meantime
    :raises ProviderUnavailable: if the provider does not answer
    """
    refund = get_refund(refund_number)
    if not REFUND.can(refund, "retry"):
        raise MoveNotAllowed(lifecycle=REFUND.name, move="retry", status=refund.status)
    state = gateway_of(refund.payment.provider).query_refund(as_refund_order(refund))
    if state.status is ProviderStatus.REFUNDED:
        _settle(refund, state, now=now)
        return get_refund(refund_number)
    with transaction.atomic():
        payments = [payment.pk for payment in Payment.objects.lock_order(refund.payment.order_number)]
        for _, available in _list_left(payments, refund.payment.number):
            if refund.money > available:
                raise RefundExceedsPaid(available=available)
        refund.tries = 0
        refund.settled_at = None
        refund.failure = ""
        refund.next_try_at = now
        # A round that the provider is still working on goes on; one that it ended, or never had, gives way to the next.
        if state.status is not ProviderStatus.PROCESSING:
            refund.round += 1
        REFUND.move(refund, "retry", by=by, at=now)
        refund.save(update_fields=["round", "tries", "settled_at", "failure", "next_try_at"])
        _tell(refund, now=now)
    return refund


def _same_again(existing: list[Refund], amount: Money | None) -> list[Refund]:
    total = sum_money((refund.money for refund in existing), existing[0].payment.currency)
    if amount is not None and amount != total:
        raise RefundCauseReused(cause_key=existing[0].cause_key)
    return existing


def _list_left(payment_ids: Iterable[int], payment_number: str | None) -> list[tuple[Payment, Money]]:
    """List the captured payments with what of each is not promised back yet, newest first."""
    captured = Payment.objects.with_refunds().filter(pk__in=payment_ids, status=PaymentStatus.CAPTURED)
    if payment_number is not None:
        captured = captured.filter(number=payment_number)
    return [
        (payment, payment.money - Money(payment.promised_back, payment.currency))
        for payment in captured.order_by("-captured_at", "-pk")
    ]


def _currency_of(left: list[tuple[Payment, Money]]) -> str:
    return left[0][0].currency if left else "CNY"


def _promise(
    payment: Payment,
    share: Money,
    *,
    reason: RefundReason,
    cause_key: str,
    by: "AbstractBaseUser | None",
    now: datetime,
) -> Refund:
    refund = Refund.objects.create(
        number=new_number("R", now),
        payment=payment,
        amount=share.amount,
        reason=reason,
        cause_key=cause_key,
        created_at=now,
        requested_by=by,
        next_try_at=now + policies.REFUND_PAUSES[0],
    )
    _tell(refund, now=now)
    return refund


def _tell(refund: Refund, *, now: datetime) -> None:
    outbox.record(
        RefundRequested(
            refund_number=refund.number,
            payment_number=refund.payment.number,
            order_number=refund.payment.order_number,
            amount_minor=refund.money.minor,
            currency=refund.payment.currency,
        ),
        at=now,
    )


def _note_try(refund: Refund, *, now: datetime) -> None:
    tries = refund.tries + 1
    Refund.objects.filter(pk=refund.pk, status=RefundStatus.PENDING, round=refund.round).update(
        tries=tries, next_try_at=policies.next_refund_try_at(tries=tries, now=now)
    )


def _settle(refund: Refund, state: RefundState, *, now: datetime) -> None:
    """Act on what the provider answered as on a notification, under an id of our own."""
    if state.status not in (ProviderStatus.REFUNDED, ProviderStatus.FAILED):
        return
    day = now.astimezone(policies.PROVIDERS_ZONE).date()
    news = Notification(
        kind=NoticeKind.REFUND,
        event_id=f"query:{refund.provider_number}:{state.status.value}:{day:%Y%m%d}",
        event_type="query",
        number=refund.provider_number,
        status=state.status,
        amount=state.amount,
        reference=state.reference,
        happened_at=state.settled_at,
        reason=state.reason,
    )
    receive_notification(provider=refund.payment.provider, notification=news, now=now)

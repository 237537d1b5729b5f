"""Receive verified news from providers: pushed at the hooks, or what they answered when we asked. One path for both."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from apps.events.api import PaymentCaptured, PaymentFailed, RefundFailed, RefundSucceeded
from apps.kernel.api import outbox
from apps.payments import policies
from apps.payments.models import Payment, PaymentEvent, Refund
from apps.payments.ports import NoticeKind, Notification
from apps.payments.selectors import gateway_of
from apps.payments.states import PAYMENT, REFUND, REFUSALS, PaymentStatus, Verdict

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a piece of news meant; ``is_repeated`` if we had it before, with the verdict it got then."""

    verdict: Verdict
    is_repeated: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the provider is to be told that all is well: a refusal shall show in its console."""
        return self.verdict not in REFUSALS


def receive_notification(*, provider: str, notification: Notification, now: datetime) -> Outcome:
    """
    Take in one piece of news that the adapter has verified, once.

    Merchant, app, order, currency and amount are compared with what we asked for, under the payment's row lock. The
    event row and what it causes are one transaction; news that contradicts us is stored, refused, and changes nothing.

    :raises UnknownProvider: if we take no payments through ``provider``
    """
    if notification.kind is NoticeKind.OTHER:
        return Outcome(verdict=Verdict.NOTED)
    receive = _receive_refund if notification.kind is NoticeKind.REFUND else _receive_payment
    with transaction.atomic():
        outcome = receive(provider, notification, now)
    words = {
        "provider": provider,
        "event_id": notification.event_id,
        "number": notification.number,
        "verdict": outcome.verdict.value,
        "repeated": outcome.is_repeated,
    }
    if outcome.is_accepted:
        log.info("payment_news", **words)
    else:
        log.error("payment_news_refused", told_amount=str(notification.amount), **words)
    return outcome


def _receive_payment(provider: str, news: Notification, now: datetime) -> Outcome:
    payment = Payment.objects.filter(provider=provider).lock_number(news.number)
    verdict = policies.judge_payment(_expected(payment), news, gateway_of(provider).merchant)
    if verdict in (Verdict.CAPTURED, Verdict.CAPTURED_LATE) and _pays_another(payment, news):
        verdict = Verdict.OTHER_TRADE
    repeated = _store_event(provider, news, verdict=verdict, payment=payment, refund=None, now=now)
    if repeated is not None:
        return repeated
    if verdict in (Verdict.CAPTURED, Verdict.CAPTURED_LATE):
        _capture(payment, news, now=now)
    elif verdict is Verdict.FAILED:
        _fail(payment, now=now)
    elif verdict is Verdict.CLOSED:
        _close_as_provider_did(payment, now=now)
    return Outcome(verdict=verdict)


def _expected(payment: Payment | None) -> policies.ExpectedPayment | None:
    if payment is None:
        return None
    return policies.ExpectedPayment(
        status=payment.status,
        order_number=payment.order_number,
        amount=payment.money,
        reference=payment.provider_reference,
    )


def _pays_another(payment: Payment, news: Notification) -> bool:
    if not news.reference:
        return False
    same_trade = Payment.objects.filter(provider=payment.provider, provider_reference=news.reference)
    return same_trade.exclude(pk=payment.pk).exists()


def _store_event(
    provider: str,
    news: Notification,
    *,
    verdict: Verdict,
    payment: Payment | None,
    refund: Refund | None,
    now: datetime,
) -> Outcome | None:
    """Store the news; if the provider told it before, return the outcome of then. The unique constraint decides."""
    try:
        with transaction.atomic():
            PaymentEvent.objects.create(
                payment=payment,
                refund=refund,
                provider=provider,
                provider_event_id=news.event_id,
                event_type=news.event_type,
                number=news.number,
                told_status=news.status.value,
                told_amount=news.amount.amount if news.amount else None,
                told_currency=news.amount.currency if news.amount else "",
                provider_reference=news.reference,
                verdict=verdict,
                happened_at=news.happened_at,
                received_at=now,
            )
    except IntegrityError:
        first = PaymentEvent.objects.get(provider=provider, provider_event_id=news.event_id)
        return Outcome(verdict=Verdict(first.verdict), is_repeated=True)
    return None


def _capture(payment: Payment, news: Notification, *, now: datetime) -> None:
    """Book the money; the caller holds the payment's lock."""
    payment.captured_at = now
    payment.paid_at = news.happened_at or now
    payment.provider_reference = news.reference
    payment.next_query_at = None
    # Before the move: a captured row without its moment would break a constraint.
    payment.save(update_fields=["captured_at", "paid_at", "provider_reference", "next_query_at"])
    PAYMENT.move(payment, "capture", by=None, at=now, reason=news.event_id[:100])
    outbox.record(
        PaymentCaptured(
            payment_number=payment.number,
            order_number=payment.order_number,
            tender=payment.tender,
            provider=payment.provider,
            amount_minor=payment.money.minor,
            currency=payment.currency,
        ),
        at=now,
    )


def _fail(payment: Payment, *, now: datetime) -> None:
    PAYMENT.move(payment, "fail", by=None, at=now)
    _tell_failure(payment, now=now)


def _close_as_provider_did(payment: Payment, *, now: datetime) -> None:
    """Close a payment whose trade the provider closed: there is nothing left to tell the provider or to ask."""
    was_pending = payment.status == PaymentStatus.PENDING
    PAYMENT.move(payment, "close", by=None, at=now, reason="closed by the provider")
    payment.closed_at = payment.provider_closed_at = now
    payment.next_query_at = None
    payment.save(update_fields=["closed_at", "provider_closed_at", "next_query_at"])
    if was_pending:
        _tell_failure(payment, now=now)


def _tell_failure(payment: Payment, *, now: datetime) -> None:
    outbox.record(
        PaymentFailed(
            payment_number=payment.number,
            order_number=payment.order_number,
            tender=payment.tender,
            provider=payment.provider,
        ),
        at=now,
    )


def _receive_refund(provider: str, news: Notification, now: datetime) -> Outcome:
    number, _, told_round = news.number.partition("_")
    payment, refund = _lock_refund(provider, number)
    expected = policies.ExpectedRefund(status=refund.status, amount=refund.money) if refund else None
    verdict = policies.judge_refund(expected, news, gateway_of(provider).merchant)
    if verdict is Verdict.REFUND_FAILED and (told_round or "1") != str(refund.round):
        verdict = Verdict.OUT_OF_ORDER
    repeated = _store_event(provider, news, verdict=verdict, payment=payment, refund=refund, now=now)
    if repeated is not None:
        return repeated
    if verdict is Verdict.REFUNDED:
        _succeed_refund(payment, refund, news, now=now)
    elif verdict is Verdict.REFUND_FAILED:
        _fail_refund(payment, refund, news, now=now)
    return Outcome(verdict=verdict)


def _lock_refund(provider: str, number: str) -> tuple[Payment | None, Refund | None]:
    """Lock a refund the way everybody does: its payment first."""
    owner = (
        Refund.objects.filter(number=number, payment__provider=provider)
        .values_list("payment__number", flat=True)
        .first()
    )
    if owner is None:
        return None, None
    payment = Payment.objects.lock_number(owner)
    refund = Refund.objects.select_related("payment").lock_number(number)
    return payment, refund


def _succeed_refund(payment: Payment, refund: Refund, news: Notification, *, now: datetime) -> None:
    refund.settled_at = now
    refund.given_back_at = news.happened_at or now
    refund.provider_reference = news.reference or refund.provider_reference
    refund.next_try_at = None
    refund.failure = ""
    refund.save(update_fields=["settled_at", "given_back_at", "provider_reference", "next_try_at", "failure"])
    REFUND.move(refund, "succeed", by=None, at=now, reason=news.event_id[:100])
    outbox.record(
        RefundSucceeded(
            refund_number=refund.number,
            payment_number=payment.number,
            order_number=payment.order_number,
            amount_minor=refund.money.minor,
            currency=payment.currency,
        ),
        at=now,
    )


def _fail_refund(payment: Payment, refund: Refund, news: Notification, *, now: datetime) -> None:
    refund.settled_at = now
    refund.provider_reference = news.reference or refund.provider_reference
    refund.next_try_at = None
    refund.failure = news.reason[:200]
    refund.save(update_fields=["settled_at", "provider_reference", "next_try_at", "failure"])
    REFUND.move(refund, "fail", by=None, at=now, reason=refund.failure)
    log.error("refund_failed", refund=refund.number, payment=payment.number, reason=refund.failure)
    outbox.record(
        RefundFailed(
            refund_number=refund.number,
            payment_number=payment.number,
            order_number=payment.order_number,
            reason=refund.failure,
        ),
        at=now,
    )

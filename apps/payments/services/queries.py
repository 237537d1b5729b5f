"""Ask providers about payments nobody told us about: lost notifications, and money for payments we closed."""

from datetime import datetime

import structlog
from django.db import transaction

from apps.payments import policies
from apps.payments.errors import ProviderRefused, ProviderUnavailable
from apps.payments.models import Payment
from apps.payments.ports import CloseOutcome, NoticeKind, Notification, ProviderState, ProviderStatus
from apps.payments.selectors import as_payment_order, gateway_of, get_payment
from apps.payments.services.notifications import Outcome, receive_notification
from apps.payments.services.payments import close_at_provider, expire_payment
from apps.payments.states import PaymentStatus

log = structlog.get_logger(__name__)

TELLING = (ProviderStatus.PAID, ProviderStatus.FAILED, ProviderStatus.CLOSED)


def query_pending(*, now: datetime, limit: int = 100) -> dict[str, str]:
    """
    Ask the providers about up to ``limit`` payments that are due, and act on the answers as on notifications.

    Several of these may run at once: each takes other payments. A provider that does not answer is left alone for the
    rest of the run. Returns {payment number: what came of it}.
    """
    results: dict[str, str] = {}
    silent: set[str] = set()
    for number, provider in _claim_due(now=now, limit=limit):
        if provider in silent:
            results[number] = "provider silent"
            continue
        try:
            outcome = query_payment(payment_number=number, now=now)
        except ProviderUnavailable:
            silent.add(provider)
            results[number] = "provider silent"
        except ProviderRefused as error:
            log.warning("payment_query_refused", **{**error.context, "payment": number, "provider": provider})
            results[number] = "provider refused"
        else:
            results[number] = outcome.verdict.value if outcome else "nothing new"
    return results


def query_payment(*, payment_number: str, now: datetime) -> Outcome | None:
    """
    Ask the provider where a payment stands and act on it; None if there was nothing new.

    A payment that has run out unpaid is closed, here and there.

    :raises PaymentNotFound: if there is no such payment
    :raises ProviderUnavailable: if the provider does not answer
    """
    payment = get_payment(payment_number)
    state = gateway_of(payment.provider).query(as_payment_order(payment))
    outcome = None
    # News of a payment that is settled here, or a closed trade of a payment we closed, would only repeat what we know.
    if state.status in TELLING and not _knows(payment, state):
        news = _as_notification(payment, state, now=now)
        outcome = receive_notification(provider=payment.provider, notification=news, now=now)
    if state.status is not ProviderStatus.PAID:
        expire_payment(payment_number=payment_number, now=now)
        if close_at_provider(payment_number=payment_number, now=now) is CloseOutcome.PAID:
            log.info("payment_paid_while_closing", payment=payment_number)
    return outcome


def _claim_due(*, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Take what is due and put its next turn off, so that a process that dies here delays it and loses nothing."""
    with transaction.atomic():
        due = list(
            Payment.objects.filter(next_query_at__lte=now)
            .order_by("next_query_at", "pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
        )
        for payment in due:
            payment.next_query_at = policies.next_query_at(created_at=payment.created_at, now=now)
        Payment.objects.bulk_update(due, ["next_query_at"])
    return [(payment.number, payment.provider) for payment in due]


def _knows(payment: Payment, state: ProviderState) -> bool:
    if state.status is ProviderStatus.PAID:
        return False
    if state.status is ProviderStatus.FAILED:
        return payment.status != PaymentStatus.PENDING
    return payment.status in (PaymentStatus.CLOSED, PaymentStatus.CAPTURED)


def _as_notification(payment: Payment, state: ProviderState, *, now: datetime) -> Notification:
    """
    Turn an answer into news under an id of our own: one per payment, status and day.

    Per day, so that an answer we refused (a wrong setting, say) gets another chance once that is put right.
    """
    day = now.astimezone(policies.PROVIDERS_ZONE).date()
    return Notification(
        kind=NoticeKind.PAYMENT,
        event_id=f"query:{payment.number}:{state.status.value}:{day:%Y%m%d}",
        event_type="query",
        number=payment.number,
        status=state.status,
        amount=state.amount,
        reference=state.reference,
        merchant_id=state.merchant_id,
        app_id=state.app_id,
        order_number=state.order_number,
        happened_at=state.paid_at,
    )

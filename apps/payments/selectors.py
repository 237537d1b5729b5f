"""Reads of payments: views for pages and the API, and what was paid and given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import translation

from apps.kernel.api import Money, ports, sum_money
from apps.payments.errors import PaymentNotFound, RefundNotFound, UnknownProvider
from apps.payments.models import Payment, Refund
from apps.payments.policies import Book
from apps.payments.ports import GATEWAY_PORT, Action, NoticeKind, PaymentGateway, PaymentOrder, RefundOrder
from apps.payments.states import PAYERS, PaymentStatus, RefundStatus


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """One payment as a buyer may see it; ``action`` is what is left to do to pay it, or None."""

    number: str
    order_number: str
    provider: str
    status: str
    tender: str
    amount: Money
    refunded: Money
    action: Action | None
    created_at: datetime
    expires_at: datetime
    captured_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundView:
    """One refund as a buyer may see it; ``reason`` is told in the reader's language."""

    number: str
    payment_number: str
    provider: str
    amount: Money
    status: str
    reason_code: str
    reason: str
    created_at: datetime
    settled_at: datetime | None


def gateway_of(provider: str) -> PaymentGateway:
    """
    Return the adapter of a provider.

    :raises UnknownProvider: if we take no payments through it
    """
    if provider not in dict(PAYERS):
        raise UnknownProvider(provider=provider)
    return ports.adapter(GATEWAY_PORT.format(provider=provider))


def get_payment(number: str) -> Payment:
    """
    Return a payment by its number.

    :raises PaymentNotFound: if there is none
    """
    payment = Payment.objects.filter(number=number).first()
    if payment is None:
        raise PaymentNotFound
    return payment


def get_refund(number: str) -> Refund:
    """
    Return a refund by its number, with its payment.

    :raises RefundNotFound: if there is none
    """
    refund = Refund.objects.select_related("payment").filter(number=number).first()
    if refund is None:
        raise RefundNotFound
    return refund


def get_payment_view(number: str, *, now: datetime) -> PaymentView:
    """
    Return a payment as a buyer may see it.

    :raises PaymentNotFound: if there is none
    """
    payment = Payment.objects.with_refunds().filter(number=number).first()
    if payment is None:
        raise PaymentNotFound
    return _view(payment, now=now)


def list_payments(order_number: str, *, now: datetime | None = None) -> list[PaymentView]:
    """List the payments of an order, oldest first. Actions are shown only where ``now`` says they are not over."""
    return list_payments_by_order([order_number], now=now)[order_number]


def list_payments_by_order(
    order_numbers: Sequence[str], *, now: datetime | None = None
) -> dict[str, list[PaymentView]]:
    """List the payments of each of some orders in one query, like ``list_payments``."""
    found: dict[str, list[PaymentView]] = {number: [] for number in order_numbers}
    for payment in Payment.objects.with_refunds().filter(order_number__in=found).order_by("pk"):
        found[payment.order_number].append(_view(payment, now=now))
    return found


def list_refunds(order_number: str) -> list[RefundView]:
    """List the refunds of an order, oldest first."""
    return list_refunds_by_order([order_number])[order_number]


def list_refunds_by_order(order_numbers: Sequence[str]) -> dict[str, list[RefundView]]:
    """List the refunds of each of some orders in one query, like ``list_refunds``."""
    found: dict[str, list[RefundView]] = {number: [] for number in order_numbers}
    refunds = Refund.objects.select_related("payment").filter(payment__order_number__in=found).order_by("pk")
    for refund in refunds:
        found[refund.payment.order_number].append(
            RefundView(
                number=refund.number,
                payment_number=refund.payment.number,
                provider=refund.payment.provider,
                amount=refund.money,
                status=refund.status,
                reason_code=refund.reason,
                reason=refund.get_reason_display(),
                created_at=refund.created_at,
                settled_at=refund.settled_at,
            )
        )
    return found


def paid_and_refunded(order_number: str) -> tuple[Money, Money]:
    """Return what was captured for an order and what of it was given back; refunds under way do not count yet."""
    payments = list(Payment.objects.with_refunds().filter(order_number=order_number, status=PaymentStatus.CAPTURED))
    currency = payments[0].currency if payments else "CNY"
    paid = sum_money((payment.money for payment in payments), currency)
    return paid, sum_money((Money(payment.given_back, payment.currency) for payment in payments), currency)


def as_payment_order(payment: Payment) -> PaymentOrder:
    """Return the payment as its provider needs to see it."""
    return PaymentOrder(
        number=payment.number,
        order_number=payment.order_number,
        tender=payment.tender,
        amount=payment.money,
        subject=payment.subject,
        return_url=payment.return_url,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        session=payment.provider_session,
        reference=payment.provider_reference,
    )


def as_refund_order(refund: Refund) -> RefundOrder:
    """Return the refund as its provider needs to see it; its reason, which the payer reads there, is in Chinese."""
    with translation.override("zh-hans"):
        reason = str(refund.get_reason_display())
    return RefundOrder(
        number=refund.provider_number,
        payment=as_payment_order(refund.payment),
        amount=refund.money,
        reason=reason,
        reference=refund.provider_reference,
    )


def our_book(provider: str, *, start: datetime, end: datetime, numbers: set[tuple[NoticeKind, str]]) -> Book:
    """Return what we booked at a provider in ``[start, end)`` by its clock, and ever under any of ``numbers``."""
    told_payments = {number for kind, number in numbers if kind is NoticeKind.PAYMENT}
    told_refunds = {number.partition("_")[0] for kind, number in numbers if kind is NoticeKind.REFUND}
    payments = Payment.objects.filter(provider=provider, status=PaymentStatus.CAPTURED).filter(
        Q(paid_at__gte=start, paid_at__lt=end) | Q(number__in=told_payments)
    )
    refunds = (
        Refund.objects.select_related("payment")
        .filter(payment__provider=provider, status=RefundStatus.SUCCEEDED)
        .filter(Q(given_back_at__gte=start, given_back_at__lt=end) | Q(number__in=told_refunds))
    )
    book = {(NoticeKind.PAYMENT, payment.number): payment.money for payment in payments}
    book |= {(NoticeKind.REFUND, refund.provider_number): refund.money for refund in refunds}
    return book


def day_of(day: date, *, zone) -> tuple[datetime, datetime]:
    """Return a calendar day in a zone as a half-open period."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=zone)


def _view(payment: Payment, *, now: datetime | None) -> PaymentView:
    is_payable = payment.status == PaymentStatus.PENDING and (now is None or now < payment.expires_at)
    action = None
    if is_payable and payment.action_url:
        action = Action(type=payment.action_type, url=payment.action_url)
    return PaymentView(
        number=payment.number,
        order_number=payment.order_number,
        provider=payment.provider,
        status=payment.status,
        tender=payment.tender,
        amount=payment.money,
        refunded=Money(payment.given_back, payment.currency),
        action=action,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        captured_at=payment.captured_at,
    )

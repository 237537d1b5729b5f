"""Payments for tests: rows as services make them, and a provider that lives in memory."""

import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction

from apps.kernel.api import Money, ports
from apps.payments import api
from apps.payments.errors import NotificationForged, NotificationMalformed, ProviderRefused, ProviderUnavailable
from apps.payments.ports import (
    GATEWAY_PORT,
    Action,
    CloseOutcome,
    Merchant,
    NoticeKind,
    Notification,
    PaymentOrder,
    ProviderState,
    ProviderStatus,
    RefundOrder,
    RefundState,
    StatementLine,
)

SECRET = b"a secret between the fake provider and its merchant"
NUMBERS = count(1)


@dataclass
class FakeTrade:
    """What the fake provider knows of a payment."""

    order: PaymentOrder
    status: ProviderStatus = ProviderStatus.UNPAID
    reference: str = ""
    paid_at: datetime | None = None


@dataclass
class FakeRefund:
    """What the fake provider knows of a refund."""

    order: RefundOrder
    status: ProviderStatus
    reference: str
    at: datetime


@dataclass
class FakeGateway:
    """
    A payment provider in memory: the payments port on one side, the buyer's and the operator's wishes on the other.

    ``calls`` names every call in order; ``is_silent`` makes it answer nothing, ``refunds_to`` is how refunds end.
    """

    merchant: Merchant = field(default_factory=lambda: Merchant(merchant_id="fake-merchant", app_id="fake-app"))
    trades: dict[str, FakeTrade] = field(default_factory=dict)
    refunds: dict[str, FakeRefund] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    is_silent: bool = False
    refunds_to: ProviderStatus = ProviderStatus.REFUNDED
    clock: datetime = field(default_factory=lambda: datetime(2026, 6, 10, 2, 0, tzinfo=UTC))
    lock: threading.RLock = field(default_factory=threading.RLock)

    # The port

    def create(self, order: PaymentOrder) -> Action:
        with self._call("create", order.number):
            trade = self.trades.setdefault(order.number, FakeTrade(order=order))
            if trade.status is ProviderStatus.CLOSED:
                raise ProviderRefused(provider="fake", provider_code="closed", reason="closed")
            return Action(type="redirect", url=f"https://cashier.example/{order.number}", session=f"s-{order.number}")

    def query(self, order: PaymentOrder) -> ProviderState:
        with self._call("query", order.number):
            trade = self.trades.get(order.number)
            if trade is None:
                return ProviderState(status=ProviderStatus.ABSENT)
            return ProviderState(
                status=trade.status,
                reference=trade.reference,
                amount=trade.order.amount,
                paid_at=trade.paid_at,
                merchant_id=self.merchant.merchant_id,
                app_id=self.merchant.app_id,
                order_number=trade.order.order_number,
            )

    def close(self, order: PaymentOrder) -> CloseOutcome:
        with self._call("close", order.number):
            trade = self.trades.get(order.number)
            if trade is None:
                return CloseOutcome.ABSENT
            if trade.status is ProviderStatus.PAID:
                return CloseOutcome.PAID
            trade.status = ProviderStatus.CLOSED
            return CloseOutcome.CLOSED

    def refund(self, order: RefundOrder) -> RefundState:
        with self._call("refund", order.number):
            if order.number not in self.refunds:
                trade = self.trades.get(order.payment.number)
                if trade is None or trade.status is not ProviderStatus.PAID:
                    return RefundState(status=ProviderStatus.FAILED, reason="not paid")
                if self._refunded(order.payment.number) + order.amount > trade.order.amount:
                    return RefundState(status=ProviderStatus.FAILED, reason="too much")
                self.refunds[order.number] = FakeRefund(
                    order=order, status=self.refunds_to, reference=f"fr-{next(NUMBERS)}", at=self.clock
                )
            return self._state_of(order.number)

    def query_refund(self, order: RefundOrder) -> RefundState:
        with self._call("query_refund", order.number):
            if order.number not in self.refunds:
                return RefundState(status=ProviderStatus.ABSENT)
            return self._state_of(order.number)

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        if not hmac.compare_digest(headers.get("X-Fake-Signature", ""), sign(body)):
            raise NotificationForged(reason="signature")
        try:
            values = json.loads(body)
            return Notification(
                kind=NoticeKind(values["kind"]),
                event_id=values["event_id"],
                event_type=values["event_type"],
                number=values["number"],
                status=ProviderStatus(values["status"]),
                amount=Money.from_minor(values["amount"], values["currency"]),
                reference=values["reference"],
                merchant_id=values["merchant_id"],
                app_id=values["app_id"],
                order_number=values["order_number"],
                happened_at=datetime.fromisoformat(values["happened_at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise NotificationMalformed(reason=str(error)) from error

    def fetch_statement(self, day: date) -> list[StatementLine]:
        with self._call("fetch_statement", day.isoformat()):
            lines = [
                StatementLine(
                    kind=NoticeKind.PAYMENT,
                    number=number,
                    reference=trade.reference,
                    amount=trade.order.amount,
                    at=trade.paid_at,
                )
                for number, trade in self.trades.items()
                if trade.paid_at and trade.paid_at.astimezone(api.PROVIDERS_ZONE).date() == day
            ]
            lines += [
                StatementLine(
                    kind=NoticeKind.REFUND,
                    number=number,
                    reference=refund.reference,
                    amount=refund.order.amount,
                    at=refund.at,
                )
                for number, refund in self.refunds.items()
                if refund.status is ProviderStatus.REFUNDED and refund.at.astimezone(api.PROVIDERS_ZONE).date() == day
            ]
            return lines

    # The buyer and the operator

    def pay(self, number: str, *, at: datetime | None = None) -> FakeTrade:
        """Pay a trade at the cashier."""
        with self.lock:
            trade = self.trades[number]
            trade.status = ProviderStatus.PAID
            trade.reference = f"ft-{next(NUMBERS)}"
            trade.paid_at = at or self.clock
            return trade

    def news_of(self, trade_number: str, /, **changes: object) -> Notification:
        """Return the news of a trade as the provider would tell it now, with some of it changed."""
        trade = self.trades[trade_number]
        news = Notification(
            kind=NoticeKind.PAYMENT,
            event_id=f"fe-{next(NUMBERS)}",
            event_type="trade",
            number=trade_number,
            status=trade.status,
            amount=trade.order.amount,
            reference=trade.reference,
            merchant_id=self.merchant.merchant_id,
            app_id=self.merchant.app_id,
            order_number=trade.order.order_number,
            happened_at=trade.paid_at or self.clock,
        )
        return replace(news, **changes)

    def _call(self, name: str, number: str) -> threading.RLock:
        with self.lock:
            self.calls.append((name, number))
            if self.is_silent:
                raise ProviderUnavailable(provider="fake", reason="silent")
        return self.lock

    def _refunded(self, payment_number: str) -> Money:
        total = Money.zero()
        for refund in self.refunds.values():
            if refund.order.payment.number == payment_number and refund.status is not ProviderStatus.FAILED:
                total += refund.order.amount
        return total

    def _state_of(self, number: str) -> RefundState:
        refund = self.refunds[number]
        return RefundState(
            status=refund.status,
            reference=refund.reference,
            amount=refund.order.amount,
            settled_at=refund.at,
            reason="no money" if refund.status is ProviderStatus.FAILED else "",
        )


def sign(body: bytes) -> str:
    """Sign as the fake provider does."""
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def as_message(news: Notification) -> bytes:
    """Return the news as the fake provider sends it."""
    amount = news.amount or Money.zero()
    return json.dumps(
        {
            "kind": news.kind,
            "event_id": news.event_id,
            "event_type": news.event_type,
            "number": news.number,
            "status": news.status,
            "amount": amount.minor,
            "currency": amount.currency,
            "reference": news.reference,
            "merchant_id": news.merchant_id,
            "app_id": news.app_id,
            "order_number": news.order_number,
            "happened_at": news.happened_at.isoformat() if news.happened_at else None,
        }
    ).encode()


def using_fake(gateway: FakeGateway, provider: str = "wechatpay"):
    """Answer a provider's port with the fake while the block runs."""
    return ports.using({GATEWAY_PORT.format(provider=provider): gateway})


def make_payment(*, now: datetime, **changes) -> api.Payment:
    """Open a payment the way orders does."""
    values = {
        "order_number": f"S{next(NUMBERS):08d}",
        "tender": "full",
        "provider": "wechatpay",
        "amount": Money.of("199.00"),
        "subject": "星驰 前制动片",
        "return_url": "https://shop.example/orders/1/",
        "expires_at": now + timedelta(minutes=30),
        "by": None,
    }
    with transaction.atomic():
        return api.open_payment(**{**values, **changes}, now=now)


def make_captured_payment(gateway: FakeGateway, *, now: datetime, **changes) -> api.Payment:
    """Open, present, pay and capture a payment at the fake provider."""
    payment = make_payment(now=now, **changes)
    api.present_payment(payment_number=payment.number, now=now)
    gateway.pay(payment.number, at=now)
    api.receive_notification(provider=payment.provider, notification=gateway.news_of(payment.number), now=now)
    payment.refresh_from_db()
    return payment


def make_order(*, number: str | None = None, amount: str = "199.00", now: datetime, **changes) -> PaymentOrder:
    """A payment as a provider sees it, for adapters' tests."""
    values = {
        "number": number or f"P260610{next(NUMBERS):012d}",
        "order_number": f"S{next(NUMBERS):08d}",
        "tender": "full",
        "amount": Money.of(amount),
        "subject": "星驰 前制动片",
        "return_url": "https://shop.example/orders/1/",
        "created_at": now,
        "expires_at": now + timedelta(minutes=40),
    }
    return PaymentOrder(**{**values, **changes})

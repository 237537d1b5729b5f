"""WeChat Pay API v3 behind the payments port, on the ``wechatpayv3`` SDK."""

import gzip
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone
from wechatpayv3 import WeChatPay, WeChatPayType

from apps.integrations.calls import OutsideCalls, close_trade, connect_and_read_seconds
from apps.integrations.reading import ReadingError, as_mapping, read_minor, read_moment, read_text
from apps.integrations.wechatpay.statement import read_trade_bill
from apps.payments.errors import (
    NotificationForged,
    NotificationMalformed,
    ProviderRefused,
    ProviderUnavailable,
    UnknownProvider,
)
from apps.payments.ports import (
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

PROVIDER = "wechatpay"
SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
# Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053249: refuse what is more than five minutes off.
WINDOW = timedelta(minutes=5)
# Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791874, "trade_state". A refunded trade was paid.
TRADE_STATES = {
    "SUCCESS": ProviderStatus.PAID,
    "REFUND": ProviderStatus.PAID,
    "NOTPAY": ProviderStatus.UNPAID,
    "USERPAYING": ProviderStatus.UNPAID,
    "ACCEPT": ProviderStatus.UNPAID,
    "PAYERROR": ProviderStatus.FAILED,
    "CLOSED": ProviderStatus.CLOSED,
    "REVOKED": ProviderStatus.CLOSED,
}
# Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791883, "status".
REFUND_STATES = {
    "SUCCESS": ProviderStatus.REFUNDED,
    "PROCESSING": ProviderStatus.PROCESSING,
    "CLOSED": ProviderStatus.FAILED,
    "ABNORMAL": ProviderStatus.FAILED,
}
# Refusals of a refund that the same number will meet every time; any other is tried again.
FINAL_REFUND_CODES = {"INVALID_REQUEST", "PARAM_ERROR", "RESOURCE_NOT_EXISTS", "USER_ACCOUNT_ABNORMAL"}

Answer = tuple[int, str | bytes | None]


class WeChatPayGateway:
    """One direct merchant; native trades, whose ``code_url`` the buyer scans."""

    def __init__(self) -> None:
        config = settings.WECHATPAY
        if not config["MCHID"]:
            raise UnknownProvider(provider=PROVIDER)
        self.merchant = Merchant(merchant_id=config["MCHID"], app_id=config["APPID"])
        self._public_key_id = config["PUBLIC_KEY_ID"]
        self._hooks = settings.HOOKS_BASE_URL.rstrip("/") + "/hooks/wechatpay"
        self._client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=config["MCHID"],
            private_key=Path(config["PRIVATE_KEY_FILE"]).read_text(encoding="ascii"),
            cert_serial_no=config["CERT_SERIAL"],
            appid=config["APPID"],
            apiv3_key=config["API_V3_KEY"],
            timeout=connect_and_read_seconds(),
            public_key=Path(config["PUBLIC_KEY_FILE"]).read_text(encoding="ascii"),
            public_key_id=config["PUBLIC_KEY_ID"],
        )
        # The SDK has no parameter for it.
        self._client._core._gate_way = config["BASE_URL"].rstrip("/")
        self._calls = OutsideCalls(PROVIDER, transport_errors=(requests.RequestException,))

    # Payments

    def create(self, order: PaymentOrder) -> Action:
        """Open a native trade; WeChat Pay answers the same ``code_url`` for the same number again."""
        answer = self._ask(
            lambda: self._client.pay(
                description=order.subject,
                out_trade_no=order.number,
                amount={"total": order.amount.minor, "currency": order.amount.currency},
                time_expire=order.expires_at.isoformat(timespec="seconds"),
                attach=order.order_number,
                notify_url=f"{self._hooks}/notify/",
            )
        )
        return Action(type="qr", url=self._calls.read(lambda: read_text(answer, "code_url")))

    def query(self, order: PaymentOrder) -> ProviderState:
        """Ask by our number."""
        try:
            answer = self._ask(lambda: self._client.query(out_trade_no=order.number))
        except ProviderRefused as error:
            if error.context["provider_code"] in ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"):
                return ProviderState(status=ProviderStatus.ABSENT)
            raise
        return self._calls.read(lambda: _trade_state(answer))

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Close by our number."""
        return close_trade(
            close=lambda: self._ask(lambda: self._client.close(out_trade_no=order.number)),
            query=lambda: self.query(order),
        )

    # Refunds

    def refund(self, order: RefundOrder) -> RefundState:
        """Ask for the refund; the same number again answers how the first one stands."""
        try:
            answer = self._ask(
                lambda: self._client.refund(
                    out_refund_no=order.number,
                    out_trade_no=order.payment.number,
                    amount={
                        "refund": order.amount.minor,
                        "total": order.payment.amount.minor,
                        "currency": order.amount.currency,
                    },
                    reason=order.reason or None,
                    notify_url=f"{self._hooks}/refund-notify/",
                )
            )
        except ProviderRefused as error:
            if error.context["provider_code"] in FINAL_REFUND_CODES:
                return RefundState(status=ProviderStatus.FAILED, reason=error.context["reason"])
            raise
        return self._calls.read(lambda: _refund_state(answer, "status"))

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Ask by our refund number."""
        try:
            answer = self._ask(lambda: self._client.query_refund(out_refund_no=order.number))
        except ProviderRefused as error:
            if error.context["provider_code"] == "RESOURCE_NOT_EXISTS":
                return RefundState(status=ProviderStatus.ABSENT)
            raise
        return self._calls.read(lambda: _refund_state(answer, "status"))

    # Notifications

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """Verify signature, key and age, decrypt, and read a payment's or a refund's news."""
        self._check_envelope(headers)
        try:
            # None for a wrong signature, and for a resource that our key does not open.
            message = self._client.callback(headers, body)
        except Exception as error:  # the SDK raises bare ones, for an unknown algorithm say
            raise NotificationMalformed(reason=str(error)) from error
        if message is None:
            raise NotificationForged(reason="signature")
        try:
            return _read_notification(as_mapping(message, "body"))
        except ReadingError as error:
            raise NotificationMalformed(reason=str(error)) from error

    def _check_envelope(self, headers: Mapping[str, str]) -> None:
        """Refuse what the SDK would raise a bare Exception for, ask WeChat Pay about, or accept an hour later."""
        if headers.get("Wechatpay-Signature-Type") != SIGNATURE_TYPE:
            raise NotificationForged(reason="signature type")
        if headers.get("Wechatpay-Serial") != self._public_key_id:
            raise NotificationForged(reason="unknown key")
        timestamp = headers.get("Wechatpay-Timestamp", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise NotificationForged(reason="timestamp")
        if abs(timezone.now().timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise NotificationForged(reason="outside the window")

    # Statement

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """Order the day's trade bill and download it."""
        try:
            answer = self._ask(lambda: self._client.trade_bill(bill_date=day.isoformat()))
        except ProviderRefused as error:
            if error.context["provider_code"] == "NO_STATEMENT_EXIST":
                return []
            raise
        url = self._calls.read(lambda: read_text(answer, "download_url"))
        packed = self._calls.repeatable(lambda: self._answer(lambda: self._client.download_bill(url)))
        content = packed if isinstance(packed, bytes) else str(packed).encode()
        return self._calls.read(lambda: read_trade_bill(gzip.decompress(content)))

    # Calls: every one is keyed by our number, so every one may be repeated.

    def _ask(self, call: Callable[[], Answer]) -> Mapping[str, Any]:
        """
        Make one call and return the JSON object it answers.

        :raises ProviderUnavailable: without an answer, or with one nobody can trust or read
        :raises ProviderRefused: with ``provider_code`` and ``reason`` in WeChat Pay's words
        """
        message = self._calls.repeatable(lambda: self._answer(call))
        return self._calls.read(lambda: as_mapping(json.loads(message) if message else {}, "answer"))

    def _answer(self, call: Callable[[], Answer]) -> str | bytes | None:
        try:
            status, message = call()
        except requests.RequestException:
            raise
        except Exception as error:  # the SDK raises bare ones for an answer that is not signed by WeChat Pay
            raise ProviderUnavailable(provider=PROVIDER, reason=f"answer refused: {error}") from error
        if status < 400:
            return message
        code, reason = _refusal(message)
        if status >= 500 or status == 429:
            raise ProviderUnavailable(provider=PROVIDER, reason=code or str(status))
        raise ProviderRefused(provider=PROVIDER, provider_code=code, reason=reason)


def _refusal(message: str | bytes | None) -> tuple[str, str]:
    try:
        values = as_mapping(json.loads(message or "{}"), "answer")
        return read_text(values, "code", is_required=False), read_text(values, "message", is_required=False)
    except ValueError:
        return "", "unreadable"


def _read_notification(message: Mapping[str, Any]) -> Notification:
    event_type = read_text(message, "event_type")
    event_id = read_text(message, "id")
    resource = as_mapping(message.get("resource"), "resource")
    if event_type.startswith("REFUND."):
        state = _refund_state(resource, "refund_status")
        return Notification(
            kind=NoticeKind.REFUND,
            event_id=event_id,
            event_type=event_type,
            number=read_text(resource, "out_refund_no"),
            status=state.status,
            amount=state.amount,
            reference=state.reference,
            merchant_id=read_text(resource, "mchid"),
            happened_at=state.settled_at,
            reason=state.reason,
        )
    if not event_type.startswith("TRANSACTION."):
        return Notification(
            kind=NoticeKind.OTHER, event_id=event_id, event_type=event_type, number="", status=ProviderStatus.UNPAID
        )
    trade = _trade_state(resource)
    return Notification(
        kind=NoticeKind.PAYMENT,
        event_id=event_id,
        event_type=event_type,
        number=read_text(resource, "out_trade_no"),
        status=trade.status,
        amount=trade.amount,
        reference=trade.reference,
        merchant_id=trade.merchant_id,
        app_id=trade.app_id,
        order_number=trade.order_number,
        happened_at=trade.paid_at,
    )


def _trade_state(trade: Mapping[str, Any]) -> ProviderState:
    state = read_text(trade, "trade_state")
    if state not in TRADE_STATES:
        raise ReadingError(f"unknown trade_state {state}")
    amount = as_mapping(trade.get("amount"), "amount")
    return ProviderState(
        status=TRADE_STATES[state],
        reference=read_text(trade, "transaction_id", is_required=state in ("SUCCESS", "REFUND")),
        amount=read_minor(amount, "total", read_text(amount, "currency", is_required=False) or "CNY"),
        paid_at=read_moment(trade, "success_time"),
        merchant_id=read_text(trade, "mchid"),
        app_id=read_text(trade, "appid"),
        order_number=read_text(trade, "attach", is_required=False) or None,
    )


def _refund_state(refund: Mapping[str, Any], status_field: str) -> RefundState:
    state = read_text(refund, status_field)
    if state not in REFUND_STATES:
        raise ReadingError(f"unknown refund state {state}")
    amount = as_mapping(refund.get("amount"), "amount")
    status = REFUND_STATES[state]
    return RefundState(
        status=status,
        reference=read_text(refund, "refund_id", is_required=False),
        amount=read_minor(amount, "refund", read_text(amount, "currency", is_required=False) or "CNY"),
        settled_at=read_moment(refund, "success_time"),
        reason=state if status is ProviderStatus.FAILED else "",
    )

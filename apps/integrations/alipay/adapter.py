"""Alipay behind the payments port, on the ``python-alipay-sdk``."""

import http.client
import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl

import httpx
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig
from django.conf import settings
from django.utils import timezone

from apps.integrations.alipay.statement import read_business_detail
from apps.integrations.calls import OutsideCalls, close_trade, connect_and_read_seconds
from apps.integrations.reading import ReadingError, as_mapping, read_major, read_text, read_wall_clock
from apps.payments.api import PROVIDERS_ZONE
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

PROVIDER = "alipay"
SUCCESS = "10000"
# Source: https://opendocs.alipay.com/common/02km9f (public error codes): the gateway is at fault, not the request.
UNAVAILABLE_CODES = {"20000"}
UNAVAILABLE_SUB_CODES = {"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"}
ABSENT_SUB_CODES = {"ACQ.TRADE_NOT_EXIST"}
NO_STATEMENT_SUB_CODES = {"isp.bill_not_exist"}
# Refusals of a refund that the same request number will meet every time; any other is tried again.
# Source: https://opendocs.alipay.com/open/028sm9 (alipay.trade.refund, business error codes).
FINAL_REFUND_SUB_CODES = {
    "ACQ.INVALID_PARAMETER",
    "ACQ.TRADE_NOT_EXIST",
    "ACQ.TRADE_STATUS_ERROR",
    "ACQ.TRADE_HAS_FINISHED",
    "ACQ.TRADE_NOT_ALLOW_REFUND",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR",
    "ACQ.DISCORDANT_REPEAT_REQUEST",
}
MOST_FORM_FIELDS = 100
MOST_BILL_BYTES = 64 * 1024 * 1024


class ShanghaiAliPay(AliPay):
    """The SDK, asking the address of our settings and stamping requests with the time Alipay expects."""

    def __init__(self, *, gateway: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._gateway = gateway

    def build_body(self, method: str, biz_content: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Stamp Shanghai's wall clock; the SDK would stamp the machine's."""
        body = super().build_body(method, biz_content, **kwargs)
        body["timestamp"] = _as_alipay_time(timezone.now())
        return body


class AlipayGateway:
    """One merchant application; payment pages in the browser."""

    def __init__(self) -> None:
        config = settings.ALIPAY
        if not config["APP_ID"]:
            raise UnknownProvider(provider=PROVIDER)
        self.merchant = Merchant(merchant_id=config["SELLER_ID"], app_id=config["APP_ID"])
        self._gateway = config["GATEWAY_URL"]
        self._notify_url = settings.HOOKS_BASE_URL.rstrip("/") + "/hooks/alipay/notify/"
        connect, read = connect_and_read_seconds()
        self._client = ShanghaiAliPay(
            gateway=self._gateway,
            appid=config["APP_ID"],
            app_notify_url=self._notify_url,
            app_private_key_string=Path(config["PRIVATE_KEY_FILE"]).read_text(encoding="ascii"),
            alipay_public_key_string=Path(config["PUBLIC_KEY_FILE"]).read_text(encoding="ascii"),
            sign_type="RSA2",
            # The SDK waits this long for a connection, and again for an answer.
            config=AliPayConfig(timeout=float(settings.OUTSIDE_DEADLINE) / 2),
        )
        self._timeout = httpx.Timeout(read, connect=connect)
        self._calls = OutsideCalls(PROVIDER, transport_errors=(OSError, http.client.HTTPException, httpx.HTTPError))

    # Payments

    def create(self, order: PaymentOrder) -> Action:
        """Sign the address of the payment page. The trade begins when the buyer opens it; nobody is called."""
        signed = self._client.api_alipay_trade_page_pay(
            subject=order.subject,
            out_trade_no=order.number,
            total_amount=str(order.amount.amount),
            return_url=order.return_url,
            notify_url=self._notify_url,
            time_expire=_as_alipay_time(order.expires_at),
            passback_params=order.order_number,
        )
        return Action(type="redirect", url=f"{self._gateway}?{signed}")

    def query(self, order: PaymentOrder) -> ProviderState:
        """Ask by our number."""
        try:
            answer = self._ask("alipay.trade.query", {"out_trade_no": order.number})
        except ProviderRefused as error:
            if error.context["provider_code"] in ABSENT_SUB_CODES:
                return ProviderState(status=ProviderStatus.ABSENT)
            raise
        return self._calls.read(lambda: _trade_state(answer))

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Close by our number."""
        return close_trade(
            close=lambda: self._ask("alipay.trade.close", {"out_trade_no": order.number}),
            query=lambda: self.query(order),
        )

    # Refunds

    def refund(self, order: RefundOrder) -> RefundState:
        """Ask for the refund. ``fund_change`` N means "not this time": perhaps it was done before, so ask."""
        content = {
            "out_trade_no": order.payment.number,
            "refund_amount": str(order.amount.amount),
            "out_request_no": order.number,
            "refund_reason": order.reason,
        }
        try:
            answer = self._ask("alipay.trade.refund", content)
        except ProviderRefused as error:
            if error.context["provider_code"] in FINAL_REFUND_SUB_CODES:
                return RefundState(status=ProviderStatus.FAILED, reason=error.context["reason"])
            raise
        if answer.get("fund_change") != "Y":
            state = self.query_refund(order)
            return state if state.status is ProviderStatus.REFUNDED else RefundState(status=ProviderStatus.PROCESSING)
        # The answer's refund_fee is the sum of all refunds of the trade: the amount of this one is not told.
        return RefundState(
            status=ProviderStatus.REFUNDED,
            reference=order.number,
            settled_at=self._calls.read(lambda: _read_alipay_time(answer, "gmt_refund_pay")),
        )

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Ask by our request number; an answer without ``refund_status`` means that there was no such refund."""
        content = {
            "out_trade_no": order.payment.number,
            "out_request_no": order.number,
            "query_options": ["gmt_refund_pay"],
        }
        try:
            answer = self._ask("alipay.trade.fastpay.refund.query", content)
        except ProviderRefused as error:
            if error.context["provider_code"] in ABSENT_SUB_CODES:
                return RefundState(status=ProviderStatus.ABSENT)
            raise
        if answer.get("refund_status") != "REFUND_SUCCESS":
            return RefundState(status=ProviderStatus.ABSENT)
        return RefundState(
            status=ProviderStatus.REFUNDED,
            reference=order.number,
            amount=self._calls.read(lambda: read_major(answer, "refund_amount", "CNY")),
            settled_at=self._calls.read(lambda: _read_alipay_time(answer, "gmt_refund_pay")),
        )

    # Notifications

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """Verify the form's signature and read the news in it."""
        fields = _read_form(body)
        signature = fields.pop("sign", "")
        if not signature:
            raise NotificationForged(reason="no signature")
        try:
            # The SDK takes sign_type out of the dictionary it is given.
            is_genuine = self._client.verify(dict(fields), signature)
        except (AliPayException, ValueError) as error:
            raise NotificationForged(reason=str(error)) from error
        if not is_genuine:
            raise NotificationForged(reason="signature")
        try:
            return _read_notification(fields)
        except ReadingError as error:
            raise NotificationMalformed(reason=str(error)) from error

    # Statement

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """Ask for the address of the day's bill and download it."""
        content = {"bill_type": "trade", "bill_date": day.isoformat()}
        try:
            answer = self._ask("alipay.data.dataservice.bill.downloadurl.query", content)
        except ProviderRefused as error:
            if error.context["provider_code"] in NO_STATEMENT_SUB_CODES:
                return []
            raise
        url = self._calls.read(lambda: read_text(answer, "bill_download_url"))
        packed = self._calls.repeatable(lambda: self._download(url))
        return self._calls.read(lambda: read_business_detail(_unpack_detail(packed)))

    def _download(self, url: str) -> bytes:
        response = httpx.get(url, timeout=self._timeout, follow_redirects=False)
        response.raise_for_status()
        return response.content

    # Calls: every one is keyed by our number, so every one may be repeated.

    def _ask(self, method: str, content: dict[str, Any]) -> Mapping[str, Any]:
        """
        Make one call and return the inner answer.

        :raises ProviderUnavailable: without an answer, or with one nobody can trust or read
        :raises ProviderRefused: with ``provider_code`` (Alipay's sub_code) and ``reason``
        """
        return self._calls.repeatable(lambda: self._answer(method, content))

    def _answer(self, method: str, content: dict[str, Any]) -> Mapping[str, Any]:
        try:
            answer = as_mapping(self._client.server_api(method, content), "answer")
        except HTTPError as error:
            error.close()
            raise ProviderUnavailable(provider=PROVIDER, reason=f"HTTP {error.code}") from error
        except AliPayException as error:
            # The gateway did not let us in: wrong keys, wrong app. It answers that without a signature.
            raise ProviderRefused(provider=PROVIDER, provider_code="gateway", reason=str(error)[:200]) from error
        except (AliPayValidationError, ValueError, AttributeError) as error:
            raise ProviderUnavailable(provider=PROVIDER, reason=f"answer refused: {error!r}") from error
        code, sub_code = str(answer.get("code", "")), str(answer.get("sub_code", ""))
        if code == SUCCESS:
            return answer
        if code in UNAVAILABLE_CODES or sub_code in UNAVAILABLE_SUB_CODES:
            raise ProviderUnavailable(provider=PROVIDER, reason=sub_code or code)
        reason = str(answer.get("sub_msg") or answer.get("msg") or "")[:200]
        raise ProviderRefused(provider=PROVIDER, provider_code=sub_code or code, reason=reason)


def _read_form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FORM_FIELDS
        )
    except ValueError as error:
        raise NotificationMalformed(reason=str(error)) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NotificationMalformed(reason="a field comes twice")
    # Empty values are not part of the signed text.
    return {name: value for name, value in fields.items() if value}


def _read_notification(fields: Mapping[str, str]) -> Notification:
    """
    Read a payment's news, or a refund's.

    A refund's news tells only the sum of all refunds of the trade, never this one's amount: it is read as "something
    moved", and what moved is learnt from ``alipay.trade.refund`` itself or by asking.
    """
    about = {
        "event_id": read_text(fields, "notify_id"),
        "event_type": read_text(fields, "trade_status"),
        "merchant_id": read_text(fields, "seller_id"),
        "app_id": read_text(fields, "app_id"),
        "reference": read_text(fields, "trade_no"),
    }
    if read_text(fields, "out_biz_no", is_required=False) and read_text(fields, "gmt_refund", is_required=False):
        return Notification(
            kind=NoticeKind.REFUND, number=read_text(fields, "out_biz_no"), status=ProviderStatus.PROCESSING, **about
        )
    paid_at = _read_alipay_time(fields, "gmt_payment")
    return Notification(
        kind=NoticeKind.PAYMENT,
        number=read_text(fields, "out_trade_no"),
        status=_trade_status(about["event_type"], is_paid=paid_at is not None),
        amount=read_major(fields, "total_amount", "CNY"),
        order_number=read_text(fields, "passback_params", is_required=False) or None,
        happened_at=paid_at,
        **about,
    )


def _trade_state(trade: Mapping[str, Any]) -> ProviderState:
    paid_at = _read_alipay_time(trade, "send_pay_date")
    return ProviderState(
        status=_trade_status(read_text(trade, "trade_status"), is_paid=paid_at is not None),
        reference=read_text(trade, "trade_no"),
        amount=read_major(trade, "total_amount", "CNY"),
        paid_at=paid_at,
    )


def _trade_status(status: str, *, is_paid: bool) -> ProviderStatus:
    """
    Translate. A closed trade that was paid has been refunded in full: the money did come.

    Source: https://opendocs.alipay.com/open/028woa (alipay.trade.query, trade_status)
    """
    if status in ("TRADE_SUCCESS", "TRADE_FINISHED"):
        return ProviderStatus.PAID
    if status == "TRADE_CLOSED":
        return ProviderStatus.PAID if is_paid else ProviderStatus.CLOSED
    if status == "WAIT_BUYER_PAY":
        return ProviderStatus.UNPAID
    raise ReadingError(f"unknown trade_status {status}")


def _as_alipay_time(moment: datetime) -> str:
    return moment.astimezone(PROVIDERS_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _read_alipay_time(values: Mapping[str, Any], name: str) -> datetime | None:
    text = read_text(values, name, is_required=False)
    # Some answers carry milliseconds after a point.
    return read_wall_clock(text[:19]) if text else None


def _unpack_detail(packed: bytes) -> bytes:
    """Return the detail out of the ZIP; the other file in it is the summary, told apart by the brackets in its name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        details = [entry for entry in archive.infolist() if "(" not in entry.filename]
        if len(details) != 1:
            raise ReadingError("the bill has not one detail")
        if details[0].file_size > MOST_BILL_BYTES:
            raise ReadingError("the bill is too large")
        return archive.read(details[0])

"""``gateway.do``: one address, the interface named by ``method``, signed both ways."""

import json
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.cashier import serve_cashier
from apps.sandbox.clock import SHANGHAI, as_alipay_time, day_in_shanghai, in_shanghai, read_clock
from apps.sandbox.errors import NotClosable, NotRefundable, NumberReused, RefundTooMuch
from apps.sandbox.pages import render
from apps.sandbox.trades import CLOSED, PAID, Trade

from .counter import AlipayCounter
from .errors import AlipayError, bad_parameter, not_let_in
from .orders import as_yuan, fen_of, read_order, text_of
from .signing import is_signed_request, sign_answer
from .views import SUCCESS, is_known, refund_query_body, trade_body

# Payment pages are opened by the buyer, so their signature may be as old as the page; other requests are fresh.
WINDOW_SECONDS = 900.0
PAGES = {"alipay.trade.page.pay": "page", "alipay.trade.wap.pay": "wap"}
# Source: the download address of a bill is valid for thirty seconds.
DOWNLOAD_SECONDS = 30.0

Work = Callable[[dict[str, str], dict[str, Any], float], dict[str, Any]]


class AlipayApi:
    """One method per interface; each returns the inner answer or raises ``AlipayError``."""

    def __init__(self, counter: AlipayCounter) -> None:
        self.counter = counter
        self.trades = counter.trades
        self.downloads: dict[str, tuple[float, bytes]] = {}
        self.works: dict[str, Work] = {
            "alipay.trade.precreate": self.precreate,
            "alipay.trade.query": self.query,
            "alipay.trade.close": self.close,
            "alipay.trade.refund": self.refund,
            "alipay.trade.fastpay.refund.query": self.query_refund,
            "alipay.data.dataservice.bill.downloadurl.query": self.order_bill,
        }

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/gateway.do", self.serve, methods=["GET", "POST"]),
            Route("/alipay/billdownload/", self.download_bill, methods=["GET"]),
        ]

    async def serve(self, request: Request) -> Response:
        now = read_clock()
        values = await _read_values(request)
        method = values.get("method", "")
        request.state.notes = {"api": method}
        if method in PAGES:
            return await self._serve_page(request, values, now=now)
        name = method.replace(".", "_") + "_response" if method in self.works else "error_response"
        try:
            content = self._verify(values, now=now)
            if abs(now - _read_timestamp(values["timestamp"])) > WINDOW_SECONDS:
                raise not_let_in("isv.invalid-timestamp", "非法的时间戳参数")
            body = self.works[method](values, content, now)
        except AlipayError as error:
            request.state.notes = {"api": method, "refused": error.sub_code, "why": error.sub_msg}
            body = error.body()
            if error.code != "40004":
                answer = json.dumps({name: body}, ensure_ascii=False).encode()
                return Response(answer, media_type="text/html; charset=utf-8")
        answer = sign_answer(self.counter.platform_key, name=name, body=body)
        return Response(answer, media_type="text/html; charset=utf-8")

    def _verify(self, values: dict[str, str], *, now: float) -> dict[str, Any]:
        """Check who asks, and return ``biz_content``."""
        if values.get("app_id") != self.counter.credentials.alipay_app_id:
            raise not_let_in("isv.invalid-app-id", "无效的AppID参数")
        if values.get("sign_type") != "RSA2":
            raise not_let_in("isv.invalid-signature-type", "无效的签名类型")
        if values.get("charset", "").lower() != "utf-8":
            raise not_let_in("isv.invalid-charset", "字符集错误")
        if not values.get("sign"):
            raise not_let_in("isv.missing-signature", "缺少签名参数")
        if not is_signed_request(self.counter.merchant_key, values):
            raise not_let_in("isv.invalid-signature", "验签出错，请确认签名与应用公钥")
        _read_timestamp(values.get("timestamp", ""))
        if values.get("method") not in {*self.works, *PAGES}:
            raise not_let_in("isv.invalid-method", "不存在的方法名")
        try:
            content = json.loads(values.get("biz_content") or "{}")
        except ValueError as error:
            raise bad_parameter("biz_content不是合法的JSON") from error
        if not isinstance(content, dict):
            raise bad_parameter("biz_content不是JSON对象")
        return content

    # Payment pages

    async def _serve_page(self, request: Request, values: dict[str, str], *, now: float) -> Response:
        """Open the trade and show its cashier; a script may post its decision right here."""
        try:
            content = self._verify(values, now=now)
            trade = self._open(values, content, kind=PAGES[values["method"]], now=now)
        except AlipayError as error:
            request.state.notes = {"api": values["method"], "refused": error.sub_code, "why": error.sub_msg}
            return render(
                "refused.html",
                status_code=400,
                brand=self.counter.brand,
                color=self.counter.color,
                code=error.sub_code,
                message=error.sub_msg,
            )
        if "json" in request.headers.get("content-type", ""):
            request.state.trade_token = trade.token
            return await serve_cashier(request, self.counter)
        return RedirectResponse(self.counter.cashier_url(trade), status_code=302)

    def _open(self, values: dict[str, str], content: dict[str, Any], *, kind: str, now: float) -> Trade:
        order = read_order(
            content,
            kind=kind,
            trade_no=f"{in_shanghai(now):%Y%m%d}22001{secrets.randbelow(10**15):015d}",
            notify_url=values.get("notify_url", ""),
            return_url=values.get("return_url", ""),
            now=now,
        )
        try:
            return self.trades.open(order, now=now)
        except NumberReused as error:
            raise AlipayError("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改") from error

    # Trades

    def precreate(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        trade = self._open(values, content, kind="precreate", now=now)
        if trade.state == PAID:
            raise AlipayError("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
        if trade.state == CLOSED:
            raise AlipayError("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
        return {**SUCCESS, "out_trade_no": trade.number, "qr_code": self.counter.cashier_url(trade)}

    def query(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        trade = self._trade(content, now=now)
        return trade_body(trade, refunded=self.trades.refunded(trade))

    def close(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        trade = self._trade(content, now=now)
        if trade.state == CLOSED:
            raise AlipayError("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        try:
            self.trades.close(trade, now=now)
        except NotClosable as error:
            raise AlipayError("ACQ.TRADE_STATUS_ERROR", "交易状态不合法") from error
        return {**SUCCESS, "trade_no": trade.trade_no, "out_trade_no": trade.number}

    def _trade(self, content: dict[str, Any], *, now: float) -> Trade:
        trade_no, number = str(content.get("trade_no") or ""), str(content.get("out_trade_no") or "")
        if not trade_no and not number:
            raise bad_parameter("参数无效：订单号和交易号不能同时为空")
        trade = self.trades.find(trade_no=trade_no, number="" if trade_no else number, now=now)
        if trade is None or not is_known(trade):
            raise AlipayError("ACQ.TRADE_NOT_EXIST", "交易不存在")
        return trade

    # Refunds

    def refund(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        trade = self._trade(content, now=now)
        amount = fen_of(content, "refund_amount")
        request_no = text_of(content, "out_request_no", most=64, is_required=False) or trade.number
        if self.counter.context.refunds_at("alipay").result == "fail":
            raise AlipayError("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")
        try:
            with self.counter.context.database.transaction():
                refund, is_new = self.trades.refund(
                    trade,
                    # A request number is the merchant's own within one trade.
                    number=f"{trade.number}/{request_no}",
                    refund_no=f"{in_shanghai(now):%Y%m%d}{secrets.randbelow(10**20):020d}",
                    amount=amount,
                    now=now,
                    settles_at=now,
                    details={"out_request_no": request_no, "reason": str(content.get("refund_reason") or "")},
                )
                if is_new:
                    self.counter.queue_refund_notice(refund, trade, now=now)
        except NumberReused as error:
            raise AlipayError("ACQ.DISCORDANT_REPEAT_REQUEST", "不一致的请求") from error
        except NotRefundable as error:
            raise AlipayError("ACQ.TRADE_STATUS_ERROR", "交易状态不合法") from error
        except RefundTooMuch as error:
            raise AlipayError("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限") from error
        return {
            **SUCCESS,
            "trade_no": trade.trade_no,
            "out_trade_no": trade.number,
            "buyer_logon_id": "159****5620",
            "fund_change": "Y" if is_new else "N",
            # Source: the sum of all refunds of the trade, not this one's amount.
            "refund_fee": as_yuan(self.trades.refunded(trade)),
            "gmt_refund_pay": as_alipay_time(refund.settles_at),
        }

    def query_refund(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        trade = self._trade(content, now=now)
        request_no = text_of(content, "out_request_no", most=64)
        refund = self.trades.find_refund(number=f"{trade.number}/{request_no}")
        # Source: an answer without refund_status means the refund was not received, or failed.
        return dict(SUCCESS) if refund is None else refund_query_body(refund, trade)

    # Bills

    def order_bill(self, values: dict[str, str], content: dict[str, Any], now: float) -> dict[str, Any]:
        """Answer where the bill can be downloaded. Unlike the real one, today's bill exists already."""
        if content.get("bill_type") != "trade":
            raise bad_parameter("bill_type仅支持trade")
        try:
            day = date.fromisoformat(str(content.get("bill_date")))
        except ValueError as error:
            raise bad_parameter("bill_date格式错误") from error
        start, end = day_in_shanghai(day)
        if not self.trades.paid_between(start, end) and not self.trades.refunded_between(start, end):
            raise AlipayError("isp.bill_not_exist", "账单不存在")
        token = secrets.token_urlsafe(24)
        self.downloads = {key: value for key, value in self.downloads.items() if value[0] > now}
        self.downloads[token] = (now + DOWNLOAD_SECONDS, self.counter.packed_bill(day, now=now))
        url = f"{self.counter.context.base_url}/alipay/billdownload/?token={token}"
        return {**SUCCESS, "bill_download_url": url}

    async def download_bill(self, request: Request) -> Response:
        """Answer the ZIP; the address itself is the permission, as documented."""
        expires_at, content = self.downloads.get(request.query_params.get("token", ""), (0.0, b""))
        if expires_at <= read_clock():
            return Response("下载链接已失效", status_code=403, media_type="text/plain; charset=utf-8")
        return Response(content, media_type="application/zip")


async def _read_values(request: Request) -> dict[str, str]:
    """Return query and form parameters together."""
    values = dict(request.query_params)
    if "form" in request.headers.get("content-type", ""):
        form = await request.form()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return values


def _read_timestamp(value: str) -> float:
    """Return ``yyyy-MM-dd HH:mm:ss`` of Shanghai in seconds since the epoch."""
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI).timestamp()
    except ValueError as error:
        raise not_let_in("isv.invalid-timestamp", "非法的时间戳参数") from error

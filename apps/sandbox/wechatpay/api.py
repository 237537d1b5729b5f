"""The HTTP interface merchants call: ``/v3/…``, signed both ways."""

import gzip
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.clock import day_in_shanghai, in_shanghai, read_clock
from apps.sandbox.errors import NotClosable, NotRefundable, NumberReused, RefundTooMuch
from apps.sandbox.trades import CLOSED, PAID, Trade

from .counter import WechatPayCounter
from .errors import WechatError, bad_parameter
from .orders import REFUND_NUMBER, amount_of, fen_of, notify_url_of, read_order, text_of
from .signing import BadSignature, sign_answer, verify_request
from .views import refund_body, trade_body, trade_state

# How long a refund stays PROCESSING.
REFUND_SECONDS = 1.0
# Source: the download address of a bill is valid for five minutes.
DOWNLOAD_SECONDS = 300.0

Endpoint = Callable[[Request], Awaitable[Response]]
Answer = tuple[int, dict[str, Any] | None]


class WechatApi:
    """One method per interface; each returns ``(status, body)`` or raises ``WechatError``."""

    def __init__(self, counter: WechatPayCounter) -> None:
        self.counter = counter
        self.trades = counter.trades
        self.downloads: dict[str, tuple[float, bytes]] = {}

    def routes(self) -> list[BaseRoute]:
        trades, refunds = "/v3/pay/transactions", "/v3/refund/domestic/refunds"
        return [
            Route(f"{trades}/{{kind:str}}", self._signed(self.create_trade), methods=["POST"]),
            Route(f"{trades}/id/{{trade_no}}", self._signed(self.query_trade), methods=["GET"]),
            Route(f"{trades}/out-trade-no/{{number}}", self._signed(self.query_trade), methods=["GET"]),
            Route(f"{trades}/out-trade-no/{{number}}/close", self._signed(self.close_trade), methods=["POST"]),
            Route(refunds, self._signed(self.create_refund), methods=["POST"]),
            Route(f"{refunds}/{{number}}", self._signed(self.query_refund), methods=["GET"]),
            Route("/v3/bill/tradebill", self._signed(self.order_bill), methods=["GET"]),
            Route("/v3/billdownload/file", self.download_bill, methods=["GET"]),
            Route(
                "/v3/{rest:path}", self._signed(self.refuse_unknown), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
            ),
        ]

    # Signatures

    def _signed(self, work: Callable[[Request, dict[str, Any], float], Answer]) -> Endpoint:
        """Verify the request, do the work, sign the answer."""

        async def endpoint(request: Request) -> Response:
            now = read_clock()
            body = await request.body()
            try:
                self._verify(request, body, now=now)
                status, answer = work(request, _read_json(body), now)
            except WechatError as error:
                request.state.notes = {"refused": error.code, "why": error.message}
                status, answer = error.status, {"code": error.code, "message": error.message}
            return self._answer(status, answer, now=now)

        return endpoint

    def _verify(self, request: Request, body: bytes, *, now: float) -> None:
        target = request.scope["raw_path"].decode("latin-1")
        if request.scope["query_string"]:
            target += "?" + request.scope["query_string"].decode("latin-1")
        try:
            verify_request(
                self.counter.known_merchant,
                authorization=request.headers.get("authorization", ""),
                method=request.method,
                target=target,
                body=body,
                now=now,
            )
        except BadSignature as error:
            raise WechatError(401, "SIGN_ERROR", str(error)) from error
        serial = request.headers.get("wechatpay-serial", self.counter.credentials.wechatpay_public_key_id)
        if serial != self.counter.credentials.wechatpay_public_key_id:
            raise WechatError(400, "PARAM_ERROR", "Wechatpay-Serial不是有效的微信支付公钥ID")

    def _answer(self, status: int, answer: dict[str, Any] | None, *, now: float) -> Response:
        body = b"" if answer is None else json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        serial = self.counter.credentials.wechatpay_public_key_id
        headers = sign_answer(self.counter.platform_key, serial=serial, body=body, now=now)
        headers["Request-ID"] = secrets.token_hex(16).upper()
        return Response(body, status_code=status, headers=headers, media_type="application/json")

    # Trades

    def create_trade(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        kind = request.path_params["kind"]
        if kind not in ("native", "h5", "jsapi", "app"):
            return self.refuse_unknown(request, data, now)
        credentials = self.counter.credentials
        order = read_order(
            data,
            kind=kind,
            appid=credentials.wechatpay_appid,
            mchid=credentials.wechatpay_mchid,
            trade_no=self.counter.new_trade_no(now),
            token=self.counter.new_prepay_id(now),
            now=now,
        )
        try:
            trade = self.trades.open(order, now=now)
        except NumberReused as error:
            raise WechatError(403, "OUT_TRADE_NO_USED", "商户订单号重复") from error
        if trade.state == PAID:
            raise WechatError(403, "OUT_TRADE_NO_USED", "商户订单号重复，该订单已支付")
        if trade.state == CLOSED:
            raise WechatError(400, "ORDER_CLOSED", "订单已关闭")
        url = self.counter.cashier_url(trade)
        return 200, {"native": {"code_url": url}, "h5": {"h5_url": url}}.get(kind, {"prepay_id": trade.token})

    def query_trade(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        trade = self._trade(request, now=now)
        return 200, self._trade_body(trade)

    def close_trade(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        if data.get("mchid") != self.counter.credentials.wechatpay_mchid:
            raise bad_parameter("输入源“/body/mchid”与签名的商户号不一致")
        try:
            self.trades.close(self._trade(request, now=now, is_own=True), now=now)
        except NotClosable as error:
            raise WechatError(400, "INVALID_REQUEST", "订单已支付，不能关闭") from error
        return 204, None

    def _trade(self, request: Request, *, now: float, is_own: bool = False) -> Trade:
        if not is_own and request.query_params.get("mchid") != self.counter.credentials.wechatpay_mchid:
            raise bad_parameter("输入源“/query/mchid”与签名的商户号不一致")
        path = request.path_params
        trade = self.trades.find(number=path.get("number", ""), trade_no=path.get("trade_no", ""), now=now)
        # The provider's number exists for the merchant only once the buyer has paid.
        if trade is None or ("trade_no" in path and trade.state != PAID):
            raise WechatError(404, "ORDER_NOT_EXIST", "订单不存在")
        return trade

    def _trade_body(self, trade: Trade) -> dict[str, Any]:
        state = trade_state(trade, has_refunds=bool(self.trades.refunds_of(trade)))
        credentials = self.counter.credentials
        return trade_body(trade, mchid=credentials.wechatpay_mchid, appid=credentials.wechatpay_appid, state=state)

    # Refunds

    def create_refund(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        number = text_of(data, "out_refund_no", most=64)
        if not REFUND_NUMBER.fullmatch(number):
            raise bad_parameter("输入源“/body/out_refund_no”只能是数字、大小写字母_-|*@")
        amount = amount_of(data)
        trade_no, order_number = data.get("transaction_id") or "", data.get("out_trade_no") or ""
        trade = self.trades.find(trade_no=str(trade_no), number="" if trade_no else str(order_number), now=now)
        if trade is None:
            raise WechatError(404, "RESOURCE_NOT_EXISTS", "订单号不存在")
        if fen_of(amount, "total") != trade.amount:
            raise WechatError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        try:
            with self.counter.context.database.transaction():
                refund, is_new = self.trades.refund(
                    trade,
                    number=number,
                    refund_no=f"50{secrets.randbelow(10**8):08d}{in_shanghai(now):%Y%m%d}{secrets.randbelow(10**11):011d}",
                    amount=fen_of(amount, "refund"),
                    now=now,
                    settles_at=now + REFUND_SECONDS,
                    succeeds=self.counter.context.refunds_at("wechatpay").result == "success",
                    notify_url=notify_url_of(data, is_required=False),
                    details={"reason": text_of(data, "reason", most=80, is_required=False)},
                )
                if is_new:
                    self.counter.queue_refund_notice(refund, trade, now=now)
        except NumberReused as error:
            raise WechatError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试") from error
        except (NotRefundable, RefundTooMuch) as error:
            raise WechatError(400, "INVALID_REQUEST", error.message) from error
        return 200, refund_body(refund, self.trades, now=now)

    def query_refund(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        refund = self.trades.find_refund(number=request.path_params["number"])
        if refund is None:
            raise WechatError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return 200, refund_body(refund, self.trades, now=now)

    # Bills

    def order_bill(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        """Answer where the bill can be downloaded. Unlike the real one, today's bill exists already."""
        query = request.query_params
        bill_type, packing = query.get("bill_type", "ALL"), query.get("tar_type", "")
        if bill_type not in ("ALL", "SUCCESS", "REFUND") or packing not in ("", "GZIP"):
            raise bad_parameter("bill_type或tar_type取值错误")
        try:
            day = date.fromisoformat(query.get("bill_date", ""))
        except ValueError as error:
            raise bad_parameter("账单日期格式不正确") from error
        start, end = day_in_shanghai(day)
        if not self.trades.paid_between(start, end) and not self.trades.refunded_between(start, end):
            raise WechatError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
        content = self.counter.bill_of(start, end, bill_type)
        token = secrets.token_urlsafe(24)
        self.downloads = {key: value for key, value in self.downloads.items() if value[0] > now}
        self.downloads[token] = (now + DOWNLOAD_SECONDS, gzip.compress(content) if packing else content)
        return 200, {
            "hash_type": "SHA1",
            # Source: the digest is that of the uncompressed bill.
            "hash_value": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            "download_url": f"{self.counter.context.base_url}/v3/billdownload/file?token={token}",
        }

    async def download_bill(self, request: Request) -> Response:
        """Answer the file. The request is signed; the answer is not, as documented."""
        now = read_clock()
        try:
            self._verify(request, await request.body(), now=now)
            expires_at, content = self.downloads.get(request.query_params.get("token", ""), (0.0, b""))
            if expires_at <= now:
                raise bad_parameter("账单下载地址已失效")
        except WechatError as error:
            request.state.notes = {"refused": error.code, "why": error.message}
            return self._answer(error.status, {"code": error.code, "message": error.message}, now=now)
        return Response(content, media_type="application/octet-stream")

    def refuse_unknown(self, request: Request, data: dict[str, Any], now: float) -> Answer:
        raise WechatError(404, "NOT_FOUND", "请求的资源不存在")


def _read_json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        data = json.loads(body)
    except ValueError as error:
        raise bad_parameter("请求体不是合法的JSON") from error
    if not isinstance(data, dict):
        raise bad_parameter("请求体不是JSON对象")
    return data

"""Alipay behind its counter: the trades, the cashier, the notifications, the statement."""

from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from apps.sandbox.cashier import Decision, serve_cashier
from apps.sandbox.clock import as_alipay_time, day_in_shanghai, read_clock
from apps.sandbox.context import Context
from apps.sandbox.crypto import read_private_key, read_public_key
from apps.sandbox.deliveries import Delivery, SignedRequest
from apps.sandbox.notices import Versions, plan_deliveries
from apps.sandbox.statements import read_day
from apps.sandbox.trades import OPEN, PAID, Refund, Trade, Trades

from .notices import RETRY_AFTER, Notices
from .orders import as_yuan
from .signing import sign_fields
from .statement import business_detail, business_summary, pack


class AlipayCounter:
    """What the provider ``alipay``. does, whoever asks for it: a buyer at the cashier or the merchant's program."""

    name = "alipay"
    brand = "支付宝"
    color = "#1268e3"
    merchant = "星驰汽车"
    retry_after: tuple[float, ...] = RETRY_AFTER
    answer_timeout = 10.0
    api_prefixes: tuple[str, ...] = ("/gateway.do", "/alipay/billdownload/")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.credentials = context.credentials
        self.trades = Trades(context.database, self.name)
        self.notices = Notices(app_id=self.credentials.alipay_app_id, seller_id=self.credentials.alipay_seller_id)
        self.platform_key = read_private_key(context.home.provider_file("alipay_platform.pem"))
        self.stranger_key = read_private_key(context.home.provider_file("stranger.pem"))
        self.merchant_key = read_public_key(context.home.provider_file("alipay_merchant.pem"))

    # Cashier

    def cashier_url(self, trade: Trade) -> str:
        return f"{self.context.base_url}/alipay/cashier/?trade={trade.token}"

    async def show_cashier(self, request: Request) -> Response:
        return await serve_cashier(request, self)

    def find_trade(self, request: Request, *, now: float) -> Trade | None:
        """Return the trade; looking at its cashier is what scanning a precreated code means."""
        token = getattr(request.state, "trade_token", "") or request.query_params.get("trade", "")
        trade = self.trades.find(token=token, now=now)
        if trade and trade.state == OPEN and not trade.details["is_scanned"]:
            return self.trades.note(trade, now=now, is_scanned=True)
        return trade

    def settle(self, trade: Trade, decision: Decision, *, now: float) -> Trade:
        with self.context.database.transaction():
            if decision.result == "success":
                settled = self.trades.pay(trade, now=now)
            else:
                # Alipay has no failed state; a trade that is given up is closed, and only that is notified.
                self.trades.fail(trade, now=now)
                settled = self.trades.close(trade, now=now)
            # A forged notice claims success even where nothing was paid: that is what a forger wants.
            if settled.state == PAID or decision.notify == "forged":
                versions = self.notices.payment_versions(settled, now=now)
            else:
                versions = Versions(genuine=self.notices.trade_notice(settled, status="TRADE_CLOSED", now=now))
            planned = plan_deliveries(decision.notify, versions, delay_seconds=decision.delay_seconds)
            self.context.deliveries.add(self.name, planned, now=now)
        return settled

    def return_link(self, trade: Trade, request: Request, *, now: float) -> str:
        """Return the merchant's ``return_url``, with signed results if the trade is paid."""
        if not trade.return_url.startswith(("http://", "https://")):
            return ""
        if trade.state != PAID:
            return trade.return_url
        method = {"page": "alipay.trade.page.pay.return", "wap": "alipay.trade.wap.pay.return"}.get(trade.kind, "")
        fields = {
            "charset": "utf-8",
            "out_trade_no": trade.number,
            "method": method,
            "total_amount": as_yuan(trade.amount),
            "trade_no": trade.trade_no,
            "auth_app_id": self.credentials.alipay_app_id,
            "version": "1.0",
            "app_id": self.credentials.alipay_app_id,
            "sign_type": "RSA2",
            "seller_id": self.credentials.alipay_seller_id,
            "timestamp": as_alipay_time(now),
        }
        glue = "&" if "?" in trade.return_url else "?"
        return trade.return_url + glue + urlencode(sign_fields(self.platform_key, fields))

    # Notifications

    def queue_refund_notice(self, refund: Refund, trade: Trade, *, now: float) -> None:
        """Queue the notice a refund causes; the caller holds the transaction."""
        orders = self.context.refunds_at(self.name)
        refunded = self.trades.refunded(trade, up_to=refund)
        versions = self.notices.refund_versions(refund, trade, refunded=refunded, now=now)
        planned = plan_deliveries(orders.notify, versions, delay_seconds=orders.delay_seconds)
        self.context.deliveries.add(self.name, planned, now=now)

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest:
        key = self.stranger_key if delivery.is_forged else self.platform_key
        fields = sign_fields(key, {**delivery.payload, "notify_time": as_alipay_time(now)})
        return SignedRequest(
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "User-Agent": "Mozilla/4.0"},
            body=urlencode(fields).encode(),
        )

    def is_accepted(self, status: int, body: str) -> bool:
        return status == 200 and body.strip() == "success"

    # Statement

    async def show_statement(self, request: Request) -> Response:
        day = read_day(request.query_params.get("date", ""))
        start, end = day_in_shanghai(day)
        content = business_detail(
            day,
            self.trades.paid_between(start, end),
            self.trades.refunded_between(start, end),
            seller_id=self.credentials.alipay_seller_id,
            now=read_clock(),
        )
        return Response(content, media_type="text/csv; charset=gbk")

    def packed_bill(self, day: date, *, now: float) -> bytes:
        start, end = day_in_shanghai(day)
        payments, refunds = self.trades.paid_between(start, end), self.trades.refunded_between(start, end)
        seller_id = self.credentials.alipay_seller_id
        return pack(
            day,
            detail=business_detail(day, payments, refunds, seller_id=seller_id, now=now),
            summary=business_summary(day, payments, refunds, seller_id=seller_id, now=now),
            seller_id=seller_id,
        )

"""WeChat Pay behind its counter: the trades, the cashier, the notifications, the statement."""

import json
import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from apps.sandbox.cashier import Decision, serve_cashier
from apps.sandbox.clock import day_in_shanghai, in_shanghai
from apps.sandbox.context import Context
from apps.sandbox.crypto import read_private_key, read_public_key
from apps.sandbox.deliveries import Delivery, SignedRequest
from apps.sandbox.notices import Versions, plan_deliveries
from apps.sandbox.statements import read_day
from apps.sandbox.trades import PAID, Refund, Trade, Trades

from .notices import RETRY_AFTER, failure_notice, payment_versions, refund_versions
from .signing import Merchant, encrypt_resource, sign_answer
from .statement import trade_bill


class WechatPayCounter:
    """What the provider ``wechatpay``. does, whoever asks for it: a buyer at the cashier or the merchant's program."""

    name = "wechatpay"
    brand = "微信支付"
    color = "#07893f"
    merchant = "星驰汽车"
    retry_after: tuple[float, ...] = RETRY_AFTER
    # Source: a notification must be answered within five seconds.
    answer_timeout = 5.0
    api_prefixes: tuple[str, ...] = ("/v3/",)

    def __init__(self, context: Context) -> None:
        self.context = context
        self.trades = Trades(context.database, self.name)
        self.credentials = context.credentials
        self.platform_key = read_private_key(context.home.provider_file("wechatpay_platform.pem"))
        self.stranger_key = read_private_key(context.home.provider_file("stranger.pem"))
        self.known_merchant = Merchant(
            mchid=self.credentials.wechatpay_mchid,
            cert_serial=self.credentials.wechatpay_cert_serial,
            public_key=read_public_key(context.home.provider_file("wechatpay_merchant.pem")),
        )

    # Addresses

    def new_trade_no(self, now: float) -> str:
        return f"42000{secrets.randbelow(10**5):05d}{in_shanghai(now):%Y%m%d}{secrets.randbelow(10**10):010d}"

    def new_prepay_id(self, now: float) -> str:
        return f"wx{in_shanghai(now):%d%H%M%S}{secrets.token_hex(14)}"

    def cashier_url(self, trade: Trade) -> str:
        """Return the cashier's address; merchants append ``&redirect_url=`` to it, as to the provider's ``h5_url``."""
        return f"{self.context.base_url}/wechatpay/cashier/?prepay_id={trade.token}"

    # Cashier

    async def show_cashier(self, request: Request) -> Response:
        return await serve_cashier(request, self)

    def find_trade(self, request: Request, *, now: float) -> Trade | None:
        return self.trades.find(token=request.query_params.get("prepay_id", ""), now=now)

    def settle(self, trade: Trade, decision: Decision, *, now: float) -> Trade:
        mchid, appid = self.credentials.wechatpay_mchid, self.credentials.wechatpay_appid
        with self.context.database.transaction():
            if decision.result == "success":
                settled = self.trades.pay(trade, now=now)
            else:
                settled = self.trades.fail(trade, now=now)
            # A forged or altered notice claims success even where nothing was paid: that is what a forger wants.
            if settled.state == PAID or decision.notify == "forged":
                versions = payment_versions(settled, mchid=mchid, appid=appid, now=now)
            else:
                versions = Versions(genuine=failure_notice(settled, mchid=mchid, appid=appid, at=now))
            planned = plan_deliveries(decision.notify, versions, delay_seconds=decision.delay_seconds)
            self.context.deliveries.add(self.name, planned, now=now)
        return settled

    def return_link(self, trade: Trade, request: Request, *, now: float) -> str:
        """Return the ``redirect_url`` the merchant appended to the H5 address."""
        link = request.query_params.get("redirect_url", "")
        return link if link.startswith(("http://", "https://")) else ""

    # Notifications

    def queue_refund_notice(self, refund: Refund, trade: Trade, *, now: float) -> None:
        """Queue the notice of a refund for the moment it settles; the caller holds the transaction."""
        orders = self.context.refunds_at(self.name)
        versions = refund_versions(refund, trade, mchid=self.credentials.wechatpay_mchid, now=refund.settles_at)
        planned = plan_deliveries(orders.notify, versions, delay_seconds=orders.delay_seconds)
        # Signed and sent only when the query would say the same.
        self.context.deliveries.add(self.name, planned, now=max(now, refund.settles_at))

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest:
        payload = delivery.payload
        plain = json.dumps(payload["resource"], ensure_ascii=False, separators=(",", ":")).encode()
        envelope = {name: payload[name] for name in ("id", "create_time", "resource_type", "event_type", "summary")}
        original = payload["original_type"]
        envelope["resource"] = {
            "original_type": original,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": encrypt_resource(
                self.credentials.wechatpay_api_v3_key, plain=plain, nonce=payload["nonce"], associated_data=original
            ),
            "associated_data": original,
            "nonce": payload["nonce"],
        }
        body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        key = self.stranger_key if delivery.is_forged else self.platform_key
        headers = sign_answer(key, serial=self.credentials.wechatpay_public_key_id, body=body, now=now)
        return SignedRequest(
            headers={"Content-Type": "application/json", "User-Agent": "Mozilla/4.0", **headers}, body=body
        )

    def is_accepted(self, status: int, body: str) -> bool:
        return status in (200, 204)

    # Statement

    async def show_statement(self, request: Request) -> Response:
        day = read_day(parse_qs(request.url.query).get("date", [""])[0])
        return Response(self.bill_of(*day_in_shanghai(day), "ALL"), media_type="text/csv; charset=utf-8")

    def bill_of(self, start: float, end: float, bill_type: str) -> bytes:
        payments = self.trades.paid_between(start, end) if bill_type in ("ALL", "SUCCESS") else []
        refunds = self.trades.refunded_between(start, end) if bill_type in ("ALL", "REFUND") else []
        mchid, appid = self.credentials.wechatpay_mchid, self.credentials.wechatpay_appid
        return trade_bill(payments, refunds, mchid=mchid, appid=appid)

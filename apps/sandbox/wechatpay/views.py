"""Trades and refunds in WeChat Pay's shape; the same object goes into answers and notifications."""

from typing import Any

from apps.sandbox.clock import as_rfc3339
from apps.sandbox.trades import CLOSED, FAILED, OPEN, PAID, Refund, Trade, Trades

TRADE_TYPES = {"native": "NATIVE", "h5": "MWEB", "jsapi": "JSAPI", "app": "APP"}
STATE_WORDS = {
    "NOTPAY": "订单未支付",
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "CLOSED": "订单已关闭",
    "PAYERROR": "支付失败",
}
# The sandbox's one buyer.
OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
BANK = "OTHERS"


def trade_state(trade: Trade, *, has_refunds: bool) -> str:
    """Return WeChat Pay's ``trade_state``."""
    if trade.state == PAID:
        return "REFUND" if has_refunds else "SUCCESS"
    return {OPEN: "NOTPAY", FAILED: "PAYERROR", CLOSED: "CLOSED"}[trade.state]


def trade_body(trade: Trade, *, mchid: str, appid: str, state: str) -> dict[str, Any]:
    """Return the transaction as the query answers it."""
    body: dict[str, Any] = {
        "appid": appid,
        "mchid": mchid,
        "out_trade_no": trade.number,
        "trade_state": state,
        "trade_state_desc": STATE_WORDS[state],
        "amount": {"total": trade.amount, "currency": trade.currency},
        "attach": trade.details.get("attach", ""),
    }
    if state in ("SUCCESS", "REFUND"):
        body |= {
            "transaction_id": trade.trade_no,
            "trade_type": TRADE_TYPES[trade.kind],
            "bank_type": BANK,
            "success_time": as_rfc3339(trade.paid_at or trade.created_at),
            "payer": {"openid": trade.details.get("openid") or OPENID},
            "amount": {
                "total": trade.amount,
                "payer_total": trade.amount,
                "currency": trade.currency,
                "payer_currency": trade.currency,
            },
        }
    return body


def refund_status(refund: Refund, *, now: float) -> str:
    """Return WeChat Pay's refund ``status``."""
    if not refund.is_settled(now):
        return "PROCESSING"
    return "SUCCESS" if refund.state == "DONE" else "ABNORMAL"


def refund_body(refund: Refund, trades: Trades, *, now: float) -> dict[str, Any]:
    """Return the refund as asked for or queried."""
    trade = trades.trade_of(refund)
    status = refund_status(refund, now=now)
    body: dict[str, Any] = {
        "refund_id": refund.refund_no,
        "out_refund_no": refund.number,
        "transaction_id": trade.trade_no,
        "out_trade_no": trade.number,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": as_rfc3339(refund.created_at),
        "status": status,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": trade.amount,
            "refund": refund.amount,
            "payer_total": trade.amount,
            "payer_refund": refund.amount,
            "settlement_refund": refund.amount,
            "settlement_total": trade.amount,
            "discount_refund": 0,
            "currency": trade.currency,
            "refund_fee": 0,
        },
    }
    if status == "SUCCESS":
        body["success_time"] = as_rfc3339(refund.settles_at)
    return body

"""Notifications of WeChat Pay.

Sources: https://pay.weixin.qq.com/doc/v3/merchant/4012791882 (payment), .../4012791906 (refund);
the schedule 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h is from the same pages.
"""

import secrets
import uuid
from typing import Any

from apps.sandbox.clock import as_rfc3339
from apps.sandbox.notices import Notice, Versions, other_amount
from apps.sandbox.trades import Refund, Trade

from .views import STATE_WORDS, TRADE_TYPES, refund_status, trade_body

MINUTE, HOUR = 60.0, 3600.0
RETRY_AFTER = (
    (15.0, 15.0, 30.0, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE)
    + (30 * MINUTE,) * 3
    + (HOUR,)
    + (3 * HOUR,) * 3
    + (6 * HOUR,) * 2
)


def payment_versions(trade: Trade, *, mchid: str, appid: str, now: float) -> Versions:
    """Return the success notice of a trade, one with another amount, and one of a failed attempt just before."""
    paid = trade_body(trade, mchid=mchid, appid=appid, state="SUCCESS")
    lie = other_amount(trade.amount)
    wrong = {**paid, "amount": {**paid["amount"], "total": lie, "payer_total": lie}}
    return Versions(
        genuine=_notice(trade.notify_url, "TRANSACTION.SUCCESS", "支付成功", "transaction", paid, at=now),
        wrong_amount=_notice(trade.notify_url, "TRANSACTION.SUCCESS", "支付成功", "transaction", wrong, at=now),
        older=[failure_notice(trade, mchid=mchid, appid=appid, at=max(trade.created_at, now - 60))],
    )


def failure_notice(trade: Trade, *, mchid: str, appid: str, at: float) -> Notice:
    """Return the notice of a failed attempt; the form is the one WeChat Pay documents for parking payments."""
    failed = trade_body(trade, mchid=mchid, appid=appid, state="NOTPAY")
    failed |= {
        "trade_state": "PAYERROR",
        "trade_state_desc": STATE_WORDS["PAYERROR"],
        "trade_type": TRADE_TYPES[trade.kind],
    }
    return _notice(trade.notify_url, "TRANSACTION.FAIL", "支付失败", "transaction", failed, at=at)


def refund_versions(refund: Refund, trade: Trade, *, mchid: str, now: float) -> Versions:
    """Return the notice of a settled refund and one with another amount."""
    status = refund_status(refund, now=refund.settles_at)
    resource: dict[str, Any] = {
        "mchid": mchid,
        "transaction_id": trade.trade_no,
        "out_trade_no": trade.number,
        "refund_id": refund.refund_no,
        "out_refund_no": refund.number,
        "refund_status": status,
        "user_received_account": "支付用户零钱",
        "amount": {
            "total": trade.amount,
            "refund": refund.amount,
            "payer_total": trade.amount,
            "payer_refund": refund.amount,
        },
    }
    if status == "SUCCESS":
        resource["success_time"] = as_rfc3339(refund.settles_at)
    lie = other_amount(refund.amount)
    wrong = {**resource, "amount": {**resource["amount"], "refund": lie, "payer_refund": lie}}
    event, summary = ("REFUND.SUCCESS", "退款成功") if status == "SUCCESS" else ("REFUND.ABNORMAL", "退款异常")
    return Versions(
        genuine=_notice(refund.notify_url, event, summary, "refund", resource, at=now),
        wrong_amount=_notice(refund.notify_url, event, summary, "refund", wrong, at=now),
    )


def _notice(url: str, event: str, summary: str, original: str, resource: dict[str, Any], *, at: float) -> Notice:
    event_id = str(uuid.uuid4())
    return Notice(
        event_id=event_id,
        kind=event,
        url=url,
        payload={
            "id": event_id,
            "create_time": as_rfc3339(at),
            "resource_type": "encrypt-resource",
            "event_type": event,
            "summary": summary,
            "original_type": original,
            # One nonce for all attempts: the same notification is the same bytes, under a new signature.
            "nonce": secrets.token_hex(6),
            "resource": resource,
        },
    )

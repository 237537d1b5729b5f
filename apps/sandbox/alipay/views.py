"""Trades and refunds in Alipay's shape."""

import json
from typing import Any

from apps.sandbox.clock import as_alipay_time
from apps.sandbox.trades import CLOSED, FAILED, OPEN, Refund, Trade

from .orders import as_yuan

SUCCESS = {"code": "10000", "msg": "Success"}
# The sandbox's one buyer.
BUYER_ID = "2088102169481075"
BUYER_LOGON = "159****5620"


def is_known(trade: Trade) -> bool:
    """Tell whether the trade exists for queries: a precreated one does only once its code has been scanned."""
    return bool(trade.details.get("is_scanned")) or trade.state not in (OPEN, FAILED)


def trade_status(trade: Trade, *, refunded: int) -> str:
    """Return Alipay's ``trade_status``; a fully refunded trade is closed."""
    if trade.state in (OPEN, FAILED):
        return "WAIT_BUYER_PAY"
    if trade.state == CLOSED or refunded >= trade.amount:
        return "TRADE_CLOSED"
    return "TRADE_SUCCESS"


def trade_body(trade: Trade, *, refunded: int) -> dict[str, Any]:
    """Return what ``alipay.trade.query`` answers."""
    body: dict[str, Any] = {
        **SUCCESS,
        "trade_no": trade.trade_no,
        "out_trade_no": trade.number,
        "buyer_logon_id": BUYER_LOGON,
        "trade_status": trade_status(trade, refunded=refunded),
        "total_amount": as_yuan(trade.amount),
    }
    if trade.paid_at is not None:
        body |= {
            **_paid_amounts(trade.amount),
            "buyer_user_id": BUYER_ID,
            "send_pay_date": as_alipay_time(trade.paid_at),
            "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": as_yuan(trade.amount)}],
        }
    return body


def notice_fields(
    trade: Trade, *, status: str, app_id: str, seller_id: str, amount: int, notify_id: str
) -> dict[str, str]:
    """Return the form fields of a notification, unsigned and without the time of sending."""
    fields = {
        "notify_type": "trade_status_sync",
        "notify_id": notify_id,
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "app_id": app_id,
        "auth_app_id": app_id,
        "trade_no": trade.trade_no,
        "out_trade_no": trade.number,
        "trade_status": status,
        "total_amount": as_yuan(amount),
        "seller_id": seller_id,
        "buyer_id": BUYER_ID,
        "buyer_logon_id": BUYER_LOGON,
        "subject": trade.subject,
        "gmt_create": as_alipay_time(trade.created_at),
    }
    for name in ("body", "passback_params"):
        if trade.details.get(name):
            fields[name] = trade.details[name]
    if trade.paid_at is not None and status != "WAIT_BUYER_PAY":
        fields |= {
            **_paid_amounts(amount),
            "gmt_payment": as_alipay_time(trade.paid_at),
            "fund_bill_list": json.dumps([{"amount": as_yuan(amount), "fundChannel": "ALIPAYACCOUNT"}]),
        }
    if trade.closed_at is not None and status == "TRADE_CLOSED":
        fields["gmt_close"] = as_alipay_time(trade.closed_at)
    return fields


def refund_query_body(refund: Refund, trade: Trade) -> dict[str, Any]:
    """Return what ``alipay.trade.fastpay.refund.query`` answers for a refund that was done."""
    return {
        **SUCCESS,
        "trade_no": trade.trade_no,
        "out_trade_no": trade.number,
        "out_request_no": refund.details["out_request_no"],
        "total_amount": as_yuan(trade.amount),
        "refund_amount": as_yuan(refund.amount),
        "refund_status": "REFUND_SUCCESS",
        "gmt_refund_pay": as_alipay_time(refund.settles_at),
    }


def _paid_amounts(amount: int) -> dict[str, str]:
    return {
        "receipt_amount": as_yuan(amount),
        "invoice_amount": as_yuan(amount),
        "buyer_pay_amount": as_yuan(amount),
        "point_amount": "0.00",
    }

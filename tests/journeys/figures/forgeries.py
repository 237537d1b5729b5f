"""Notifications that nobody at the provider sent: the right form, a stranger's signature."""

import base64
import json
import secrets
import time
from urllib.parse import urlencode

from tests.journeys.figures.buyers import Answer, Client, Order
from tests.journeys.figures.shop import Shop


def forge(shop: Shop, order: Order) -> Answer:
    """Claim at the provider's hook that an order is paid; what the hook answers."""
    path = f"/hooks/{order.provider}/notify/"
    content, headers = _FORGERS[order.provider](shop, order)
    return Client(shop.suite.base_url).send("POST", path, content, **headers)


def _wechatpay(shop: Shop, order: Order) -> tuple[bytes, dict[str, str]]:
    """Everything but the platform's key: its public id is no secret."""
    resource = {"algorithm": "AEAD_AES_256_GCM", "ciphertext": _noise(200), "nonce": "0123456789ab"}
    body = {
        "id": secrets.token_hex(16),
        "event_type": "TRANSACTION.SUCCESS",
        "resource_type": "encrypt-resource",
        "summary": order.payment,
        "resource": {**resource, "associated_data": "transaction", "original_type": "transaction"},
    }
    return json.dumps(body).encode(), {
        "Wechatpay-Timestamp": str(int(time.time())),
        "Wechatpay-Nonce": secrets.token_hex(8),
        "Wechatpay-Serial": shop.merchant["WECHATPAY_PUBLIC_KEY_ID"],
        "Wechatpay-Signature": _noise(256),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def _alipay(shop: Shop, order: Order) -> tuple[bytes, dict[str, str]]:
    values = {
        "notify_id": secrets.token_hex(16),
        "notify_type": "trade_status_sync",
        "app_id": shop.merchant["ALIPAY_APP_ID"],
        "seller_id": shop.merchant["ALIPAY_SELLER_ID"],
        "out_trade_no": order.payment,
        "trade_no": "2026" + "0" * 24,
        "trade_status": "TRADE_SUCCESS",
        "total_amount": order.total["amount"],
        "charset": "utf-8",
        "sign_type": "RSA2",
        "sign": _noise(256),
    }
    return urlencode(values).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def _stripe(shop: Shop, order: Order) -> tuple[bytes, dict[str, str]]:
    session = {
        "id": "cs_test_" + secrets.token_hex(12),
        "object": "checkout.session",
        "client_reference_id": order.payment,
        "metadata": {"payment_number": order.payment},
        "payment_status": "paid",
        "status": "complete",
        "amount_total": round(float(order.total["amount"]) * 100),
        "currency": "cny",
    }
    event = {
        "id": "evt_" + secrets.token_hex(12),
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(time.time()),
        "data": {"object": session},
    }
    signature = f"t={int(time.time())},v1={secrets.token_hex(32)}"
    return json.dumps(event).encode(), {"Stripe-Signature": signature}


def _noise(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode()


_FORGERS = {"wechatpay": _wechatpay, "alipay": _alipay, "stripe": _stripe}

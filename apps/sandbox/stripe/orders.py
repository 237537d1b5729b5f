"""Reading what ``POST /v1/checkout/sessions`` is given."""

import secrets
from typing import Any

from apps.sandbox.trades import NewTrade

from .errors import StripeError, missing
from .forms import whole_number

# Currencies with two decimal places, which is all the cashier knows to print.
CURRENCIES = ("cny", "usd", "eur", "gbp", "hkd", "sgd", "aud", "cad")
# Source: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
SHORTEST_SECONDS, LONGEST_SECONDS = 1800, 86_400


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def read_session(params: dict[str, Any], *, now: float) -> NewTrade:
    """Return the trade a Checkout session orders."""
    if params.get("mode") != "payment":
        raise StripeError("Invalid mode: must be payment", param="mode")
    if not params.get("success_url"):
        raise missing("success_url")
    lines = params.get("line_items")
    if not isinstance(lines, list) or not lines:
        raise missing("line_items")
    items = [_read_line(line, index) for index, line in enumerate(lines)]
    currencies = {item["currency"] for item in items}
    if len(currencies) != 1:
        raise StripeError("All line items must have the same currency", param="line_items")
    total = sum(item["amount"] for item in items)
    if total < 1:
        raise StripeError("The amount must be at least 1", code="amount_too_small", param="line_items")
    session_id = "cs_test_" + secrets.token_hex(29)
    names = "、".join(item["name"] for item in items)
    intent = params.get("payment_intent_data") or {}
    return NewTrade(
        number=session_id,
        token=session_id,
        trade_no=new_id("pi"),
        kind="checkout",
        subject=names[:120],
        amount=total,
        currency=currencies.pop(),
        return_url=str(params["success_url"]),
        expires_at=_expiry(params, now=now),
        details={
            "cancel_url": params.get("cancel_url"),
            "client_reference_id": params.get("client_reference_id"),
            "customer_email": params.get("customer_email"),
            "metadata": _metadata(params),
            "intent_metadata": _metadata(intent),
            "description": intent.get("description"),
        },
    )


def _read_line(line: Any, index: int) -> dict[str, Any]:
    where = f"line_items[{index}]"
    price = line.get("price_data") if isinstance(line, dict) else None
    if not isinstance(price, dict):
        raise missing(f"{where}[price_data]")
    currency = str(price.get("currency", "")).lower()
    if currency not in CURRENCIES:
        raise StripeError(f"Invalid currency: {currency}", param=f"{where}[price_data][currency]")
    product = price.get("product_data")
    if not isinstance(product, dict) or not product.get("name"):
        raise missing(f"{where}[price_data][product_data][name]")
    unit = whole_number(price.get("unit_amount"), f"{where}[price_data][unit_amount]")
    quantity = whole_number(line.get("quantity"), f"{where}[quantity]")
    if unit < 0 or quantity < 1:
        raise StripeError("unit_amount must not be negative, quantity at least 1", param=where)
    return {"name": str(product["name"]), "currency": currency, "amount": unit * quantity}


def _metadata(values: dict[str, Any]) -> dict[str, str]:
    metadata = values.get("metadata") or {}
    return {str(name): str(value) for name, value in metadata.items()} if isinstance(metadata, dict) else {}


def _expiry(params: dict[str, Any], *, now: float) -> float:
    if "expires_at" not in params:
        return now + LONGEST_SECONDS
    at = whole_number(params["expires_at"], "expires_at")
    # A few seconds pass between the merchant's clock and ours.
    if not SHORTEST_SECONDS - 60 <= at - now <= LONGEST_SECONDS + 60:
        raise StripeError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return float(at)

"""Trades and refunds as Stripe's objects, and every object by its id.

Ids follow one another: the charge of ``pi_X`` is ``ch_X`` and its balance transaction ``txn_X``; that of refund
``re_Y`` is ``txn_rY``.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.sandbox.trades import CLOSED, FAILED, PAID, Refund, Trade, Trades

from .errors import StripeError, not_found

# Source: https://stripe.com/pricing: 3.4 % for a card of another country; what was refunded is not given back.
RATE = Decimal("0.034")
API_VERSION = "2026-10-28.endive"
KINDS = {
    "cs_": "checkout.session",
    "pi_": "payment_intent",
    "ch_": "charge",
    "re_": "refund",
    "txn": "balance_transaction",
}


def fee_of(amount: int) -> int:
    """Return Stripe's fee in the minor unit, rounded half up."""
    return int((Decimal(amount) * RATE).quantize(Decimal(1), ROUND_HALF_UP))


class Objects:
    """Builds objects from the store."""

    def __init__(self, trades: Trades, *, base_url: str) -> None:
        self.trades = trades
        self.base_url = base_url

    def load(self, id_: str, *, now: float, expand: list[str] | None = None) -> dict[str, Any]:
        """
        Return the object of that id, with some of its ids replaced by the objects they name.

        :raises StripeError: if there is none, or a field cannot be expanded
        """
        found = self._load(id_, now=now)
        if found is None:
            raise not_found(KINDS.get(id_[:3], "object"), id_)
        for path in expand or []:
            self._expand(found, path, now=now)
        return found

    def _load(self, id_: str, *, now: float) -> dict[str, Any] | None:
        kind, rest = id_[:3], id_.partition("_")[2]
        if kind == "re_" or id_.startswith("txn_r"):
            refund = self.trades.find_refund(refund_no=f"re_{rest.removeprefix('r')}")
            if refund is None:
                return None
            return self.refund(refund) if kind == "re_" else self.refund_transaction(refund)
        if kind == "cs_":
            trade = self.trades.find(number=id_, now=now)
            return self.session(trade) if trade else None
        trade = self.trades.find(trade_no=f"pi_{rest}", now=now)
        if trade is None or (kind != "pi_" and trade.state != PAID):
            return None
        build = {"pi_": self.intent, "ch_": self.charge, "txn": self.payment_transaction}.get(kind)
        return build(trade) if build else None

    def _expand(self, holder: dict[str, Any], path: str, *, now: float) -> None:
        name, _, rest = path.partition(".")
        if name not in holder:
            raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
        if isinstance(holder[name], str):
            holder[name] = self.load(holder[name], now=now)
        if rest and isinstance(holder[name], dict):
            self._expand(holder[name], rest, now=now)

    def session(self, trade: Trade) -> dict[str, Any]:
        is_tried = trade.state in (PAID, FAILED)
        email = trade.details["customer_email"]
        return {
            "id": trade.number,
            "object": "checkout.session",
            "amount_subtotal": trade.amount,
            "amount_total": trade.amount,
            "cancel_url": trade.details["cancel_url"],
            "client_reference_id": trade.details["client_reference_id"],
            "created": int(trade.created_at),
            "currency": trade.currency,
            "customer": None,
            "customer_details": {"email": email, "name": None, "phone": None} if is_tried else None,
            "customer_email": email,
            "expires_at": int(trade.expires_at or 0),
            "livemode": False,
            "metadata": trade.details["metadata"],
            "mode": "payment",
            # Source: null until the buyer tries to pay.
            "payment_intent": trade.trade_no if is_tried else None,
            "payment_method_types": ["card"],
            "payment_status": "paid" if trade.state == PAID else "unpaid",
            "status": {PAID: "complete", CLOSED: "expired"}.get(trade.state, "open"),
            "success_url": trade.return_url,
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": "hosted",
            "url": f"{self.base_url}/stripe/pay/{trade.token}" if trade.state not in (PAID, CLOSED) else None,
        }

    def intent(self, trade: Trade, *, is_failed: bool | None = None) -> dict[str, Any]:
        """Return the payment intent; ``is_failed`` shows it as it was after a failed attempt."""
        failed = trade.state == FAILED if is_failed is None else is_failed
        is_paid = trade.state == PAID and not failed
        error = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
        return {
            "id": trade.trade_no,
            "object": "payment_intent",
            "amount": trade.amount,
            "amount_capturable": 0,
            "amount_received": trade.amount if is_paid else 0,
            "canceled_at": int(trade.closed_at) if trade.closed_at else None,
            "capture_method": "automatic",
            "confirmation_method": "automatic",
            "created": int(trade.created_at),
            "currency": trade.currency,
            "customer": None,
            "description": trade.details["description"],
            "last_payment_error": error if failed else None,
            "latest_charge": _charge_id(trade) if is_paid else None,
            "livemode": False,
            "metadata": trade.details["intent_metadata"],
            "payment_method_types": ["card"],
            "status": "succeeded" if is_paid else "canceled" if trade.state == CLOSED else "requires_payment_method",
        }

    def charge(self, trade: Trade) -> dict[str, Any]:
        refunded = self.trades.refunded(trade)
        return {
            "id": _charge_id(trade),
            "object": "charge",
            "amount": trade.amount,
            "amount_captured": trade.amount,
            "amount_refunded": refunded,
            "balance_transaction": _payment_transaction_id(trade),
            "captured": True,
            "created": int(trade.paid_at or trade.created_at),
            "currency": trade.currency,
            "customer": None,
            "description": trade.details["description"],
            "disputed": False,
            "livemode": False,
            "metadata": trade.details["intent_metadata"],
            "paid": True,
            "payment_intent": trade.trade_no,
            "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}},
            "refunded": refunded >= trade.amount,
            "status": "succeeded",
        }

    def refund(self, refund: Refund) -> dict[str, Any]:
        trade = self.trades.trade_of(refund)
        is_done = refund.state == "DONE"
        body = {
            "id": refund.refund_no,
            "object": "refund",
            "amount": refund.amount,
            "balance_transaction": _refund_transaction_id(refund) if is_done else None,
            "charge": _charge_id(trade),
            "created": int(refund.created_at),
            "currency": trade.currency,
            "metadata": refund.details["metadata"],
            "payment_intent": trade.trade_no,
            "reason": refund.details["reason"],
            "status": "succeeded" if is_done else "failed",
        }
        return body if is_done else {**body, "failure_reason": "expired_or_canceled_card"}

    def payment_transaction(self, trade: Trade) -> dict[str, Any]:
        at, fee = int(trade.paid_at or trade.created_at), fee_of(trade.amount)
        ids = (_payment_transaction_id(trade), _charge_id(trade))
        return _transaction(*ids, "charge", amount=trade.amount, fee=fee, currency=trade.currency, at=at)

    def refund_transaction(self, refund: Refund) -> dict[str, Any]:
        currency = self.trades.trade_of(refund).currency
        ids = (_refund_transaction_id(refund), refund.refund_no)
        at = int(refund.created_at)
        return _transaction(*ids, "refund", amount=-refund.amount, fee=0, currency=currency, at=at)

    def transactions_between(self, start: float, end: float) -> list[dict[str, Any]]:
        """Return the balance transactions of ``[start, end)``, newest first."""
        payments = self.trades.paid_between(start, end)
        refunds = self.trades.refunded_between(start, end)
        rows = [(trade.paid_at or 0.0, self.payment_transaction(trade)) for trade in payments]
        rows += [(refund.created_at, self.refund_transaction(refund)) for refund, _ in refunds]
        return [row for _, row in sorted(rows, key=lambda item: item[0], reverse=True)]


def _charge_id(trade: Trade) -> str:
    return "ch_" + trade.trade_no.removeprefix("pi_")


def _payment_transaction_id(trade: Trade) -> str:
    return "txn_" + trade.trade_no.removeprefix("pi_")


def _refund_transaction_id(refund: Refund) -> str:
    return "txn_r" + refund.refund_no.removeprefix("re_")


def _transaction(id_: str, source: str, kind: str, *, amount: int, fee: int, currency: str, at: int) -> dict[str, Any]:
    details = [{"amount": fee, "application": None, "currency": currency, "type": "stripe_fee"}] if fee else []
    return {
        "id": id_,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": at + 2 * 86_400,
        "created": at,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details,
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "pending",
        "type": kind,
    }

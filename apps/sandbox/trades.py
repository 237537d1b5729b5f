"""Trades and refunds as every provider keeps them; each provider gives the states its own names.

A trade is OPEN (the buyer has not paid), PAID, FAILED (the last attempt failed; the buyer may try again) or CLOSED.
Refunds of a trade never exceed its amount: checked inside the transaction that writes the refund.
"""

import json
import secrets
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from .database import Database
from .errors import NotClosable, NotFound, NotPayable, NotRefundable, NumberReused, RefundTooMuch

OPEN, PAID, FAILED, CLOSED = "OPEN", "PAID", "FAILED", "CLOSED"

TRADE_BY = {
    "number": "SELECT * FROM trades WHERE provider = ? AND number = ?",
    "trade_no": "SELECT * FROM trades WHERE provider = ? AND trade_no = ?",
    "token": "SELECT * FROM trades WHERE provider = ? AND token = ?",  # nosec B105
}
REFUND_BY = {
    "number": "SELECT * FROM refunds WHERE provider = ? AND number = ?",
    "refund_no": "SELECT * FROM refunds WHERE provider = ? AND refund_no = ?",
}


@dataclass(frozen=True, slots=True)
class Trade:
    """One thing to be paid."""

    id: int
    provider: str
    number: str
    trade_no: str
    token: str
    kind: str
    subject: str
    amount: int
    currency: str
    state: str
    notify_url: str
    return_url: str
    details: dict[str, Any]
    created_at: float
    expires_at: float | None
    paid_at: float | None
    closed_at: float | None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; ``settles_at`` is when the provider stops answering "processing"."""

    id: int
    provider: str
    trade_id: int
    number: str
    refund_no: str
    amount: int
    state: str
    notify_url: str
    details: dict[str, Any]
    created_at: float
    settles_at: float

    def is_settled(self, now: float) -> bool:
        return now >= self.settles_at


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrade:
    """What a merchant orders."""

    number: str
    trade_no: str
    kind: str
    subject: str
    amount: int
    currency: str
    notify_url: str = ""
    return_url: str = ""
    expires_at: float | None = None
    details: dict[str, Any] = field(default_factory=dict)
    token: str = ""


class Trades:
    """The trades and refunds of one provider."""

    def __init__(self, database: Database, provider: str) -> None:
        self.database = database
        self.provider = provider

    def open(self, order: NewTrade, *, now: float) -> Trade:
        """
        Create a trade, or return the one already opened under this number with the same amount.

        :raises NumberReused: if the number names a trade of another amount or currency
        """
        with self.database.transaction():
            existing = self.find(number=order.number, now=now)
            if existing:
                if (existing.amount, existing.currency) != (order.amount, order.currency):
                    raise NumberReused(f"{order.number} is a trade of another amount")
                return existing
            self.database.run(
                "INSERT INTO trades (provider, number, trade_no, token, kind, subject, amount, currency, state,"
                " notify_url, return_url, details, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, ?)",
                self.provider,
                order.number,
                order.trade_no,
                order.token or secrets.token_urlsafe(16),
                order.kind,
                order.subject,
                order.amount,
                order.currency,
                order.notify_url,
                order.return_url,
                json.dumps(order.details, ensure_ascii=False),
                now,
                order.expires_at,
            )
            return self.get(number=order.number, now=now)

    def find(self, *, now: float, number: str = "", trade_no: str = "", token: str = "") -> Trade | None:
        """Return the trade of that number, provider's number or cashier token, closed if its time has run out."""
        given = {"number": number, "trade_no": trade_no, "token": token}
        column = next((name for name, value in given.items() if value), "")
        if not column:
            return None
        self.database.run(
            "UPDATE trades SET state = 'CLOSED', closed_at = expires_at"
            " WHERE provider = ? AND state IN ('OPEN', 'FAILED') AND expires_at <= ?",
            self.provider,
            now,
        )
        row = self.database.one(TRADE_BY[column], self.provider, given[column])
        return _trade(row) if row else None

    def get(self, *, now: float, number: str = "", trade_no: str = "", token: str = "") -> Trade:
        """
        Return the trade that ``find`` would.

        :raises NotFound: if there is none
        """
        trade = self.find(now=now, number=number, trade_no=trade_no, token=token)
        if trade is None:
            raise NotFound("no such trade")
        return trade

    def pay(self, trade: Trade, *, now: float) -> Trade:
        """
        Take the buyer's money.

        :raises NotPayable: if the trade is closed, or paid already
        """
        with self.database.transaction():
            current = self.get(number=trade.number, now=now)
            if current.state not in (OPEN, FAILED):
                raise NotPayable("订单已关闭" if current.state == CLOSED else "订单已支付")
            self.database.run("UPDATE trades SET state = 'PAID', paid_at = ? WHERE id = ?", now, trade.id)
            return self.get(number=trade.number, now=now)

    def fail(self, trade: Trade, *, now: float) -> Trade:
        """
        Note that the buyer's attempt failed.

        :raises NotPayable: if the trade is closed, or paid already
        """
        with self.database.transaction():
            current = self.get(number=trade.number, now=now)
            if current.state not in (OPEN, FAILED):
                raise NotPayable("订单已关闭" if current.state == CLOSED else "订单已支付")
            self.database.run("UPDATE trades SET state = 'FAILED' WHERE id = ?", trade.id)
            return self.get(number=trade.number, now=now)

    def close(self, trade: Trade, *, now: float) -> Trade:
        """
        Close an unpaid trade; closing a closed one changes nothing.

        :raises NotClosable: if the trade is paid
        """
        with self.database.transaction():
            current = self.get(number=trade.number, now=now)
            if current.state == PAID:
                raise NotClosable("订单已支付")
            if current.state != CLOSED:
                self.database.run("UPDATE trades SET state = 'CLOSED', closed_at = ? WHERE id = ?", now, trade.id)
            return self.get(number=trade.number, now=now)

    def note(self, trade: Trade, *, now: float, **details: Any) -> Trade:
        """Add to what only this provider knows of the trade."""
        with self.database.transaction():
            current = self.get(number=trade.number, now=now)
            merged = json.dumps({**current.details, **details}, ensure_ascii=False)
            self.database.run("UPDATE trades SET details = ? WHERE id = ?", merged, trade.id)
            return self.get(number=trade.number, now=now)

    def refund(
        self,
        trade: Trade,
        *,
        number: str,
        refund_no: str,
        amount: int,
        now: float,
        settles_at: float,
        succeeds: bool = True,
        notify_url: str = "",
        details: dict[str, Any] | None = None,
    ) -> tuple[Refund, bool]:
        """
        Give money back; return the refund and whether it is new.

        The same number again returns the first refund.

        :raises NumberReused: if the number is a refund of another trade or amount
        :raises NotRefundable: if the trade was never paid
        :raises RefundTooMuch: if all refunds together would exceed the amount paid
        """
        with self.database.transaction():
            existing = self.find_refund(number=number)
            if existing:
                if (existing.trade_id, existing.amount) != (trade.id, amount):
                    raise NumberReused(f"{number} is a refund of another trade or amount")
                return existing, False
            current = self.get(number=trade.number, now=now)
            if current.state != PAID:
                raise NotRefundable("订单未支付")
            if self.refunded(trade) + amount > trade.amount:
                raise RefundTooMuch("退款总金额超过订单金额")
            self.database.run(
                "INSERT INTO refunds (provider, trade_id, number, refund_no, amount, state, notify_url, details,"
                " created_at, settles_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                self.provider,
                trade.id,
                number,
                refund_no,
                amount,
                "DONE" if succeeds else "FAILED",
                notify_url,
                json.dumps(details or {}, ensure_ascii=False),
                now,
                settles_at,
            )
            return self.get_refund(number=number), True

    def find_refund(self, *, number: str = "", refund_no: str = "") -> Refund | None:
        query = REFUND_BY["number" if number else "refund_no"]
        row = self.database.one(query, self.provider, number or refund_no)
        return _refund(row) if row else None

    def get_refund(self, *, number: str = "", refund_no: str = "") -> Refund:
        """
        Return the refund of that number.

        :raises NotFound: if there is none
        """
        refund = self.find_refund(number=number, refund_no=refund_no)
        if refund is None:
            raise NotFound("no such refund")
        return refund

    def refunded(self, trade: Trade, *, up_to: Refund | None = None) -> int:
        """Return what was given back of a trade (failed refunds do not count), optionally as of one refund."""
        row = self.database.one(
            "SELECT COALESCE(SUM(amount), 0) AS total FROM refunds WHERE trade_id = ? AND state = 'DONE' AND id <= ?",
            trade.id,
            up_to.id if up_to else 2**62,
        )
        return int(row["total"]) if row else 0

    def refunds_of(self, trade: Trade) -> list[Refund]:
        return [
            _refund(row) for row in self.database.all("SELECT * FROM refunds WHERE trade_id = ? ORDER BY id", trade.id)
        ]

    def trade_of(self, refund: Refund) -> Trade:
        row = self.database.one("SELECT * FROM trades WHERE id = ?", refund.trade_id)
        if row is None:
            raise NotFound("no such trade")
        return _trade(row)

    def paid_between(self, start: float, end: float) -> list[Trade]:
        """Return the trades paid in ``[start, end)``, oldest first."""
        rows = self.database.all(
            "SELECT * FROM trades WHERE provider = ? AND paid_at >= ? AND paid_at < ? ORDER BY paid_at, id",
            self.provider,
            start,
            end,
        )
        return [_trade(row) for row in rows]

    def refunded_between(self, start: float, end: float) -> list[tuple[Refund, Trade]]:
        """Return the successful refunds asked for in ``[start, end)`` with their trades, oldest first."""
        rows = self.database.all(
            "SELECT * FROM refunds WHERE provider = ? AND state = 'DONE' AND created_at >= ? AND created_at < ?"
            " ORDER BY id",
            self.provider,
            start,
            end,
        )
        refunds = [_refund(row) for row in rows]
        return [(refund, self.trade_of(refund)) for refund in refunds]


def _trade(row: Row) -> Trade:
    values = dict(row)
    values["details"] = json.loads(values["details"])
    return Trade(**values)


def _refund(row: Row) -> Refund:
    values = dict(row)
    values["details"] = json.loads(values["details"])
    return Refund(**values)

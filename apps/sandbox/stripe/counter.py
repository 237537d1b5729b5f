"""Stripe behind its counter: the trades, the cashier, the notifications, the statement."""

import json

from starlette.requests import Request
from starlette.responses import Response

from apps.sandbox.cashier import Decision, serve_cashier
from apps.sandbox.clock import day_in_shanghai
from apps.sandbox.context import Context
from apps.sandbox.deliveries import Delivery, SignedRequest
from apps.sandbox.notices import Notice, Versions, other_amount, plan_deliveries
from apps.sandbox.statements import read_day
from apps.sandbox.trades import PAID, Refund, Trade, Trades

from .events import RETRY_AFTER, Events
from .objects import Objects
from .signing import sign_event

# Where the account's one webhook endpoint is, below the merchant's address.
ENDPOINT = "/hooks/stripe/notify/"


class StripeCounter:
    """What the provider ``stripe``. does, whoever asks for it: a buyer at the cashier or the merchant's program."""

    name = "stripe"
    brand = "Stripe"
    color = "#5851df"
    merchant = "星驰汽车"
    retry_after: tuple[float, ...] = RETRY_AFTER
    answer_timeout = 10.0
    api_prefixes: tuple[str, ...] = ("/v1/",)

    def __init__(self, context: Context) -> None:
        self.context = context
        self.credentials = context.credentials
        self.trades = Trades(context.database, self.name)
        self.objects = Objects(self.trades, base_url=context.base_url)
        self.events = Events(context.database, endpoint=context.notify_base + ENDPOINT)

    # Cashier

    async def show_cashier(self, request: Request) -> Response:
        return await serve_cashier(request, self)

    def find_trade(self, request: Request, *, now: float) -> Trade | None:
        return self.trades.find(token=request.path_params["token"], now=now)

    def settle(self, trade: Trade, decision: Decision, *, now: float) -> Trade:
        with self.context.database.transaction():
            if decision.result == "success":
                settled = self.trades.pay(trade, now=now)
                versions = self._completed(settled, is_second_try=decision.notify == "reordered", now=now)
            else:
                settled = self.trades.fail(trade, now=now)
                if decision.notify == "forged":
                    # A forged event claims success where nothing was paid; the account's own list does not know it.
                    versions = Versions(genuine=self._claim(settled, now=now))
                else:
                    intent = self.objects.intent(settled)
                    failed = self.events.record("payment_intent.payment_failed", intent, at=now)
                    versions = Versions(genuine=failed)
            planned = plan_deliveries(decision.notify, versions, delay_seconds=decision.delay_seconds)
            self.context.deliveries.add(self.name, planned, now=now)
        return settled

    def _completed(self, trade: Trade, *, is_second_try: bool, now: float) -> Versions:
        """Return the events of a paid session, with those of a first, declined attempt if there was one."""
        older: list[Notice] = []
        if is_second_try:
            before, intent = max(trade.created_at, now - 60), self.objects.intent(trade, is_failed=True)
            older = [
                self.events.record("payment_intent.created", {**intent, "last_payment_error": None}, at=before),
                self.events.record("payment_intent.payment_failed", intent, at=before),
            ]
        completed = self.events.record("checkout.session.completed", self.objects.session(trade), at=now)
        lie = other_amount(trade.amount)
        wrong = self.events.altered(completed, amount_total=lie, amount_subtotal=lie)
        return Versions(genuine=completed, wrong_amount=wrong, older=older)

    def _claim(self, trade: Trade, *, now: float) -> Notice:
        paid = {"payment_status": "paid", "status": "complete", "url": None}
        return self.events.unrecorded("checkout.session.completed", {**self.objects.session(trade), **paid}, at=now)

    def return_link(self, trade: Trade, request: Request, *, now: float) -> str:
        """Return ``success_url`` with the session's id filled in, or ``cancel_url``."""
        if trade.state == PAID:
            link = trade.return_url.replace("{CHECKOUT_SESSION_ID}", trade.number)
        else:
            link = trade.details["cancel_url"] or ""
        return link if link.startswith(("http://", "https://")) else ""

    # Notifications

    def queue_expiry(self, trade: Trade, *, now: float) -> None:
        """Queue the event of an expired session; the caller holds the transaction."""
        notice = self.events.record("checkout.session.expired", self.objects.session(trade), at=now)
        planned = plan_deliveries("once", Versions(genuine=notice), delay_seconds=0)
        self.context.deliveries.add(self.name, planned, now=now)

    def queue_refund(self, refund: Refund, trade: Trade, *, now: float) -> None:
        """Queue the events of a refund; the caller holds the transaction."""
        orders = self.context.refunds_at(self.name)
        kind = "refund.updated" if refund.state == "DONE" else "refund.failed"
        updated = self.events.record(kind, self.objects.refund(refund), at=now)
        lie = other_amount(refund.amount)
        both = [Versions(genuine=updated, wrong_amount=self.events.altered(updated, amount=lie))]
        if refund.state == "DONE":
            charge = self.objects.charge(trade)
            refunded = self.events.record("charge.refunded", charge, at=now)
            wrong = self.events.altered(refunded, amount_refunded=other_amount(charge["amount_refunded"]))
            both.insert(0, Versions(genuine=refunded, wrong_amount=wrong))
        for versions in both:
            planned = plan_deliveries(orders.notify, versions, delay_seconds=orders.delay_seconds)
            self.context.deliveries.add(self.name, planned, now=now)

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest:
        body = json.dumps(delivery.payload, ensure_ascii=False, indent=2).encode()
        secret = "whsec_" + "0" * 48 if delivery.is_forged else self.credentials.stripe_webhook_secret
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign_event(secret, body=body, now=now),
        }
        return SignedRequest(headers=headers, body=body)

    def is_accepted(self, status: int, body: str) -> bool:
        return 200 <= status < 300

    # Statement

    async def show_statement(self, request: Request) -> Response:
        """Answer the day's balance transactions, the whole day in one list."""
        start, end = day_in_shanghai(read_day(request.query_params.get("date", "")))
        data = self.objects.transactions_between(start, end)
        body = {"object": "list", "url": "/v1/balance_transactions", "has_more": False, "data": data}
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")

"""The HTTP interface merchants call: ``/v1/…``, forms in, JSON out."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.clock import read_clock
from apps.sandbox.errors import NotClosable, NotRefundable, NumberReused, RefundTooMuch
from apps.sandbox.trades import CLOSED, PAID, Trade

from .counter import StripeCounter
from .errors import StripeError, missing, not_found
from .forms import decode_form, whole_number
from .lists import page_of
from .objects import API_VERSION
from .orders import new_id, read_session
from .signing import is_secret_key

# Source: https://docs.stripe.com/api/idempotent_requests: keys are kept for at least a day.
KEY_SECONDS = 86_400.0
REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")

Params = dict[str, Any]
Work = Callable[[Request, Params, float], dict[str, Any]]
Endpoint = Callable[[Request], Awaitable[Response]]


class StripeApi:
    """One method per interface; each returns the object or raises ``StripeError``."""

    def __init__(self, counter: StripeCounter) -> None:
        self.counter = counter
        self.database = counter.context.database
        self.trades = counter.trades
        self.objects = counter.objects
        self.events = counter.events

    def routes(self) -> list[BaseRoute]:
        table: list[tuple[str, str, Work]] = [
            ("POST", "/v1/checkout/sessions", self.create_session),
            ("GET", "/v1/checkout/sessions", self.list_sessions),
            ("GET", "/v1/checkout/sessions/{id}", self.retrieve),
            ("POST", "/v1/checkout/sessions/{id}/expire", self.expire_session),
            ("GET", "/v1/payment_intents/{id}", self.retrieve),
            ("GET", "/v1/charges/{id}", self.retrieve),
            ("POST", "/v1/refunds", self.create_refund),
            ("GET", "/v1/refunds", self.list_refunds),
            ("GET", "/v1/refunds/{id}", self.retrieve),
            ("GET", "/v1/balance_transactions", self.list_transactions),
            ("GET", "/v1/balance_transactions/{id}", self.retrieve),
            ("GET", "/v1/events", self.list_events),
            ("GET", "/v1/events/{id}", self.retrieve_event),
            ("GET", "/v1/account", self.show_account),
            ("GET", "/v1/{rest:path}", self.refuse_unknown),
            ("POST", "/v1/{rest:path}", self.refuse_unknown),
        ]
        return [Route(path, self._endpoint(work), methods=[method]) for method, path, work in table]

    def _endpoint(self, work: Work) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            now = read_clock()
            body = (await request.body()).decode("utf-8", errors="replace")
            text = body if request.method == "POST" else request.url.query
            headers = {"Request-Id": new_id("req"), "Stripe-Version": API_VERSION}
            try:
                self._check_caller(request)
                status, answer, is_replayed = self._answer(request, work, text, now=now)
                headers |= {"Idempotent-Replayed": "true"} if is_replayed else {}
            except StripeError as error:
                status, answer = error.status, error.body()
            if status >= 400:
                request.state.notes = {"refused": answer["error"].get("code") or answer["error"]["type"]}
            content = json.dumps(answer, ensure_ascii=False).encode()
            return Response(content, status_code=status, headers=headers, media_type="application/json")

        return endpoint

    def _check_caller(self, request: Request) -> None:
        if not is_secret_key(request.headers.get("authorization", ""), self.counter.credentials.stripe_secret_key):
            raise StripeError("Invalid API Key provided.", status=401)
        account = request.headers.get("stripe-account", self.counter.credentials.stripe_account)
        if account != self.counter.credentials.stripe_account:
            raise StripeError(
                f"The provided key does not have access to account '{account}'.", status=403, code="account_invalid"
            )

    def _answer(self, request: Request, work: Work, text: str, *, now: float) -> tuple[int, dict[str, Any], bool]:
        """Do the work once per ``Idempotency-Key``: the first answer is kept in the same transaction as its effects."""
        key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
        if not key:
            return 200, work(request, decode_form(text), now), False
        fingerprint = hashlib.sha256(f"{request.url.path}\n{text}".encode()).hexdigest()
        with self.database.transaction():
            self.database.run("DELETE FROM stripe_answers WHERE created_at < ?", now - KEY_SECONDS)
            kept = self.database.one("SELECT * FROM stripe_answers WHERE key = ?", key)
            if kept is None:
                answer = work(request, decode_form(text), now)
                self.database.run(
                    "INSERT INTO stripe_answers (key, fingerprint, status, body, created_at) VALUES (?, ?, 200, ?, ?)",
                    key,
                    fingerprint,
                    json.dumps(answer, ensure_ascii=False),
                    now,
                )
                return 200, answer, False
        if kept["fingerprint"] != fingerprint:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            raise StripeError(message, kind="idempotency_error")
        return kept["status"], json.loads(kept["body"]), True

    # Checkout

    def create_session(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        trade = self.trades.open(read_session(params, now=now), now=now)
        return self.objects.session(trade)

    def list_sessions(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        intent = params.get("payment_intent")
        if not intent:
            raise missing("payment_intent")
        trade = self.trades.find(trade_no=str(intent), now=now)
        items = [self.objects.session(trade)] if trade else []
        return page_of(items, params, url="/v1/checkout/sessions")

    def expire_session(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        trade = self._session(request.path_params["id"], now=now)
        if trade.state == CLOSED:
            raise StripeError('Only Checkout Sessions with a status in ["open"] can be expired.', param="session")
        try:
            with self.database.transaction():
                closed = self.trades.close(trade, now=now)
                self.counter.queue_expiry(closed, now=now)
        except NotClosable as error:
            message = 'Only Checkout Sessions with a status in ["open"] can be expired.'
            raise StripeError(message, param="session") from error
        return self.objects.session(closed)

    def _session(self, id_: str, *, now: float) -> Trade:
        trade = self.trades.find(number=id_, now=now)
        if trade is None:
            raise not_found("checkout.session", id_)
        return trade

    # Anything by its id

    def retrieve(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        expand = params.get("expand") or []
        return self.objects.load(request.path_params["id"], now=now, expand=expand if isinstance(expand, list) else [])

    # Refunds

    def create_refund(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        id_ = str(params.get("payment_intent") or params.get("charge") or "")
        if not id_:
            raise missing("payment_intent")
        trade = self.trades.find(trade_no="pi_" + id_.partition("_")[2], now=now)
        if trade is None:
            raise not_found("payment_intent", id_)
        left = trade.amount - self.trades.refunded(trade)
        amount = whole_number(params["amount"], "amount") if "amount" in params else left
        reason = params.get("reason")
        if reason is not None and reason not in REFUND_REASONS:
            raise StripeError(f"Invalid reason: must be one of {', '.join(REFUND_REASONS)}", param="reason")
        if trade.state == PAID and left == 0:
            raise StripeError("Charge has already been refunded.", code="charge_already_refunded")
        if amount < 1:
            raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
        refund_no = new_id("re")
        metadata = params.get("metadata") or {}
        try:
            with self.database.transaction():
                refund, _ = self.trades.refund(
                    trade,
                    number=refund_no,
                    refund_no=refund_no,
                    amount=amount,
                    now=now,
                    settles_at=now,
                    succeeds=self.counter.context.refunds_at("stripe").result == "success",
                    details={"reason": reason, "metadata": metadata if isinstance(metadata, dict) else {}},
                )
                self.counter.queue_refund(refund, trade, now=now)
        except (NotRefundable, NumberReused) as error:
            message = f"This PaymentIntent ({trade.trade_no}) does not have a successful charge to refund."
            raise StripeError(message, code="intent_invalid_state") from error
        except RefundTooMuch as error:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise StripeError(message, param="amount") from error
        return self.objects.refund(refund)

    def list_refunds(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        id_ = str(params.get("payment_intent") or params.get("charge") or "")
        if not id_:
            raise missing("payment_intent")
        trade = self.trades.find(trade_no="pi_" + id_.partition("_")[2], now=now)
        refunds = reversed(self.trades.refunds_of(trade)) if trade else []
        return page_of([self.objects.refund(refund) for refund in refunds], params, url="/v1/refunds")

    # Reconciliation

    def list_transactions(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        items = self.objects.transactions_between(0, now + 1)
        for name in ("type", "source", "currency"):
            if params.get(name):
                items = [item for item in items if item[name] == params[name]]
        return page_of(items, params, url="/v1/balance_transactions")

    def list_events(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        kinds = params.get("types") or ([params["type"]] if params.get("type") else [])
        items = [event for event in self.events.list_all() if not kinds or event["type"] in kinds]
        return page_of(items, params, url="/v1/events")

    def retrieve_event(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        event = self.events.find(request.path_params["id"])
        if event is None:
            raise not_found("event", request.path_params["id"])
        return event

    def show_account(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        account = self.counter.credentials.stripe_account
        return {"id": account, "object": "account", "country": "HK", "default_currency": "cny", "livemode": False}

    def refuse_unknown(self, request: Request, params: Params, now: float) -> dict[str, Any]:
        raise StripeError(f"Unrecognized request URL ({request.method}: {request.url.path}).", status=404)

"""Stripe Checkout behind the payments port, on the ``stripe`` SDK."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import stripe
from django.conf import settings

from apps.integrations.calls import OutsideCalls, close_trade, connect_and_read_seconds
from apps.integrations.reading import ReadingError, as_mapping, read_minor, read_text
from apps.payments.api import PROVIDERS_ZONE
from apps.payments.errors import (
    NotificationForged,
    NotificationMalformed,
    ProviderRefused,
    ProviderUnavailable,
    UnknownProvider,
)
from apps.payments.ports import (
    Action,
    CloseOutcome,
    Merchant,
    NoticeKind,
    Notification,
    PaymentOrder,
    ProviderState,
    ProviderStatus,
    RefundOrder,
    RefundState,
    StatementLine,
)

PROVIDER = "stripe"
# Source: https://docs.stripe.com/webhooks/signature: the age Stripe's own libraries accept, in seconds.
TOLERANCE = 300
# 30 minutes to 24 hours. Source: https://docs.stripe.com/api/checkout/sessions/create, "expires_at".
SHORTEST_SESSION, LONGEST_SESSION = timedelta(minutes=31), timedelta(hours=23, minutes=59)
# Source: https://docs.stripe.com/api/events/types. What a session's event says of the payment.
SESSION_EVENTS = {
    "checkout.session.completed": ProviderStatus.UNPAID,  # paid at once only if payment_status says so
    "checkout.session.async_payment_succeeded": ProviderStatus.PAID,
    "checkout.session.async_payment_failed": ProviderStatus.FAILED,
    "checkout.session.expired": ProviderStatus.CLOSED,
}
FAILED_INTENT_EVENT = "payment_intent.payment_failed"
REFUND_EVENTS = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
# Source: https://docs.stripe.com/api/refunds/object#refund_object-status
REFUND_STATES = {
    "succeeded": ProviderStatus.REFUNDED,
    "pending": ProviderStatus.PROCESSING,
    "requires_action": ProviderStatus.PROCESSING,
    "failed": ProviderStatus.FAILED,
    "canceled": ProviderStatus.FAILED,
}
STATEMENT_TYPES = {
    "charge": NoticeKind.PAYMENT,
    "payment": NoticeKind.PAYMENT,
    "refund": NoticeKind.REFUND,
    "payment_refund": NoticeKind.REFUND,
}


class StripeGateway:
    """One Stripe account; Checkout Sessions that know our payment by ``client_reference_id`` and metadata."""

    def __init__(self) -> None:
        config = settings.STRIPE
        if not config["SECRET_KEY"]:
            raise UnknownProvider(provider=PROVIDER)
        # The signing secret belongs to one endpoint of one account: what it signs is that account's. What is left to
        # tell apart is the account's test mode and its live mode.
        self.merchant = Merchant(
            merchant_id=config["ACCOUNT"], app_id="test" if "_test_" in config["SECRET_KEY"] else "live"
        )
        self._webhook_secret = config["WEBHOOK_SECRET"]
        self._client = stripe.StripeClient(
            config["SECRET_KEY"],
            base_addresses={"api": config["BASE_URL"].rstrip("/")},
            # Repeating is decided here, within the deadline, not by the SDK.
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=connect_and_read_seconds()),
        )
        self._calls = OutsideCalls(PROVIDER, transport_errors=(stripe.APIConnectionError,))

    # Payments

    def create(self, order: PaymentOrder) -> Action:
        """Open a Checkout Session; our number is the idempotency key, so there is one."""
        about = {"payment_number": order.number, "order_number": order.order_number}
        params: Any = {
            "mode": "payment",
            "client_reference_id": order.number,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": order.amount.currency.lower(),
                        "unit_amount": order.amount.minor,
                        "product_data": {"name": order.subject},
                    },
                }
            ],
            "metadata": about,
            "payment_intent_data": {"metadata": about},
            "success_url": order.return_url,
            "cancel_url": order.return_url,
            "expires_at": int(_session_end(order).timestamp()),
        }
        session = self._ask(
            lambda: self._client.v1.checkout.sessions.create(params, {"idempotency_key": f"payment-{order.number}"})
        )
        return self._calls.read(
            lambda: Action(type="redirect", url=read_text(session, "url"), session=read_text(session, "id"))
        )

    def query(self, order: PaymentOrder) -> ProviderState:
        """Ask by the session. Without one nobody holds a link to pay by."""
        if not order.session:
            return ProviderState(status=ProviderStatus.ABSENT)
        session = self._ask(lambda: self._client.v1.checkout.sessions.retrieve(order.session))
        return self._calls.read(lambda: _session_state(session))

    def close(self, order: PaymentOrder) -> CloseOutcome:
        """Expire the session."""
        if not order.session:
            return CloseOutcome.ABSENT
        return close_trade(
            close=lambda: self._ask(lambda: self._client.v1.checkout.sessions.expire(order.session)),
            query=lambda: self.query(order),
        )

    # Refunds

    def refund(self, order: RefundOrder) -> RefundState:
        """
        Ask for the refund once per number.

        Stripe forgets idempotency keys after a day, and a refund may be tried for longer: what was refunded under this
        number is looked for first.
        """
        existing = self.query_refund(order)
        if existing.status is not ProviderStatus.ABSENT:
            return existing
        params: Any = {
            "payment_intent": order.payment.reference,
            "amount": order.amount.minor,
            "reason": "requested_by_customer",
            "metadata": {"refund_number": order.number, "payment_number": order.payment.number},
        }
        try:
            refund = self._ask(
                lambda: self._client.v1.refunds.create(params, {"idempotency_key": f"refund-{order.number}"})
            )
        except ProviderRefused as error:
            if error.context["is_final"]:
                return RefundState(status=ProviderStatus.FAILED, reason=error.context["reason"])
            raise
        return self._calls.read(lambda: _refund_state(refund))

    def query_refund(self, order: RefundOrder) -> RefundState:
        """Look for our number among the refunds of the payment."""
        refunds = self._list(
            lambda after: self._client.v1.refunds.list(
                {"payment_intent": order.payment.reference, "limit": 100, **after}
            )
        )
        for refund in refunds:
            if as_mapping(refund.get("metadata") or {}, "metadata").get("refund_number") == order.number:
                return self._calls.read(lambda found=refund: _refund_state(found))
        return RefundState(status=ProviderStatus.ABSENT)

    # Notifications

    def parse_notification(self, headers: Mapping[str, str], body: bytes, query: str) -> Notification:
        """Verify signature and age, and read a session's, an intent's or a refund's event."""
        try:
            stripe.WebhookSignature.verify_header(
                body.decode("utf-8"), headers.get("Stripe-Signature"), self._webhook_secret, TOLERANCE
            )
            event = as_mapping(json.loads(body), "event")
        except stripe.SignatureVerificationError as error:
            raise NotificationForged(reason=str(error)) from error
        except ValueError as error:
            raise NotificationMalformed(reason=str(error)) from error
        try:
            return _read_event(event)
        except ReadingError as error:
            raise NotificationMalformed(reason=str(error)) from error

    # Statement

    def fetch_statement(self, day: date) -> list[StatementLine]:
        """List the day's balance transactions with what each is about."""
        start = datetime(day.year, day.month, day.day, tzinfo=PROVIDERS_ZONE)
        created: Any = {"gte": int(start.timestamp()), "lt": int((start + timedelta(days=1)).timestamp())}
        transactions = self._list(
            lambda after: self._client.v1.balance_transactions.list(
                {"created": created, "limit": 100, "expand": ["data.source"], **after}
            )
        )
        return [
            self._calls.read(lambda row=row: self._statement_line(row))
            for row in transactions
            if row.get("type") in STATEMENT_TYPES
        ]

    def _statement_line(self, row: Mapping[str, Any]) -> StatementLine:
        kind = STATEMENT_TYPES[row["type"]]
        source = row.get("source")
        if isinstance(source, str):
            # An account whose API version does not expand lists.
            source_id = source
            retrieve = self._client.v1.charges if kind is NoticeKind.PAYMENT else self._client.v1.refunds
            source = self._ask(lambda: retrieve.retrieve(source_id))
        about = as_mapping(source, "source")
        metadata = as_mapping(about.get("metadata") or {}, "metadata")
        number = metadata.get("payment_number" if kind is NoticeKind.PAYMENT else "refund_number")
        amount = abs(int(row["amount"]))
        return StatementLine(
            kind=kind,
            # Money that moved without us (in Stripe's dashboard, say) is listed under Stripe's own id.
            number=str(number or about.get("id")),
            reference=read_text(about, "id"),
            amount=read_minor({"amount": amount}, "amount", read_text(row, "currency")),
            at=_moment(row, "created"),
        )

    # Calls: every one is keyed, by an id or by an idempotency key, so every one may be repeated.

    def _list(self, call: Callable[[Any], Any]) -> list[Mapping[str, Any]]:
        """Return every item of a list, page by page."""
        items: list[Mapping[str, Any]] = []
        while True:
            after = {"starting_after": items[-1]["id"]} if items else {}
            page = self._ask(lambda after=after: call(after))
            items += page.get("data") or []
            if not page.get("has_more") or not page.get("data"):
                return items

    def _ask(self, call: Callable[[], Any]) -> Mapping[str, Any]:
        """
        Make one call and return the object it answers, as plain data.

        :raises ProviderUnavailable: without an answer, or with one nobody can read
        :raises ProviderRefused: with ``provider_code``, ``reason``, and whether it ``is_final``
        """
        return self._calls.repeatable(lambda: self._answer(call))

    def _answer(self, call: Callable[[], Any]) -> Mapping[str, Any]:
        try:
            return call().to_dict()
        except stripe.APIConnectionError:
            raise
        except (stripe.RateLimitError, stripe.APIError) as error:
            raise ProviderUnavailable(provider=PROVIDER, reason=f"HTTP {error.http_status}") from error
        except stripe.StripeError as error:
            raise ProviderRefused(
                provider=PROVIDER,
                provider_code=error.code or type(error).__name__,
                reason=str(error.user_message or error)[:200],
                # The request itself is at fault; anything else (keys, permissions, balance) can be put right.
                is_final=isinstance(error, stripe.InvalidRequestError) and error.code != "balance_insufficient",
            ) from error


def _session_end(order: PaymentOrder) -> datetime:
    """Return when the session ends: as the payment does, within what Stripe allows; the same for the same payment."""
    shortest, longest = order.created_at + SHORTEST_SESSION, order.created_at + LONGEST_SESSION
    return min(max(order.expires_at, shortest), longest)


def _read_event(event: Mapping[str, Any]) -> Notification:
    kind = read_text(event, "type")
    thing = as_mapping(as_mapping(event.get("data"), "data").get("object"), "object")
    about = {
        "event_id": read_text(event, "id"),
        "event_type": kind,
        # Only events of connected accounts name one.
        "merchant_id": read_text(event, "account", is_required=False) or None,
        "app_id": "live" if event.get("livemode") else "test",
        "happened_at": _moment(event, "created"),
    }
    if kind in SESSION_EVENTS:
        state = _session_state(thing)
        status = SESSION_EVENTS[kind]
        return Notification(
            kind=NoticeKind.PAYMENT,
            number=read_text(thing, "client_reference_id"),
            status=state.status if status is ProviderStatus.UNPAID else status,
            amount=state.amount,
            reference=state.reference,
            order_number=state.order_number,
            **about,
        )
    metadata = as_mapping(thing.get("metadata") or {}, "metadata")
    if kind == FAILED_INTENT_EVENT and metadata.get("payment_number"):
        return Notification(
            kind=NoticeKind.PAYMENT,
            number=read_text(metadata, "payment_number"),
            status=ProviderStatus.FAILED,
            reference=read_text(thing, "id"),
            order_number=read_text(metadata, "order_number", is_required=False) or None,
            **about,
        )
    if kind in REFUND_EVENTS and metadata.get("refund_number"):
        state = _refund_state(thing)
        return Notification(
            kind=NoticeKind.REFUND,
            number=read_text(metadata, "refund_number"),
            status=state.status,
            amount=state.amount,
            reference=state.reference,
            reason=state.reason,
            **about,
        )
    # Other events of the account, and money moved in the dashboard: the statement shows the latter.
    return Notification(kind=NoticeKind.OTHER, number="", status=ProviderStatus.UNPAID, **about)


def _session_state(session: Mapping[str, Any]) -> ProviderState:
    status = ProviderStatus.UNPAID
    if read_text(session, "payment_status") == "paid":
        status = ProviderStatus.PAID
    elif session.get("status") == "expired":
        status = ProviderStatus.CLOSED
    metadata = as_mapping(session.get("metadata") or {}, "metadata")
    return ProviderState(
        status=status,
        reference=read_text(session, "payment_intent", is_required=status is ProviderStatus.PAID),
        amount=read_minor(session, "amount_total", read_text(session, "currency")),
        app_id="live" if session.get("livemode") else "test",
        order_number=read_text(metadata, "order_number", is_required=False) or None,
    )


def _refund_state(refund: Mapping[str, Any]) -> RefundState:
    state = read_text(refund, "status")
    if state not in REFUND_STATES:
        raise ReadingError(f"unknown refund status {state}")
    return RefundState(
        status=REFUND_STATES[state],
        reference=read_text(refund, "id"),
        amount=read_minor(refund, "amount", read_text(refund, "currency")),
        settled_at=_moment(refund, "created"),
        reason=read_text(refund, "failure_reason", is_required=False),
    )


def _moment(values: Mapping[str, Any], name: str) -> datetime:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**40:
        raise ReadingError(f"{name} is not a moment")
    return datetime.fromtimestamp(value, UTC)

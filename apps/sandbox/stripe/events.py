"""Events: what happened, kept for ``/v1/events`` and posted to the merchant's webhook endpoint.

The endpoint is registered for checkout.session.completed and .expired, payment_intent.payment_failed, charge.refunded,
refund.updated and refund.failed; ``reordered`` adds payment_intent.created.
Source: https://docs.stripe.com/api/events/types; repeated for three days, https://docs.stripe.com/webhooks#retries.
"""

import json
from typing import Any

from apps.sandbox.database import Database
from apps.sandbox.notices import Notice

from .objects import API_VERSION
from .orders import new_id

MINUTE, HOUR = 60.0, 3600.0
RETRY_AFTER = (5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, *(12 * HOUR,) * 4)


class Events:
    """The events of the account."""

    def __init__(self, database: Database, *, endpoint: str) -> None:
        self.database = database
        self.endpoint = endpoint

    def record(self, kind: str, data: dict[str, Any], *, at: float) -> Notice:
        """Keep an event in the caller's transaction and return its notice."""
        notice = self.unrecorded(kind, data, at=at)
        self.database.run(
            "INSERT INTO stripe_events (id, type, created, body) VALUES (?, ?, ?, ?)",
            notice.event_id,
            kind,
            int(at),
            json.dumps(notice.payload, ensure_ascii=False),
        )
        return notice

    def unrecorded(self, kind: str, data: dict[str, Any], *, at: float) -> Notice:
        """Return the notice of an event that the account does not know of."""
        event = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": int(at),
            "data": {"object": data},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        return self._notice(event)

    def altered(self, notice: Notice, **changes: Any) -> Notice:
        """Return a notice of the same event that tells another story."""
        data = {**notice.payload["data"]["object"], **changes}
        return self._notice({**notice.payload, "data": {"object": data}})

    def find(self, id_: str) -> dict[str, Any] | None:
        row = self.database.one("SELECT body FROM stripe_events WHERE id = ?", id_)
        return json.loads(row["body"]) if row else None

    def list_all(self) -> list[dict[str, Any]]:
        """Return every event, newest first."""
        rows = self.database.all("SELECT body FROM stripe_events ORDER BY created DESC, rowid DESC")
        return [json.loads(row["body"]) for row in rows]

    def _notice(self, event: dict[str, Any]) -> Notice:
        return Notice(event_id=event["id"], kind=event["type"], url=self.endpoint, payload=event)

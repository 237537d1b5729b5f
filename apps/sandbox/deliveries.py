"""Notifications on their way: jobs in SQLite, tried until accepted, on each provider's own schedule of retries."""

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from sqlite3 import Row
from typing import Any, Protocol

import httpx

from .clock import read_clock
from .database import Database
from .errors import NotFound
from .logs import write_log
from .notices import PlannedDelivery

# How many notifications may be on the wire at once.
CONCURRENT = 16


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification to one address."""

    id: int
    provider: str
    event_id: str
    kind: str
    url: str
    payload: dict[str, Any]
    is_forged: bool
    after_id: int | None
    due_at: float
    attempts: int
    state: str
    last_answer: str
    created_at: float


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A notification ready to be posted."""

    headers: dict[str, str]
    body: bytes


class Sender(Protocol):
    """What a provider must know to notify."""

    # Seconds between one attempt and the next; after the last one the provider gives up.
    retry_after: tuple[float, ...]
    answer_timeout: float

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest: ...

    def is_accepted(self, status: int, body: str) -> bool: ...


class Deliveries:
    """The queue."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.wake = asyncio.Event()

    def add(self, provider: str, planned: list[PlannedDelivery], *, now: float) -> list[int]:
        """Queue notifications in the caller's transaction."""
        ids: list[int] = []
        for item in planned:
            if not item.notice.url:
                continue
            after_id = ids[-1] if item.follows and ids else None
            ids.append(
                self.database.run(
                    "INSERT INTO deliveries (provider, event_id, kind, url, payload, is_forged, after_id, due_at,"
                    " state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'WAITING', ?)",
                    provider,
                    item.notice.event_id,
                    item.notice.kind,
                    item.notice.url,
                    json.dumps(item.notice.payload, ensure_ascii=False),
                    int(item.is_forged),
                    after_id,
                    now + item.delay,
                    now,
                )
            )
        self.wake.set()
        return ids

    def replay(self, delivery_id: int, *, now: float) -> int:
        """
        Queue the same notification once more.

        :raises NotFound: if there is no such delivery
        """
        if not self.database.one("SELECT id FROM deliveries WHERE id = ?", delivery_id):
            raise NotFound("no such delivery")
        copy = self.database.run(
            "INSERT INTO deliveries (provider, event_id, kind, url, payload, is_forged, due_at, state, created_at)"
            " SELECT provider, event_id, kind, url, payload, is_forged, ?, 'WAITING', ? FROM deliveries WHERE id = ?",
            now,
            now,
            delivery_id,
        )
        self.wake.set()
        return copy

    def drop_planned(self, provider: str, kind: str, *, now: float) -> None:
        """Give up deliveries of a kind whose time has not come."""
        self.database.run(
            "UPDATE deliveries SET state = 'ABANDONED'"
            " WHERE provider = ? AND kind = ? AND state = 'WAITING' AND due_at > ?",
            provider,
            kind,
            now,
        )

    def list_due(self, *, now: float) -> list[Delivery]:
        """Return the deliveries whose time has come, oldest first."""
        rows = self.database.all(
            "SELECT d.* FROM deliveries AS d LEFT JOIN deliveries AS before ON before.id = d.after_id"
            " WHERE d.state = 'WAITING' AND d.due_at <= ?"
            " AND (before.id IS NULL OR before.attempts > 0 OR before.state <> 'WAITING')"
            " ORDER BY d.due_at, d.id LIMIT 200",
            now,
        )
        return [_delivery(row) for row in rows]

    def next_due(self) -> float | None:
        row = self.database.one("SELECT MIN(due_at) AS due FROM deliveries WHERE state = 'WAITING'")
        return row["due"] if row else None

    def list_latest(self, limit: int = 200) -> list[Delivery]:
        return [_delivery(row) for row in self.database.all("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", limit)]

    def record(self, delivery: Delivery, *, state: str, answer: str, due_at: float) -> None:
        """Note how an attempt went."""
        self.database.run(
            "UPDATE deliveries SET attempts = attempts + 1, state = ?, last_answer = ?, due_at = ? WHERE id = ?",
            state,
            answer[:200],
            due_at,
            delivery.id,
        )
        self.wake.set()


class Courier:
    """The loop that delivers."""

    def __init__(self, deliveries: Deliveries, senders: dict[str, Sender], *, retry_scale: float) -> None:
        self.deliveries = deliveries
        self.senders = senders
        # Below 1 shortens every provider's waits between attempts, for tests.
        self.retry_scale = retry_scale
        self.held: set[str] = set()
        self.under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is tried again after the next start."""
        async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as client:
            try:
                while True:
                    self.deliveries.wake.clear()
                    self._start_due(client, now=read_clock())
                    try:
                        await asyncio.wait_for(self.deliveries.wake.wait(), timeout=self._pause(now=read_clock()))
                    except TimeoutError:
                        continue
            finally:
                for task in self.under_way.values():
                    task.cancel()
                await asyncio.gather(*self.under_way.values(), return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient, *, now: float) -> None:
        for delivery in self.deliveries.list_due(now=now):
            if len(self.under_way) >= CONCURRENT:
                return
            if delivery.id in self.under_way or delivery.provider in self.held:
                continue
            task = asyncio.create_task(self._deliver(client, delivery))
            self.under_way[delivery.id] = task
            task.add_done_callback(partial(self._finish, delivery))

    def _finish(self, delivery: Delivery, task: "asyncio.Task[None]") -> None:
        self.under_way.pop(delivery.id, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # A notification we cannot even send would be due for ever.
            self.deliveries.record(delivery, state="ABANDONED", answer=repr(error), due_at=delivery.due_at)
            write_log(at=read_clock(), delivery=delivery.id, state="ABANDONED", answer=repr(error))
        self.deliveries.wake.set()

    def _pause(self, *, now: float) -> float:
        """Return how long to sleep: until something is due, at most a second; what is under way wakes us itself."""
        due = self.deliveries.next_due()
        return 1.0 if due is None or due <= now else min(1.0, due - now)

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        sender = self.senders[delivery.provider]
        signed = sender.sign_notice(delivery, now=read_clock())
        started = read_clock()
        try:
            response = await client.post(
                delivery.url, content=signed.body, headers=signed.headers, timeout=sender.answer_timeout
            )
            is_accepted = sender.is_accepted(response.status_code, response.text)
            answer = f"{response.status_code} {response.text[:120]}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            is_accepted, answer = False, f"{type(error).__name__} {error}".strip()
        now = read_clock()
        state, due_at = self._next(delivery, is_accepted=is_accepted, now=now)
        self.deliveries.record(delivery, state=state, answer=answer, due_at=due_at)
        write_log(
            at=now,
            delivery=delivery.id,
            provider=delivery.provider,
            kind=delivery.kind,
            url=delivery.url,
            attempt=delivery.attempts + 1,
            forged=delivery.is_forged,
            state=state,
            answer=answer,
            ms=round((now - started) * 1000),
        )

    def _next(self, delivery: Delivery, *, is_accepted: bool, now: float) -> tuple[str, float]:
        """Return the state after an attempt and when to try again. Forgers do not retry."""
        waits = () if delivery.is_forged else self.senders[delivery.provider].retry_after
        if is_accepted:
            return "ACCEPTED", now
        if delivery.attempts >= len(waits):
            return "ABANDONED", now
        return "WAITING", now + waits[delivery.attempts] * self.retry_scale


def _delivery(row: Row) -> Delivery:
    values = dict(row)
    values["payload"] = json.loads(values["payload"])
    values["is_forged"] = bool(values["is_forged"])
    return Delivery(**values)

"""Delivering facts: claim the oldest one due, run its handler, mark it done, all in one transaction."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.kernel.models import OutboxDelivery
from apps.kernel.outbox.subscriptions import get_subscription, list_handler_names
from apps.kernel.states import DeliveryStatus

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass(frozen=True)
class Delivered:
    """What became of one delivery; ``error`` is None when its handler succeeded."""

    delivery_id: int
    error: Exception | None = None


@dataclass(frozen=True)
class Drained:
    """How many deliveries succeeded and failed."""

    delivered: int = 0
    failed: int = 0


def drain(*, now: datetime, strict: bool = False, aggregate: str = "") -> Drained:
    """
    Deliver all that is due at ``now``, also what the handlers record meanwhile; only of one ``aggregate``, if named.

    With ``strict``, the first handler that fails raises its error here, after the failure is noted.
    """
    delivered = failed = 0
    while (outcome := deliver_next(now=now, aggregate=aggregate)) is not None:
        if outcome.error is None:
            delivered += 1
            continue
        failed += 1
        if strict:
            raise outcome.error
    return Drained(delivered=delivered, failed=failed)


def deliver_next(*, now: datetime, aggregate: str = "") -> Delivered | None:
    """
    Deliver the oldest fact that is due (of ``aggregate``, if named) and that no other relay holds; None without one.

    The handler's changes and the mark "done" are one transaction. A failure rolls both back and is noted with the time
    of the next attempt; after ``MAX_ATTEMPTS`` the delivery is dead and the aggregate's next one gets its turn.
    """
    delivery: OutboxDelivery | None = None
    committed: list[bool] = []
    try:
        with transaction.atomic():
            delivery = _claim(now, aggregate)
            if delivery is None:
                return None
            # First in line, so that a later callback that fails is told apart from a handler that failed.
            transaction.on_commit(lambda: committed.append(True))
            subscription = get_subscription(delivery.handler)
            event = delivery.event
            subscription.handle(subscription.rebuild(event.payload), event=event)
            OutboxDelivery.objects.filter(pk=delivery.pk).update(
                status=DeliveryStatus.DONE, attempts=delivery.attempts + 1, finished_at=now, last_error=""
            )
    except Exception as error:
        if delivery is None:
            raise
        _note_failure(delivery, error, now=now, after_commit=bool(committed))
        return Delivered(delivery.pk, error)
    return Delivered(delivery.pk)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 1 s, 2 s, 4 s, … at most five minutes."""
    return min(timedelta(seconds=2 ** (attempts - 1)), LONGEST_BACKOFF)


def _claim(now: datetime, aggregate: str) -> OutboxDelivery | None:
    """
    Lock the oldest due delivery of the handlers this process knows.

    A delivery waits while an older one of the same handler and aggregate is pending, also one that another relay is
    just delivering (its "done" is not committed yet) or that waits for its next attempt. Handlers of a newer release
    are left to the relays that know them.
    """
    rows = OutboxDelivery.objects.raw(
        "SELECT d.* FROM kernel_outboxdelivery d"
        " WHERE d.status = 'PENDING' AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= %(now)s)"
        " AND d.handler = ANY(%(handlers)s) AND (%(aggregate)s = '' OR d.aggregate = %(aggregate)s)"
        " AND NOT EXISTS (SELECT 1 FROM kernel_outboxdelivery older WHERE older.status = 'PENDING'"
        " AND older.handler = d.handler AND older.aggregate = d.aggregate AND older.sequence < d.sequence)"
        " ORDER BY d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED",
        {"now": now, "handlers": list_handler_names(), "aggregate": aggregate},
    )
    return next(iter(rows), None)


def _note_failure(delivery: OutboxDelivery, error: Exception, *, now: datetime, after_commit: bool) -> None:
    """
    Note a failed attempt in a transaction of its own, unless another relay has moved the delivery on meanwhile.

    ``after_commit``: the handler's rows are in, but what it left for after the commit (queueing a task, say) failed.
    The delivery goes back to waiting, so that the task is queued after all: at least once beats not at all.
    """
    attempts = delivery.attempts + 1
    is_dead = attempts >= MAX_ATTEMPTS
    log.error("outbox: %s failed, attempt %s of %s", delivery, attempts, MAX_ATTEMPTS, exc_info=error)
    OutboxDelivery.objects.filter(
        pk=delivery.pk,
        status=DeliveryStatus.DONE if after_commit else DeliveryStatus.PENDING,
        attempts=attempts if after_commit else delivery.attempts,
    ).update(
        status=DeliveryStatus.DEAD if is_dead else DeliveryStatus.PENDING,
        attempts=attempts,
        next_attempt_at=None if is_dead else now + backoff(attempts),
        finished_at=now if is_dead else None,
        last_error=f"{type(error).__name__}: {error}".replace("\0", "")[:2000],
    )

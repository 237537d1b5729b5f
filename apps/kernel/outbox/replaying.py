"""Looking after the outbox: dead letters, backlog, retention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Min, Q

from apps.kernel.lifecycle import Lifecycle
from apps.kernel.models import OutboxDelivery, OutboxEvent
from apps.kernel.states import DeliveryStatus as S

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# The relay marks thousands of deliveries DONE or DEAD itself; what a person decides goes through the lifecycle.
DELIVERY = Lifecycle(name="kernel.outbox_delivery", moves={"replay": ({S.DEAD}, S.PENDING)})


@transaction.atomic
def replay(*, delivery_id: int, by: "AbstractBaseUser | None", now: datetime) -> OutboxDelivery:
    """
    Give a dead letter ten new attempts, beginning at once.

    It may arrive after younger facts of its aggregate: they did not wait for it.

    :raises MoveNotAllowed: if the delivery is not DEAD
    """
    delivery = OutboxDelivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
    DELIVERY.move(delivery, "replay", by=by, at=now)
    delivery.attempts = 0
    delivery.next_attempt_at = None
    delivery.finished_at = None
    delivery.save(update_fields=["attempts", "next_attempt_at", "finished_at"])
    return delivery


@transaction.atomic
def replay_dead(*, delivery_ids: Sequence[int], by: "AbstractBaseUser | None", now: datetime) -> int:
    """Replay those of the deliveries that are dead, and leave the others alone; return how many were."""
    dead = (
        OutboxDelivery.objects.select_for_update(no_key=True).filter(pk__in=delivery_ids, status=S.DEAD).order_by("pk")
    )
    ids = [delivery.pk for delivery in dead]
    for delivery_id in ids:
        replay(delivery_id=delivery_id, by=by, now=now)
    return len(ids)


@dataclass(frozen=True)
class Backlog:
    """How the outbox stands: waiting deliveries, the age of the oldest one's fact, dead letters."""

    pending: int
    oldest: timedelta
    dead: int


def get_backlog(*, now: datetime) -> Backlog:
    """Return how the outbox stands, for health checks and metrics."""
    figures = OutboxDelivery.objects.filter(status__in=[S.PENDING, S.DEAD]).aggregate(
        pending=Count("id", filter=Q(status=S.PENDING)),
        dead=Count("id", filter=Q(status=S.DEAD)),
        oldest_at=Min("event__occurred_at", filter=Q(status=S.PENDING)),
    )
    oldest_at = figures["oldest_at"]
    return Backlog(
        pending=figures["pending"],
        oldest=max(now - oldest_at, timedelta(0)) if oldest_at else timedelta(0),
        dead=figures["dead"],
    )


@transaction.atomic
def purge_delivered(*, before: datetime) -> int:
    """Delete facts older than ``before`` of which no delivery is waiting or dead; return how many."""
    unfinished = OutboxDelivery.objects.exclude(status=S.DONE).values("event_id")
    _, deleted = OutboxEvent.objects.filter(occurred_at__lt=before).exclude(pk__in=unfinished).delete()
    return deleted.get(OutboxEvent._meta.label, 0)

"""Recalls: which cars, and telling their owners."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.aftersales.models import Recall, RecallCar
from apps.events.api import RecallPublished
from apps.inventory.api import is_valid_vin
from apps.inventory.errors import InvalidVin
from apps.kernel.api import outbox


@transaction.atomic
def add_recall_cars(*, recall_id: int, vins: Iterable[str], now: datetime) -> int:
    """
    Name cars that a recall concerns, sold or not; known ones stay. Returns how many are new.

    :raises InvalidVin: if one of the numbers is none; nothing is added then
    """
    wanted = list(dict.fromkeys(vin.strip().upper() for vin in vins if vin.strip()))
    for vin in wanted:
        if not is_valid_vin(vin):
            raise InvalidVin(vin=vin)
    known = set(RecallCar.objects.filter(recall=recall_id, vin__in=wanted).values_list("vin", flat=True))
    new = [RecallCar(recall_id=recall_id, vin=vin) for vin in wanted if vin not in known]
    RecallCar.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def publish_recall(*, recall_id: int, by: User | None, now: datetime) -> Recall:
    """Publish a recall and tell the owners of its cars; repeating it changes nothing."""
    recall = Recall.objects.select_for_update().get(pk=recall_id)
    if recall.published_at is None:
        recall.published_at = now
        recall.save(update_fields=["published_at"])
        outbox.record(RecallPublished(recall_id=recall.pk), at=now)
    return recall

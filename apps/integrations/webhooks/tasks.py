"""Celery shells of webhooks."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.integrations.webhooks import api

logger = logging.getLogger(__name__)
KEPT = timedelta(days=30)


@shared_task(name="webhooks.deliver", queue="integration")
def deliver(*, delivery_id: int, **kwargs: Any) -> None:
    """Try to send one delivery."""
    api.deliver(delivery_id=delivery_id, now=timezone.now())


@shared_task(name="webhooks.deliver_due", queue="default")
def deliver_due(**kwargs: Any) -> int:
    """Send what is due and was forgotten: retries, and whatever a broker lost. Beat calls this four times a minute."""
    due = api.list_due(now=timezone.now())
    enqueue(due)
    return len(due)


@shared_task(name="webhooks.purge", queue="default")
def purge(**kwargs: Any) -> int:
    """Forget deliveries of more than a month ago."""
    return api.purge_deliveries(before=timezone.now() - KEPT)


def enqueue(delivery_ids: Sequence[int]) -> None:
    """Hand deliveries to the workers. A broker that is down costs a quarter of a minute: beat finds the rows."""
    for delivery_id in delivery_ids:
        try:
            deliver.apply_async(kwargs={"delivery_id": delivery_id}, queue="integration", expires=300)
        except OperationalError:
            logger.warning("the broker is away; webhook deliveries wait for the sweep")
            return

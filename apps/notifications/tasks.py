"""Celery shells of notifications."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.notifications import api


@shared_task(name="notifications.deliver_message", queue="default")
def deliver_message(*, message_id: int, **kwargs: Any) -> None:
    """Try to send one message."""
    api.deliver_message(message_id=message_id, now=timezone.now())


@shared_task(name="notifications.deliver_waiting", queue="critical")
def deliver_waiting(**kwargs: Any) -> int:
    """Send what is due and was forgotten: retries, and whatever a broker lost. Beat calls this twice a minute."""
    waiting = api.list_waiting(now=timezone.now())
    for message_id, queue in waiting:
        enqueue(message_id, queue)
    return len(waiting)


def enqueue(message_id: int, queue: str) -> None:
    """Hand one message to the workers."""
    deliver_message.apply_async(kwargs={"message_id": message_id}, queue=queue, expires=300)

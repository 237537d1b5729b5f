"""Facts that notifications listens to."""

from typing import Any

from django.db import transaction

from apps.events.api import MessageQueued
from apps.kernel.api import outbox
from apps.notifications.api import get_queue_of
from apps.notifications.tasks import enqueue


@outbox.subscribe(MessageQueued, name="notifications.send_message")
def send_message(fact: MessageQueued, *, event: Any) -> None:
    """Hand the message to the workers. A broker that is down costs half a minute: beat finds the row."""
    queue = get_queue_of(fact.message_id)
    if queue:
        transaction.on_commit(lambda: enqueue(fact.message_id, queue), robust=True)

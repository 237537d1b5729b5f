"""From the fact to the worker's queue, with and without a broker."""

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.kernel.api import OutboxDelivery, outbox
from apps.notifications import tasks
from apps.notifications.api import deliver_message, queue_message
from apps.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def queue_code(now):
    return queue_message(
        template="sign_in_code",
        channel="sms",
        to="+8613800138000",
        language="zh-hans",
        context={"code": "123456"},
        dedupe_key="code:1",
        now=now,
    )


@pytest.fixture
def broker(monkeypatch):
    """What reaches the broker: (message id, queue)."""
    published = []

    def publish(*, kwargs, queue, **_options):
        published.append((kwargs["message_id"], queue))

    monkeypatch.setattr(tasks.deliver_message, "apply_async", publish)
    return published


def test_the_relay_hands_a_code_to_the_critical_queue(broker, now):
    message = queue_code(now)
    assert broker == []

    outbox.drain(now=now)

    assert broker == [(message.pk, "critical")]


def test_a_dead_broker_neither_stops_the_relay_nor_loses_the_message(monkeypatch, sms):
    message = queue_code(timezone.now())

    def refuse(**_options):
        raise OperationalError("nobody listens")

    with monkeypatch.context() as patch:
        patch.setattr(tasks.deliver_message, "apply_async", refuse)
        outbox.drain(now=timezone.now())
    assert set(OutboxDelivery.objects.values_list("status", flat=True)) == {"DONE"}

    handed_over = []
    monkeypatch.setattr(tasks.deliver_message, "apply_async", lambda **options: handed_over.append(options["kwargs"]))
    assert tasks.deliver_waiting() == 1
    tasks.deliver_message(**handed_over[0])
    assert Message.objects.get(pk=message.pk).status == "SENT"


def test_a_message_sent_meanwhile_is_not_handed_over(broker, sms, now):
    message = queue_code(now)
    deliver_message(message_id=message.pk, now=now)

    outbox.drain(now=now)

    assert broker == []


def test_beat_skips_what_is_not_due(broker):
    message = queue_code(timezone.now())
    Message.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=1))

    assert tasks.deliver_waiting() == 0

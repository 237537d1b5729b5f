"""Two senders, two relays: real threads against PostgreSQL, and a control without the guard."""

import threading
import time

import pytest
from django.db import transaction

from apps.integrations.webhooks import sending
from apps.integrations.webhooks.api import DeliveryStatus, WebhookDelivery, deliver
from apps.integrations.webhooks.models import WebhookEndpoint
from apps.integrations.webhooks.services import delivering
from apps.integrations.webhooks.services.telling import tell
from tests.races import race

THREADS = 6
pytestmark = pytest.mark.django_db(transaction=True)


def together(work):
    """Run ``work`` so many times at once; their results."""
    return race(*[work] * THREADS)


@pytest.fixture
def slow_receiver(receiver):
    def answer(handler):
        time.sleep(0.2)
        handler.send_response(204)
        handler.end_headers()

    receiver.answer = answer
    return receiver


def test_many_senders_make_one_call(listening, slow_receiver, company, now):
    listening("stock.changed")
    (pk,) = tell("stock.changed", {company.pk: [("1", {})]}, at=now)

    results = together(lambda: deliver(delivery_id=pk, now=now))

    assert len(slow_receiver.bodies) == 1
    assert [result.status for result in results if result] == [DeliveryStatus.DELIVERED]


def test_without_the_claim_they_make_many(listening, slow_receiver, company, now):
    """The control: with the lease out, everybody calls."""
    listening("stock.changed")
    (pk,) = tell("stock.changed", {company.pk: [("1", {})]}, at=now)

    def unguarded():
        delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=pk)
        headers = delivering.sign(delivery, now=now)
        return sending.post(
            delivery.endpoint.url, body=delivery.body.encode(), headers=headers, deadline=2, may_loop=True
        )

    together(unguarded)

    assert len(slow_receiver.bodies) == THREADS


def test_a_fact_that_is_told_many_times_at_once_makes_one_message(listening, company, now):
    listening("stock.changed")

    def told():
        with transaction.atomic():
            return tell("stock.changed", {company.pk: [("1", {})]}, at=now)

    together(told)

    assert WebhookDelivery.objects.count() == 1


def test_failures_counted_at_once_are_all_counted(listening, receiver, company, now):
    listening("stock.changed")
    receiver.answer = 500
    ids = tell("stock.changed", {company.pk: [(str(n), {}) for n in range(THREADS)]}, at=now)
    waiting = iter(ids)
    lock = threading.Lock()

    def one():
        with lock:
            pk = next(waiting)
        return deliver(delivery_id=pk, now=now)

    called = [result for result in together(one) if result]

    assert WebhookEndpoint.objects.get().failures == len(called) == len(receiver.bodies)

"""From a fact to the provider: the handler queues, the task calls; and the sweeps when the queue is gone."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.kernel.api import outbox
from apps.payments import api, tasks
from apps.payments.models import Payment, Refund
from apps.payments.ports import ProviderStatus
from s2b2c.celery import app
from tests.factories.payments import make_captured_payment, make_payment

NAMES = {
    "payments.query_pending": "critical",
    "payments.query_payment": "critical",
    "payments.execute_refund": "critical",
    "payments.execute_due_refunds": "critical",
    "payments.reconcile_yesterday": "default",
}


@pytest.fixture
def eager():
    """Run tasks where they are queued."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


@pytest.fixture
def our_facts_only():
    """Deliver to the handlers of payments; what orders does with a fact is not told here."""
    from apps.kernel.outbox import subscriptions

    others = {name: item for name, item in subscriptions._subscriptions.items() if not name.startswith("payments.")}
    for name in others:
        outbox.unsubscribe(name)
    yield
    subscriptions._subscriptions.update(others)


def refund_all(payment, now):
    with transaction.atomic():
        api.request_refund(
            order_number=payment.order_number,
            amount=None,
            reason=api.RefundReason.ORDER_CANCELLED,
            cause_key="c",
            by=None,
            now=now,
        )


@pytest.mark.django_db(transaction=True)
def test_a_requested_refund_reaches_the_provider_by_itself(gateway, our_facts_only, eager):
    now = timezone.now()
    refund_all(make_captured_payment(gateway, now=now), now)

    outbox.drain(now=now, strict=True)

    assert Refund.objects.get().status == "SUCCEEDED"


@pytest.mark.django_db(transaction=True)
def test_a_closed_payment_is_closed_at_the_provider_by_itself(gateway, our_facts_only, eager):
    now = timezone.now()
    payment = make_payment(now=now)
    api.present_payment(payment_number=payment.number, now=now)
    with transaction.atomic():
        api.close_payments(order_number=payment.order_number, by=None, now=now)

    outbox.drain(now=now, strict=True)

    assert gateway.trades[payment.number].status is ProviderStatus.CLOSED
    assert Payment.objects.get().provider_closed_at is not None


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_fact_is_delivered_and_the_sweep_does_the_work(gateway, our_facts_only):
    now = timezone.now()
    refund_all(make_captured_payment(gateway, now=now), now)

    delivered = outbox.drain(now=now, strict=True)  # nobody listens at the test settings' broker address

    assert (delivered.delivered, delivered.failed) == (1, 0)
    assert Refund.objects.get().status == "PENDING"
    api.execute_due_refunds(now=now + timedelta(minutes=1))
    assert Refund.objects.get().status == "SUCCEEDED"


@pytest.mark.parametrize(("name", "queue"), NAMES.items())
def test_tasks_have_their_names_and_queues(name, queue):
    assert app.tasks[name].queue == queue


@pytest.mark.django_db
def test_tasks_take_arguments_of_newer_callers(gateway, other_gateway):
    tasks.query_pending(since="tomorrow")
    tasks.execute_due_refunds(since="tomorrow")
    payment = make_payment(now=timezone.now())
    tasks.query_payment(payment_number=payment.number, since="tomorrow")


@pytest.mark.django_db
def test_the_nightly_task_survives_providers_without_keys(gateway, settings):
    settings.ALIPAY = {**settings.ALIPAY, "APP_ID": ""}
    settings.STRIPE = {**settings.STRIPE, "SECRET_KEY": ""}

    tasks.reconcile_yesterday()

    assert [call for call, _ in gateway.calls] == ["fetch_statement"]

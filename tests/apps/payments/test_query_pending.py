from datetime import timedelta

import pytest
from django.db import transaction

from apps.payments import api
from apps.payments.errors import ProviderRefused
from apps.payments.models import Payment, PaymentEvent
from apps.payments.ports import ProviderStatus
from tests.factories.payments import FakeGateway, make_captured_payment, make_payment, using_fake

pytestmark = pytest.mark.django_db

SOON = timedelta(seconds=16)


@pytest.fixture
def presented(gateway, now):
    payment = make_payment(now=now)
    api.present_payment(payment_number=payment.number, now=now)
    return payment


def test_finds_money_nobody_told_us_about(gateway, presented, now, facts):
    gateway.pay(presented.number, at=now)

    assert api.query_pending(now=now + SOON) == {presented.number: "captured"}

    presented.refresh_from_db()
    assert (presented.status, presented.next_query_at) == ("CAPTURED", None)
    assert PaymentEvent.objects.get().event_type == "query"
    assert facts() == ["payment_captured"]


def test_leaves_a_young_payment_to_its_notification(gateway, presented, now):
    assert api.query_pending(now=now + timedelta(seconds=5)) == {}


def test_a_notification_that_comes_after_the_query_changes_nothing(gateway, presented, now, facts):
    gateway.pay(presented.number, at=now)
    api.query_pending(now=now + SOON)

    api.receive_notification(
        provider="wechatpay", notification=gateway.news_of(presented.number), now=now + timedelta(minutes=1)
    )

    assert facts() == ["payment_captured"]


def test_an_unpaid_payment_keeps_waiting_and_is_asked_about_again_later(gateway, presented, now):
    assert api.query_pending(now=now + SOON) == {presented.number: "nothing new"}
    assert api.query_pending(now=now + SOON) == {}
    assert api.query_pending(now=now + SOON + timedelta(seconds=30)) == {presented.number: "nothing new"}
    assert not PaymentEvent.objects.exists()


def test_an_unpaid_payment_that_ran_out_is_closed_here_and_there(gateway, presented, now, facts):
    api.query_pending(now=now + timedelta(minutes=31))

    presented.refresh_from_db()
    assert (presented.status, presented.next_query_at) == ("CLOSED", None)
    assert presented.provider_closed_at is not None
    assert gateway.trades[presented.number].status is ProviderStatus.CLOSED
    assert facts() == ["payment_closed"]


def test_money_that_came_before_the_provider_closed_is_captured(gateway, presented, now, facts):
    with transaction.atomic():
        api.close_payments(order_number=presented.order_number, by=None, now=now)
    gateway.pay(presented.number, at=now)

    api.query_pending(now=now + SOON)

    assert Payment.objects.get(pk=presented.pk).status == "CAPTURED"
    assert facts() == ["payment_closed", "payment_captured"]


def test_a_closed_payment_is_closed_at_the_provider_though_its_task_got_lost(gateway, presented, now):
    with transaction.atomic():
        api.close_payments(order_number=presented.order_number, by=None, now=now)

    api.query_pending(now=now + SOON)

    presented.refresh_from_db()
    assert gateway.trades[presented.number].status is ProviderStatus.CLOSED
    assert presented.next_query_at is None


def test_a_trade_that_could_still_begin_is_watched_until_the_payment_runs_out(gateway, now):
    payment = make_payment(now=now)  # a page address that nobody has opened yet: the provider knows of nothing
    with transaction.atomic():
        api.close_payments(order_number=payment.order_number, by=None, now=now)

    api.query_pending(now=now + SOON)
    payment.refresh_from_db()
    assert payment.next_query_at is not None

    api.query_pending(now=now + timedelta(minutes=31))
    payment.refresh_from_db()
    assert payment.next_query_at is None


def test_a_silent_provider_is_left_alone_for_the_rest_of_the_run(gateway, other_gateway, now):
    silent = [make_payment(now=now).number for _ in range(3)]
    spoken = make_payment(now=now, provider="alipay").number
    gateway.is_silent = True

    results = api.query_pending(now=now + SOON)

    assert [results[number] for number in silent] == ["provider silent"] * 3
    assert results[spoken] == "nothing new"
    assert len(gateway.calls) == 1


def test_a_captured_payment_is_not_asked_about(gateway, now):
    make_captured_payment(gateway, now=now)

    assert api.query_pending(now=now + timedelta(hours=1)) == {}


def test_an_answer_we_refused_gets_another_chance_the_next_day(gateway, presented, now):
    gateway.pay(presented.number, at=now)
    ours, gateway.trades[presented.number].order = (
        gateway.trades[presented.number].order,
        gateway.trades[presented.number].order.__class__(
            **{**gateway.trades[presented.number].order.__dict__, "order_number": "S-wrong"}
        ),
    )
    assert api.query_pending(now=now + SOON) == {presented.number: "wrong_order"}

    gateway.trades[presented.number].order = ours

    assert api.query_pending(now=now + timedelta(hours=1)) == {presented.number: "wrong_order"}
    assert api.query_pending(now=now + timedelta(days=1)) == {presented.number: "captured"}


def test_a_provider_that_refuses_to_answer_keeps_nobody_else_waiting(other_gateway, gateway, now):
    class RefusingGateway(FakeGateway):
        """Does not like our keys."""

        def query(self, order):
            raise ProviderRefused(provider="wechatpay", provider_code="SIGN_ERROR", reason="who are you")

    refused = make_payment(now=now).number
    asked = make_payment(now=now, provider="alipay").number

    with using_fake(RefusingGateway()):
        results = api.query_pending(now=now + SOON)

    assert results == {refused: "provider refused", asked: "nothing new"}

"""Races for money, on PostgreSQL with real threads. The controls show that the tests see a missing guard."""

from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from apps.kernel.api import Money, OutboxEvent
from apps.payments import api
from apps.payments.errors import RefundExceedsPaid
from apps.payments.models import Payment, PaymentEvent, PaymentQuerySet, Refund
from apps.payments.services import refunds as refunds_module
from apps.payments.states import PAYMENT
from tests import races
from tests.factories.payments import make_captured_payment, make_payment

pytestmark = pytest.mark.django_db(transaction=True)

TWINS = 20


def race(work, count):
    """Run ``work(0)`` … ``work(count - 1)`` at once; return what they returned."""
    return races.race(*[partial(work, number) for number in range(count)])


def captures():
    return OutboxEvent.objects.filter(name="payments.payment_captured.v1").count()


@pytest.fixture
def paid(gateway, now):
    payment = make_payment(now=now)
    api.present_payment(payment_number=payment.number, now=now)
    gateway.pay(payment.number, at=now)
    return payment


def test_the_same_notification_twenty_times_at_once_captures_once(gateway, paid, now):
    news = gateway.news_of(paid.number)

    outcomes = race(lambda _: api.receive_notification(provider="wechatpay", notification=news, now=now), TWINS)

    assert all(outcome.is_accepted for outcome in outcomes)
    assert [outcome.is_repeated for outcome in outcomes].count(False) == 1
    assert (captures(), PaymentEvent.objects.count()) == (1, 1)
    assert Payment.objects.get().status == "CAPTURED"


def test_twenty_different_messages_about_the_same_money_capture_once(gateway, paid, now):
    news = [gateway.news_of(paid.number) for _ in range(TWINS)]

    outcomes = race(
        lambda number: api.receive_notification(provider="wechatpay", notification=news[number], now=now), TWINS
    )

    verdicts = [outcome.verdict.value for outcome in outcomes]
    assert sorted(set(verdicts)) == ["already_captured", "captured"]
    assert verdicts.count("captured") == captures() == 1


def test_control_without_lock_unique_id_and_lifecycle_it_captures_more_than_once(gateway, paid, now, monkeypatch):
    """The guards are taken out on purpose."""
    everybody_has_read = Barrier(TWINS, timeout=20)

    def read_without_lock(queryset, number):
        payment = queryset.filter(number=number).first()
        everybody_has_read.wait()
        return payment

    monkeypatch.setattr(PaymentQuerySet, "lock_number", read_without_lock)
    monkeypatch.setitem(PAYMENT.moves, "capture", (frozenset({"PENDING", "CAPTURED"}), "CAPTURED"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_paymentevent DROP CONSTRAINT payments_event_once")
    news = gateway.news_of(paid.number)

    race(lambda _: api.receive_notification(provider="wechatpay", notification=news, now=now), TWINS)

    assert captures() > 1


def test_notification_and_query_at_once_capture_once(gateway, paid, now):
    news = gateway.news_of(paid.number)

    def hear_or_ask(number):
        if number % 2:
            return api.query_payment(payment_number=paid.number, now=now)
        return api.receive_notification(provider="wechatpay", notification=news, now=now)

    outcomes = race(hear_or_ask, 8)

    assert all(outcome.is_accepted for outcome in outcomes)
    assert captures() == 1


def test_money_that_races_with_closing_is_never_lost(gateway, now):
    payments = [make_payment(now=now) for _ in range(6)]
    for payment in payments:
        api.present_payment(payment_number=payment.number, now=now)
        gateway.pay(payment.number, at=now)

    def pay_or_close(number):
        payment = payments[number // 2]
        if number % 2:
            with transaction.atomic():
                return api.close_payments(order_number=payment.order_number, by=None, now=now)
        news = gateway.news_of(payment.number)
        return api.receive_notification(provider="wechatpay", notification=news, now=now)

    race(pay_or_close, 2 * len(payments))

    assert set(Payment.objects.values_list("status", flat=True)) == {"CAPTURED"}
    assert captures() == len(payments)


def ask_for_refund(now, amount="60.00"):
    def ask(number):
        try:
            with transaction.atomic():
                api.request_refund(
                    order_number="S1",
                    amount=Money.of(amount),
                    reason=api.RefundReason.ORDER_CANCELLED,
                    cause_key=f"case-{number}",
                    by=None,
                    now=now,
                )
        except (RefundExceedsPaid, IntegrityError) as error:
            return type(error).__name__
        return "promised"

    return ask


@pytest.fixture
def captured(gateway, now):
    return make_captured_payment(gateway, now=now, order_number="S1", amount=Money.of("100.00"))


def test_of_refunds_that_together_exceed_what_was_paid_one_is_promised(captured, now):
    results = race(ask_for_refund(now), 8)

    assert results.count("promised") == 1
    assert results.count("RefundExceedsPaid") == 7
    assert Refund.objects.count() == 1


def without_lock(monkeypatch, callers):
    """Take the service's row lock out: everybody reads what is left before anybody promises."""
    everybody_has_read = Barrier(callers, timeout=20)
    read = refunds_module._list_left

    def read_together(*args):
        left = read(*args)
        everybody_has_read.wait()
        return left

    monkeypatch.setattr(
        PaymentQuerySet, "lock_order", lambda queryset, order_number: list(queryset.filter(order_number=order_number))
    )
    monkeypatch.setattr(refunds_module, "_list_left", read_together)


def test_without_the_services_lock_the_database_still_keeps_the_cap(captured, now, monkeypatch):
    without_lock(monkeypatch, 2)

    assert sorted(race(ask_for_refund(now), 2)) == ["IntegrityError", "promised"]
    assert Refund.objects.count() == 1


def test_control_without_lock_and_trigger_more_than_was_paid_is_promised(captured, now, monkeypatch):
    """Both guards are taken out on purpose."""
    without_lock(monkeypatch, 2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_refund DISABLE TRIGGER USER")

    assert race(ask_for_refund(now), 2) == ["promised", "promised"]
    assert sum(Refund.objects.values_list("amount", flat=True)) > captured.amount


def test_the_same_cause_asked_for_at_once_is_promised_once(captured, now):
    def ask(_):
        with transaction.atomic():
            refunds = api.request_refund(
                order_number="S1",
                amount=None,
                reason=api.RefundReason.ORDER_CANCELLED,
                cause_key="cancel",
                by=None,
                now=now,
            )
        return [refund.number for refund in refunds]

    results = race(ask, 6)

    assert len({tuple(numbers) for numbers in results}) == 1
    assert Refund.objects.count() == 1


def test_opening_the_same_payment_at_once_opens_one(gateway, now):
    numbers = race(lambda _: make_payment(now=now, order_number="S1").number, 8)

    assert len(set(numbers)) == 1
    assert Payment.objects.filter(status="PENDING").count() == 1


def test_presenting_at_once_ends_with_one_trade_and_one_link(gateway, now):
    payment = make_payment(now=now)

    views = race(lambda _: api.present_payment(payment_number=payment.number, now=now), 6)

    assert len({view.action.url for view in views}) == 1
    assert len(gateway.trades) == 1


def test_two_sweeps_at_once_ask_about_each_payment_once(gateway, now):
    for _ in range(10):
        make_payment(now=now)

    results = race(lambda _: api.query_pending(now=now + timedelta(seconds=16)), 3)

    assert sum(len(result) for result in results) == 10
    assert len({number for result in results for number in result}) == 10

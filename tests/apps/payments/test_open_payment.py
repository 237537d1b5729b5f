from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.kernel.api import Money, OutsideTransaction
from apps.payments import api
from apps.payments.errors import AlreadyPaid, InvalidAmount, UnknownProvider
from apps.payments.models import Payment
from tests.factories.payments import make_captured_payment, make_payment

pytestmark = pytest.mark.django_db


def test_opens_a_payment_that_waits_and_calls_nobody(gateway, now):
    payment = make_payment(now=now, amount=Money.of("169900.00"))

    assert (payment.status, payment.money, payment.action_url) == ("PENDING", Money.of("169900.00"), "")
    assert gateway.calls == []


def test_numbers_are_what_every_provider_takes_and_never_repeat(gateway, now):
    numbers = {make_payment(now=now).number for _ in range(50)}

    assert len(numbers) == 50
    assert all(number.isalnum() and number.isascii() and 6 <= len(number) <= 32 for number in numbers)


def test_the_same_wish_again_finds_the_same_payment(gateway, now):
    first = make_payment(now=now, order_number="S1")

    assert make_payment(now=now + timedelta(minutes=1), order_number="S1") == first
    assert Payment.objects.count() == 1


def test_another_provider_closes_the_first_payment(gateway, other_gateway, now, facts):
    first = make_payment(now=now, order_number="S1")
    second = make_payment(now=now, order_number="S1", provider="alipay")

    first.refresh_from_db()
    assert (first.status, second.status) == ("CLOSED", "PENDING")
    assert facts() == ["payment_closed"]


@pytest.mark.parametrize(
    ("changes", "minutes"), [({"amount": Money.of("5.00")}, 0), ({}, 31)], ids=["another amount", "run out"]
)
def test_a_payment_that_no_longer_fits_is_replaced(gateway, now, changes, minutes):
    first = make_payment(now=now, order_number="S1")
    later = now + timedelta(minutes=minutes)
    second = make_payment(now=later, order_number="S1", expires_at=later + timedelta(minutes=30), **changes)

    first.refresh_from_db()
    assert (first.status, second.status) == ("CLOSED", "PENDING")


def test_two_tenders_of_an_order_wait_side_by_side(gateway, now):
    make_payment(now=now, order_number="S1", tender="deposit")
    make_payment(now=now, order_number="S1", tender="balance")

    assert Payment.objects.filter(status="PENDING").count() == 2


def test_the_database_keeps_pending_payments_of_a_tender_single(gateway, now):
    payment = make_payment(now=now)
    payment.pk, payment.number = None, "P-twin"

    with pytest.raises(IntegrityError), transaction.atomic():
        payment.save(force_insert=True)


def test_refuses_to_collect_what_is_paid_until_all_of_it_is_given_back(gateway, now):
    paid = make_captured_payment(gateway, now=now, order_number="S1")

    with pytest.raises(AlreadyPaid):
        make_payment(now=now, order_number="S1")
    assert Payment.objects.count() == 1

    with transaction.atomic():
        api.request_refund(
            order_number="S1", amount=None, reason=api.RefundReason.ORDER_CANCELLED, cause_key="c", by=None, now=now
        )
    assert make_payment(now=now, order_number="S1") != paid


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"provider": "paypal"}, UnknownProvider),
        ({"amount": Money.of("0.00")}, InvalidAmount),
        ({"amount": Money.of("-1.00")}, InvalidAmount),
    ],
)
def test_refuses_what_cannot_be_paid_and_writes_nothing(gateway, now, changes, refusal):
    with pytest.raises(refusal):
        make_payment(now=now, **changes)

    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_joins_its_callers_transaction_or_refuses(gateway, now):
    with pytest.raises(OutsideTransaction):
        api.open_payment(
            order_number="S1",
            tender="full",
            provider="wechatpay",
            amount=Money.of("1.00"),
            subject="x",
            return_url="https://shop.example/",
            expires_at=now + timedelta(minutes=5),
            by=None,
            now=now,
        )

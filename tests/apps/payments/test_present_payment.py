from datetime import timedelta

import pytest
from django.db import transaction

from apps.payments import api
from apps.payments.errors import PaymentNotFound, ProviderUnavailable
from apps.payments.ports import Action, PaymentOrder, ProviderStatus
from tests.factories.payments import FakeGateway, make_captured_payment, make_payment, using_fake

pytestmark = pytest.mark.django_db


def test_says_how_to_pay_and_asks_the_provider_once(gateway, now):
    payment = make_payment(now=now)

    first = api.present_payment(payment_number=payment.number, now=now)
    second = api.present_payment(payment_number=payment.number, now=now)

    assert first == second
    assert (first.action.type, first.action.url) == ("redirect", f"https://cashier.example/{payment.number}")
    assert gateway.calls == [("create", payment.number)]


def test_a_silent_provider_leaves_the_payment_to_be_presented_again(gateway, now):
    payment = make_payment(now=now)
    gateway.is_silent = True
    with pytest.raises(ProviderUnavailable):
        api.present_payment(payment_number=payment.number, now=now)

    gateway.is_silent = False
    view = api.present_payment(payment_number=payment.number, now=now)

    assert view.status == "PENDING"
    assert view.action is not None


def test_a_paid_payment_asks_for_nothing_more(gateway, now):
    payment = make_captured_payment(gateway, now=now)
    calls = list(gateway.calls)

    view = api.present_payment(payment_number=payment.number, now=now)

    assert (view.status, view.action) == ("CAPTURED", None)
    assert gateway.calls == calls


def test_a_payment_that_ran_out_is_not_presented(gateway, now):
    payment = make_payment(now=now)

    view = api.present_payment(payment_number=payment.number, now=now + timedelta(hours=1))

    assert view.action is None
    assert gateway.calls == []


def test_a_trade_created_while_the_payment_was_closed_is_closed_as_well(now):
    class SlowGateway(FakeGateway):
        """Takes so long to create that the buyer cancels meanwhile."""

        def create(self, order: PaymentOrder) -> Action:
            with transaction.atomic():
                api.close_payments(order_number=order.order_number, by=None, now=now)
            return super().create(order)

    slow = SlowGateway()
    with using_fake(slow):
        payment = make_payment(now=now)
        view = api.present_payment(payment_number=payment.number, now=now)

    assert (view.status, view.action) == ("CLOSED", None)
    assert slow.trades[payment.number].status is ProviderStatus.CLOSED


def test_an_unknown_number_is_refused(gateway, now):
    with pytest.raises(PaymentNotFound):
        api.present_payment(payment_number="P0", now=now)

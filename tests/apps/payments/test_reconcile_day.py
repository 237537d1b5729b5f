from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from apps.kernel.api import Money
from apps.payments import api
from apps.payments.models import Payment
from tests.factories.payments import FakeTrade, make_captured_payment, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(now):
    return now.astimezone(api.PROVIDERS_ZONE).date()


def test_books_that_agree_to_the_fen_have_no_differences(gateway, now, day):
    paid = [make_captured_payment(gateway, now=now, amount=Money.from_minor(100 + fen)) for fen in range(5)]
    with transaction.atomic():
        (refund,) = api.request_refund(
            order_number=paid[0].order_number,
            amount=Money.of("0.37"),
            reason=api.RefundReason.ORDER_CANCELLED,
            cause_key="c",
            by=None,
            now=now,
        )
    api.execute_refund(refund_number=refund.number, now=now)

    assert api.reconcile_day(provider="wechatpay", day=day) == []


def test_money_the_provider_has_and_we_do_not_know_is_missing_here(gateway, now, day):
    order = make_order(now=now)
    gateway.trades[order.number] = FakeTrade(order=order)
    gateway.pay(order.number, at=now)

    (difference,) = api.reconcile_day(provider="wechatpay", day=day)

    assert (difference.kind, difference.number, difference.ours) == ("missing_here", order.number, None)
    assert difference.theirs == Money.of("199.00")


def test_money_we_booked_and_the_provider_does_not_know_is_missing_there(gateway, now, day):
    payment = make_captured_payment(gateway, now=now)
    gateway.trades.clear()

    (difference,) = api.reconcile_day(provider="wechatpay", day=day)

    assert (difference.kind, difference.number, difference.theirs) == ("missing_there", payment.number, None)


def test_another_amount_is_a_difference(gateway, now, day):
    payment = make_captured_payment(gateway, now=now)
    Payment.objects.filter(pk=payment.pk).update(amount=Money.of("198.99").amount)

    (difference,) = api.reconcile_day(provider="wechatpay", day=day)

    assert difference.kind == "amount_differs"


def test_a_refund_asked_for_before_midnight_and_settled_after_it_is_not_missing(gateway, now, day):
    payment = make_captured_payment(gateway, now=now)
    with transaction.atomic():
        (refund,) = api.request_refund(
            order_number=payment.order_number,
            amount=None,
            reason=api.RefundReason.ORDER_CANCELLED,
            cause_key="c",
            by=None,
            now=now,
        )
    api.execute_refund(refund_number=refund.number, now=now)
    refund.refresh_from_db()
    refund.given_back_at = now + timedelta(days=1)
    refund.save(update_fields=["given_back_at"])

    assert api.reconcile_day(provider="wechatpay", day=day) == []
    assert api.reconcile_day(provider="wechatpay", day=day + timedelta(days=1)) == []


def test_the_command_lists_differences_and_fails(gateway, now, day, capsys):
    make_captured_payment(gateway, now=now)
    call_command("reconcile_payments", date=day, provider=["wechatpay"])
    assert "wechatpay 2026-06-10: 0 differences" in capsys.readouterr().out

    gateway.trades.clear()
    with pytest.raises(CommandError):
        call_command("reconcile_payments", date=day, provider=["wechatpay"])
    assert "missing_there" in capsys.readouterr().out

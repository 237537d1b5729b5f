from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.kernel.api import Money, StatusChange
from apps.payments import api
from apps.payments.models import Payment, PaymentEvent
from apps.payments.ports import NoticeKind, ProviderStatus
from apps.payments.states import Verdict
from tests.factories.payments import make_captured_payment, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(gateway, now):
    """A payment the buyer has paid, of which we have not heard yet."""
    payment = make_payment(now=now)
    api.present_payment(payment_number=payment.number, now=now)
    gateway.pay(payment.number, at=now)
    return payment


def receive(news, now):
    return api.receive_notification(provider="wechatpay", notification=news, now=now)


def test_captures_and_tells_once(gateway, paid, now, facts):
    outcome = receive(gateway.news_of(paid.number), now)

    paid.refresh_from_db()
    assert (outcome.verdict, outcome.is_accepted) == (Verdict.CAPTURED, True)
    assert (paid.status, paid.captured_at, paid.paid_at) == ("CAPTURED", now, now)
    assert paid.provider_reference == gateway.trades[paid.number].reference
    assert facts() == ["payment_captured"]
    assert StatusChange.objects.filter(lifecycle="payments.payment").count() == 1


def test_the_same_notification_again_is_accepted_and_changes_nothing(gateway, paid, now, facts):
    news = gateway.news_of(paid.number)
    receive(news, now)

    again = receive(news, now + timedelta(minutes=1))

    assert (again.verdict, again.is_repeated, again.is_accepted) == (Verdict.CAPTURED, True, True)
    assert facts() == ["payment_captured"]
    assert PaymentEvent.objects.count() == 1


def test_the_same_money_under_another_id_is_kept_and_changes_nothing(gateway, paid, now, facts):
    receive(gateway.news_of(paid.number), now)

    assert receive(gateway.news_of(paid.number), now).verdict == Verdict.ALREADY_CAPTURED
    assert facts() == ["payment_captured"]
    assert PaymentEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"amount": Money.of("198.99")}, Verdict.WRONG_AMOUNT),
        ({"amount": Money.of("199.00", "USD")}, Verdict.WRONG_CURRENCY),
        ({"merchant_id": "somebody-else"}, Verdict.WRONG_MERCHANT),
        ({"app_id": "another-app"}, Verdict.WRONG_APP),
        ({"order_number": "S-other"}, Verdict.WRONG_ORDER),
        ({"number": "P-of-nobody"}, Verdict.UNKNOWN_PAYMENT),
    ],
)
def test_news_that_contradicts_us_is_kept_refused_and_changes_nothing(gateway, paid, now, facts, changes, verdict):
    outcome = receive(gateway.news_of(paid.number, **changes), now)

    paid.refresh_from_db()
    assert (outcome.verdict, outcome.is_accepted) == (verdict, False)
    assert (paid.status, paid.captured_at, paid.provider_reference) == ("PENDING", None, "")
    assert PaymentEvent.objects.get().verdict == verdict
    assert facts() == []


def test_a_refused_notification_is_refused_again_when_repeated(gateway, paid, now):
    news = gateway.news_of(paid.number, amount=Money.of("0.01"))
    receive(news, now)

    again = receive(news, now)

    assert (again.is_repeated, again.is_accepted) == (True, False)


def test_another_providers_payment_is_unknown(gateway, other_gateway, paid, now):
    outcome = api.receive_notification(provider="alipay", notification=gateway.news_of(paid.number), now=now)

    assert outcome.verdict == Verdict.UNKNOWN_PAYMENT
    assert Payment.objects.get(pk=paid.pk).status == "PENDING"


def test_old_news_after_the_money_is_out_of_order(gateway, paid, now, facts):
    receive(gateway.news_of(paid.number), now)

    outcome = receive(gateway.news_of(paid.number, status=ProviderStatus.FAILED), now)

    assert (outcome.verdict, outcome.is_accepted) == (Verdict.OUT_OF_ORDER, True)
    assert Payment.objects.get(pk=paid.pk).status == "CAPTURED"
    assert facts() == ["payment_captured"]


def test_money_for_a_closed_payment_is_captured_all_the_same(gateway, paid, now, facts):
    with transaction.atomic():
        api.close_payments(order_number=paid.order_number, by=None, now=now)

    outcome = receive(gateway.news_of(paid.number), now)

    assert outcome.verdict == Verdict.CAPTURED_LATE
    assert Payment.objects.get(pk=paid.pk).status == "CAPTURED"
    assert facts() == ["payment_closed", "payment_captured"]


def test_a_failed_try_is_told_and_may_still_be_followed_by_money(gateway, paid, now, facts):
    receive(gateway.news_of(paid.number, status=ProviderStatus.FAILED, reference=""), now)
    assert Payment.objects.get(pk=paid.pk).status == "FAILED"

    receive(gateway.news_of(paid.number), now)

    assert Payment.objects.get(pk=paid.pk).status == "CAPTURED"
    assert facts() == ["payment_failed", "payment_captured"]


def test_a_trade_the_provider_closed_ends_the_payment(gateway, paid, now, facts):
    outcome = receive(gateway.news_of(paid.number, status=ProviderStatus.CLOSED, reference=""), now)

    paid.refresh_from_db()
    assert outcome.verdict == Verdict.CLOSED
    assert (paid.status, paid.provider_closed_at, paid.next_query_at) == ("CLOSED", now, None)
    assert facts() == ["payment_failed"]


def test_one_trade_at_the_provider_pays_one_payment(gateway, now):
    first = make_captured_payment(gateway, now=now)
    second = make_payment(now=now)
    api.present_payment(payment_number=second.number, now=now)
    gateway.pay(second.number, at=now)

    outcome = receive(gateway.news_of(second.number, reference=first.provider_reference), now)

    assert (outcome.verdict, outcome.is_accepted) == (Verdict.OTHER_TRADE, False)
    assert Payment.objects.get(pk=second.pk).status == "PENDING"


def test_news_that_is_none_of_our_business_is_accepted_and_not_kept(gateway, paid, now):
    outcome = receive(gateway.news_of(paid.number, kind=NoticeKind.OTHER), now)

    assert outcome.is_accepted
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE payments_paymentevent SET verdict = 'captured'", "DELETE FROM payments_paymentevent"]
)
def test_the_database_keeps_what_providers_told(gateway, paid, now, statement):

    receive(gateway.news_of(paid.number), now)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

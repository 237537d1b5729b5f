from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps as django_apps
from django.db import IntegrityError, transaction
from django.utils import translation

from apps.kernel.api import Money, MoveNotAllowed
from apps.payments import api
from apps.payments.errors import (
    InvalidAmount,
    ProviderRefused,
    RefundCauseReused,
    RefundExceedsPaid,
    RefundNotFound,
)
from apps.payments.models import Payment, Refund
from apps.payments.policies import REFUND_PAUSES
from apps.payments.ports import NoticeKind, ProviderStatus
from apps.payments.services.refunds import TRIES_BEFORE_ALARM
from apps.payments.states import Verdict
from tests.factories.payments import FakeGateway, make_captured_payment, make_payment, using_fake

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(gateway, now):
    return make_captured_payment(gateway, now=now, order_number="S1", amount=Money.of("100.00"))


def request(now, amount="40.00", cause="case-1", **changes):
    values = {
        "order_number": "S1",
        "amount": Money.of(amount) if amount else None,
        "reason": api.RefundReason.ORDER_CANCELLED,
        "cause_key": cause,
        "by": None,
    }
    with transaction.atomic():
        return api.request_refund(**{**values, **changes}, now=now)


def test_promises_a_part_and_then_the_provider_gives_it_back(gateway, paid, now, facts):
    (refund,) = request(now)
    assert (refund.status, api.paid_and_refunded("S1")) == ("PENDING", (Money.of("100.00"), Money.zero()))

    api.execute_refund(refund_number=refund.number, now=now)

    refund.refresh_from_db()
    assert (refund.status, refund.settled_at, refund.next_try_at) == ("SUCCEEDED", now, None)
    assert api.paid_and_refunded("S1") == (Money.of("100.00"), Money.of("40.00"))
    assert facts() == ["payment_captured", "refund_requested", "refund_succeeded"]


def test_none_means_all_that_is_left(gateway, paid, now):
    request(now)

    (rest,) = request(now, amount=None, cause="case-2")

    assert rest.money == Money.of("60.00")
    assert request(now, amount=None, cause="case-3") == []


def test_the_provider_shows_the_payer_the_reason_in_chinese(gateway, paid, now):
    (refund,) = request(now, reason=api.RefundReason.PAID_TWICE)

    with translation.override("en"):
        api.execute_refund(refund_number=refund.number, now=now)
        (view,) = api.list_refunds("S1")

    assert (view.reason_code, view.reason) == ("paid_twice", "Paid more than was owed")
    assert [given.order.reason for given in gateway.refunds.values()] == ["多付的款项"]


def test_words_of_old_code_become_codes_and_back(gateway, paid, now):
    migration = import_module("apps.payments.migrations.0003_refund_reasons")
    assert set(migration.CODES.values()) <= set(api.RefundReason.values)
    for number, words in enumerate(migration.CODES):
        request(now, amount="1.00", cause=f"case-{number}", reason=words)

    migration.write_codes(django_apps, None)
    assert list(Refund.objects.order_by("pk").values_list("reason", flat=True)) == list(migration.CODES.values())
    migration.write_words(django_apps, None)
    assert list(Refund.objects.order_by("pk").values_list("reason", flat=True)) == list(migration.CODES)


def test_the_newest_payment_gives_first(gateway, now):
    deposit = make_captured_payment(gateway, now=now, order_number="S1", tender="deposit", amount=Money.of("10.00"))
    balance = make_captured_payment(
        gateway, now=now + timedelta(days=1), order_number="S1", tender="balance", amount=Money.of("90.00")
    )

    refunds = request(now, amount="95.00")

    assert [(refund.payment, refund.money) for refund in refunds] == [
        (balance, Money.of("90.00")),
        (deposit, Money.of("5.00")),
    ]


def test_can_be_limited_to_one_payment(gateway, now):
    deposit = make_captured_payment(gateway, now=now, order_number="S1", tender="deposit", amount=Money.of("10.00"))
    make_captured_payment(gateway, now=now, order_number="S1", tender="balance", amount=Money.of("90.00"))

    refunds = request(now, amount=None, payment_number=deposit.number)

    assert [(refund.payment, refund.money) for refund in refunds] == [(deposit, Money.of("10.00"))]


def test_the_same_cause_again_finds_the_same_refund(gateway, paid, now):
    assert request(now) == request(now)
    assert request(now) == request(now, amount=None)
    assert Refund.objects.count() == 1


def test_the_same_cause_with_another_amount_is_refused(gateway, paid, now):
    request(now)

    with pytest.raises(RefundCauseReused):
        request(now, amount="41.00")
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "refusal"), [("100.01", RefundExceedsPaid), ("0.00", InvalidAmount), ("-1.00", InvalidAmount)]
)
def test_refuses_amounts_that_cannot_be_given_back(gateway, paid, now, facts, amount, refusal):
    with pytest.raises(refusal):
        request(now, amount=amount)

    assert not Refund.objects.exists()
    assert facts() == ["payment_captured"]


def test_what_was_promised_counts_against_the_cap_and_what_failed_does_not(gateway, paid, now):
    gateway.refunds_to = ProviderStatus.FAILED
    (failed,) = request(now, amount="60.00")
    with pytest.raises(RefundExceedsPaid):
        request(now, amount="60.00", cause="case-2")

    api.execute_refund(refund_number=failed.number, now=now)

    assert request(now, amount="60.00", cause="case-2")


def test_an_unpaid_payment_gives_nothing_back(gateway, now):
    make_payment(now=now, order_number="S1")

    assert request(now, amount=None) == []
    with pytest.raises(RefundExceedsPaid):
        request(now, amount="0.01", cause="case-2")


def test_the_database_itself_keeps_the_cap(gateway, paid, now):
    request(now, amount="60.00")
    other = {"reason": api.RefundReason.ORDER_CANCELLED, "created_at": now, "payment": paid}

    with pytest.raises(IntegrityError, match="exceed what was captured"), transaction.atomic():
        Refund.objects.create(number="R1", amount=Money.of("40.01").amount, cause_key="x", **other)
    Refund.objects.create(number="R2", amount=Money.of("40.00").amount, cause_key="y", **other)
    with pytest.raises(IntegrityError, match="exceed what was captured"), transaction.atomic():
        Refund.objects.filter(number="R2").update(amount=Money.of("40.01").amount)


def test_executing_twice_refunds_once(gateway, paid, now):
    (refund,) = request(now)

    api.execute_refund(refund_number=refund.number, now=now)
    api.execute_refund(refund_number=refund.number, now=now)

    assert [call for call in gateway.calls if call[0] == "refund"] == [("refund", refund.number)]


def test_a_silent_provider_is_tried_again_by_the_sweep(gateway, paid, now, facts):
    (refund,) = request(now)
    gateway.is_silent = True
    api.execute_refund(refund_number=refund.number, now=now)
    assert Refund.objects.get().status == "PENDING"

    gateway.is_silent = False
    assert api.execute_due_refunds(now=now) == []
    assert api.execute_due_refunds(now=now + REFUND_PAUSES[0]) == [refund.number]

    assert Refund.objects.get().status == "SUCCEEDED"
    assert facts().count("refund_succeeded") == 1


def test_a_refund_whose_task_got_lost_is_carried_out_by_the_sweep(gateway, paid, now):
    request(now)

    api.execute_due_refunds(now=now + timedelta(minutes=1))

    assert Refund.objects.get().status == "SUCCEEDED"


def test_a_refund_under_way_is_settled_by_the_notification_once(gateway, paid, now, facts):
    gateway.refunds_to = ProviderStatus.PROCESSING
    (refund,) = request(now)
    api.execute_refund(refund_number=refund.number, now=now)
    assert Refund.objects.get().status == "PENDING"
    news = gateway.news_of(
        paid.number,
        kind=NoticeKind.REFUND,
        number=refund.number,
        status=ProviderStatus.REFUNDED,
        amount=Money.of("40.00"),
        reference="fr",
    )

    first = api.receive_notification(provider="wechatpay", notification=news, now=now)
    second = api.receive_notification(provider="wechatpay", notification=news, now=now)

    assert (first.verdict, second.is_repeated) == (Verdict.REFUNDED, True)
    assert Refund.objects.get().status == "SUCCEEDED"
    assert facts().count("refund_succeeded") == 1


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"amount": Money.of("39.99")}, Verdict.WRONG_AMOUNT),
        ({"merchant_id": "somebody-else"}, Verdict.WRONG_MERCHANT),
        ({"number": "R-of-nobody"}, Verdict.UNKNOWN_REFUND),
    ],
)
def test_refund_news_that_contradicts_us_changes_nothing(gateway, paid, now, facts, changes, verdict):
    (refund,) = request(now)
    news = gateway.news_of(
        paid.number,
        **{
            "kind": NoticeKind.REFUND,
            "number": refund.number,
            "status": ProviderStatus.REFUNDED,
            "amount": Money.of("40.00"),
            **changes,
        },
    )

    outcome = api.receive_notification(provider="wechatpay", notification=news, now=now)

    assert (outcome.verdict, outcome.is_accepted) == (verdict, False)
    assert Refund.objects.get().status == "PENDING"
    assert "refund_succeeded" not in facts()


def test_a_refund_the_provider_refuses_for_good_fails_and_staff_may_retry_it(gateway, paid, now, facts):
    gateway.refunds_to = ProviderStatus.FAILED
    (refund,) = request(now)
    api.execute_refund(refund_number=refund.number, now=now)
    refund.refresh_from_db()
    assert (refund.status, refund.failure) == ("FAILED", "no money")

    gateway.refunds_to = ProviderStatus.REFUNDED
    retried = api.retry_refund(refund_number=refund.number, by=None, now=now)
    assert (retried.status, retried.provider_number) == ("PENDING", f"{refund.number}_2")
    api.execute_refund(refund_number=refund.number, now=now)

    assert Refund.objects.get().status == "SUCCEEDED"
    assert facts()[1:] == ["refund_requested", "refund_failed", "refund_requested", "refund_succeeded"]


def test_late_failure_of_an_earlier_round_does_not_end_the_next(gateway, paid, now):
    gateway.refunds_to = ProviderStatus.FAILED
    (refund,) = request(now)
    api.execute_refund(refund_number=refund.number, now=now)
    api.retry_refund(refund_number=refund.number, by=None, now=now)

    news = gateway.news_of(
        paid.number,
        kind=NoticeKind.REFUND,
        number=refund.number,
        status=ProviderStatus.FAILED,
        amount=Money.of("40.00"),
    )
    outcome = api.receive_notification(provider="wechatpay", notification=news, now=now)

    assert outcome.verdict == Verdict.OUT_OF_ORDER
    assert Refund.objects.get().status == "PENDING"


def test_a_failed_round_that_succeeded_after_all_is_settled_and_not_repeated(gateway, paid, now):
    gateway.refunds_to = ProviderStatus.FAILED
    (refund,) = request(now)
    api.execute_refund(refund_number=refund.number, now=now)
    gateway.refunds[refund.number].status = ProviderStatus.REFUNDED

    settled = api.retry_refund(refund_number=refund.number, by=None, now=now)

    assert (settled.status, settled.round) == ("SUCCEEDED", 1)


def test_retrying_is_refused_when_the_money_went_elsewhere(gateway, paid, now):
    gateway.refunds_to = ProviderStatus.FAILED
    (refund,) = request(now, amount="60.00")
    api.execute_refund(refund_number=refund.number, now=now)
    request(now, amount="60.00", cause="case-2")

    with pytest.raises(RefundExceedsPaid):
        api.retry_refund(refund_number=refund.number, by=None, now=now)
    assert Refund.objects.get(pk=refund.pk).status == "FAILED"


def test_only_a_failed_refund_is_retried(gateway, paid, now):
    (refund,) = request(now)

    with pytest.raises(MoveNotAllowed):
        api.retry_refund(refund_number=refund.number, by=None, now=now)
    with pytest.raises(RefundNotFound):
        api.retry_refund(refund_number="R0", by=None, now=now)


def test_views_tell_a_buyer_what_was_paid_and_given_back(gateway, paid, now):
    (refund,) = request(now)
    api.execute_refund(refund_number=refund.number, now=now)

    (view,) = api.list_payments("S1")
    (given,) = api.list_refunds("S1")

    assert (view.number, view.status, view.amount, view.refunded) == (
        paid.number,
        "CAPTURED",
        Money.of("100.00"),
        Money.of("40.00"),
    )
    assert (given.number, given.payment_number, given.amount, given.status) == (
        refund.number,
        paid.number,
        Money.of("40.00"),
        "SUCCEEDED",
    )


def test_reading_an_order_takes_the_same_number_of_queries_however_often_it_was_paid(
    gateway, now, django_assert_num_queries
):
    for tender in ("full", "deposit", "balance"):
        make_captured_payment(gateway, now=now, order_number="S1", tender=tender)

    with django_assert_num_queries(3):
        api.list_payments("S1")
        api.list_refunds("S1")
        api.paid_and_refunded("S1")
    assert Payment.objects.count() == 3


def test_a_provider_that_does_not_want_to_now_is_tried_again_and_staff_is_told(gateway, now):
    class PoorGateway(FakeGateway):
        """Has our money, and not enough of it today."""

        def refund(self, order):
            raise ProviderRefused(provider="wechatpay", provider_code="NOT_ENOUGH", reason="balance")

    make_captured_payment(gateway, now=now, order_number="S1", amount=Money.of("100.00"))
    (refund,) = request(now)

    with using_fake(PoorGateway()):
        for _ in range(TRIES_BEFORE_ALARM):
            api.execute_refund(refund_number=refund.number, now=now)

    refund.refresh_from_db()
    assert (refund.status, refund.tries) == ("PENDING", TRIES_BEFORE_ALARM)
    assert refund.next_try_at > now

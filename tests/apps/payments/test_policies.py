from datetime import timedelta

import pytest

from apps.kernel.api import Money
from apps.payments import policies
from apps.payments.policies import DifferenceKind, ExpectedPayment, ExpectedRefund
from apps.payments.ports import Merchant, NoticeKind, Notification, ProviderStatus
from apps.payments.states import PaymentStatus, RefundStatus, Verdict

MERCHANT = Merchant(merchant_id="m", app_id="a")
PAID = ProviderStatus.PAID


def news(**changes):
    values = {
        "kind": NoticeKind.PAYMENT,
        "event_id": "e",
        "event_type": "t",
        "number": "P1",
        "status": PAID,
        "amount": Money.of("10.00"),
        "reference": "r",
        "merchant_id": "m",
        "app_id": "a",
        "order_number": "S1",
    }
    return Notification(**{**values, **changes})


def expected(status=PaymentStatus.PENDING, reference=""):
    return ExpectedPayment(status=status, order_number="S1", amount=Money.of("10.00"), reference=reference)


@pytest.mark.parametrize(
    ("status", "changes", "verdict"),
    [
        (PaymentStatus.PENDING, {}, Verdict.CAPTURED),
        (PaymentStatus.FAILED, {}, Verdict.CAPTURED),
        (PaymentStatus.CLOSED, {}, Verdict.CAPTURED_LATE),
        (PaymentStatus.CAPTURED, {}, Verdict.ALREADY_CAPTURED),
        (PaymentStatus.CAPTURED, {"reference": "other"}, Verdict.OTHER_TRADE),
        (PaymentStatus.PENDING, {"amount": Money.of("9.99")}, Verdict.WRONG_AMOUNT),
        (PaymentStatus.PENDING, {"amount": Money.of("10.01")}, Verdict.WRONG_AMOUNT),
        (PaymentStatus.PENDING, {"amount": None}, Verdict.WRONG_AMOUNT),
        (PaymentStatus.PENDING, {"amount": Money.of("10.00", "USD")}, Verdict.WRONG_CURRENCY),
        (PaymentStatus.PENDING, {"merchant_id": "x"}, Verdict.WRONG_MERCHANT),
        (PaymentStatus.PENDING, {"app_id": "x"}, Verdict.WRONG_APP),
        (PaymentStatus.PENDING, {"order_number": "S2"}, Verdict.WRONG_ORDER),
        (PaymentStatus.CAPTURED, {"amount": Money.of("9.99"), "reference": "r"}, Verdict.WRONG_AMOUNT),
        (PaymentStatus.PENDING, {"merchant_id": None, "app_id": None, "order_number": None}, Verdict.CAPTURED),
        (PaymentStatus.PENDING, {"status": ProviderStatus.FAILED, "amount": None}, Verdict.FAILED),
        (PaymentStatus.PENDING, {"status": ProviderStatus.FAILED, "merchant_id": "x"}, Verdict.WRONG_MERCHANT),
        (PaymentStatus.FAILED, {"status": ProviderStatus.FAILED}, Verdict.NOTED),
        (PaymentStatus.CAPTURED, {"status": ProviderStatus.FAILED}, Verdict.OUT_OF_ORDER),
        (PaymentStatus.CAPTURED, {"status": ProviderStatus.UNPAID}, Verdict.OUT_OF_ORDER),
        (PaymentStatus.CAPTURED, {"status": ProviderStatus.CLOSED}, Verdict.OUT_OF_ORDER),
        (PaymentStatus.PENDING, {"status": ProviderStatus.CLOSED}, Verdict.CLOSED),
        (PaymentStatus.CLOSED, {"status": ProviderStatus.CLOSED}, Verdict.NOTED),
        (PaymentStatus.PENDING, {"status": ProviderStatus.UNPAID}, Verdict.NOTED),
    ],
)
def test_news_about_a_payment_means(status, changes, verdict):
    reference = "r" if status == PaymentStatus.CAPTURED else ""

    assert policies.judge_payment(expected(status, reference), news(**changes), MERCHANT) == verdict


def test_news_about_nothing_of_ours_is_unknown_and_news_for_others_is_not_even_looked_up():
    assert policies.judge_payment(None, news(), MERCHANT) == Verdict.UNKNOWN_PAYMENT
    assert policies.judge_payment(None, news(merchant_id="x"), MERCHANT) == Verdict.WRONG_MERCHANT


@pytest.mark.parametrize(
    ("status", "changes", "verdict"),
    [
        (RefundStatus.PENDING, {}, Verdict.REFUNDED),
        (RefundStatus.FAILED, {}, Verdict.REFUNDED),
        (RefundStatus.SUCCEEDED, {}, Verdict.NOTED),
        (RefundStatus.PENDING, {"status": ProviderStatus.PROCESSING}, Verdict.NOTED),
        (RefundStatus.PENDING, {"status": ProviderStatus.FAILED}, Verdict.REFUND_FAILED),
        (RefundStatus.SUCCEEDED, {"status": ProviderStatus.FAILED}, Verdict.OUT_OF_ORDER),
        (RefundStatus.PENDING, {"amount": Money.of("9.99")}, Verdict.WRONG_AMOUNT),
        (RefundStatus.PENDING, {"amount": None}, Verdict.REFUNDED),
        (RefundStatus.PENDING, {"amount": Money.of("10.00", "USD")}, Verdict.WRONG_CURRENCY),
        (RefundStatus.PENDING, {"merchant_id": "x"}, Verdict.WRONG_MERCHANT),
    ],
)
def test_news_about_a_refund_means(status, changes, verdict):
    told = news(kind=NoticeKind.REFUND, **{"status": ProviderStatus.REFUNDED, **changes})

    assert policies.judge_refund(ExpectedRefund(status=status, amount=Money.of("10.00")), told, MERCHANT) == verdict


def test_a_refund_takes_from_the_first_payment_what_it_has_and_then_from_the_next():
    left = [("balance", Money.of("80.00")), ("empty", Money.of("0.00")), ("deposit", Money.of("20.00"))]

    assert policies.spread_refund(Money.of("90.00"), left) == [
        ("balance", Money.of("80.00")),
        ("deposit", Money.of("10.00")),
    ]
    assert policies.spread_refund(Money.of("80.00"), left) == [("balance", Money.of("80.00"))]


def test_we_ask_less_often_the_older_a_payment_is(now):
    pauses = [
        policies.next_query_at(created_at=now - age, now=now) - now
        for age in (timedelta(seconds=15), timedelta(minutes=30), timedelta(hours=5), timedelta(days=3))
    ]

    assert pauses == sorted(pauses)
    # Beat comes every 30 seconds: a young payment is due every time.
    assert pauses[0] < timedelta(seconds=30)


def test_a_refund_is_tried_at_growing_pauses(now):
    pauses = [policies.next_refund_try_at(tries=tries, now=now) - now for tries in range(1, 10)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


def test_books_that_agree_have_no_differences_and_others_one_of_each_kind():
    ours = {(NoticeKind.PAYMENT, "P1"): Money.of("1.00"), (NoticeKind.PAYMENT, "P2"): Money.of("2.00")}
    theirs = {(NoticeKind.PAYMENT, "P2"): Money.of("2.01"), (NoticeKind.REFUND, "R1"): Money.of("3.00")}

    differences = policies.compare_books(ours, theirs)

    assert policies.compare_books(ours, dict(ours)) == []
    assert [(item.kind, item.number) for item in differences] == [
        (DifferenceKind.MISSING_THERE, "P1"),
        (DifferenceKind.AMOUNT_DIFFERS, "P2"),
        (DifferenceKind.MISSING_HERE, "R1"),
    ]

"""Money for one car, on PostgreSQL with real threads. The control drops the guard and sees the money twice."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import connection, transaction

from apps.financing import api
from apps.financing.errors import ApplicationExists
from apps.kernel.api import Money
from apps.payments.api import Payment, Source, Tender, book_tender
from tests import races
from tests.apps.financing.test_trade_ins import DATA, TOLD
from tests.factories.orders import make_vin

pytestmark = pytest.mark.django_db(transaction=True)

TWINS = 10
INDEX = "payments_reference_once"


def race(work, count=TWINS):
    """Run ``work(0)`` … at once; what they returned, or the code of the refusal."""
    return races.race(*[partial(work, number) for number in range(count)])


def book(order_number, now):
    with transaction.atomic():
        return book_tender(
            order_number=order_number,
            tender=Tender.LOAN,
            source=Source.LENDER,
            reference="DB-1",
            amount=Money.of("1000.00"),
            subject="F1",
            by=None,
            now=now,
        )


def test_one_reference_brings_money_once(now):
    booked = race(lambda _: book("S1", now))

    assert {payment.number for payment in booked} == {Payment.objects.get().number}


def test_control_without_the_index_it_comes_twice(now):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {INDEX}")
    try:
        race(lambda _: book("S1", now))
        assert Payment.objects.count() > 1
    finally:
        Payment.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(definition)


def test_a_loan_told_ten_times_at_once_is_paid_out_once(desk):
    application = desk.signed()
    desk.lender.disburse(application.number, amount=application.amount, order_number="", contract_digest="")
    news = desk.lender.standing[application.number]

    verdicts = race(lambda n: api.receive_lender_news(news=replace(news, event_id=f"told-{n}"), now=desk.now))

    assert sorted(verdicts) == ["noted"] * (TWINS - 1) + ["taken"]
    assert Payment.objects.filter(tender="loan").count() == 1


def test_a_car_credited_ten_times_at_once_counts_once(desk):
    api.load_trade_in_tables(DATA, now=desk.now)
    offer = api.offer_trade_in(told=TOLD, car_name="L6", vin=make_vin(), by=desk.by, now=desk.now)
    about = {"number": offer.number, "by": desk.by, "now": desk.now}
    api.accept_trade_in(store_id=desk.shop.store.pk, **about)
    api.inspect_trade_in(
        organization_id=desk.shop.dealer.pk,
        mileage_km=45000,
        condition="GOOD",
        deduction=Money.zero(),
        note="",
        **about,
    )

    outcomes = race(lambda _: api.credit_trade_in(order_number=desk.order_number, **about))

    assert sum(isinstance(outcome, api.TradeIn) for outcome in outcomes) == 1
    assert Payment.objects.filter(tender="trade_in").count() == 1


def test_an_order_gets_one_application_of_ten_at_once(desk):
    outcomes = race(lambda _: desk.start())

    assert sum(isinstance(outcome, api.FinanceApplication) for outcome in outcomes) == 1
    assert outcomes.count(ApplicationExists.code) == TWINS - 1

"""A car in part exchange: valued by a dated table, offered for some days, inspected, credited once."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.financing import api
from apps.financing.errors import (
    CarAlreadyOffered,
    InvalidUsedCar,
    NoTradeInTable,
    NotWorthTaking,
    OfferExpired,
    OrderNotFinanceable,
    TradeInExceedsBalance,
    TradeInNotFound,
)
from apps.financing.policies.trade_ins import UsedCar, ValueTable, age_in_months, value_car
from apps.kernel.api import Money, MoveNotAllowed, RefusedAttempt
from apps.payments.api import Payment, Refund
from tests.architecture.reference_data import REFERENCE
from tests.factories.accounts import make_user
from tests.factories.orders import make_vin

DATA = json.loads((REFERENCE / "trade_ins.json").read_text(encoding="utf-8"))
TABLE = ValueTable(
    ages=[(0, Decimal("0.85")), (36, Decimal("0.55")), (60, Decimal("0.41"))],
    factors={"EXCELLENT": Decimal(1), "GOOD": Decimal("0.94")},
    km_a_year=15000,
    share_per_1000_km=Decimal("0.002"),
    most_for_km=Decimal("0.15"),
)
CAR = UsedCar(
    price_as_new=Money.of("200000.00"), first_registered=date(2023, 6, 10), mileage_km=60000, condition="GOOD"
)
TOLD = api.CarTold(price_as_new="200,000", first_registered=date(2023, 6, 10), mileage_km="45000", condition="GOOD")


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({}, "100200.00"),  # 200,000 × 0.55 × 0.94 × (1 − 15 × 0.002) = 100,298
        ({"mileage_km": 45000}, "103400.00"),  # as many kilometres as expected
        ({"mileage_km": 400000}, "87800.00"),  # never more than 15 % less
        ({"mileage_km": 0}, "112700.00"),  # 45 × 0.002 = 9 % more
        ({"condition": "EXCELLENT"}, "106700.00"),
        ({"first_registered": date(2026, 6, 10), "mileage_km": 0}, "159800.00"),  # new
        ({"first_registered": date(2022, 6, 10)}, "90200.00"),  # half way between 0.55 and 0.41
        ({"first_registered": date(2010, 6, 10), "mileage_km": 240000}, "77000.00"),  # the last row stays
    ],
)
def test_a_value_follows_from_age_condition_and_kilometres(changes, value):
    assert value_car(replace(CAR, **changes), TABLE, on=date(2026, 6, 10)).value == Money.of(value)


def test_a_deduction_is_taken_off_and_nothing_is_below_zero():
    on = date(2026, 6, 10)

    assert value_car(CAR, TABLE, on=on, deduction=Money.of("5000.00")).value == Money.of("95200.00")
    assert value_car(CAR, TABLE, on=on, deduction=Money.of("500000.00")).value == Money.zero()


@pytest.mark.parametrize(
    ("registered", "on", "months"),
    [
        (date(2026, 5, 31), date(2026, 6, 30), 0),
        (date(2025, 6, 10), date(2026, 6, 9), 11),
        (date(2025, 6, 10), date(2026, 6, 10), 12),
        (date(2026, 7, 1), date(2026, 6, 10), 0),
    ],
)
def test_age_counts_whole_months(registered, on, months):
    assert age_in_months(registered, on=on) == months


@pytest.fixture
def tables(db, now) -> int:
    """The tables of ``trade_ins.json``, written."""
    return api.load_trade_in_tables(DATA, now=now)


def table_days() -> list[tuple[date, int]]:
    """The first and the last day of each table, with its place in the file."""
    days = []
    for place, row in enumerate(DATA["tables"]):
        ends = date.fromisoformat(row["valid_to"]) - timedelta(days=1) if row["valid_to"] else date(2040, 1, 1)
        days += [(date.fromisoformat(row["valid_from"]), place), (ends, place)]
    return days


@pytest.mark.parametrize(("day", "place"), table_days())
def test_every_table_on_its_first_and_last_day(day, place, tables):
    row = DATA["tables"][place]
    shares = dict(row["ages"])
    car = replace(CAR, first_registered=day.replace(year=day.year - 1), mileage_km=15000, condition="EXCELLENT")

    valuation = api.estimate(car=car, on=day)

    assert (valuation.age_share, valuation.km_share) == (Decimal(shares[12]), Decimal(0))
    assert valuation.value == Money.rounded(Decimal(200000) * Decimal(shares[12]))


def test_there_is_no_value_before_the_first_table(tables):
    with pytest.raises(NoTradeInTable):
        api.estimate(car=CAR, on=date(2024, 12, 31))


def test_two_tables_never_hold_on_one_day(tables):
    table = api.TradeInTable.objects.order_by("pk").first()
    table.pk, table._state.adding = None, True
    with pytest.raises(IntegrityError, match="one_trade_in_table"), transaction.atomic():
        table.save()


@pytest.fixture
def ways(tables, desk):
    """The ways a trade-in goes, for the desk's buyer and the shop's dealer."""

    class Ways:
        def offer(self, **changes):
            values = {"told": TOLD, "car_name": "银河 L6", "vin": make_vin(), "by": desk.by, "now": desk.now}
            return api.offer_trade_in(**{**values, **changes})

        def accepted(self, **changes):
            trade_in = self.offer(**changes)
            return api.accept_trade_in(number=trade_in.number, store_id=desk.shop.store.pk, by=desk.by, now=desk.now)

        def inspect(self, trade_in, **changes):
            values = {
                "number": trade_in.number,
                "organization_id": desk.shop.dealer.pk,
                "mileage_km": 45000,
                "condition": "GOOD",
                "deduction": Money.zero(),
                "note": "",
                "by": desk.by,
                "now": desk.now,
            }
            return api.inspect_trade_in(**{**values, **changes})

        def credit(self, trade_in, **changes):
            values = {"number": trade_in.number, "order_number": desk.order_number, "by": desk.by, "now": desk.now}
            return api.credit_trade_in(**{**values, **changes})

    return Ways()


def test_a_car_is_offered_inspected_and_credited(ways, desk, shop):
    offered = ways.offer()
    assert (offered.money("offered"), offered.expires_at) == (Money.of("103400.00"), desk.now + timedelta(days=7))

    accepted = api.accept_trade_in(number=offered.number, store_id=shop.store.pk, by=desk.by, now=desk.now)
    inspected = ways.inspect(accepted)
    assert inspected.value == offered.offered

    credited = ways.credit(inspected)
    shop.drain()
    payment = Payment.objects.get(number=credited.payment_number)
    assert (payment.tender, payment.provider, payment.money) == ("trade_in", "dealer", Money.of("103400.00"))
    assert str(shop.reload(desk.order_number).balance_due) == "49510.00 CNY"


def test_what_the_dealer_finds_changes_the_figure(ways):
    inspected = ways.inspect(
        ways.accepted(), mileage_km=60000, condition="FAIR", deduction=Money.of("2000.00"), note="前保险杠需喷漆"
    )

    assert inspected.money("value") == Money.of("88600.00")


def test_a_car_is_credited_once(ways, shop):
    inspected = ways.inspect(ways.accepted())
    ways.credit(inspected)
    with pytest.raises(MoveNotAllowed):
        ways.credit(inspected)
    shop.drain()

    assert Payment.objects.filter(tender="trade_in").count() == 1


def test_one_car_is_in_one_trade_in(ways):
    first = ways.offer()
    with pytest.raises(CarAlreadyOffered):
        ways.offer(vin=first.vin)
    api.withdraw_trade_in(number=first.number, by=first.owner, now=first.offered_at)

    assert ways.offer(vin=first.vin).number != first.number


@pytest.mark.parametrize(
    ("changes", "faulty"),
    [
        ({"told": replace(TOLD, price_as_new="-1")}, "price_as_new"),
        ({"told": replace(TOLD, price_as_new="1e99")}, "price_as_new"),
        ({"told": replace(TOLD, mileage_km="viel")}, "mileage_km"),
        ({"told": replace(TOLD, mileage_km="-5")}, "mileage_km"),
        ({"told": replace(TOLD, first_registered=None)}, "first_registered"),
        ({"told": replace(TOLD, first_registered=date(2030, 1, 1))}, "first_registered"),
        ({"told": replace(TOLD, condition="SUPER")}, "condition"),
        ({"car_name": " "}, "car"),
        ({"vin": ""}, "vin"),
        ({"vin": "LSVAM4187C2184841"}, "vin"),
    ],
)
def test_refuses_a_car_that_cannot_be(changes, faulty, ways):
    with pytest.raises(InvalidUsedCar) as refusal:
        ways.offer(**changes)

    assert list(refusal.value.fields) == [faulty]
    assert not api.TradeIn.objects.exists()
    assert RefusedAttempt.objects.get().action == "financing.offer_trade_in"


def test_an_offer_holds_until_its_last_moment(ways, desk, shop):
    offer = ways.offer()
    with pytest.raises(OfferExpired):
        api.accept_trade_in(number=offer.number, store_id=shop.store.pk, by=desk.by, now=offer.expires_at)
    offer.refresh_from_db()
    assert offer.status == "OFFERED"

    moment = offer.expires_at - timedelta(seconds=1)
    assert api.accept_trade_in(number=offer.number, store_id=shop.store.pk, by=desk.by, now=moment).status == "ACCEPTED"


def test_what_has_run_out_is_ended_by_the_sweep(ways, desk):
    offer, inspected = ways.offer(), ways.inspect(ways.accepted())
    later = desk.now + timedelta(days=7)

    assert api.expire_trade_ins(now=later - timedelta(seconds=1)) == 0
    assert api.expire_trade_ins(now=later) == 2
    offer.refresh_from_db()
    assert offer.status == "EXPIRED"
    with pytest.raises(OfferExpired):
        ways.credit(inspected, now=later)


def test_refuses_credit_beyond_what_is_owed_or_for_somebody_elses_order(ways, desk, shop):
    cheap = shop.placed(shop.car(price="90000.00"), user=desk.by, method="pickup", plan="deposit")
    inspected = ways.inspect(ways.accepted())
    with pytest.raises(TradeInExceedsBalance):
        ways.credit(inspected, order_number=cheap.number)
    stranger = shop.placed(shop.car(), user=make_user(), method="pickup", plan="deposit")
    with pytest.raises(OrderNotFinanceable):
        ways.credit(inspected, order_number=stranger.number)

    inspected.refresh_from_db()
    assert (inspected.status, inspected.payment_number) == ("INSPECTED", "")
    assert not Payment.objects.filter(tender="trade_in").exists()


def test_other_dealers_and_strangers_find_nothing(ways, desk, shop):
    trade_in = ways.accepted()
    other = shop.dealer.pk + 1000
    calls = [
        lambda: ways.inspect(trade_in, organization_id=other),
        lambda: api.decline_trade_in(number=trade_in.number, organization_id=other, note="x", by=desk.by, now=desk.now),
        lambda: api.access_dealer_trade_in(number=trade_in.number, organization_id=other),
        lambda: api.access_trade_in(number=trade_in.number, by=make_user()),
        lambda: api.withdraw_trade_in(number=trade_in.number, by=make_user(), now=desk.now),
    ]
    for call in calls:
        with pytest.raises(TradeInNotFound):
            call()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mileage_km": -1}, InvalidUsedCar),
        ({"condition": "SUPER"}, InvalidUsedCar),
        ({"deduction": Money.of("-1.00"), "note": "x"}, InvalidUsedCar),
        ({"deduction": Money.of("100.00")}, InvalidUsedCar),
        ({"deduction": Money.of("999999.00"), "note": "烧毁"}, NotWorthTaking),
    ],
)
def test_refuses_findings_that_cannot_be(changes, error, ways):
    trade_in = ways.accepted()
    with pytest.raises(error):
        ways.inspect(trade_in, **changes)

    trade_in.refresh_from_db()
    assert (trade_in.status, trade_in.value) == ("ACCEPTED", None)


def test_a_store_may_decline_with_a_reason(ways, desk, shop):
    trade_in = ways.accepted()
    values = {"number": trade_in.number, "organization_id": shop.dealer.pk, "by": desk.by, "now": desk.now}
    with pytest.raises(InvalidUsedCar):
        api.decline_trade_in(**values, note=" ")

    assert api.decline_trade_in(**values, note="水淹车").status == "DECLINED"


def test_a_credit_of_a_called_off_order_is_given_back_by_hand(ways, desk, shop):
    from apps.orders.api import cancel_order
    from apps.payments.api import settle_refund_by_hand

    ways.credit(ways.inspect(ways.accepted()))
    shop.drain()
    cancel_order(number=desk.order_number, reason="changed my mind", by=desk.by, now=desk.now)
    shop.refund_all()
    refund = Refund.objects.get(payment__tender="trade_in")
    assert refund.status == "PENDING"

    for _ in range(2):
        settle_refund_by_hand(refund_number=refund.number, note="车辆已退还", by=desk.by, now=desk.now)
    shop.drain()
    order = shop.reload(desk.order_number)
    assert order.refunded == order.paid

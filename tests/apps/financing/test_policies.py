"""Instalments to the fen, and the yearly percentage they come to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.financing.errors import AprNotConverging, NegativeRate, NotALoan, NothingToFinance
from apps.financing.policies import Terms, draw_up, monthly_irr, yearly, yearly_cost
from apps.financing.states import Repayment
from apps.kernel.api import Money, sum_money

PRICE = Money.of("100000.00")
NOTHING = Money.zero()


def terms(repayment=Repayment.EQUAL_INSTALMENT, months=12, rate="0.06", **more) -> Terms:
    """Terms; a share may be given as text."""
    shares = {name: Decimal(value) for name, value in more.items()}
    return Terms(repayment=repayment, months=months, yearly_rate=Decimal(rate), **shares)


def test_a_fee_of_one_percent_doubles_what_six_percent_flat_seem_to_cost():
    """100,000 with a fee of 1,000, twelve times 8,833.33: 12.80 % a year (IRR × 12), 13.58 % compounded."""
    cost = yearly_cost(Money.of("99000.00"), [Money.of("8833.33")] * 12)

    assert (cost.nominal, cost.effective) == (Decimal("0.1280"), Decimal("0.1358"))


def test_the_same_car_on_the_same_terms_comes_to_the_same_percentage():
    plan = draw_up(price=PRICE, down_payment=NOTHING, terms=terms(Repayment.FLAT, fee_rate="0.01"))

    assert (plan.monthly, plan.last, plan.fee) == (Money.of("8833.33"), Money.of("8833.37"), Money.of("1000.00"))
    assert (plan.yearly.nominal, plan.yearly.effective) == (Decimal("0.1280"), Decimal("0.1358"))
    assert plan.cost == Money.of("7000.00")


def test_three_percent_flat_over_three_years_cost_almost_twice_as_much():
    plan = draw_up(price=PRICE, down_payment=NOTHING, terms=terms(Repayment.FLAT, months=36, rate="0.03"))

    assert plan.monthly == Money.of("3027.78")
    assert plan.yearly.nominal == Decimal("0.0568")
    assert plan.interest == Money.of("9000.00")


def test_equal_instalments_cost_their_own_rate():
    plan = draw_up(
        price=Money.of("289800.00"), down_payment=Money.of("89800.00"), terms=terms(months=36, rate="0.0399")
    )

    assert plan.financed == Money.of("200000.00")
    assert plan.monthly == Money.of("5903.91")
    assert plan.yearly.nominal == Decimal("0.0399")
    assert plan.yearly.effective == Decimal("0.0406")


def test_equal_principal_falls_month_by_month_and_costs_less():
    falling = draw_up(price=PRICE, down_payment=NOTHING, terms=terms(Repayment.EQUAL_PRINCIPAL))
    level = draw_up(price=PRICE, down_payment=NOTHING, terms=terms())

    assert list(falling.payments) == sorted(falling.payments, reverse=True, key=lambda money: money.amount)
    assert falling.monthly == Money.of("8833.33")
    assert falling.interest < level.interest
    assert falling.yearly == level.yearly


def test_a_balloon_waits_for_the_last_month():
    balloon = terms(Repayment.BALLOON, months=36, rate="0.0488", balloon_share="0.4")
    plan = draw_up(price=PRICE, down_payment=Money.of("30000.00"), terms=balloon)

    assert plan.balloon == Money.of("40000.00")
    assert plan.payments[-1] == plan.balloon + plan.last
    assert plan.monthly == Money.of("1060.18")
    assert abs((plan.last - plan.monthly).amount) < 1
    assert plan.yearly.nominal == Decimal("0.0488")


def test_nothing_is_paid_for_money_that_is_free():
    plan = draw_up(price=PRICE, down_payment=NOTHING, terms=terms(rate="0", months=24))

    assert (plan.cost, plan.yearly.nominal, plan.yearly.effective) == (NOTHING, Decimal(0), Decimal(0))
    assert sum_money(plan.payments) == PRICE


@pytest.mark.parametrize("repayment", Repayment)
@pytest.mark.parametrize("months", [1, 7, 12, 60])
@pytest.mark.parametrize("price", ["0.60", "100000.00", "333333.33"])
def test_the_principal_is_paid_back_to_the_fen(repayment, months, price):
    shape = terms(repayment, months=months, rate="0.0725", balloon_share="0.25", fee_rate="0.005")
    plan = draw_up(price=Money.of(price), down_payment=NOTHING, terms=shape)

    assert sum_money(plan.payments) == plan.financed + plan.interest
    assert plan.interest.amount >= 0
    assert len(plan.payments) == months
    assert all(payment.amount >= 0 for payment in plan.payments)


def test_the_rate_found_is_the_rate_that_was_asked():
    """The present value of the payments at the rate found is what was received, to far beyond the fen."""
    payments = [Money.of("4321.09")] * 35 + [Money.of("54321.00")]
    received = Money.of("150000.00")

    rate = monthly_irr(received, payments)

    value = sum(payment.amount / (1 + rate) ** month for month, payment in enumerate(payments, start=1))
    assert abs(value - received.amount) < Decimal("1e-15")


@pytest.mark.parametrize(
    ("received", "payments"),
    [("0.00", ["1.00"]), ("-1.00", ["1.00"]), ("100.00", ["99.99"]), ("100.00", []), ("100.00", ["-1.00", "102.00"])],
)
def test_there_is_no_rate_for_what_is_no_loan(received, payments):
    with pytest.raises(NotALoan):
        monthly_irr(Money.of(received), [Money.of(payment) for payment in payments])


@pytest.mark.parametrize(
    ("down_payment", "months", "balloon"), [("100000.00", 12, "0"), ("0.00", 0, "0"), ("70000.00", 12, "0.4")]
)
def test_no_plan_is_drawn_up_for_nothing(down_payment, months, balloon):
    shape = terms(Repayment.BALLOON, months=months, balloon_share=balloon)

    with pytest.raises(NothingToFinance):
        draw_up(price=PRICE, down_payment=Money.of(down_payment), terms=shape)


@pytest.mark.parametrize("name", ["yearly_rate", "fee_rate", "balloon_share"])
def test_no_rate_is_negative(name):
    shape = replace(terms(Repayment.BALLOON, balloon_share="0.2"), **{name: Decimal("-0.0001")})

    with pytest.raises(NegativeRate):
        draw_up(price=PRICE, down_payment=NOTHING, terms=shape)


def test_a_percentage_that_cannot_be_worked_out_is_refused_by_name():
    """A cent that comes back as a fortune next month: the steps pass every rate there is, and stop."""
    with pytest.raises(AprNotConverging):
        yearly_cost(Money.of("0.01"), [Money.of("9999999999.99")])


def test_steps_that_do_not_come_close_enough_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(yearly, "MOST_STEPS", 2)

    with pytest.raises(AprNotConverging):
        yearly_cost(Money.of("99000.00"), [Money.of("8833.33")] * 12)


def test_a_steep_but_honest_percentage_is_found():
    assert yearly_cost(Money.of("100.00"), [Money.of("200.00")]).nominal == Decimal(12)

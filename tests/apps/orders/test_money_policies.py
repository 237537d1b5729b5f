"""Amounts divide to the fen; pure, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.api import Money, sum_money
from apps.orders.policies.freight import FreightTerms, freight_of
from apps.orders.policies.money import (
    Amounts,
    deposit_of,
    divide,
    included_tax,
    line_amounts,
    split_by_quantity,
    sum_amounts,
    with_freight,
)

FEN = st.integers(min_value=0, max_value=10**9)
QUANTITY = st.integers(min_value=1, max_value=999)
RATE = st.sampled_from([Decimal("0.13"), Decimal("0.09"), Decimal("0.06"), Decimal("0.00")])
PARCEL = FreightTerms(amount=Money.of("12.00"), free_from=Money.of("99.00"), tax_rate=Decimal("0.09"))
VEHICLE = FreightTerms(amount=Money.of("800.00"), free_from=None, tax_rate=Decimal("0.09"))


@st.composite
def lines(draw):
    """Lines of an order with discounts up to their goods."""
    made = []
    for _ in range(draw(st.integers(min_value=1, max_value=6))):
        price, quantity = draw(FEN), draw(QUANTITY)
        discount = draw(st.integers(min_value=0, max_value=price * quantity))
        made.append(
            (
                line_amounts(
                    unit_price=Money.from_minor(price),
                    quantity=quantity,
                    discount=Money.from_minor(discount),
                    tax_rate=draw(RATE),
                ),
                quantity,
            )
        )
    return made


def test_tax_inside_a_price():
    assert included_tax(Money.of("113.00"), Decimal("0.13")) == Money.of("13.00")


def test_a_prepayment_is_rounded_up_to_whole_yuan():
    assert deposit_of(Money.of("169900.01"), rate=Decimal("0.1"), step=Decimal(1)) == Money.of("16991.00")
    assert deposit_of(Money.of("169900.00"), rate=Decimal("0.1"), step=Decimal(1)) == Money.of("16990.00")


def test_a_prepayment_never_exceeds_the_total():
    assert deposit_of(Money.of("0.50"), rate=Decimal("0.1"), step=Decimal(1)) == Money.of("0.50")


@pytest.mark.parametrize(
    ("kinds", "goods", "amount"),
    [
        (["part"], "98.99", "12.00"),
        (["part"], "99.00", "0.00"),
        (["accessory", "part"], "10.00", "12.00"),
        (["package"], "10.00", "0.00"),
        (["service"], "10.00", "0.00"),
        (["vehicle"], "169900.00", "800.00"),
        (["vehicle", "part"], "169900.00", "800.00"),
        ([], "0.00", "0.00"),
    ],
)
def test_freight_by_what_is_brought(kinds, goods, amount):
    freight = freight_of(kinds=kinds, goods=Money.of(goods), parcel=PARCEL, vehicle=VEHICLE)
    assert freight.amount == Money.of(amount)
    assert freight.tax == included_tax(freight.amount, Decimal("0.09"))


@given(lines(), FEN, FEN)
def test_sellers_sum_to_the_order_in_every_amount(made, freight, tax):
    parts = [amounts for amounts, _ in made]
    freight_tax = min(freight, tax)
    children = with_freight(parts, freight=Money.from_minor(freight), freight_tax=Money.from_minor(freight_tax))
    whole, goods = sum_amounts(children, "CNY"), sum_amounts(parts, "CNY")
    assert whole.goods == goods.goods
    assert whole.discount == goods.discount
    assert whole.freight == Money.from_minor(freight)
    assert whole.tax == goods.tax + Money.from_minor(freight_tax)
    assert whole.total == goods.total + Money.from_minor(freight)
    assert all(child.tax <= child.total for child in children)


@given(lines(), st.lists(QUANTITY, min_size=1, max_size=5))
def test_fulfilments_sum_to_their_line_in_every_amount(made, quantities):
    for amounts, _ in made:
        parts = split_by_quantity(amounts, quantities)
        assert sum_amounts(parts, "CNY") == amounts
        assert all(part.discount <= part.goods and part.tax <= part.total for part in parts)


@given(st.lists(FEN, min_size=1, max_size=6), st.lists(FEN, min_size=1, max_size=8))
def test_payments_and_refunds_divide_without_a_rest_and_within_what_is_open(totals, payments):
    caps = [Money.from_minor(total) for total in totals]
    taken = [Money.zero() for _ in caps]
    for payment in payments:
        open_ones = [cap - share for cap, share in zip(caps, taken, strict=True)]
        amount = Money.from_minor(payment)
        shares = divide(amount, open_ones)
        assert sum_money(shares) == min(amount, sum_money(open_ones))
        assert all(Money.zero() <= share <= room for share, room in zip(shares, open_ones, strict=True))
        taken = [share + more for share, more in zip(taken, shares, strict=True)]
    assert sum_money(taken) <= sum_money(caps)


def test_amounts_of_nothing_are_zero():
    assert Amounts.zero("CNY").total == Money.zero()

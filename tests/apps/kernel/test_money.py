"""Money: exact, one currency at a time, and split without losing a fen."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.api import CurrencyMismatch, Money, sum_money

minors = st.integers(min_value=-(10**13), max_value=10**13)
weights = st.lists(
    st.one_of(
        st.integers(min_value=0, max_value=10**9),
        st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False, allow_infinity=False),
    ),
    min_size=1,
    max_size=12,
)


@given(minors, weights)
def test_split_sums_exactly(minor, weights):
    money = Money.from_minor(minor)

    assert sum_money(money.split(weights)) == money


@given(minors, weights)
def test_split_gives_each_share_its_part_within_one_minor_unit(minor, weights):
    total = sum(map(Fraction, weights))
    parts = [Fraction(weight) / total if total else Fraction(1, len(weights)) for weight in weights]

    for share, part in zip(Money.from_minor(minor).split(weights), parts, strict=True):
        assert abs(share.minor - minor * part) < 1


@given(minors, weights)
def test_split_gives_weight_zero_nothing_unless_all_are_zero(minor, weights):
    if any(weights):
        shares = Money.from_minor(minor).split(weights)
        assert all(not share for share, weight in zip(shares, weights, strict=True) if weight == 0)


@given(minors, weights)
def test_splitting_a_refund_mirrors_splitting_the_payment(minor, weights):
    money = Money.from_minor(minor)

    assert [-share for share in (-money).split(weights)] == money.split(weights)


def test_split_gives_equal_remainders_to_the_earlier_share():
    assert [str(share.amount) for share in Money.of("100.00").split([1, 1, 1])] == ["33.34", "33.33", "33.33"]


def test_split_treats_all_zero_weights_as_equal():
    assert [share.minor for share in Money.from_minor(5).split([0, 0])] == [3, 2]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_split_refuses_no_or_negative_weights(weights):
    with pytest.raises(ValueError, match=r"split|negative"):
        Money.of("1.00").split(weights)


@given(minors)
def test_minor_units_survive_the_round_trip(minor):
    assert Money.from_minor(minor).minor == minor


@pytest.mark.parametrize("amount", ["1.005", "0.001", "NaN", "Infinity", "a lot", ""])
def test_refuses_what_is_not_an_exact_amount(amount):
    with pytest.raises(ValueError, match=r".+"):
        Money.of(amount)


@pytest.mark.parametrize("amount", [1.5, 3, "3"])
def test_takes_a_decimal_only(amount):
    with pytest.raises(TypeError):
        Money(amount)


def test_of_refuses_a_float():
    with pytest.raises(TypeError):
        Money.of(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "rounded"), [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2", "2.00")]
)
def test_rounds_half_up(raw, rounded):
    assert Money.rounded(Decimal(raw)).as_json()["amount"] == rounded


def test_currencies_do_not_mix():
    yuan, dollar = Money.of("1.00", "CNY"), Money.of("1.00", "USD")

    for mix in (lambda: yuan + dollar, lambda: yuan - dollar, lambda: yuan < dollar, lambda: yuan >= dollar):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert yuan != dollar


def test_adds_compares_and_multiplies():
    price = Money.of("169900.00")

    assert price * 2 == 2 * price == Money.of("339800.00")
    assert price - price == Money.zero()
    assert not Money.zero()
    assert abs(-price) == price
    assert Money.of("1.00") < Money.of("1.01") <= Money.of("1.01")


def test_multiplies_by_whole_numbers_only():
    with pytest.raises(TypeError):
        Money.of("1.00") * Decimal("1.5")  # type: ignore[operator]


def test_json_carries_text_with_two_places():
    assert Money.of(169900).as_json() == {"amount": "169900.00", "currency": "CNY"}
    assert Money.of("-0.00").as_json()["amount"] == "0.00"

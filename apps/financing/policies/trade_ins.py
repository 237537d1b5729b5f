"""What a used car is worth by a table. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from apps.kernel.api import Money

MONTHS = 12
# Values are told in whole steps, in the house's favour.
STEP = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTable:
    """
    One version of the table; shares are shares of one.

    ``ages`` are (months, share of the price as new), rising; between two rows the share falls evenly, after the last
    one it stays.
    """

    ages: Sequence[tuple[int, Decimal]]
    factors: Mapping[str, Decimal]
    km_a_year: int
    share_per_1000_km: Decimal
    most_for_km: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedCar:
    """What the value depends on."""

    price_as_new: Money
    first_registered: date
    mileage_km: int
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """A value and how it came about: shares and factors of one."""

    age_months: int
    age_share: Decimal
    condition_factor: Decimal
    expected_km: int
    km_share: Decimal
    value: Money


def value_car(car: UsedCar, table: ValueTable, *, on: date, deduction: Money | None = None) -> Valuation:
    """
    Return what a car is worth on a day: price as new × age × condition × (1 ± kilometres), less a deduction.

    Rounded down to whole steps of 100; never below zero.
    """
    months = age_in_months(car.first_registered, on=on)
    share = _share_at(table.ages, months)
    factor = table.factors[car.condition]
    expected = table.km_a_year * months // MONTHS
    by_km = (expected - car.mileage_km) * table.share_per_1000_km / 1000
    by_km = max(-table.most_for_km, min(table.most_for_km, by_km))
    exact = car.price_as_new.amount * share * factor * (1 + by_km)
    if deduction is not None:
        exact -= deduction.amount
    whole = (max(exact, Decimal(0)) / STEP).to_integral_value(ROUND_DOWN) * STEP
    return Valuation(
        age_months=months,
        age_share=share,
        condition_factor=factor,
        expected_km=expected,
        km_share=by_km,
        value=Money.rounded(whole, car.price_as_new.currency),
    )


def age_in_months(first_registered: date, *, on: date) -> int:
    """Return the whole months from one day to another, not below zero."""
    months = (on.year - first_registered.year) * MONTHS + on.month - first_registered.month
    return max(months - (1 if on.day < first_registered.day else 0), 0)


def _share_at(ages: Sequence[tuple[int, Decimal]], months: int) -> Decimal:
    before = ages[0]
    for row in ages:
        if row[0] > months:
            passed = Decimal(months - before[0]) / (row[0] - before[0]) if row[0] != before[0] else Decimal(0)
            return before[1] + (row[1] - before[1]) * passed
        before = row
    return before[1]

"""Pure rules: when service is due, what is covered, what a package is worth."""

from datetime import date

import pytest

from apps.aftersales.policies.cover import Term, covers
from apps.aftersales.policies.dates import add_months
from apps.aftersales.policies.packages import refund_of, worth_of
from apps.aftersales.policies.upkeep import Step, next_due, round_up
from apps.kernel.api import Money

STEPS = [Step(step_id=1, months=12, km=20_000), Step(step_id=2, months=24, km=40_000)]
BOUGHT = date(2025, 6, 10)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_where_the_calendar_ends(day, months, then):
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("today", "kilometres", "need"),
    [
        (date(2026, 5, 10), 18_499, "LATER"),
        (date(2026, 5, 11), 0, "SOON"),
        (date(2026, 1, 1), 18_500, "SOON"),
        (date(2026, 6, 10), 20_000, "SOON"),
        (date(2026, 6, 11), 0, "OVERDUE"),
        (date(2025, 7, 1), 20_001, "OVERDUE"),
    ],
)
def test_whichever_comes_first_is_due(today, kilometres, need):
    due = next_due(STEPS, done=(), in_service_on=BOUGHT, kilometres=kilometres, today=today)

    assert (due.step_id, due.day, due.km, due.need) == (1, date(2026, 6, 10), 20_000, need)


def test_a_later_service_covers_the_earlier_ones():
    assert next_due(STEPS, done={2}, in_service_on=BOUGHT, kilometres=0, today=BOUGHT) is None
    assert next_due(STEPS, done={1}, in_service_on=BOUGHT, kilometres=0, today=BOUGHT).step_id == 2


@pytest.mark.parametrize(
    ("today", "kilometres", "is_running"),
    [
        (date(2028, 6, 9), 60_000, True),
        (date(2028, 6, 10), 0, False),
        (date(2025, 6, 10), 60_001, False),
    ],
)
def test_a_warranty_holds_through_its_last_day_and_its_last_kilometre(today, kilometres, is_running):
    cover = covers(
        Term(component=1, months=36, km=60_000, source="§ 18"),
        in_service_on=BOUGHT,
        kilometres=kilometres,
        today=today,
    )

    assert (cover.until, cover.is_running) == (date(2028, 6, 9), is_running)


def test_shares_of_a_package_add_up_to_what_was_paid():
    paid = Money.of("1000.00")
    shares = [worth_of(paid, services=7, redeemed=done).amount for done in range(7)]

    assert sum(shares) == paid.amount
    assert max(shares) - min(shares) <= Money.of("0.01").amount


@pytest.mark.parametrize(
    ("redeemed", "today", "back"),
    [
        (0, date(2025, 6, 17), "1000.00"),
        (0, date(2025, 6, 18), "1000.00"),
        (1, date(2025, 6, 10), "800.00"),
        (3, date(2027, 6, 10), "400.00"),
        (5, date(2026, 1, 1), "0.00"),
        (0, date(2027, 6, 11), "0.00"),
    ],
)
def test_what_was_not_rendered_is_paid_back_until_the_last_day(redeemed, today, back):
    refund = refund_of(
        Money.of("1000.00"),
        services=5,
        redeemed=redeemed,
        granted_on=BOUGHT,
        valid_until=date(2027, 6, 10),
        today=today,
    )

    assert refund == Money.of(back)


@pytest.mark.parametrize(("minutes", "booked"), [(1, 30), (30, 30), (45, 60), (481, 480), (2000, 480)])
def test_a_bay_is_booked_in_half_hours(minutes, booked):
    assert round_up(minutes) == booked

"""Pure rules: when service is due, what is covered, what a package is worth."""

from datetime import date

import pytest

from apps.aftersales.policies.cover import Term, covers
from apps.aftersales.policies.dates import add_months
from apps.aftersales.policies.packages import refund_of, worth_of
from apps.aftersales.policies.upkeep import Done, Life, Notice, Step, day_of_reading, next_due, round_up
from apps.kernel.api import Money

STEPS = [Step(step_id=1, months=12, km=20_000), Step(step_id=2, months=24, km=40_000)]
BOUGHT = date(2025, 6, 10)
NOTICE = Notice(days=30, km=1_500)


def due_of(today, *, done=(), kilometres=0, read_on=None, notice=NOTICE):
    life = Life(in_service_on=BOUGHT, kilometres=kilometres, read_on=read_on)
    return next_due(STEPS, done=done, life=life, notice=notice, today=today)


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
    due = due_of(today, kilometres=kilometres)

    assert (due.step_id, due.day, due.km, due.need) == (1, date(2026, 6, 10), 20_000, need)


def test_a_later_service_covers_the_earlier_ones():
    done = [Done(step_id=number, day=date(2026, 6, 1), km=15_000) for number in (1, 2)]

    assert due_of(BOUGHT, done=done) is None
    assert due_of(BOUGHT, done=done[1:]) is None
    assert due_of(BOUGHT, done=done[:1]).step_id == 2


def test_what_follows_is_counted_from_the_last_service():
    """A service that came three months late moves the next one; so does one that came early."""
    late = due_of(date(2026, 9, 10), done=[Done(step_id=1, day=date(2026, 9, 10), km=24_000)], kilometres=24_000)
    early = due_of(date(2026, 2, 10), done=[Done(step_id=1, day=date(2026, 2, 10), km=9_000)], kilometres=9_000)

    assert (late.day, late.km, late.left_km) == (date(2027, 9, 10), 44_000, 20_000)
    assert (early.day, early.km, early.left_km) == (date(2027, 2, 10), 29_000, 20_000)


@pytest.mark.parametrize(
    ("kilometres", "read_on", "by_km"),
    [
        # 15,000 km in 200 days: the other 5,000 take 67 days from the reading on.
        (15_000, date(2025, 12, 27), date(2026, 3, 4)),
        (10_000, date(2025, 12, 27), None),  # 200 more days: the year is over before
        (5_000, date(2025, 7, 9), None),  # read after 29 days: too early to tell
        (5_000, date(2025, 7, 10), date(2025, 10, 8)),
        (15_000, None, None),
        (0, date(2025, 12, 27), None),
        (1, date(2025, 12, 27), None),
        (20_000, date(2025, 12, 27), date(2025, 12, 27)),
    ],
)
def test_kilometres_go_on_as_they_did(kilometres, read_on, by_km):
    due = due_of(date(2025, 12, 27), kilometres=kilometres, read_on=read_on)

    assert (due.by_km, due.on) == (by_km, by_km or date(2026, 6, 10))
    life = Life(in_service_on=BOUGHT, kilometres=kilometres, read_on=read_on)
    assert day_of_reading(life, km=20_000, before=date(2026, 6, 10)) == by_km


@pytest.mark.parametrize(("today", "need"), [(date(2026, 2, 1), "LATER"), (date(2026, 2, 2), "SOON")])
def test_notice_is_given_before_the_day_that_kilometres_make_likely(today, need):
    due = due_of(today, kilometres=15_000, read_on=date(2025, 12, 27))

    assert (due.on, due.need) == (date(2026, 3, 4), need)


def test_without_a_rule_nothing_is_soon():
    assert due_of(date(2026, 6, 10), notice=None).need == "LATER"
    assert due_of(date(2026, 6, 11), notice=None).need == "OVERDUE"


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

from datetime import UTC, date, datetime, time

import pytest

from apps.scheduling.policies.slots import (
    Busy,
    busy_lanes,
    contains,
    day_grid,
    is_free,
    is_lane_free,
    spans_on,
    to_instant,
)

WEEK = {"mon": [["09:00", "18:00"]], "sat": [["10:00", "16:00"]]}
MONDAY, SATURDAY, SUNDAY = date(2026, 6, 8), date(2026, 6, 13), date(2026, 6, 14)
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
# Source: EU directive 2000/84/EC: summer time begins on the last Sunday of March and ends on that of October, 1:00 UTC.
BEGINS, ENDS = date(2026, 3, 29), date(2026, 10, 25)


def spans(day, **changes):
    values = {"week": WEEK, "own_days": {}, "store_days": {}, "public_days": {}, "keeps_holidays": False}
    return spans_on(day, **{**values, **changes})


def walls(day, hours, *, zone=SHANGHAI, length=45, step=60):
    from zoneinfo import ZoneInfo

    grid = day_grid(tuple(hours), day, zone, length, step)
    return [slot.starts_at.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in grid]


def test_slots_begin_every_step_and_end_by_closing():
    assert walls(MONDAY, [("09:00", "12:00"), ("13:30", "15:15")]) == ["09:00", "10:00", "11:00", "13:30", "14:30"]


def test_a_slot_that_would_end_after_closing_is_not_offered():
    assert walls(MONDAY, [("09:00", "09:44")]) == []
    assert walls(MONDAY, [("09:00", "09:45")]) == ["09:00"]


def test_slots_keep_the_clock_on_the_wall_when_summer_time_begins():
    assert walls(BEGINS, [("09:00", "11:00")], zone=BERLIN) == ["09:00", "10:00"]
    assert day_grid((("09:00", "10:00"),), BEGINS, BERLIN, 45, 60)[0].starts_at == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_the_hour_that_is_skipped_has_no_slots():
    assert walls(BEGINS, [("00:00", "05:00")], zone=BERLIN) == ["00:00", "01:00", "03:00", "04:00"]


def test_the_hour_that_comes_twice_has_no_slots():
    assert walls(ENDS, [("00:00", "05:00")], zone=BERLIN) == ["00:00", "01:00", "03:00", "04:00"]


def test_a_slot_across_the_change_is_left_out():
    assert walls(BEGINS, [("01:30", "04:30")], zone=BERLIN, length=60, step=60) == ["03:30"]


@pytest.mark.parametrize(("day", "wall"), [(BEGINS, time(2, 30)), (ENDS, time(2, 30))])
def test_a_time_that_comes_never_or_twice_is_no_instant(day, wall):
    assert to_instant(day, wall, BERLIN) is None


def test_the_week_decides_without_exceptions():
    assert spans(MONDAY) == (("09:00", "18:00"),)
    assert spans(SUNDAY) == ()


def test_an_own_exception_goes_before_the_store_s_and_that_before_the_week():
    store = {MONDAY: [["12:00", "14:00"]]}
    assert spans(MONDAY, store_days=store) == (("12:00", "14:00"),)
    assert spans(MONDAY, store_days=store, own_days={MONDAY: []}) == ()


def test_a_holiday_counts_for_those_who_keep_it():
    holiday = {MONDAY: "HOLIDAY"}
    assert spans(MONDAY, public_days=holiday) == (("09:00", "18:00"),)
    assert spans(MONDAY, public_days=holiday, keeps_holidays=True) == ()


def test_a_day_worked_instead_has_monday_s_hours():
    worked = {SATURDAY: "WORKDAY", SUNDAY: "WORKDAY"}
    assert spans(SUNDAY, public_days=worked, keeps_holidays=True) == (("09:00", "18:00"),)
    assert spans(SATURDAY, public_days=worked) == (("10:00", "16:00"),)


def test_an_appointment_lies_within_one_opening():
    hours = (("09:00", "12:00"), ("13:30", "18:00"))
    at = [datetime(2026, 6, 8, hour, 30, tzinfo=UTC) for hour in (1, 3, 4)]  # 9:30, 11:30 and 12:30 in Shanghai
    assert contains(hours, MONDAY, SHANGHAI, at[0], at[1])
    assert not contains(hours, MONDAY, SHANGHAI, at[1], at[2])
    assert not contains(hours, SUNDAY, SHANGHAI, at[0], at[1])


@pytest.mark.parametrize(
    ("begins", "ends", "free"),
    [(0, 10, True), (5, 11, False), (10, 20, False), (12, 13, False), (20, 30, True), (19, 21, False), (30, 31, True)],
)
def test_half_open_spans_touch_without_overlapping(begins, ends, free):
    assert is_lane_free(Busy([10], [20]), begins, ends) is free


def test_one_free_lane_is_enough():
    lanes = busy_lanes([(1, 30, 40), (0, 10, 20), (0, 0, 5)])
    assert lanes[0] == Busy([0, 10], [5, 20])
    assert is_free(lanes, 2, 12, 15)
    assert not is_free(busy_lanes([(0, 10, 20), (1, 10, 20)]), 2, 12, 15)
    assert is_free({}, 1, 0, 1)

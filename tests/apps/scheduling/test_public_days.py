"""The notice of 2026: each holiday on its first and last day and the days beside them, each day worked instead."""

from datetime import date, timedelta

import pytest

from apps.scheduling.models import PublicDay

# Source: 国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025.
HOLIDAYS = {
    "元旦": ("2026-01-01", "2026-01-03", 3),
    "春节": ("2026-02-15", "2026-02-23", 9),
    "清明节": ("2026-04-04", "2026-04-06", 3),
    "劳动节": ("2026-05-01", "2026-05-05", 5),
    "端午节": ("2026-06-19", "2026-06-21", 3),
    "中秋节": ("2026-09-25", "2026-09-27", 3),
    "国庆节": ("2026-10-01", "2026-10-07", 7),
}
WORKED = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def kind_on(day):
    return PublicDay.objects.filter(country="CN", day=day).values_list("kind", flat=True).first()


@pytest.mark.parametrize(("name", "first", "last", "days"), [(name, *rest) for name, rest in HOLIDAYS.items()])
def test_a_holiday_lasts_from_its_first_to_its_last_day(db, name, first, last, days):
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)

    assert (kind_on(begins), kind_on(ends)) == ("HOLIDAY", "HOLIDAY")
    assert kind_on(begins - timedelta(days=1)) != "HOLIDAY"
    assert kind_on(ends + timedelta(days=1)) != "HOLIDAY"
    assert PublicDay.objects.filter(name_zh=name, kind="HOLIDAY").count() == days == (ends - begins).days + 1


@pytest.mark.parametrize("day", WORKED)
def test_a_day_is_worked_instead_and_is_a_weekend(db, day):
    assert kind_on(day) == "WORKDAY"
    assert date.fromisoformat(day).weekday() >= 5


def test_there_are_no_others_and_each_has_its_source(db):
    assert PublicDay.objects.count() == 33 + len(WORKED)
    assert not PublicDay.objects.filter(source="").exists()

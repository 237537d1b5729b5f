"""Months on the calendar."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """
    Return the same day so many months later, or the last day of that month if it has no such day.

    31 January plus one month is 28 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

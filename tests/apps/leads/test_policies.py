"""Pure rules of leads."""

from datetime import UTC, datetime

import pytest

from apps.leads import policies
from apps.leads.states import LeadSource

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NINE_TO_SIX = {day: [["09:00", "18:00"]] for day in DAYS}


def at(text: str) -> datetime:
    """An instant by the clock in Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-06-10T10:00", "2026-06-10T12:00"),
        ("2026-06-10T17:00", "2026-06-11T10:00"),
        ("2026-06-10T22:00", "2026-06-11T11:00"),
        ("2026-06-10T16:00", "2026-06-10T18:00"),
    ],
)
def test_the_clock_runs_in_opening_time_only(start, due):
    found = policies.due_after(at(start), minutes=120, opening_hours=NINE_TO_SIX, time_zone="Asia/Shanghai")

    assert found == at(due)


def test_the_clock_steps_over_a_day_of_rest_and_the_break_at_noon():
    hours = {"mon": [["09:00", "12:00"], ["13:30", "18:00"]]}

    # A Wednesday; the next opening is Monday, 15 June.
    found = policies.due_after(at("2026-06-10T10:00"), minutes=200, opening_hours=hours, time_zone="Asia/Shanghai")

    assert found == at("2026-06-15T13:50")


def test_a_store_without_hours_has_a_day():
    found = policies.due_after(at("2026-06-10T10:00"), minutes=120, opening_hours={}, time_zone="Asia/Shanghai")

    assert found == at("2026-06-11T10:00")


def test_the_score_is_the_readme_s_example():
    points = policies.score(
        source=LeadSource.CONFIGURATOR, is_configured=True, is_verified=True, is_member=True, wrote=False
    )

    assert points == 80


def test_the_score_ends_at_a_hundred():
    points = policies.score(
        source=LeadSource.TEST_DRIVE, is_configured=True, is_verified=True, is_member=True, wrote=True, times_asked=9
    )

    assert points == policies.MOST_POINTS


@pytest.mark.parametrize(
    ("sellers", "last", "except_for", "chosen"),
    [
        ([3, 1, 2], None, None, 1),
        ([3, 1, 2], 1, None, 2),
        ([3, 1, 2], 3, None, 1),
        ([3, 1, 2], 1, 2, 3),
        ([5], 5, None, 5),
        ([5], 5, 5, None),
        ([], 1, None, None),
        ([4, 9], 7, None, 9),
    ],
)
def test_turns_go_round(sellers, last, except_for, chosen):
    assert policies.next_in_turn(sellers, last=last, except_for=except_for) == chosen


def test_words_lose_what_is_unseen():
    assert policies.clean(" a\u200bb\x00\n ", most=10) == "ab"

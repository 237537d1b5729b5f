"""Who gets a conversation, and what may be written: no database."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.support.policies import Candidate, choose_agent, clean, is_here

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


def agent(agent_id, **changes):
    values = {
        "topics": frozenset({"SALES"}),
        "stores": frozenset(),
        "open": 0,
        "most": 4,
        "last_at": None,
        "is_here": True,
    }
    return Candidate(agent_id=agent_id, **{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [{"is_here": False}, {"open": 4}, {"topics": frozenset({"SERVICE"})}, {"stores": frozenset({8})}],
    ids=["away", "full", "another_topic", "another_store"],
)
def test_passes_over_who_cannot(changes):
    assert choose_agent([agent(1, **changes)], topic="SALES", store_id=7) is None
    assert choose_agent([agent(1, **changes), agent(2)], topic="SALES", store_id=7) == 2


def test_prefers_the_fewest_then_who_waits_longest_then_the_oldest():
    early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)

    assert choose_agent([agent(1, open=2), agent(2, open=1)], topic="SALES", store_id=None) == 2
    assert choose_agent([agent(1, last_at=late), agent(2, last_at=early)], topic="SALES", store_id=None) == 2
    assert choose_agent([agent(2), agent(1)], topic="SALES", store_id=None) == 1


def test_a_store_s_own_agent_answers_what_names_no_store():
    assert choose_agent([agent(1, stores=frozenset({7}))], topic="SALES", store_id=None) == 1


@pytest.mark.parametrize(("seconds", "here"), [(0, True), (90, True), (91, False)])
def test_who_was_silent_for_longer_than_ninety_seconds_is_away(seconds, here):
    assert is_here(is_available=True, seen_at=NOW - timedelta(seconds=seconds), now=NOW) is here
    assert not is_here(is_available=False, seen_at=NOW, now=NOW)
    assert not is_here(is_available=True, seen_at=None, now=NOW)


def test_keeps_words_lines_and_faces_and_drops_what_hides():
    assert clean(" 你好\r\n再见\x00\u202e 👨‍👩‍👧 ") == "你好\n再见 👨‍👩‍👧"

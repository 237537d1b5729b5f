"""
The tests at another hour of the day:  make test ARGS="--hour 23"

Stores close, service level clocks stop and a month ends while tests run. With ``--hour`` every clock that Python reads
says the next time at which it is that hour (UTC), and ticks on. Journeys are left out, and the few that are marked:
their suites are processes that read the clock of the machine, as PostgreSQL does.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

MACHINE_CLOCK = ("journey", "machine_clock")


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--hour", type=int, choices=range(24), metavar="0-23", help="Run as if it were this hour (UTC); no journeys"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session) -> Iterator[object]:
    """Set the clock for all tests of this process, fixtures included."""
    hour = session.config.getoption("hour")
    if hour is None:
        return (yield)
    with time_machine.travel(next_time_at(hour, now=datetime.now(UTC))):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items) -> None:
    """Leave out what reads the machine's clock as well."""
    if config.getoption("hour") is None:
        return
    left_out = [item for item in items if any(map(item.get_closest_marker, MACHINE_CLOCK))]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def next_time_at(hour: int, *, now: datetime) -> datetime:
    """
    Return the next moment of ``hour`` o'clock, at the minute that it is.

    >>> next_time_at(1, now=datetime(2026, 6, 10, 22, 45, tzinfo=UTC))
    datetime.datetime(2026, 6, 11, 1, 45, tzinfo=datetime.timezone.utc)
    """
    then = now.replace(hour=hour)
    return then if then >= now else then + timedelta(days=1)

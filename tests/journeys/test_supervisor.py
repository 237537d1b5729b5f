"""The suite under its supervisor: side by side, after kill -9, and gone without a trace."""

import os
import signal

import psutil
import pytest

from s2b2c.supervisor import system
from s2b2c.supervisor.suite import read_health

pytestmark = pytest.mark.journey


def processes_of(suite) -> list[psutil.Process]:
    """Every process that belongs to a suite: they all carry its home in their environment or command line."""
    home, found = str(suite.home), []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("S2B2C_HOME", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if any(home in word for word in words) and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


@pytest.fixture
def own_suite(live_suite):
    started = live_suite()
    yield started
    started.stop()


def test_two_suites_run_side_by_side_and_one_leaves_without_a_trace(suite, own_suite):
    assert suite.base_url != own_suite.base_url
    assert read_health(suite.base_url)[1]["status"] == read_health(own_suite.base_url)[1]["status"] == "ok"
    assert len(processes_of(own_suite)) > 6

    own_suite.stop()

    assert processes_of(own_suite) == []
    assert read_health(suite.base_url)[0] == 200


@pytest.mark.parametrize("name", ["web", "worker", "relay", "beat", "sandbox", "redis"])
def test_a_killed_process_is_started_again(suite, name):
    before = suite.pid(name)
    suite.kill(name)
    assert suite.pid(name) != before


def test_orders_can_be_taken_while_redis_is_frozen(suite):
    suite.freeze("redis")
    try:
        status, health = read_health(suite.base_url)
    finally:
        suite.thaw("redis")
    assert (status, health["status"]) == (200, "degraded")
    suite.wait_well()


def test_nothing_outlives_a_killed_supervisor_and_its_home_can_be_used_again(live_suite):
    mine = live_suite(own_database_server=True)
    supervisor = psutil.Process(mine.supervisor_pid)
    os.kill(supervisor.pid, signal.SIGKILL)

    assert system.wait_until(lambda: not processes_of(mine), seconds=30), processes_of(mine)

    mine.start()
    try:
        mine.wait_well()
        mine.kill("postgres")
    finally:
        mine.stop()
    assert processes_of(mine) == []

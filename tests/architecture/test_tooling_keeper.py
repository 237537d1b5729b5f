"""The keeper of one process: restarts, gives up, leaves nothing behind."""

import os
import signal
import sys
import time

import pytest

from s2b2c.supervisor import system
from s2b2c.supervisor.errors import DidNotStart, KeepsDying
from s2b2c.supervisor.keeper import LONGEST_PAUSE, MOST_SHORT_LIVES, SHORT_LIFE, Keeper

FOREVER = "import time; time.sleep(600)"
# A parent that ignores the polite signal, with a child of its own; it says when both are there.
STUBBORN_FAMILY = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def make_keeper(tmp_path):
    made = []

    def make(code: str, **options) -> Keeper:
        log = tmp_path / "child.log"
        keeper = Keeper(
            "child", lambda: system.spawn([sys.executable, "-c", code], log=log, cwd=tmp_path), log, **options
        )
        made.append(keeper)
        keeper.start()
        return keeper

    yield make
    for keeper in made:
        if keeper.process is not None:
            system.kill_session(keeper.process.pid)
            keeper.process.wait()


def kill(keeper: Keeper) -> None:
    os.killpg(keeper.pid, signal.SIGKILL)
    keeper.process.wait(timeout=10)


def test_starts_a_killed_process_again_after_a_pause(make_keeper):
    keeper = make_keeper(FOREVER)
    first, now = keeper.pid, time.time()
    kill(keeper)

    assert "SIGKILL" in keeper.tend(now + 100)
    assert keeper.tend(now + 100) is None, "the pause is not over"
    assert "started again" in keeper.tend(now + 100 + LONGEST_PAUSE)
    assert keeper.pid not in {None, first}
    assert keeper.restarts == 1


def test_pauses_longer_after_each_short_life_and_then_gives_up(make_keeper):
    keeper = make_keeper("print('no luck')")
    pauses = []
    for _ in range(MOST_SHORT_LIVES - 1):
        keeper.process.wait(timeout=10)
        now = keeper.started_at + 1
        keeper.tend(now)
        pauses.append(keeper.restart_at - now)
        keeper.tend(keeper.restart_at)
    keeper.process.wait(timeout=10)

    with pytest.raises(KeepsDying, match="no luck"):
        keeper.tend(keeper.started_at + 1)
    assert pauses == sorted(pauses)
    assert pauses[-1] > pauses[0]


def test_a_long_life_is_forgiven(make_keeper):
    keeper = make_keeper(FOREVER)
    for _ in range(MOST_SHORT_LIVES + 2):
        kill(keeper)
        keeper.tend(keeper.started_at + SHORT_LIFE + 1)
        keeper.tend(keeper.restart_at)
    assert keeper.pid is not None


def test_stopping_ends_a_process_that_will_not_and_its_children(make_keeper):
    keeper = make_keeper(STUBBORN_FAMILY, stop_seconds=0.2)
    assert system.wait_until(lambda: keeper.log.read_text().endswith("\n"), seconds=10)
    child = int(keeper.log.read_text())

    keeper.ask_to_stop()
    keeper.stop()

    assert system.wait_until(lambda: not system.is_alive(child), seconds=10)


def test_a_process_that_ends_before_it_is_ready_is_an_error_with_its_last_words(make_keeper):
    keeper = make_keeper("raise SystemExit('the key is missing')")
    keeper.process.wait(timeout=10)
    with pytest.raises(DidNotStart, match="the key is missing"):
        keeper.check_first_start()


def test_children_die_with_a_parent_that_is_killed(tmp_path):
    code = f"""
import signal, sys, time
from pathlib import Path
from s2b2c.supervisor import system
child = system.spawn([sys.executable, "-c", {FOREVER!r}], log=Path("child.log"), cwd=Path("."))
print(child.pid, flush=True)
time.sleep(600)
"""
    project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    log = tmp_path / "parent.log"
    env = {**os.environ, "PYTHONPATH": project}
    parent = system.spawn([sys.executable, "-c", code], log=log, cwd=tmp_path, env=env)
    assert system.wait_until(lambda: log.read_text().endswith("\n"), seconds=20)
    child = int(log.read_text())
    assert system.is_alive(child)

    parent.kill()
    parent.wait()

    assert system.wait_until(lambda: not system.is_alive(child), seconds=10)

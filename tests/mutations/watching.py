"""A pytest plugin that runs tests again and again, each time without one guard."""

import sys
import threading
from collections.abc import Callable, Iterable
from time import monotonic
from types import FrameType
from typing import Any

import pytest

from tests.mutations.removals import Removal


class Watch:
    """Takes the guards away in place of pytest's own loop over the tests; ``caught`` and ``equivalent`` count."""

    def __init__(self, removals: list[Removal]) -> None:
        self.removals = removals
        self.files = {str(removal.path) for removal in removals}
        self.caught = self.equivalent = 0
        self.is_finished = False
        self._passed: set[tuple[str, int]] = set()
        self._failures: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest's own report; its options stay."""
        config.pluginmanager.unregister(name="terminalreporter")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which test passes where, then try every guard."""
        if session.testsfailed or not session.items:
            say(f"tests cannot be collected: {session.testsfailed} errors, {len(session.items)} tests")
            return True
        passages = self._learn(session.items)
        if len(passages) < 0.9 * len(session.items):
            say("too many tests fail with every guard in place")
            return True
        for removal in self.removals:
            if removal.reason:
                self.equivalent += 1
                say(f"same    {removal}  # {removal.reason}")
                continue
            noticed = self._who_notices(removal, [item for item in passages if removal.lines & passages[item]])
            self.caught += noticed is not None
            say(f"caught  {removal}  # {noticed}" if noticed else f"MISSED  {removal}")
        self.is_finished = True
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what could not be collected; nobody else does."""
        if report.failed:
            say(report.longreprtext)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the failures of the test that runs."""
        if report.failed:
            self._failures.append(report.longreprtext)

    def _learn(self, items: Iterable[pytest.Item]) -> dict[pytest.Item, set[tuple[str, int]]]:
        """The lines of our files that each test passes, shortest tests first. A test that fails now notices nothing."""
        found, seconds = {}, {}
        for item in items:
            self._passed, began = set(), monotonic()
            threading.settrace(self._trace)
            sys.settrace(self._trace)
            try:
                passes = self._passes(item)
            finally:
                sys.settrace(None)
                threading.settrace(None)  # type: ignore[arg-type]
            if passes:
                found[item], seconds[item] = self._passed, monotonic() - began
            else:
                say(
                    f"left out: nothing was removed yet, and {item.nodeid} fails: {self._failures[-1].splitlines()[-1]}"
                )
        return {item: found[item] for item in sorted(found, key=seconds.__getitem__)}

    def _trace(self, frame: FrameType, event: str, _: Any) -> Callable | None:
        return self._trace_line if frame.f_code.co_filename in self.files else None

    def _trace_line(self, frame: FrameType, event: str, _: Any) -> Callable:
        self._passed.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace_line

    def _who_notices(self, removal: Removal, items: list[pytest.Item]) -> str | None:
        """The test that fails without the guard and passes with it; None if there is none."""
        for item in items:
            with removal.done():
                if self._passes(item):
                    continue
            if self._passes(item):
                return item.nodeid.rpartition("/")[2]
            say(f"        {item.nodeid} fails with and without {removal.place}")
        return None

    def _passes(self, item: pytest.Item) -> bool:
        """Run one test, and put away all that it asked for but what the whole session shares."""
        self._failures = []
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
        return not self._failures


def say(text: str) -> None:
    """Print past pytest, which keeps what is printed."""
    print(text, file=sys.__stdout__, flush=True)

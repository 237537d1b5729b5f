"""
Which worker of a parallel run does what.

A file's tests go to one worker, which makes the file's fixtures once. Files that share a whole suite go there together,
in two rooms each: starting a suite takes as long as a dozen journeys through it.
"""

from functools import cached_property
from itertools import chain, groupby, zip_longest
from pathlib import PurePath

import pytest
from xdist.scheduler import LoadFileScheduling

ROOMS = 2
# Folders whose files share a suite, and files there that start suites of their own.
SHARING = ("tests/journeys", "tests/journeys/figures")
ALONE = ("tests/journeys/test_supervisor.py",)


class RoomScheduling(LoadFileScheduling):
    """Hands out files, and rooms of files that share a suite, as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return room_of(super()._split_scope(nodeid), self._files)

    @cached_property
    def _files(self) -> list[str]:
        collected = next(iter(self.registered_collections.values()), [])
        return sorted({test.partition("::")[0] for test in collected})


def room_of(file: str, files: list[str]) -> str:
    """Return the name of what a file is handed out with: itself, or one of the rooms of its folder."""
    folder = str(PurePath(file).parent)
    if folder not in SHARING or file in ALONE:
        return file
    neighbors = [other for other in files if str(PurePath(other).parent) == folder and other not in ALONE]
    return f"{folder} {neighbors.index(file) % ROOMS}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> RoomScheduling:
    """Replace ``--dist``'s own scheduler."""
    return RoomScheduling(config, log)


def pytest_collection_modifyitems(config, items) -> None:
    """
    Hand out files that wait (for a whole suite, for a browser) by turns with files that reckon.

    The workers of a parallel run are more than the cores, and the longest files must not come last.
    """
    if not hasattr(config, "workerinput"):
        return
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    waiting = [tests for tests in files if "journey" in tests[0].keywords or "adapters" in tests[0].path.parts]
    reckoning = [tests for tests in files if tests not in waiting]
    items[:] = chain.from_iterable(tests for turn in zip_longest(waiting, reckoning) for tests in turn if tests)

"""One suite for all figures, started with the faults that some of them switch on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.figures.points import PATCHES, POINTS
from tests.journeys.figures.shop import Shop

FAULTS = Path(__file__).resolve().parent / "faults"


@pytest.fixture(scope="package")
def shop(live_suite, tmp_path_factory) -> Iterator[Shop]:
    """A running suite whose processes die, or drop their guards, when they are told to."""
    faults = tmp_path_factory.mktemp("faults")
    (faults / "armed").mkdir()
    (faults / "fired").mkdir()
    suite = live_suite(
        PYTHONPATH=str(FAULTS),
        FAULTS=str(faults),
        FAULT_POINTS=json.dumps(POINTS),
        FAULT_PATCHES=json.dumps(PATCHES),
        LIVE_PORT="",
    )
    yield Shop(suite=suite, faults=faults)
    suite.stop()

"""A carrier of texts that keeps what it is given."""

from collections.abc import Iterator

import pytest

from apps.kernel.api import ports
from tests.factories.accounts import FakeSms


@pytest.fixture
def sms() -> Iterator[FakeSms]:
    """The carrier of texts."""
    carrier = FakeSms()
    with ports.using({"notifications.sms": carrier}):
        yield carrier

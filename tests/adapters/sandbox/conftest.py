"""One sandbox process and one receiver for the whole run; each test uses numbers of its own."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.adapters.receiver import Receiver, running_receiver
from tests.adapters.sandbox_process import SandboxProcess, running_sandbox


@pytest.fixture(scope="session")
def shared_receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(shared_receiver: Receiver) -> Receiver:
    """The merchant's hook, empty; a test leaves nothing on its way that the next one would receive."""
    shared_receiver.clear()
    return shared_receiver


@pytest.fixture(scope="session")
def sandbox(shared_receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    home = tmp_path_factory.mktemp("sandbox")
    with running_sandbox(home, notify_base=shared_receiver.url) as process:
        yield process


NUMBERS = itertools.count(1)


@pytest.fixture
def new_number() -> Callable[[], str]:
    """Merchant's numbers that no other test has used."""
    return lambda: f"SO2026{next(NUMBERS):08d}"

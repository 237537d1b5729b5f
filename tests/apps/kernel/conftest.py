"""What the kernel's tests share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from apps.kernel.api import outbox
from tests.apps.kernel.lamps import LampLit
from tests.races import outcomes


@pytest.fixture
def listen() -> Iterator[Callable[..., None]]:
    """``listen(handler, name=…)`` subscribes to LampLit for the time of the test."""
    names = []

    def subscribe(handler: Callable[..., None], name: str = "tests.notice") -> None:
        outbox.subscribe(LampLit, name=name)(handler)
        names.append(name)

    yield subscribe
    for name in names:
        outbox.unsubscribe(name)


@pytest.fixture
def person(db) -> Any:
    """Somebody who acts."""
    return get_user_model().objects.create(email="clerk@kernel.example")


@pytest.fixture
def race() -> Callable[..., list[Any]]:
    """``race(*calls)`` starts all calls at once, each with a thread and connection of its own; results or errors."""
    return outcomes

"""What the kernel's tests share."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from apps.kernel.api import outbox
from tests.apps.kernel.lamps import LampLit


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

    def run(*calls: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(calls))
        results: list[Any] = [None] * len(calls)

        def take(index: int, call: Callable[[], Any]) -> None:
            try:
                connection.ensure_connection()
                gate.wait(timeout=20)
                results[index] = call()
            except Exception as error:  # noqa: BLE001 - handed to the test, which judges it
                results[index] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=take, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    return run

"""Races whose outcome is sure: the second work waits for a lock of the first before the first commits."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import connection, transaction

# Seconds; more than a lock may be waited for.
MOST_SECONDS = 20


def meet(first: Callable[[], object], then: Callable[[], object]) -> Any:
    """
    Do ``first`` and, before it commits, ``then`` in a thread of its own; return what came of ``then``, or raise it.

    The commit comes when ``then`` waits for a lock that ``first`` holds, or is through. A service that looks before it
    locks has seen by then what is no longer true. The control is ``python -m tests.mutations``, which takes the locks
    away. The test needs ``django_db(transaction=True)``.
    """
    outcome: list[Any] = []
    errors: list[Exception] = []
    backend: list[int] = []
    begun, ended = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.append(cursor.fetchone()[0])
            begun.set()
            outcome.append(then())
        except Exception as error:  # noqa: BLE001 - raised again where the test can see it
            errors.append(error)
        finally:
            begun.set()
            ended.set()
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        begun.wait(MOST_SECONDS)
        _wait_until_blocked(backend[0], ended)
    thread.join(MOST_SECONDS)
    assert not thread.is_alive()
    if errors:
        raise errors[0]
    return outcome[0]


def _wait_until_blocked(backend: int, ended: threading.Event) -> None:
    until = monotonic() + MOST_SECONDS
    with connection.cursor() as cursor:
        while not ended.wait(0.01):
            assert monotonic() < until, "the second work neither waits nor ends"
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [backend])
            if cursor.fetchone()[0]:
                return

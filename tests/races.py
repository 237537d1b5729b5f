"""Works that begin at the same moment, and races whose outcome is sure: the second waits for a lock of the first."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import connection, connections, transaction

from apps.kernel.api import DomainError

# Seconds; more than a lock may be waited for.
MOST_SECONDS = 20


def race(*works: Callable[[], Any], keeps_errors: bool = False, seconds: float = 60) -> list[Any]:
    """
    Run all works at once; return what each gave, or the code of its refusal.

    ``keeps_errors``: return what a work raises besides, for a control that may die of the constraint behind the guard;
    otherwise it fails the test. They begin within ``seconds``, and end within twice as many.
    """
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=seconds)
            results[index] = work()
        except DomainError as refusal:
            results[index] = refusal.code
        except Exception as error:
            if not keeps_errors:
                raise
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=2 * seconds)
    assert not any(thread.is_alive() for thread in threads)
    return results


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

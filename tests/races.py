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
    otherwise it is raised here. They begin within ``seconds``, and end within twice as many.
    """
    results = outcomes(*works, seconds=seconds)
    if not keeps_errors:
        _clean(results)
    return [result.code if isinstance(result, DomainError) else result for result in results]


def verdicts(*works: Callable[[], Any]) -> list[str]:
    """Run all works at once; "done" or the code of its refusal for each."""
    return ["done" if not isinstance(result, DomainError) else result.code for result in _clean(outcomes(*works))]


def failures(*works: Callable[[], Any]) -> list[Exception]:
    """Run all works at once; what they raised."""
    return [result for result in outcomes(*works) if isinstance(result, Exception)]


def outcomes(*works: Callable[[], Any], seconds: float = 60) -> list[Any]:
    """Run all works at once, each in a thread and on a connection of its own; what each returned or raised."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=seconds)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - handed to the test, which judges it
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


def _clean(results: list[Any]) -> list[Any]:
    """The results, unless one is an error that is no refusal: it is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
    return results


def drop_constraint(table: str, name: str) -> None:
    """Take a constraint away, for a control; a test of ``django_db(transaction=True)`` has a database of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


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

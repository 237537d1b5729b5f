"""The relay process: woken at once, undisturbed by a lost database, stopped cleanly."""

import threading
import time
from datetime import datetime

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apps.kernel.api import OutboxDelivery, outbox
from apps.kernel.outbox import relay as relay_module
from apps.kernel.outbox.relay import Relay
from tests.apps.kernel.lamps import LampLit

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


@pytest.fixture
def relay(listen, tmp_path):
    """A relay in a thread of its own; ``relay.seen`` gets what it delivered, ``relay.arrival`` is set by each."""
    seen, arrival = [], threading.Event()

    def notice(fact, *, event):
        seen.append(fact.lamp)
        transaction.on_commit(arrival.set)

    listen(notice)
    relay = Relay(clock=timezone.now, heartbeat=tmp_path / "heartbeat")
    relay.seen, relay.arrival = seen, arrival
    thread = threading.Thread(target=relay.run)
    thread.start()
    relay.thread = thread
    yield relay
    relay.stop()
    thread.join(timeout=PATIENCE)
    assert not thread.is_alive()


def light(lamp):
    with transaction.atomic():
        outbox.record(LampLit(lamp=lamp), at=timezone.now())


def wait_until(condition):
    """Watch another thread's progress; the deadline is for a broken build, not for the result."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the relay made no progress"
        threading.Event().wait(0.02)


def connections_of_others(cursor):
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    return cursor.fetchone()[0]


def cut_all_connections():
    """What a database that restarts does to its clients."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def test_delivers_what_is_recorded(relay):
    light("hall")

    assert relay.arrival.wait(PATIENCE)
    assert relay.seen == ["hall"]
    assert OutboxDelivery.objects.get().status == "DONE"


def test_is_woken_and_does_not_wait_for_its_next_look(listen, monkeypatch, tmp_path):
    monkeypatch.setattr(relay_module, "POLL_SECONDS", 600.0)
    arrival = threading.Event()
    listen(lambda fact, *, event: transaction.on_commit(arrival.set))
    relay = Relay(clock=timezone.now, heartbeat=tmp_path / "heartbeat")
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        wait_until((tmp_path / "heartbeat").exists)
        light("hall")

        assert arrival.wait(PATIENCE)
    finally:
        relay.stop()
        thread.join(timeout=PATIENCE)
    assert not thread.is_alive()


def test_goes_on_after_the_database_went_away(relay, tmp_path):
    light("hall")
    assert relay.arrival.wait(PATIENCE)
    relay.arrival.clear()

    assert cut_all_connections() == 2
    light("porch")

    assert relay.arrival.wait(PATIENCE)
    assert relay.seen == ["hall", "porch"]
    with connection.cursor() as cursor:
        wait_until(lambda: connections_of_others(cursor) == 2)


def test_waits_for_a_database_that_is_not_there_yet(listen, monkeypatch):
    connect, attempts = psycopg2.connect, []

    def refuse_twice(*args, **kwargs):
        attempts.append(1)
        if len(attempts) <= 2:
            raise psycopg2.OperationalError("connection refused")
        return connect(*args, **kwargs)

    arrival = threading.Event()
    listen(lambda fact, *, event: transaction.on_commit(arrival.set))
    light("hall")
    relay = Relay(clock=timezone.now)
    monkeypatch.setattr(psycopg2, "connect", refuse_twice)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        assert arrival.wait(PATIENCE)
    finally:
        relay.stop()
        thread.join(timeout=PATIENCE)

    assert len(attempts) >= 3


def test_the_heartbeat_tells_the_time_of_the_last_look(relay, tmp_path):
    heartbeat = tmp_path / "heartbeat"
    wait_until(heartbeat.exists)
    first = datetime.fromisoformat(heartbeat.read_text())

    light("hall")
    assert relay.arrival.wait(PATIENCE)

    wait_until(lambda: datetime.fromisoformat(heartbeat.read_text()) > first)


def test_a_failing_handler_does_not_stop_the_relay(relay, listen):
    def fail(fact, *, event):
        raise OperationalError("not the database's fault")

    listen(fail, "tests.failing")
    light("hall")
    light("porch")

    wait_until(lambda: len(relay.seen) == 2)
    wait_until(lambda: OutboxDelivery.objects.filter(handler="tests.failing", attempts__gte=1).count() >= 1)
    assert relay.thread.is_alive()


def test_stops_while_it_waits(relay):
    relay.stop()
    relay.thread.join(timeout=PATIENCE)

    assert not relay.thread.is_alive()

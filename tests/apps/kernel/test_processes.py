"""Processes that are told to stop, and processes that are killed: nothing is lost, nothing doubles."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.kernel.api import OutboxDelivery, RequestInProgress, idempotency, outbox
from apps.kernel.idempotency import LEASE
from apps.kernel.models import InboxMessage
from tests.apps.kernel.lamps import LampLit
from tests.plugins import database

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).resolve().parent.parent.parent.parent
PATIENCE = 60
START = """
import sys, django
django.setup()
from django.utils import timezone
from apps.kernel.api import idempotency, inbox, outbox
from tests.apps.kernel.lamps import LampLit

def hang():
    print("hanging", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start():
    """``start(*arguments)`` runs Python on the test's database; whatever still runs at the end is killed."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env={
                **os.environ,
                "DATABASE_URL": database.url_of(connection.settings_dict["NAME"]),
                "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
                "PYTHONPATH": os.pathsep.join(path for path in [str(PROJECT), os.environ.get("PYTHONPATH")] if path),
                "PYTHONWARNINGS": "ignore",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=PATIENCE)


def kill_while_it_hangs(process):
    assert process.stdout.readline() == "hanging\n"
    process.kill()
    assert process.wait(PATIENCE) == -signal.SIGKILL


def test_the_relay_command_stops_cleanly_when_told(start, tmp_path):
    process = start("manage.py", "run_relay", "--skip-checks", "--heartbeat", str(tmp_path / "run" / "heartbeat"))
    assert process.stdout.readline() == "outbox relay: running\n"

    process.send_signal(signal.SIGTERM)

    assert process.communicate(timeout=PATIENCE)[0] == "outbox relay: stopped\n"
    assert process.returncode == 0


def test_a_relay_killed_in_the_middle_of_a_delivery_leaves_it_whole_to_the_next(start, listen, now):
    def note(fact, *, event):
        InboxMessage.objects.create(consumer="tests", message_id=fact.lamp, received_at=now)

    listen(note)
    with transaction.atomic():
        outbox.record(LampLit(lamp="hall"), at=now)
    process = start(
        "-c",
        START
        + """
@outbox.subscribe(LampLit, name="tests.notice")
def note_then_hang(fact, *, event):
    inbox.first_time(consumer="tests", message_id=fact.lamp, at=event.occurred_at)
    hang()

outbox.drain(now=timezone.now())
""",
    )
    kill_while_it_hangs(process)
    connection.ensure_connection()

    # The server may need a moment to notice that the dead relay's transaction is over.
    while not outbox.drain(now=timezone.now()).delivered:
        assert OutboxDelivery.objects.get().status == "PENDING"

    assert OutboxDelivery.objects.get().status == "DONE"
    assert InboxMessage.objects.get().message_id == "hall"


@pytest.mark.machine_clock
def test_a_request_whose_process_was_killed_is_worked_on_again_when_its_lease_ends(start):
    def run(at):
        return idempotency.run(
            scope="s", key="k", fingerprint="body", now=at, work=lambda: (201, {}), patience=timedelta(0)
        )

    process = start(
        "-c",
        START + 'idempotency.run(scope="s", key="k", fingerprint="body", now=timezone.now(), work=hang)',
    )
    kill_while_it_hangs(process)
    now = timezone.now()

    with pytest.raises(RequestInProgress):
        run(now)
    assert run(now + LEASE) == (201, {}, False)
    assert run(now + LEASE) == (201, {}, True)

"""The relay delivers what the outbox holds. NOTIFY wakes it; a database that restarts does not stop it."""

import logging
import os
import select
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.db import InterfaceError, OperationalError, connection

from apps.kernel.outbox.delivery import deliver_next
from apps.kernel.outbox.recording import CHANNEL

log = logging.getLogger(__name__)

# Lost wake-ups and retries that fall due are found by looking this often.
POLL_SECONDS = 1.0
LONGEST_RECONNECT_SECONDS = 5.0
BEAT_EVERY = timedelta(seconds=1)
_LOST = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)


class Relay:
    """
    Delivers until it is told to stop. Any number of relays may run: each delivery is claimed by one.

    ``clock`` returns the current aware time. The heartbeat file holds the time of the last successful look at the
    database; a supervisor restarts a relay whose heartbeat grows old.
    """

    def __init__(self, *, clock: Callable[[], datetime], heartbeat: Path | None = None) -> None:
        self.clock = clock
        self.heartbeat = heartbeat
        self.is_stopping = False
        self._listener: Any = None
        self._beaten_at: datetime | None = None
        self._bell, self._cord = socket.socketpair()
        for end in (self._bell, self._cord):
            end.setblocking(False)

    def stop(self) -> None:
        """Finish the delivery at hand, then return from ``run``. Safe to call from a signal handler or a thread."""
        self.is_stopping = True
        self._ring()

    def run(self) -> None:
        """Deliver until stopped."""
        failures = 0
        try:
            while not self.is_stopping:
                try:
                    self._listen()
                    self._deliver_what_is_due()
                    self._beat()
                    failures = 0
                    self._wait_for_news(POLL_SECONDS)
                except _LOST as error:
                    failures += 1
                    log.warning("outbox relay: the database is away (%s)", str(error).strip() or type(error).__name__)
                    self._hang_up()
                    self._wait_for_news(min(0.1 * 2**failures, LONGEST_RECONNECT_SECONDS))
        finally:
            self._hang_up()
            self._bell.close()
            self._cord.close()

    def _deliver_what_is_due(self) -> None:
        while not self.is_stopping and deliver_next(now=self.clock()) is not None:
            self._beat()

    def _listen(self) -> None:
        """Open the connection that hears NOTIFY, if it is not open. It is apart from the one deliveries use."""
        if self._listener is None:
            connection.ensure_connection()
            self._listener = psycopg2.connect(**connection.get_connection_params())
            self._listener.autocommit = True
            with self._listener.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")

    def _wait_for_news(self, seconds: float) -> None:
        sources = [self._bell] if self._listener is None else [self._bell, self._listener]
        ready, _, _ = select.select(sources, [], [], seconds)
        if self._bell in ready:
            self._bell.recv(1024)
        if self._listener in ready:
            self._listener.poll()
            self._listener.notifies.clear()

    def _hang_up(self) -> None:
        """Drop both connections; the next look opens new ones."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        connection.close()

    def _ring(self) -> None:
        """Wake ``_wait_for_news``; a bell already ringing needs no second pull."""
        try:
            self._cord.send(b"!")
        except (BlockingIOError, OSError):
            log.debug("outbox relay: already woken")

    def _beat(self) -> None:
        """Tell that the relay works, at most once a second."""
        now = self.clock()
        if self.heartbeat is None or (self._beaten_at is not None and now - self._beaten_at < BEAT_EVERY):
            return
        self._beaten_at = now
        # Written aside and renamed: a reader never sees half a time.
        draft = self.heartbeat.with_name(f"{self.heartbeat.name}.{os.getpid()}")
        draft.write_text(now.isoformat())
        draft.replace(self.heartbeat)

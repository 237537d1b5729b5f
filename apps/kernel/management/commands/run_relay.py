"""The relay process."""

import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.kernel.outbox.relay import Relay


class Command(BaseCommand):
    """Deliver facts from the outbox to their handlers until SIGTERM or Ctrl-C."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the path of the heartbeat file."""
        parser.add_argument("--heartbeat", type=Path, help="file that holds the time of the last look at the outbox")

    def handle(self, *, heartbeat: Path | None, **options: Any) -> None:
        """Run one relay."""
        if heartbeat is not None:
            heartbeat.parent.mkdir(parents=True, exist_ok=True)
        relay = Relay(clock=timezone.now, heartbeat=heartbeat)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: relay.stop())
        self.stdout.write("outbox relay: running")
        # Into a pipe it would stay in the buffer for as long as the relay runs.
        self.stdout.flush()
        relay.run()
        self.stdout.write("outbox relay: stopped")

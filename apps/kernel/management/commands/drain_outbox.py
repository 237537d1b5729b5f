"""Empty the outbox once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.kernel import outbox


class Command(BaseCommand):
    """Deliver all facts that are due, then return."""

    help = __doc__

    def handle(self, **options: Any) -> None:
        """Drain and say what became of it."""
        result = outbox.drain(now=timezone.now())
        self.stdout.write(f"outbox: {result.delivered} delivered, {result.failed} failed")

"""Seal the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.kernel import audit


class Command(BaseCommand):
    """Seal all unsealed audit entries and print the head of the chain; keep that line outside of the database."""

    help = __doc__

    def handle(self, **options: Any) -> None:
        """Seal and print the head."""
        seals = audit.seal(now=timezone.now())
        self.stdout.write(f"audit: {sum(seal.entry_count for seal in seals)} entries sealed")
        if seals:
            self.stdout.write(f"audit: head {seals[-1].number}:{seals[-1].digest}")

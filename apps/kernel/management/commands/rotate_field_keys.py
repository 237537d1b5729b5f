"""Move encrypted columns to the current key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.kernel import rotation


class Command(BaseCommand):
    """
    Encrypt every value of every encrypted column again under the first key of FIELD_KEYS.

    Safe to stop and start again, and to run while the suite serves. When it is done, older keys may leave FIELD_KEYS.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of a batch."""
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows locked at a time")

    def handle(self, *, batch: int, **options: Any) -> None:
        """Rotate column by column."""
        for place, rows in rotation.rotate_field_keys(batch=batch):
            self.stdout.write(f"{place}: {rows} values moved to the current key")

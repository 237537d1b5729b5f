"""`manage.py check_stock [--repair]`: prove that every stock figure follows from its rows."""

from django.core.management.base import BaseCommand, CommandError

from apps.inventory.services.stock import check_levels


class Command(BaseCommand):
    """Rebuilds on hand, reserved and allocated from movements and reservations and compares."""

    help = __doc__

    def add_arguments(self, parser):
        """Take ``--repair``: set the stored figures to the derived ones."""
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args, repair: bool, **options):
        """Print each difference; fail if there were any and they were not repaired."""
        differences = check_levels(repair=repair)
        for difference in differences:
            self.stdout.write(
                f"level {difference.level_id}: {difference.figure} is {difference.stored}, "
                f"rows say {difference.derived}"
            )
        if differences and not repair:
            raise CommandError(f"{len(differences)} figures differ from their rows.")
        self.stdout.write(f"{len(differences)} differences.")

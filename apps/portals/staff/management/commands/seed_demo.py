"""`manage.py seed_demo`: write the demo world. Only with S2B2C_DEMO=1."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.portals.staff.demo_world import build_demo_world


class Command(BaseCommand):
    """Writes brand, cars, parts, dealers, suppliers, stock and the demo accounts; safe to repeat."""

    help = __doc__

    def handle(self, *args, **options):
        """Refuse outside the demo: the accounts have a published password."""
        if not settings.DEMO:
            raise CommandError("Demo accounts have a published password. Set S2B2C_DEMO=1 to write them.")
        build_demo_world(now=timezone.now(), report=self.stdout.write)

"""`manage.py seed_demo [--scale demo|small|large]`: write the demo world. Only with S2B2C_DEMO=1."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.portals.staff.demo_world import build_demo_world
from apps.portals.staff.large_world import SCALES, build_large_world


class Command(BaseCommand):
    """Writes brand, cars, parts, dealers, suppliers, stock and the demo accounts; safe to repeat."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the arguments; without one the environment's SCALE decides."""
        parser.add_argument("--scale", choices=["demo", *SCALES], default=os.environ.get("SCALE") or "demo")

    def handle(self, *args, scale, **options):
        """Refuse outside the demo: the accounts have a published password."""
        if not settings.DEMO:
            raise CommandError("Demo accounts have a published password. Set S2B2C_DEMO=1 to write them.")
        now = timezone.now()
        build_demo_world(now=now, report=self.stdout.write)
        if scale != "demo":
            build_large_world(SCALES[scale], now=now, report=self.stdout.write)

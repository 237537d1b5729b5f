"""``manage.py reconcile_payments --date 2026-06-10``: compare the providers' statements of a day with our books."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.kernel.errors import DomainError
from apps.payments import api


class Command(BaseCommand):
    help = "Compare the providers' own statements of one day with our payments and refunds; fails on any difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="a day in Asia/Shanghai; yesterday if left out")
        parser.add_argument("--provider", choices=api.Provider.values, action="append", help="all of them if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.now().astimezone(api.PROVIDERS_ZONE).date() - timedelta(days=1)
        failures = 0
        for provider in options["provider"] or api.Provider.values:
            try:
                differences = api.reconcile_day(provider=provider, day=day)
            except DomainError as error:
                failures += 1
                self.stderr.write(f"{provider}: {error} {error.context}")
                continue
            failures += len(differences)
            self.stdout.write(f"{provider} {day}: {len(differences)} differences")
            for item in differences:
                self.stdout.write(f"  {item.kind} {item.subject} {item.number}: ours {item.ours}, theirs {item.theirs}")
        if failures:
            raise CommandError(f"{failures} differences or failures on {day}.")

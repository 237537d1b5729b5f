"""``manage.py reconcile_payments --date 2026-06-10``: compare the providers' statements of a day with our books."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.kernel.api import DomainError
from apps.payments import api


class Command(BaseCommand):
    help = "Compare the providers' own statements of one day with our payments and refunds; fails on any difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="a day in Asia/Shanghai; yesterday if left out")
        parser.add_argument(
            "--provider", choices=api.Provider.values, action="append", help="all with keys if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.now().astimezone(api.PROVIDERS_ZONE).date() - timedelta(days=1)
        failures = 0
        for provider, result in api.reconcile_all(day=day, providers=options["provider"]).items():
            if isinstance(result, DomainError):
                failures += 1
                self.stderr.write(f"{provider} {day}: {result} {result.context}")
                continue
            failures += len(result)
            self.stdout.write(f"{provider} {day}: {len(result)} differences")
            for item in result:
                self.stdout.write(f"  {item.kind} {item.subject} {item.number}: ours {item.ours}, theirs {item.theirs}")
        if failures:
            raise CommandError(f"{failures} differences or failures on {day}.")

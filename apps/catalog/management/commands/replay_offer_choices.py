"""Prove that stored choices of offers re-derive."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.catalog.api import refresh_shown_offers, replay_offer_choices


class Command(BaseCommand):
    help = "Replay every stored choice of an offer, and compare it with what lists show and with the offers of now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="choose anew where a choice does not hold")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = list(replay_offer_choices())
        for fault, count in sorted(Counter(row.fault for row in differences).items()):
            self.stdout.write(f"{fault}: {count}")
        if differences and options["repair"]:
            refresh_shown_offers([row.product_id for row in differences])
            differences = list(replay_offer_choices([row.product_id for row in differences]))
        if differences:
            raise CommandError(f"{len(differences)} choices do not hold.")
        self.stdout.write("Every stored choice re-derives.")

"""``manage.py import_vehicles PATH``: cars of other makes from an OpenEV JSON Lines file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.catalog.api import import_vehicles, read_lines


class Command(BaseCommand):
    """Tells every problem by its line on the error output, and how many lines did what on the output."""

    help = "Import cars from an OpenEV JSON Lines file. They stay unpublished until headquarters publishes them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check and count everything, keep nothing.")
        parser.add_argument("--strict", action="store_true", help="Exit with an error if any line failed.")

    def handle(self, *args: Any, path: Path, dry_run: bool, strict: bool, **options: Any) -> None:
        """Run the import."""
        try:
            with path.open("rb") as file:
                summary = import_vehicles(read_lines(file), now=timezone.now(), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        for error in summary.errors:
            code = f" ({error.source_code})" if error.source_code else ""
            self.stderr.write(f"line {error.line}{code}: {error.problem.code}: {error.problem.text}")
        self.stdout.write(
            f"{'Dry run, nothing kept. ' if dry_run else ''}{summary.total} lines: {summary.created} created, "
            f"{summary.updated} updated, {summary.unchanged} unchanged, {summary.failed} failed."
        )
        if strict and summary.failed:
            raise CommandError(f"{summary.failed} lines failed.")

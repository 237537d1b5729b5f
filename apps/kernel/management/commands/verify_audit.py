"""Prove the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.kernel import audit


class Command(BaseCommand):
    """Recompute the chain of digests over the audit trail; fail and name what was touched."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a head printed by ``seal_audit`` earlier."""
        parser.add_argument("--head", default="", help="number:digest that the chain must contain")

    def handle(self, *, head: str, **options: Any) -> None:
        """Verify and report."""
        problems = audit.verify(head=head)
        for problem in problems:
            self.stderr.write(f"seal {problem.seal}: {problem.text}")
        if problems:
            raise CommandError(f"audit: {len(problems)} problem(s) found")
        self.stdout.write("audit: the trail is whole")

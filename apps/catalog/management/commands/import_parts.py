"""``manage.py import_parts FILE``: parts from CSV or XLSX; checked, then written; ``--undo`` puts everything back."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.kernel.api import DomainError, ImportRun, ImportStatus, imports

KIND = "parts"


class Command(BaseCommand):
    """Each run has a number; what stopped half-way goes on with ``--resume``."""

    help = "Import parts from a CSV or XLSX file. Rows with problems are told and left out; all others are written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="Check everything, write nothing but the report.")
        parser.add_argument("--resume", type=int, metavar="RUN", help="Go on with a run that was stopped.")
        parser.add_argument("--apply", type=int, metavar="RUN", help="Write a run that was checked before.")
        parser.add_argument("--undo", type=int, metavar="RUN", help="Put everything back as it was before a run.")
        parser.add_argument("--report", type=Path, help="Write the report of problems to this CSV file.")
        parser.add_argument("--template", type=Path, help="Write an empty table to fill in to this XLSX file.")
        parser.add_argument("--strict", action="store_true", help="Exit with an error if any row was left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import."""
        if options["template"]:
            options["template"].write_bytes(imports.template(imports.get_kind(KIND)))
            return
        self.began, self.stage, self.done_before = monotonic(), "", 0
        try:
            run = self._run(options)
        except DomainError as refusal:
            raise CommandError(f"{refusal.code}: {refusal}") from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self._tell(run, options)

    def _run(self, options: dict[str, Any]) -> ImportRun:
        now = timezone.now()
        if options["undo"]:
            run = imports.access_run(run_id=options["undo"])
            if run.status != ImportStatus.UNDOING:
                imports.request_undo(run_id=run.pk, by=None, now=now)
            return self._work(run.pk)
        if options["resume"] or options["apply"]:
            run = self._work(options["resume"] or options["apply"])
        elif options["file"]:
            with options["file"].open("rb") as file:
                upload = File(file, name=options["file"].name)
                run = imports.upload(kind=KIND, upload=upload, by=None, now=now)
            self.stdout.write(f"Run {run.pk}.")
            self.stdout.flush()
            run = self._work(run.pk)
        else:
            raise CommandError("Name a file, or a run to --resume, --apply or --undo.")
        can_go_on = run.status in (ImportStatus.CHECKED, ImportStatus.FAILED) and run.checked_at
        if can_go_on and not options["dry_run"] and run.count("planned", "REFUSED") < run.total:
            imports.request_apply(run_id=run.pk, by=None, now=timezone.now())
            run = self._work(run.pk)
        return run

    def _work(self, run_id: int) -> ImportRun:
        # A person who names a run knows that its process is gone; one that is not stops at its next chunk.
        return imports.work(run_id=run_id, clock=timezone.now, report=self._progress, take_over=True)

    def _progress(self, run: ImportRun) -> None:
        if run.status != self.stage:
            self.stage, self.began, self.done_before = run.status, monotonic(), run.done
            return
        seconds = max(monotonic() - self.began, 0.001)
        rate = (run.done - self.done_before) / seconds
        self.stderr.write(f"{run.status.lower()} {run.done}{f'/{run.total}' if run.total else ''}, {rate:.0f} rows/s")

    def _tell(self, run: ImportRun, options: dict[str, Any]) -> None:
        if options["report"]:
            with options["report"].open("w", encoding="utf-8", newline="") as report:
                report.writelines(imports.error_report(run))
        kind = imports.get_kind(run.kind)
        for row in imports.problem_rows(run)[:100]:
            for problem in row.problems:
                place = f"line {row.line}" + (f" ({row.key})" if row.key else "")
                field = f"{problem['field']}: " if problem["field"] else ""
                self.stderr.write(f"{place}: {field}{problem['code']}: {imports.text_of(kind, problem)}")
        parts = [f"{number} {what.lower()}" for what, number in sorted(run.counts.get(_stage_of(run), {}).items())]
        dry = "Dry run, nothing written. " if run.status == ImportStatus.CHECKED else ""
        self.stdout.write(f"{dry}Run {run.pk} {run.status}: {run.total} rows: {', '.join(parts) or 'none'}.")
        if run.status == ImportStatus.FAILED:
            raise CommandError(f"{run.failure.get('code')}: {run.failure.get('message')}")
        refused = run.count("planned", "REFUSED") + run.count("undone", "KEPT")
        if options["strict"] and refused:
            raise CommandError(f"{refused} rows were left out.")


def _stage_of(run: ImportRun) -> str:
    if run.undone_at:
        return "undone"
    return "applied" if run.applied_at else "planned"

"""
Working on a run: check, apply, undo, in chunks.

Each chunk is one transaction that locks the run, sees that this process still holds it and that its cursor is where it
left it, does its rows, and moves the cursor. So a process may be killed at any point and another one goes on: a chunk
happened with its cursor, or not at all.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from apps.kernel import audit
from apps.kernel.errors import DomainError
from apps.kernel.imports.chunks import CHUNK, Chunk, apply_rows, check_rows, undo_rows
from apps.kernel.imports.errors import ImportTaken
from apps.kernel.imports.kinds import ImportContext, ImportKind, get_kind, refuses_formulas
from apps.kernel.imports.lifecycle import RUN, WORKING
from apps.kernel.imports.tables import RawRow, open_table
from apps.kernel.models import ImportRow, ImportRun
from apps.kernel.states import ImportStatus, RowOutcome, RowPlan

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Report = Callable[[ImportRun], None]
# A holder that gave no sign of life for this long is dead: a chunk takes a second or two.
SILENCE = timedelta(seconds=60)


def work(*, run_id: int, clock: Clock, report: Report | None = None, take_over: bool = False) -> ImportRun:
    """
    Do what the run waits for (check, apply or undo it) until it rests. Safe to call again after any kind of death.

    ``take_over`` does not wait for a holder to be silent: it stops at its next chunk, having lost the run.

    :raises ImportTaken: if another living process works on it, or took it over
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.status not in WORKING:
        return run
    holder = uuid.uuid4().hex
    _hold(run_id, holder, now=clock(), take_over=take_over)
    stages = {ImportStatus.CHECKING: _check, ImportStatus.APPLYING: _apply, ImportStatus.UNDOING: _undo}
    while True:
        run = ImportRun.objects.get(pk=run_id)
        if run.status == ImportStatus.UPLOADED:
            with transaction.atomic():
                RUN.move(run, "check", by=None, at=clock())
        if run.status not in stages:
            return run
        worker = Worker(run, holder, clock, report)
        try:
            with audit.acting(run.asked_by_id):
                stages[ImportStatus(run.status)](worker)
        except StageLeft:
            # Cancelled, or told to undo, between two chunks. Who asked for that let go of us: hold it anew.
            _hold(run_id, holder, now=clock(), take_over=False)
        except DomainError as refusal:
            if isinstance(refusal, ImportTaken):
                raise
            worker.fail(refusal.as_body())
        except Exception as error:
            worker.fail({"code": "server_error", "message": type(error).__name__})
            raise


def stuck_runs(*, now: datetime) -> list[int]:
    """Ids of runs that wait to be worked on and whose holder, if they had one, is silent."""
    silent = Q(beat_at__isnull=True) | Q(beat_at__lt=now - SILENCE)
    return list(ImportRun.objects.filter(silent, status__in=WORKING).order_by("pk").values_list("pk", flat=True))


class StageLeft(Exception):
    """The run is no longer in the stage this process works on."""


class Worker:
    """One process on one stage of one run."""

    def __init__(self, run: ImportRun, holder: str, clock: Clock, report: Report | None) -> None:
        self.run = run
        self.stage = run.status
        self.holder = holder
        self.clock = clock
        self.report = report
        self.kind: ImportKind = get_kind(run.kind)

    def chunk(self) -> Chunk:
        """Lock the run and return the chunk's surroundings; called at the start of each chunk's transaction."""
        run = ImportRun.objects.select_for_update(no_key=True).select_related(None).get(pk=self.run.pk)
        if run.status != self.stage:
            raise StageLeft
        if run.holder != self.holder or run.cursor != self.run.cursor:
            raise ImportTaken
        with connection.cursor() as cursor:
            # Two runs of one kind take turns, chunk by chunk.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"kernel.imports.{run.kind}"])
        self.run = run
        return Chunk(self.kind, run, ImportContext(scope=run.scope, by=run.asked_by, now=self.clock()))

    def advance(self, *, line: int, rows: int, stage: str, counts: dict[str, int]) -> None:
        """Move the cursor; called at the end of each chunk's transaction."""
        run = self.run
        run.cursor, run.done, run.beat_at = line, run.done + rows, self.clock()
        known = run.counts.setdefault(stage, {})
        for what, number in counts.items():
            known[what] = known.get(what, 0) + number
        run.save(update_fields=["cursor", "done", "beat_at", "counts"])

    def tell(self) -> None:
        """Say how far the run has come; called after each chunk's commit."""
        if self.report:
            self.report(self.run)

    def finish(self, move: str, **changes: object) -> None:
        """Leave the stage."""
        with transaction.atomic():
            self.chunk()
            RUN.move(self.run, move, by=self.run.asked_by, at=self.clock())
            for name, value in {**changes, "holder": "", "beat_at": None}.items():
                setattr(self.run, name, value)
            self.run.save(update_fields=[*changes, "holder", "beat_at"])
            # The next stage may follow at once (apply after check): it is held anew.
        self.tell()

    def fail(self, failure: dict) -> None:
        """Stop the run, unless it is no longer ours."""
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(no_key=True).get(pk=self.run.pk)
            if run.holder == self.holder and RUN.can(run, "fail"):
                RUN.move(run, "fail", by=None, at=self.clock())
                run.failure, run.holder, run.beat_at = failure, "", None
                run.save(update_fields=["failure", "holder", "beat_at"])


def _hold(run_id: int, holder: str, *, now: datetime, take_over: bool) -> None:
    free = Q() if take_over else Q(holder__in=["", holder]) | Q(beat_at__lt=now - SILENCE)
    if not ImportRun.objects.filter(free, pk=run_id).update(holder=holder, beat_at=now):
        raise ImportTaken


def _check(worker: Worker) -> None:
    run = worker.run
    with run.content.open("rb") as file:
        table = open_table(
            file, size=run.size, columns=worker.kind.columns, marks_formulas=refuses_formulas(worker.kind)
        )
        rows = (row for row in table.rows if row.line > run.cursor)
        while batch := _take(rows):
            with transaction.atomic():
                chunk = worker.chunk()
                counts = check_rows(chunk, batch)
                worker.advance(line=batch[-1].line, rows=len(batch), stage="planned", counts=counts)
            worker.tell()
    worker.finish("finish_check", checked_at=worker.clock(), columns=table.columns, total=worker.run.done)


def _take(rows: "object") -> list[RawRow]:
    return [row for _, row in zip(range(CHUNK), rows, strict=False)]  # type: ignore[call-overload]


def _apply(worker: Worker) -> None:
    while True:
        with transaction.atomic():
            chunk = worker.chunk()
            rows = list(ImportRow.objects.filter(run=worker.run, line__gt=worker.run.cursor).order_by("line")[:CHUNK])
            if not rows:
                break
            counts = apply_rows(chunk, [row for row in rows if row.plan != RowPlan.REFUSED])
            counts[RowOutcome.REFUSED] = counts.get(RowOutcome.REFUSED, 0) + sum(
                row.plan == RowPlan.REFUSED for row in rows
            )
            worker.advance(line=rows[-1].line, rows=len(rows), stage="applied", counts=counts)
        worker.tell()
    worker.finish("finish", applied_at=worker.clock())


def _undo(worker: Worker) -> None:
    written = ImportRow.objects.filter(run=worker.run, outcome__in=[RowOutcome.CREATED, RowOutcome.UPDATED])
    while True:
        with transaction.atomic():
            chunk = worker.chunk()
            rows = list(written.filter(line__gt=worker.run.cursor).order_by("line")[:CHUNK])
            if not rows:
                break
            counts = undo_rows(chunk, rows)
            worker.advance(line=rows[-1].line, rows=len(rows), stage="undone", counts=counts)
        worker.tell()
    worker.finish("finish_undo", undone_at=worker.clock())

"""What beat asks of the kernel."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.kernel import api

logger = logging.getLogger(__name__)
KEYS_KEPT = timedelta(days=2)
FACTS_KEPT = timedelta(days=30)


@shared_task(name="kernel.seal_audit", queue="default")
def seal_audit(**kwargs: Any) -> None:
    """Seal new audit entries; the log keeps the head outside of the database."""
    api.audit.seal(now=timezone.now())


@shared_task(name="kernel.purge_expired", queue="default")
def purge_expired(**kwargs: Any) -> None:
    """Forget idempotency keys and delivered facts that nobody will ask for again."""
    now = timezone.now()
    api.idempotency.purge(before=now - KEYS_KEPT)
    api.outbox.purge_delivered(before=now - FACTS_KEPT)


@shared_task(name="kernel.work_on_import", queue="data")
def work_on_import(*, run_id: int, **kwargs: Any) -> None:
    """Check, apply or undo a run, whatever it waits for; if somebody else does already, leave it to them."""
    try:
        api.imports.work(run_id=run_id, clock=timezone.now)
    except api.imports.ImportTaken:
        logger.info("import %s is in other hands", run_id)


@shared_task(name="kernel.resume_imports", queue="data")
def resume_imports(**kwargs: Any) -> None:
    """Pick up runs that wait, or whose process died."""
    for run_id in api.imports.stuck_runs(now=timezone.now()):
        work_on_import(run_id=run_id)


def begin_import(run_id: int) -> None:
    """Have a worker look at a run soon; with the broker away, beat's sweep finds it as soon as it is back."""
    try:
        work_on_import.delay(run_id=run_id)
    except OperationalError:
        logger.warning("the broker is away; import %s waits for the sweep", run_id)

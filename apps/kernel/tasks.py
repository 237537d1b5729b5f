"""What beat asks of the kernel."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.kernel import api

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

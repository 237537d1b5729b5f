"""What beat asks of the supplier's portal."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.portals.supplier.scores import score_suppliers


@shared_task(name="supplier_portal.score_suppliers", queue="default")
def score_suppliers_nightly(**kwargs: Any) -> int:
    """Bring every supplier's score up to its last 90 days."""
    return score_suppliers(by=None, now=timezone.now())

"""Celery shells. Beat runs the two sweeps; the other two are queued on commit and only make things faster."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.payments import api


@shared_task(name="payments.query_pending", queue="critical")
def query_pending(**kwargs: Any) -> None:
    """Ask providers about payments nobody told us about, and close what has run out."""
    api.query_pending(now=timezone.now(), limit=kwargs.get("limit", 100))


@shared_task(name="payments.execute_due_refunds", queue="critical")
def execute_due_refunds(**kwargs: Any) -> None:
    """Carry out refunds whose own task got lost or failed."""
    api.execute_due_refunds(now=timezone.now(), limit=kwargs.get("limit", 50))


@shared_task(name="payments.execute_refund", queue="critical")
def execute_refund(*, refund_number: str, **kwargs: Any) -> None:
    """Have the provider give money back."""
    api.execute_refund(refund_number=refund_number, now=timezone.now())


@shared_task(name="payments.query_payment", queue="critical")
def query_payment(*, payment_number: str, **kwargs: Any) -> None:
    """Ask about one payment; one that we closed is then closed at the provider as well."""
    api.query_payment(payment_number=payment_number, now=timezone.now())


@shared_task(name="payments.reconcile_yesterday", queue="default")
def reconcile_yesterday(**kwargs: Any) -> None:
    """Compare yesterday's statements with our books; every difference is logged as an error."""
    day = timezone.now().astimezone(api.PROVIDERS_ZONE).date() - timedelta(days=1)
    api.reconcile_all(day=day)

"""Scheduled work of leads."""

from celery import shared_task
from django.utils import timezone

from apps.leads.api import pass_on_overdue


@shared_task(name="leads.pass_on_overdue", queue="default")
def pass_on_overdue_task(**kwargs) -> None:
    """Pass leads on that nobody called in time."""
    pass_on_overdue(now=timezone.now())

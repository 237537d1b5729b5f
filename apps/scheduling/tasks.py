"""Scheduled work of scheduling."""

from celery import shared_task
from django.utils import timezone

from apps.scheduling.api import expire_offers, remind_due


@shared_task(name="scheduling.expire_offers", queue="default")
def expire_offers_task(**kwargs) -> None:
    """Take back what the waitlist offered and nobody took."""
    expire_offers(now=timezone.now())


@shared_task(name="scheduling.remind_due", queue="default")
def remind_due_task(**kwargs) -> None:
    """Tell of appointments whose customers want reminding."""
    remind_due(now=timezone.now())

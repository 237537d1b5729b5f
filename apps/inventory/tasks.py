"""Scheduled work of inventory."""

from celery import shared_task
from django.utils import timezone

from apps.inventory.services.reservations import expire_reservations


@shared_task(name="inventory.expire_reservations", queue="critical")
def expire_reservations_task(**kwargs) -> None:
    """Give back holds whose time is over, a batch a run."""
    expire_reservations(now=timezone.now())

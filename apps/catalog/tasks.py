"""Scheduled work of the catalog."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.catalog.api import refresh_due_prices, refresh_vocabulary


@shared_task(name="catalog.refresh_vocabulary", queue="default")
def refresh_vocabulary_task(**kwargs: Any) -> None:
    """Draw the words for suggestions anew from what is on sale."""
    refresh_vocabulary()


@shared_task(name="catalog.refresh_due_prices", queue="default")
def refresh_due_prices_task(**kwargs: Any) -> None:
    """Show the price lists that began or ended since the last minute."""
    refresh_due_prices(now=timezone.now())

"""Scheduled work of the catalog."""

from typing import Any

from celery import shared_task

from apps.catalog.api import refresh_vocabulary


@shared_task(name="catalog.refresh_vocabulary", queue="default")
def refresh_vocabulary_task(**kwargs: Any) -> None:
    """Draw the words for suggestions anew from what is on sale."""
    refresh_vocabulary()

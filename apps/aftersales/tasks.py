"""Celery shells."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.aftersales import api


@shared_task(name="aftersales.remind_owners", queue="default")
def remind_owners(**kwargs: Any) -> None:
    """Tell owners whose car's service is due."""
    api.remind_owners(now=timezone.now())

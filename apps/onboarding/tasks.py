"""Scheduled work of onboarding."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.onboarding.services import watch


@shared_task(name="onboarding.watch_papers", queue="default")
def watch_papers(**kwargs: Any) -> None:
    """Warn of papers that run out, block and lift. Beat calls this soon after midnight and every hour."""
    watch.watch_papers(now=timezone.now())


@shared_task(name="onboarding.follow_deadlines", queue="default")
def follow_deadlines(**kwargs: Any) -> None:
    """Remind applicants, and close what is overdue."""
    now = timezone.now()
    watch.close_overdue(now=now)
    watch.remind_applicants(now=now)

"""Work of live service that its clock begins."""

from celery import shared_task
from django.utils import timezone

from apps.support.api import leave_unanswered


@shared_task(name="support.leave_unanswered", queue="default")
def leave_unanswered_task(**kwargs) -> None:
    """Give waiting conversations to agents who have become free, and leave what waited too long for later."""
    leave_unanswered(now=timezone.now())

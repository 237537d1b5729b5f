"""Work of test drives that takes its time."""

from celery import shared_task
from django.utils import timezone

from apps.testdrives.api import print_agreements


@shared_task(name="testdrives.print_agreements", queue="default")
def print_agreements_task(**kwargs) -> None:
    """Print what drivers signed in the last minutes and keep it with its hash."""
    print_agreements(now=timezone.now())

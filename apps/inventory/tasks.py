"""Scheduled work of inventory."""

from dataclasses import asdict

import structlog
from celery import shared_task
from django.utils import timezone

from apps.inventory.services.reservations import expire_reservations
from apps.inventory.services.stock import check_levels

logger = structlog.get_logger(__name__)


@shared_task(name="inventory.expire_reservations", queue="critical")
def expire_reservations_task(**kwargs) -> None:
    """Give back holds whose time is over, a batch a run."""
    expire_reservations(now=timezone.now())


@shared_task(name="inventory.check_levels", queue="default")
def check_levels_task(**kwargs) -> None:
    """Prove the stock figures; each difference is logged as an error for whoever is on call. Nothing is repaired."""
    for difference in check_levels():
        logger.error("inventory.figure_differs", **asdict(difference))

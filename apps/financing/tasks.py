"""Celery shells."""

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from apps.financing import api
from apps.financing.errors import LenderRefused, LenderUnavailable

log = structlog.get_logger(__name__)


@shared_task(name="financing.follow_application", queue="integration")
def follow_application(*, number: str, **kwargs: Any) -> None:
    """Do with the lender what is next; one that does not answer is asked again by the sweep."""
    try:
        api.follow_application(number=number, now=timezone.now())
    except (LenderUnavailable, LenderRefused) as refusal:
        log.warning("lender_not_followed", **{**refusal.context, "application": number})


@shared_task(name="financing.follow_due", queue="integration")
def follow_due(**kwargs: Any) -> None:
    """Follow applications whose turn has come: lost tasks, lost news, approvals that ran out."""
    api.follow_due(now=timezone.now(), limit=kwargs.get("limit", 100))


@shared_task(name="financing.warn_applicants", queue="default")
def warn_applicants(**kwargs: Any) -> None:
    """Remind applicants whose approval soon runs out."""
    api.warn_applicants(now=timezone.now(), limit=kwargs.get("limit", 100))


@shared_task(name="financing.warn_owners", queue="default")
def warn_owners(**kwargs: Any) -> None:
    """Remind owners of used cars whose offer soon runs out."""
    api.warn_owners(now=timezone.now(), limit=kwargs.get("limit", 100))


@shared_task(name="financing.expire_trade_ins", queue="default")
def expire_trade_ins(**kwargs: Any) -> None:
    """End offers for used cars that have run out."""
    api.expire_trade_ins(now=timezone.now(), limit=kwargs.get("limit", 200))

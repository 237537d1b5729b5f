"""What applicants and owners of used cars are told, and when an approval or an offer is about to run out."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from apps.financing.models import FinanceApplication, TradeIn
from apps.financing.services.applying import ZONE
from apps.financing.states import ApplicationStatus, DocumentKind
from apps.notifications.api import Channel, tell_user

WAYS = (Channel.SMS, Channel.EMAIL, Channel.INBOX)


@transaction.atomic
def tell_applicant(*, number: str, template: str, cause: str, now: datetime) -> None:
    """Write a message about an application, by every way its applicant has; once per cause."""
    application = FinanceApplication.objects.select_related("applicant", "product__lender").get(number=number)
    _tell(application, template=template, cause=cause, now=now)


@transaction.atomic
def tell_owner(*, number: str, template: str, now: datetime) -> None:
    """Write a message about a car in part exchange to its owner, by every way there is; once."""
    trade_in = TradeIn.objects.select_related("owner", "store").get(number=number)
    _tell_owner(trade_in, template=template, cause=template, now=now)


def warn_applicants(*, now: datetime, limit: int = 100) -> int:
    """Remind those whose approval soon runs out, each once; how many. Several of these may run at once."""
    with transaction.atomic():
        rows = FinanceApplication.objects.select_related("applicant", "product__lender")
        due = _take_due(rows, now=now, limit=limit)
        waiting = [
            one
            for one in due
            if one.status == ApplicationStatus.APPROVED and one.approved_until and one.approved_until > now
        ]
        for application in waiting:
            cause = application.approved_until.isoformat() if application.approved_until else ""
            _tell(application, template="loan_expiring", cause=cause, now=now)
    return len(waiting)


def warn_owners(*, now: datetime, limit: int = 100) -> int:
    """Remind those whose offer for a used car soon runs out, once for each clock; how many. Several may run at once."""
    with transaction.atomic():
        due = _take_due(TradeIn.objects.select_related("owner", "store"), now=now, limit=limit)
        waiting = [one for one in due if one.expires_at and one.expires_at > now]
        for trade_in in waiting:
            cause = f"trade_in_expiring:{trade_in.status}"
            _tell_owner(trade_in, template="trade_in_expiring", cause=cause, now=now)
    return len(waiting)


def _take_due(rows: QuerySet[Any], *, now: datetime, limit: int) -> list[Any]:
    """Lock the rows whose reminder is due and that nobody else is at, and clear their clocks."""
    waiting = rows.filter(warn_at__lte=now).order_by("warn_at", "pk")
    due = list(waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    rows.model._default_manager.filter(pk__in=[one.pk for one in due]).update(warn_at=None)
    return due


def _tell(application: FinanceApplication, *, template: str, cause: str, now: datetime) -> None:
    member = application.applicant
    with translation.override(member.language):
        lender = application.product.lender.name
        kinds = [str(DocumentKind(kind).label) for kind in application.asked_for if kind in DocumentKind.values]
        papers = (", " if member.language.startswith("en") else "、").join(kinds)
    context = {
        "car": application.car_en if member.language.startswith("en") else application.car_zh,
        "lender": lender,
        "number": application.number,
        "amount": f"{application.amount.amount:.2f}",
        "papers": papers,
        "reason": application.reason,
        "until": _local(application.approved_until),
        "link": f"{settings.SITE_URL.rstrip('/')}/account/finance/loans/{application.number}/",
    }
    tell_user(
        member,
        template=template,
        context=context,
        key=f"financing:{application.number}:{template}:{cause}",
        channels=WAYS,
        now=now,
    )


def _tell_owner(trade_in: TradeIn, *, template: str, cause: str, now: datetime) -> None:
    is_english = trade_in.owner.language.startswith("en")
    store = trade_in.store
    context = {
        "car": trade_in.car,
        "store": (store.name_en if is_english else store.name_zh) if store else "",
        "value": f"{trade_in.value:.2f}" if trade_in.value is not None else "",
        "amount": f"{trade_in.offered if trade_in.value is None else trade_in.value:.2f}",
        "status": trade_in.status,
        "until": _local(trade_in.expires_at),
        "note": trade_in.note,
        "link": f"{settings.SITE_URL.rstrip('/')}/account/finance/trade-ins/{trade_in.number}/",
    }
    tell_user(
        trade_in.owner,
        template=template,
        context=context,
        key=f"financing:{trade_in.number}:{cause}",
        channels=WAYS,
        now=now,
    )


def _local(at: datetime | None) -> str:
    """Write a moment down by the clock in China: lenders' offices keep it."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else ""

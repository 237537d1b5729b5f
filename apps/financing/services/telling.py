"""What applicants and owners of used cars are told, and when an approval is about to run out."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import translation

from apps.financing.models import FinanceApplication, TradeIn
from apps.financing.services.applying import ZONE
from apps.financing.states import ApplicationStatus, DocumentKind
from apps.notifications.api import Channel, tell_user

if TYPE_CHECKING:
    pass

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
    is_english = trade_in.owner.language.startswith("en")
    store = trade_in.store
    context = {
        "car": trade_in.car,
        "store": (store.name_en if is_english else store.name_zh) if store else "",
        "value": f"{trade_in.value:.2f}" if trade_in.value is not None else "",
        "until": _local(trade_in.expires_at),
        "note": trade_in.note,
        "link": f"{settings.SITE_URL.rstrip('/')}/account/finance/trade-ins/{number}/",
    }
    tell_user(
        trade_in.owner,
        template=template,
        context=context,
        key=f"financing:{number}:{template}",
        channels=WAYS,
        now=now,
    )


def warn_applicants(*, now: datetime, limit: int = 100) -> int:
    """Remind those whose approval soon runs out, each once; how many. Several of these may run at once."""
    with transaction.atomic():
        due = list(
            FinanceApplication.objects.select_related("applicant", "product__lender")
            .filter(warn_at__lte=now)
            .order_by("warn_at", "pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
        )
        FinanceApplication.objects.filter(pk__in=[one.pk for one in due]).update(warn_at=None)
        waiting = [
            one
            for one in due
            if one.status == ApplicationStatus.APPROVED and one.approved_until and one.approved_until > now
        ]
        for application in waiting:
            cause = application.approved_until.isoformat() if application.approved_until else ""
            _tell(application, template="loan_expiring", cause=cause, now=now)
    return len(waiting)


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


def _local(at: datetime | None) -> str:
    """Write a moment down by the clock in China: lenders' offices keep it."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else ""

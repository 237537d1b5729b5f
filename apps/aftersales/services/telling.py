"""What owners are told: booked, moved, reminded, asked, ready, called back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from apps.accounts.api import User
from apps.aftersales.models import Finding, Ownership, Recall, RecallCar, ServiceVisit
from apps.aftersales.selectors.visits import SEEN_WITH
from apps.notifications.api import UNDO_TIME, take_back, tell_user


@transaction.atomic
def tell_customer(*, visit_id: int, template: str, cause: str, now: datetime) -> None:
    """Write a message about a visit, by SMS and by e-mail where there is one; once per cause."""
    visit = ServiceVisit.objects.select_related(*SEEN_WITH).get(pk=visit_id)
    if template == "service_cancelled":
        # Of a time that was not told yet nothing need be told any more.
        take_back(thread=_moves_of(visit), before="", now=now)
    key = f"aftersales:{visit.reference}:{template}:{cause}"
    tell_user(visit.member, template=template, context=_words(visit), key=key, now=now)


@transaction.atomic
def tell_new_time(
    *, visit_id: int, before: datetime | None, after: datetime, is_by_store: bool, cause: str, now: datetime
) -> None:
    """
    Tell the customer when a visit takes place instead; what the store moved a minute later, and not if it is undone.

    ``before`` and ``after`` are when it would have taken place and when it does, ``before`` None if nobody knows.
    """
    visit = ServiceVisit.objects.select_related(*SEEN_WITH).get(pk=visit_id)
    known = take_back(thread=_moves_of(visit), before=_instant(before), now=now)
    if is_by_store and known == _instant(after):
        return
    context, wait = {**_words(visit), "before": known}, UNDO_TIME if is_by_store else timedelta(0)
    key = f"{_moves_of(visit)}{cause}"
    tell_user(visit.member, template="service_moved", context=context, key=key, wait=wait, now=now)


@transaction.atomic
def ask_customer(*, finding_id: int, now: datetime) -> None:
    """Tell the customer that something was found, what putting it right costs, and where to answer."""
    finding = Finding.objects.prefetch_related("lines").get(pk=finding_id)
    visit = ServiceVisit.objects.select_related(*SEEN_WITH).get(pk=finding.visit_id)
    context = {**_names(visit, visit.member), "amount": f"{finding.owed:.2f}", "link": _link(visit)}
    key = f"aftersales:{visit.reference}:finding:{finding.pk}"
    tell_user(visit.member, template="service_question", context=context, key=key, now=now)


@transaction.atomic
def tell_owners(*, recall_id: int, now: datetime) -> int:
    """Tell the known owners of the cars of a recall; each once. Returns how many there are."""
    recall = Recall.objects.get(pk=recall_id)
    vins = RecallCar.objects.filter(recall=recall, done_at=None).values("vin")
    owned = (
        Ownership.objects.filter(vehicle__vin__in=vins, until=None)
        .select_related("member", "vehicle__product__info")
        .order_by("pk")
    )
    for own in owned:
        is_english = own.member.language.startswith("en")
        context = {
            "car": own.vehicle.product.info.title_en if is_english else own.vehicle.product.title,
            "vin": own.vehicle.masked_vin,
            "title": recall.title_en if is_english else recall.title_zh,
            "link": f"{settings.SITE_URL.rstrip('/')}/account/vehicles/{own.vehicle_id}/",
        }
        key = f"aftersales:recall:{recall.pk}:{own.vehicle_id}:{own.pk}"
        tell_user(own.member, template="recall_notice", context=context, key=key, now=now)
    return len(owned)


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _moves_of(visit: ServiceVisit) -> str:
    return f"aftersales:{visit.reference}:service_moved:"


def _words(visit: ServiceVisit) -> dict[str, Any]:
    local = visit.starts_at.astimezone(ZoneInfo(visit.store.time_zone))
    return {**_names(visit, visit.member), "time": f"{local:%Y-%m-%d %H:%M}", "link": _link(visit)}


def _names(visit: ServiceVisit, member: User) -> dict[str, Any]:
    is_english = member.language.startswith("en")
    return {
        "car": visit.vehicle.product.info.title_en if is_english else visit.vehicle.product.title,
        "store": visit.store.name_en if is_english else visit.store.name_zh,
    }


def _link(visit: ServiceVisit) -> str:
    return f"{settings.SITE_URL.rstrip('/')}/account/service/{visit.reference}/"

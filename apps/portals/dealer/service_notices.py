"""What stands on a dealer's board about its workshops: only what a customer did."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from apps.aftersales.api import ServiceVisit
from apps.notifications.api import notify_organization


def tell_visit(code: str, *, visit_id: int, cause: str = "", now: datetime) -> None:
    """Put a notice about a visit on the board of its dealer; once per cause."""
    visit = ServiceVisit.objects.select_related("store", "booking", "vehicle__product__info").get(pk=visit_id)
    local = visit.starts_at.astimezone(ZoneInfo(visit.store.time_zone))
    product = visit.vehicle.product
    notify_organization(
        organization_id=visit.organization_id,
        code=code,
        context={
            "store": {"zh": visit.store.name_zh, "en": visit.store.name_en},
            "car": {"zh": product.title, "en": product.info.title_en},
            "time": f"{local:%Y-%m-%d %H:%M}",
        },
        dedupe_key=f"{code}:{visit.pk}:{cause}",
        link=reverse("dealer-visit", args=[visit.pk]),
        now=now,
    )

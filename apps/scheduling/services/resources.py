"""Resources, their exceptions, and calendar feeds."""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apps.accounts.api import User
from apps.dealers.api import Store, are_spans
from apps.scheduling.errors import OutsideHours
from apps.scheduling.models import CalendarFeed, Resource, ResourceDay
from apps.scheduling.selectors.bookings import access_resource, digest_of
from apps.scheduling.states import ResourceKind


@transaction.atomic
def add_resource(
    *,
    kind: ResourceKind,
    store: Store,
    code: str,
    name_zh: str,
    name_en: str,
    user: User | None = None,
    **rules: Any,
) -> Resource:
    """
    Add something to book at a store, or change it: the same kind and code is the same resource.

    ``rules`` are columns of ``Resource``: capacity, slot_minutes, buffer_minutes, notice_minutes, change_minutes,
    horizon_days, opening_hours, keeps_holidays, is_active.
    """
    names = {"name_zh": name_zh, "name_en": name_en, "user": user, "organization_id": store.dealer.organization_id}
    resource, _ = Resource.objects.update_or_create(kind=kind, code=code, store=store, defaults={**names, **rules})
    return resource


@transaction.atomic
def set_exception(
    *, resource_id: int, organization_id: int, day: date, spans: list[list[str]] | None, reason: str = ""
) -> None:
    """
    Give a resource other hours on one day (none: it cannot be booked), or the usual ones again with ``spans=None``.

    What is booked stays booked.

    :raises ResourceNotFound: if it is not the organization's
    :raises OutsideHours: if the hours are not ``[["09:00", "12:00"], …]`` in order
    """
    resource = access_resource(resource_id=resource_id, organization_id=organization_id)
    if spans is None:
        ResourceDay.objects.filter(resource=resource, day=day).delete()
        return
    if not are_spans(spans):
        raise OutsideHours
    ResourceDay.objects.update_or_create(
        resource=resource, day=day, defaults={"spans": spans, "reason": reason.strip()[:120]}
    )


@transaction.atomic
def make_feed(*, user: User, organization_id: int, now: datetime) -> str:
    """Make a new address for a person's calendar feed; the old one stops working. Returns its secret part, once."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        organization_id=organization_id, user=user, defaults={"digest": digest_of(token), "created_at": now}
    )
    return token

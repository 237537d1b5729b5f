"""Which notices stand on a supplier's board, and when."""

from datetime import datetime

from django.urls import reverse

from apps.accounts.api import OrganizationKind
from apps.notifications.api import notify_organization
from apps.orders.api import Fulfilment

STATUS_NOTICES = {"APPROVED": "supplier_approved", "SUSPENDED": "supplier_suspended"}


def tell_new_order(*, order_number: str, now: datetime) -> None:
    """Put one notice for each of the order's fulfilments on its supplier's board."""
    _tell("new_order", order_number, now=now)


def tell_cancelled_order(*, order_number: str, now: datetime) -> None:
    """Say that the order is off."""
    _tell("order_cancelled", order_number, now=now)


def tell_status(*, organization_id: int, status: str, cause: str, now: datetime) -> None:
    """Say that a supplier may sell, or may not; other moves are the application's own to tell."""
    code = STATUS_NOTICES.get(status)
    if code:
        notify_organization(
            organization_id=organization_id,
            code=code,
            dedupe_key=f"{code}:{organization_id}:{cause}",
            link=reverse("supplier-home"),
            now=now,
        )


def _tell(code: str, order_number: str, *, now: datetime) -> None:
    outgoing = Fulfilment.objects.filter(
        order__number=order_number, source__kind=OrganizationKind.SUPPLIER, site__isnull=False
    )
    for fulfilment in outgoing.order_by("pk"):
        notify_organization(
            organization_id=fulfilment.source_id,
            code=code,
            context={"number": order_number},
            dedupe_key=f"{code}:{fulfilment.pk}",
            link=reverse("supplier-order", args=[fulfilment.pk]),
            now=now,
        )

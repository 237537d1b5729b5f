"""Which notices stand on a supplier's board, and when."""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from apps.accounts.api import Organization, OrganizationKind
from apps.notifications.api import notify_organization
from apps.orders.api import Fulfilment

PROPOSAL_NOTICES = {"ACCEPTED": "proposal_accepted", "REJECTED": "proposal_rejected"}
PRICE_NOTICES = {"APPROVED": "price_approved", "REJECTED": "price_rejected"}
SCORE_STEP = 1
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


def tell_proposal(*, proposal_id: int, organization_id: int, sku: str, status: str, reason: str, now: datetime) -> None:
    """Say what became of a new product."""
    code = PROPOSAL_NOTICES.get(status)
    if code:
        notify_organization(
            organization_id=organization_id,
            code=code,
            context={"sku": sku, "reason": reason},
            dedupe_key=f"{code}:{proposal_id}",
            link=reverse("supplier-proposal", args=[proposal_id]),
            now=now,
        )


def tell_price(
    *, organization_id: int, sku: str, status: str, amount: str, note: str, cause: str, now: datetime
) -> None:
    """Say whether a price that waited counts now; headquarters, which has offers as well, needs no board."""
    code = PRICE_NOTICES.get(status)
    if code and is_supplier(organization_id):
        notify_organization(
            organization_id=organization_id,
            code=code,
            context={"sku": sku, "amount": amount, "reason": note},
            dedupe_key=f"{code}:{cause}",
            link=reverse("supplier-offer", args=[sku]),
            now=now,
        )


def tell_score(*, organization_id: int, before: Decimal, score: Decimal, now: datetime) -> None:
    """Say that the score moved by a point or more; less is noise."""
    if abs(score - before) >= SCORE_STEP:
        notify_organization(
            organization_id=organization_id,
            code="score_changed",
            context={"score": str(score)},
            dedupe_key=f"score_changed:{organization_id}:{now:%Y-%m-%d}",
            link=reverse("supplier-scorecard"),
            now=now,
        )


def is_supplier(organization_id: int) -> bool:
    """Whether an organization has the supplier's portal."""
    return Organization.objects.filter(pk=organization_id, kind=OrganizationKind.SUPPLIER).exists()


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

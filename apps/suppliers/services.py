"""Writes of suppliers."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.api import Organization, User
from apps.events.api import SupplierStatusChanged
from apps.kernel.api import outbox
from apps.suppliers import policies
from apps.suppliers.errors import InvalidTaxNumber
from apps.suppliers.models import Supplier
from apps.suppliers.selectors import get_supplier
from apps.suppliers.states import SUPPLIER, SupplierStatus


@transaction.atomic
def suspend_supplier(*, organization_id: int, reason: str, by: User | None, now: datetime) -> Supplier:
    """
    Stop a supplier from making new offers and getting new orders; its open orders finish.

    :raises UnknownSupplier: if the organization is none
    :raises MoveNotAllowed: if it is not approved now
    """
    return _move(organization_id, "suspend", reason=reason, by=by, now=now)


@transaction.atomic
def restore_supplier(*, organization_id: int, reason: str, by: User | None, now: datetime) -> Supplier:
    """
    Let a suspended supplier sell again.

    :raises UnknownSupplier: if the organization is none
    :raises MoveNotAllowed: if it is not suspended now
    """
    return _move(organization_id, "restore", reason=reason, by=by, now=now)


@transaction.atomic
def load_suppliers(data: Mapping[str, Any], *, now: datetime) -> dict[str, Supplier]:
    """
    Write ``suppliers.json``, approved; the suppliers by code. Run again, it updates names and scores.

    The organizations are made by accounts beforehand, under the same codes.

    :raises InvalidTaxNumber: if a code fails its check digit
    """
    rows = data["suppliers"]
    for row in rows:
        if row.get("uscc") and not policies.is_valid_uscc(row["uscc"]):
            raise InvalidTaxNumber(uscc=row["uscc"])
    organizations = dict(Organization.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "pk"))
    Supplier.objects.bulk_create(
        [
            Supplier(
                organization_id=organizations[row["code"]],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                uscc=row.get("uscc", ""),
                score=Decimal(str(row.get("score", 60))),
                status=SupplierStatus.APPROVED,
                created_at=now,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "uscc", "score"],
    )
    return {supplier.code: supplier for supplier in Supplier.objects.filter(code__in=[row["code"] for row in rows])}


def _move(organization_id: int, move: str, *, reason: str, by: User | None, now: datetime) -> Supplier:
    supplier = SUPPLIER.move(get_supplier(organization_id=organization_id), move, by=by, at=now, reason=reason)
    outbox.record(SupplierStatusChanged(organization_id=organization_id, status=supplier.status), at=now)
    return supplier

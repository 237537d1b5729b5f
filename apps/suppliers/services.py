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
from apps.suppliers.errors import InvalidTaxNumber, ScoreOutOfRange
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
def block_supplier(*, organization_id: int, reason: str, now: datetime) -> bool:
    """
    Keep a supplier from new offers and orders until ``lift_block``; its open orders finish.

    ``reason`` names the rule, such as ``expired:licence``. One that is blocked already stays blocked since when it was,
    takes on the new reason, and the answer is False.

    :raises UnknownSupplier: if the organization is none
    """
    supplier = _lock(organization_id)
    is_new = supplier.blocked_at is None
    supplier.blocked_reason = reason
    supplier.blocked_at = supplier.blocked_at or now
    supplier.save(update_fields=["blocked_reason", "blocked_at"])
    if is_new:
        _tell(supplier, now=now)
    return is_new


@transaction.atomic
def lift_block(*, organization_id: int, now: datetime) -> bool:
    """
    Let a blocked supplier sell again; False if it was not blocked.

    :raises UnknownSupplier: if the organization is none
    """
    supplier = _lock(organization_id)
    if supplier.blocked_at is None:
        return False
    supplier.blocked_reason, supplier.blocked_at = "", None
    supplier.save(update_fields=["blocked_reason", "blocked_at"])
    _tell(supplier, now=now)
    return True


@transaction.atomic
def move_applicant(*, organization_id: int, move: str, reason: str, by: User | None, now: datetime) -> Supplier:
    """
    Move a supplier that is coming in along with its application.

    :raises UnknownSupplier: if the organization is none
    :raises MoveNotAllowed: if the supplier's own status does not allow it
    """
    return _move(organization_id, move, reason=reason, by=by, now=now)


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


@transaction.atomic
def set_supplier_score(*, organization_id: int, score: Decimal, by: User | None, now: datetime) -> Supplier:
    """
    Note how well a supplier does, 0 to 100; of two equal offers the better supplier's is shown.

    :raises UnknownSupplier: if the organization is none
    :raises ScoreOutOfRange: if the score is not within 0 and 100
    """
    if not 0 <= score <= 100:
        raise ScoreOutOfRange(score=str(score))
    supplier = get_supplier(organization_id=organization_id)
    supplier.score = score
    supplier.save(update_fields=["score"])
    return supplier


def _move(organization_id: int, move: str, *, reason: str, by: User | None, now: datetime) -> Supplier:
    supplier = SUPPLIER.move(get_supplier(organization_id=organization_id), move, by=by, at=now, reason=reason)
    _tell(supplier, now=now)
    return supplier


def _lock(organization_id: int) -> Supplier:
    supplier = get_supplier(organization_id=organization_id)
    return Supplier.objects.select_for_update(of=("self",), no_key=True).get(pk=supplier.pk)


def _tell(supplier: Supplier, *, now: datetime) -> None:
    outbox.record(SupplierStatusChanged(organization_id=supplier.organization_id, status=supplier.status), at=now)

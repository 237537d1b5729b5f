"""Reads of suppliers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from apps.suppliers.errors import SupplierBlocked, SupplierNotApproved, UnknownSupplier
from apps.suppliers.models import Supplier
from apps.suppliers.states import SupplierStatus


def get_supplier(*, organization_id: int) -> Supplier:
    """
    The supplier that an organization is.

    :raises UnknownSupplier: if it is none
    """
    supplier = Supplier.objects.filter(organization_id=organization_id).first()
    if supplier is None:
        raise UnknownSupplier(organization_id=organization_id)
    return supplier


def list_suppliers(*, statuses: Iterable[SupplierStatus] | None = None) -> QuerySet[Supplier]:
    """Suppliers by code, all or those in ``statuses``."""
    suppliers = Supplier.objects.select_related("organization").order_by("code")
    return suppliers if statuses is None else suppliers.filter(status__in=list(statuses))


def require_approved_supplier(*, organization_id: int) -> Supplier:
    """
    The supplier that an organization is, if it may make new offers.

    :raises UnknownSupplier: if it is none
    :raises SupplierNotApproved: if it is not, or no longer, approved
    :raises SupplierBlocked: if a rule keeps it from new business, such as ``expired:licence``
    """
    supplier = get_supplier(organization_id=organization_id)
    if supplier.status != SupplierStatus.APPROVED:
        raise SupplierNotApproved(supplier=supplier.code, status=supplier.status)
    if supplier.blocked_at is not None:
        raise SupplierBlocked(supplier=supplier.code, rule=supplier.blocked_reason)
    return supplier


def may_sell(path: str = "") -> Q:
    """The condition that a supplier may get new orders; ``path`` leads to it, as in ``"organization__supplier__"``."""
    return Q(**{f"{path}status": SupplierStatus.APPROVED, f"{path}blocked_at__isnull": True})

"""The only door to suppliers."""

from apps.suppliers.errors import InvalidTaxNumber, SupplierBlocked, SupplierNotApproved, UnknownSupplier
from apps.suppliers.models import Supplier
from apps.suppliers.selectors import get_supplier, list_suppliers, may_sell, require_approved_supplier
from apps.suppliers.services import (
    block_supplier,
    lift_block,
    load_suppliers,
    restore_supplier,
    set_supplier_score,
    suspend_supplier,
)
from apps.suppliers.states import SUPPLIER, SupplierStatus

__all__ = [
    "SUPPLIER",
    "InvalidTaxNumber",
    "Supplier",
    "SupplierBlocked",
    "SupplierNotApproved",
    "SupplierStatus",
    "UnknownSupplier",
    "block_supplier",
    "get_supplier",
    "lift_block",
    "list_suppliers",
    "load_suppliers",
    "may_sell",
    "require_approved_supplier",
    "restore_supplier",
    "set_supplier_score",
    "suspend_supplier",
]

"""The only door to suppliers."""

from apps.suppliers.errors import InvalidTaxNumber, SupplierNotApproved, UnknownSupplier
from apps.suppliers.models import Supplier
from apps.suppliers.selectors import get_supplier, list_suppliers, require_approved_supplier
from apps.suppliers.services import load_suppliers, restore_supplier, suspend_supplier
from apps.suppliers.states import SUPPLIER, SupplierStatus

__all__ = [
    "SUPPLIER",
    "InvalidTaxNumber",
    "Supplier",
    "SupplierNotApproved",
    "SupplierStatus",
    "UnknownSupplier",
    "get_supplier",
    "list_suppliers",
    "load_suppliers",
    "require_approved_supplier",
    "restore_supplier",
    "suspend_supplier",
]

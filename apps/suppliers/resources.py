"""What of suppliers a table may change."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.resources import ModelResource

from apps.suppliers.models import Supplier


class SupplierResource(ModelResource):
    """Names and scores by code. Suppliers come by application, so a row never makes one; no cell is a formula."""

    class Meta:
        model = Supplier
        fields = ("code", "name_zh", "name_en", "score")
        import_id_fields = ("code",)
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Refuse a supplier that does not exist, and a formula."""
        check_cells(row)
        if not Supplier.objects.filter(code=row.get("code")).exists():
            raise ValidationError({"code": _("There is no such supplier. Suppliers come by application.")})


def check_cells(row: dict[str, Any]) -> None:
    """
    Refuse a row one of whose cells a spreadsheet would take for a formula.

    :raises ValidationError: naming the column
    """
    for column, cell in row.items():
        if isinstance(cell, str) and cell.startswith(("=", "@")):
            raise ValidationError({column: _("A cell must not begin like a formula.")})

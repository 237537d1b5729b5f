"""What of stores a table may change."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.resources import ModelResource

from apps.dealers.models import Store


class StoreResource(ModelResource):
    """Names, addresses, position, phone and what a store does, by code. New stores have more to say: see their page."""

    class Meta:
        model = Store
        fields = (
            "code",
            "name_zh",
            "name_en",
            "address_zh",
            "address_en",
            "phone",
            "latitude",
            "longitude",
            "has_sales",
            "has_service",
            "is_open",
        )
        import_id_fields = ("code",)
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Refuse a store that does not exist, and a formula."""
        for column, cell in row.items():
            if isinstance(cell, str) and cell.startswith(("=", "@")):
                raise ValidationError({column: _("A cell must not begin like a formula.")})
        if not Store.objects.filter(code=row.get("code")).exists():
            raise ValidationError({"code": _("There is no such store. Add it on its own page.")})

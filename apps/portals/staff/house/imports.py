"""Import of tables that are edited by hand: what would change is shown first, row by row, old beside new."""

import io
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.forms import Form
from django.http import HttpRequest
from import_export.admin import ImportMixin
from import_export.formats.base_formats import Format
from import_export.tmp_storages import CacheStorage
from tablib import Dataset
from unfold.contrib.import_export.forms import ImportForm

from apps.kernel.api import DomainError, imports

MOST_ROWS = 5000


class HouseImportMixin(ImportMixin):
    """
    For an app's admin that names ``resource_classes``: CSV or XLSX, read by the kernel's careful reader.

    The resource says which rows and columns may be written, and checks them as its model does; nothing is written while
    a single row is wrong. Large imports with undo have their own page (Imports).
    """

    import_form_class = ImportForm
    import_export_change_list_template = None
    # Any web process may get the second click.
    tmp_storage_class = CacheStorage
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Who may change the rows one by one may change many."""
        return self.has_change_permission(request)

    def get_import_formats(self) -> list[type[Format]]:
        """One format, seen from the file's content."""
        (resource_class,) = self.resource_classes
        names = list(resource_class().get_import_order())
        labels = [str(label_for_field(name, self.model, self)) for name in names]
        required = set(resource_class._meta.import_id_fields)
        columns = [
            imports.Column(code=name, name_zh=label, name_en=name.replace("_", " "), is_required=name in required)
            for name, label in zip(names, labels, strict=True)
        ]
        return [_table_format(columns)]

    def add_data_read_fail_error_to_form(self, form: Form, error: Exception) -> None:
        """Say why a file was not taken."""
        if isinstance(error, DomainError):
            form.add_error("import_file", str(error))
        else:
            super().add_data_read_fail_error_to_form(form, error)


def _table_format(columns: Sequence[imports.Column]) -> type[Format]:
    class TableFormat(Format):
        """CSV or XLSX with these columns."""

        def __init__(self, **_options: Any) -> None:
            """Take the encoding the library offers, and see it from the file instead."""

        def get_title(self) -> str:
            return "CSV / XLSX"

        def can_import(self) -> bool:
            return True

        def get_extension(self) -> str:
            return "table"

        def create_dataset(self, in_stream: bytes) -> Dataset:
            table = imports.open_table(io.BytesIO(in_stream), size=len(in_stream), columns=columns)
            dataset = Dataset(headers=table.columns)
            for row in table.rows:
                if len(dataset) >= MOST_ROWS:
                    raise imports.TooManyRows(rows=MOST_ROWS)
                dataset.append([row.cells[code] for code in table.columns])
            return dataset

    return TableFormat

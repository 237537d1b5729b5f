"""Export of a list as it is shown: the same rows, order and columns, safe to open in a spreadsheet."""

from typing import Any

import structlog
from django.contrib import messages
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from tablib import Dataset

log = structlog.get_logger(__name__)

MOST_ROWS = 20_000
FORMATS = {"csv": CSV, "xlsx": XLSX}
# What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection".
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMAT = "_format"


class ExportMixin:
    """Sends what the list shows, nothing more: who may not see a column or a row does not get it either."""

    def get_urls(self) -> list:
        """Add the export."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Send the list as CSV or XLSX."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = request.GET.get(FORMAT, "")
        request.GET = request.GET.copy()
        request.GET.pop(FORMAT, None)
        if kind not in FORMATS:
            return self._refuse(request, _("Choose CSV or XLSX."))
        found = self.get_changelist_instance(request)
        rows = found.queryset[: MOST_ROWS + 1]
        if found.queryset.count() > MOST_ROWS:
            text = _("At most %(most)s rows can be exported at once. Narrow the list down first.")
            return self._refuse(request, text % {"most": f"{MOST_ROWS:,}"})
        columns = [name for name in found.list_display if name != "action_checkbox"]
        table = Dataset(headers=[str(label_for_field(name, self.model, self)).capitalize() for name in columns])
        for row in rows:
            table.append([safe_cell(self._cell(name, row)) for name in columns])
        log.info("admin_export", table=self.opts.label_lower, rows=len(table), user_id=request.user.pk, kind=kind)
        answer = FORMATS[kind]()
        data = answer.export_data(table)
        if kind == "csv":
            # Excel takes UTF-8 for what it is only with this mark.
            data = "\ufeff" + data
        response = HttpResponse(data, content_type=answer.get_content_type())
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
        response["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}-{stamp}.{kind}"'
        return response

    def _cell(self, name: str, row: Any) -> Any:
        try:
            field, _attribute, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return ""
        if field is not None and getattr(field, "flatchoices", None):
            return dict(field.flatchoices).get(value, value)
        if field is not None and field.remote_field:
            return getattr(row, field.name)
        # Coloured labels are pairs of a code and its words.
        return value[1] if isinstance(value, tuple | list) and len(value) == 2 else value

    def _refuse(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{url}?{request.GET.urlencode()}")


def safe_cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = strip_tags(str(value)) if "<" in str(value) else str(value)
    is_number = text.replace(".", "", 1).lstrip("-").isdecimal()
    return f"'{text}" if text.startswith(DANGEROUS) and not is_number else text

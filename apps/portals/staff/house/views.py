"""Saved views and chosen columns of a list."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.api import Role, roles_of
from apps.kernel.api import DomainError, EncryptedTextField
from apps.portals.staff.selectors import list_views
from apps.portals.staff.services import delete_view, save_view

COLUMNS = "_columns"
SIMPLE = (
    models.CharField,
    models.DateField,
    models.DateTimeField,
    models.DecimalField,
    models.IntegerField,
    models.BooleanField,
)
STAFF_ROLES = (Role.HQ_OPERATOR, Role.HQ_AUDITOR)


class SavedViewsMixin:
    """
    A bar above the list: views of one's own and of one's role, the columns to show, and a place to save both.

    Columns are those the app lists, and plain fields that the object's own page shows to the same person anyway.
    """

    list_before_template = "admin/staff/views_bar.html"

    def get_urls(self) -> list:
        """Add what the bar posts to."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("views/save/", wrap(self.save_view_view), name=f"{name}_view_save"),
            path("views/delete/", wrap(self.delete_view_view), name=f"{name}_view_delete"),
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type:
        """Let the list ignore the columns when it looks for filters."""
        base = super().get_changelist(request, **kwargs)

        class ColumnsChangeList(base):
            def get_filters_params(self, params: Any = None) -> dict:
                found = super().get_filters_params(params)
                found.pop(COLUMNS, None)
                return found

        return ColumnsChangeList

    def get_list_display(self, request: HttpRequest) -> list | tuple:
        """Show the chosen columns, in the order of the offer; none chosen: what the app lists."""
        listed = super().get_list_display(request)
        chosen = _chosen(request)
        if not chosen:
            return listed
        return [name for name in self._offered(request, listed) if name in chosen] or listed

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list with its bar."""
        if len(request.GET.getlist(COLUMNS)) > 1:
            values = request.GET.copy()
            values[COLUMNS] = ",".join(values.getlist(COLUMNS))
            return HttpResponseRedirect(f"{request.path}?{values.urlencode()}")
        context = self._bar(request) if request.method == "GET" else {}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def save_view_view(self, request: HttpRequest) -> HttpResponse:
        """Save the list as it is shown."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        roles = [str(role) for role in roles_of(request.user) if role in STAFF_ROLES]
        query = request.POST.get("query", "")
        try:
            view = save_view(
                table=self.opts.label_lower,
                name=request.POST.get("name", ""),
                query=query,
                shared_with=request.POST.get("shared_with", ""),
                roles=roles,
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._to_list(query)
        messages.success(request, _("The view was saved."))
        return self._to_list(view.query)

    def delete_view_view(self, request: HttpRequest) -> HttpResponse:
        """Forget a view of one's own."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        number = request.POST.get("view", "")
        try:
            delete_view(view_id=int(number) if number.isdecimal() else 0, table=self.opts.label_lower, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The view was deleted."))
        return self._to_list("")

    def _bar(self, request: HttpRequest) -> dict[str, Any]:
        if not request.user.is_authenticated:
            return {}
        roles = [role for role in roles_of(request.user) if role in STAFF_ROLES]
        query = request.GET.urlencode()
        listed = list(super().get_list_display(request))
        shown = self.get_list_display(request)
        kept = [(key, value) for key, values in request.GET.lists() if key not in (COLUMNS, "p") for value in values]
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return {
            "saved_views": [
                {"view": view, "is_mine": view.owner_id == request.user.pk, "is_current": view.query == query}
                for view in list_views(table=self.opts.label_lower, user=request.user, roles=roles)
            ],
            "columns": [
                {"name": column, "label": self._label(column), "is_shown": column in shown}
                for column in self._offered(request, listed)
            ],
            "columns_parameter": COLUMNS,
            "kept_parameters": kept,
            "view_query": query,
            "view_roles": [(str(role), _role_name(role)) for role in roles],
            "import_url": self._import_url(request, name),
            "own_before_template": getattr(self, "own_before_template", None),
            "view_save_url": reverse(f"{name}_view_save"),
            "view_delete_url": reverse(f"{name}_view_delete"),
            "export_urls": [
                (kind.upper(), f"{reverse(f'{name}_export')}?{urlencode([*request.GET.items(), ('_format', kind)])}")
                for kind in ("csv", "xlsx")
            ],
        }

    def _offered(self, request: HttpRequest, listed: Any) -> list[str]:
        """Name the columns somebody may choose: listed ones first."""
        offered = [name for name in listed if name != "action_checkbox"]
        shown = {name for name in self.get_fields(request, None) or [] if isinstance(name, str)}
        shown |= set(self.get_readonly_fields(request, None))
        masked = {name for trigger in getattr(self.opts, "triggers", []) for name in getattr(trigger, "masked", ())}
        for field in self.opts.concrete_fields:
            is_plain = isinstance(field, SIMPLE) and not isinstance(field, EncryptedTextField)
            if field.name in shown and is_plain and field.name not in masked and field.name not in offered:
                offered.append(field.name)
        return offered

    def _import_url(self, request: HttpRequest, name: str) -> str:
        may = getattr(self, "has_import_permission", None)
        return reverse(f"{name}_import") if may is not None and may(request) else ""

    def _label(self, column: str) -> str:
        try:
            return str(label_for_field(column, self.model, self))
        except (AttributeError, FieldDoesNotExist):
            return column

    def _to_list(self, query: str) -> HttpResponse:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{url}?{query}" if query else url)


def _chosen(request: HttpRequest) -> set[str]:
    return {name for name in request.GET.get(COLUMNS, "").split(",") if name}


def _role_name(role: Role) -> str:
    return {Role.HQ_OPERATOR: _("Headquarters operator"), Role.HQ_AUDITOR: _("Headquarters auditor")}[role]

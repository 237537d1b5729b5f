"""The history of an object: one page of everything that happened to it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.portals.staff.timeline import list_history


class HistoryMixin:
    """Instead of Django's log of admin forms, which knows nothing of services, imports and partners."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Show the trail of the object and of what hangs on it, newest first."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        children = [
            (inline.model, inline.fk_name or _foreign_key(inline.model, self.model))
            for inline in self.get_inline_instances(request, obj)
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "object": obj,
            "title": _("History: %(object)s") % {"object": obj},
            "entries": list_history(obj, children=[(model, name) for model, name in children if name]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/staff/history.html", context)


def _foreign_key(child: type, parent: type) -> str:
    """The name of the field by which a child hangs on its parent."""
    names = [
        field.name
        for field in child._meta.get_fields()
        if field.concrete and field.remote_field and field.related_model in (parent, parent._meta.concrete_model)
    ]
    return names[0] if len(names) == 1 else ""

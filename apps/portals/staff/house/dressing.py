"""Gives the tables that apps registered what every table of the house has."""

from typing import Any

from django.contrib import admin

from apps.portals.staff.house.actions import ConfirmedActionsMixin
from apps.portals.staff.house.exports import ExportMixin
from apps.portals.staff.house.histories import HistoryMixin
from apps.portals.staff.house.imports import HouseImportMixin
from apps.portals.staff.house.views import SavedViewsMixin


class HouseAdmin(SavedViewsMixin, ExportMixin, ConfirmedActionsMixin, HistoryMixin):
    """The sum of it; stands before the app's own class, so that the app's class need not know."""


def dress_admins() -> list[str]:
    """Register every table anew with the house's behaviour in front of its own; return their labels."""
    dressed = []
    # The registry has no public way to be listed outside a request.
    for model, model_admin in list(admin.site._registry.items()):
        own = type(model_admin)
        if issubclass(own, HouseAdmin):
            continue
        admin.site.unregister(model)
        bases: tuple[type, ...] = (HouseAdmin, own)
        values: dict[str, Any] = {"__module__": own.__module__}
        if getattr(own, "resource_classes", None):
            # The library's default would stand before the app's own list.
            bases = (HouseAdmin, HouseImportMixin, own)
            values["resource_classes"] = list(own.resource_classes)
        admin.site.register(model, type(own.__name__, bases, values))
        dressed.append(model._meta.label)
    return dressed

"""Gives the tables that apps registered what every table of the house has."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.portals.staff.house.actions import ConfirmedActionsMixin
from apps.portals.staff.house.exports import ExportMixin
from apps.portals.staff.house.histories import HistoryMixin
from apps.portals.staff.house.imports import HouseImportMixin
from apps.portals.staff.house.views import SavedViewsMixin

# Names of columns that Django made of a field's name; what else they are called is translated elsewhere.
MADE_NAMES = (
    _("accepted by"),
    _("answered by"),
    _("cart"),
    _("city code"),
    _("district code"),
    _("fitment lines"),
    _("initials"),
    _("issued by"),
    _("item"),
    _("link version"),
    _("merged into"),
    _("name en"),
    _("name zh"),
    _("partner"),
    _("pinyin"),
    _("proposed by"),
    _("province code"),
    _("revoked by"),
    _("scope"),
    _("set by"),
    _("shown list price"),
    _("shown offer"),
    _("shown price"),
    _("signature"),
    _("stock record"),
    _("written by"),
)


def translate_names(model: type[Model]) -> None:
    """Have the names that Django makes of fields' names translated like those that somebody wrote."""
    for field in model._meta.concrete_fields:
        if field._verbose_name is None and isinstance(field.verbose_name, str):
            field.verbose_name = _(field.verbose_name)


class Colors(dict):
    """
    The colors of labels, by value or by word, whatever the language of the word; one without a color is gray.

    Unfold looks words up as they were in the language of the start, and shows the bare value of what has no color.
    """

    def __getitem__(self, value: Any) -> str:
        return next((color for key, color in self.items() if str(key) == str(value)), "default")

    def __contains__(self, value: object) -> bool:
        return any(str(key) == str(value) for key in self)


def give_every_label_a_color(model_admin: type) -> None:
    """Let a table's colored labels show the words of statuses that nobody gave a color."""
    for name in dir(model_admin):
        shown = getattr(model_admin, name, None)
        if callable(shown) and isinstance(getattr(shown, "label", None), dict):
            shown.label = Colors(shown.label)  # type: ignore[attr-defined]


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
        values: dict[str, Any] = {
            "__module__": own.__module__,
            # The house's bar stands above every list; what the app puts there follows within it.
            "own_before_template": getattr(own, "list_before_template", None),
        }
        if getattr(own, "resource_classes", None):
            # The library's default would stand before the app's own list.
            bases = (HouseAdmin, HouseImportMixin, own)
            values["resource_classes"] = list(own.resource_classes)
        admin.site.register(model, type(own.__name__, bases, values))
        translate_names(model)
        give_every_label_a_color(own)
        for inline in own.inlines:
            translate_names(inline.model)
        dressed.append(model._meta.label)
    return dressed

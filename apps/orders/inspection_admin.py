"""HQ's view of inspections: the checklist is edited here, what was inspected is read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.catalog.api import BodyType, Powertrain
from apps.kernel.api import ReadOnlyAdminMixin
from apps.orders.models import ChecklistItem, Inspection, InspectionItem, RecipientReveal
from apps.orders.states import InspectionStatus


class ChecklistForm(forms.ModelForm):
    """An item with its body types and powertrains as boxes to tick."""

    body_types = forms.MultipleChoiceField(
        label=_("body types"),
        choices=BodyType.choices,
        required=False,
        help_text=_("None: every car."),
        widget=forms.CheckboxSelectMultiple,
    )
    powertrains = forms.MultipleChoiceField(
        label=_("powertrains"),
        choices=Powertrain.choices,
        required=False,
        help_text=_("None: every car."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ChecklistItem
        exclude: tuple[str, ...] = ()


@admin.register(ChecklistItem)
class ChecklistItemAdmin(ModelAdmin):
    """What is looked at before a car is handed over; an item is taken out of use, never deleted."""

    form = ChecklistForm
    list_display = ["code", "section", "name_zh", "name_en", "body_types", "powertrains", "needs_photo", "is_active"]
    list_filter = ["section", "is_active", "needs_photo"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["section", "position"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let operators add items."""
        return request.user.has_perm("orders.change_checklistitem")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: inspections were made by these rows."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep a written item's code."""
        return ["code"] if obj else []


class InspectedItemInline(ReadOnlyAdminMixin, TabularInline):
    """What was found."""

    model = InspectionItem
    extra = 0
    ordering = ["position"]
    fields = readonly_fields = ["section", "name_zh", "result", "note", "repair_note", "answered_by", "answered_at"]


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Inspections of all dealers, newest first."""

    list_display = ["vin", "fulfilment", "status_label", "is_attested", "signed_name", "signed_at", "opened_at"]
    list_filter = ["status", "is_attested"]
    search_fields = ["vin"]
    list_select_related = ["fulfilment"]
    ordering = ["-opened_at"]
    show_full_result_count = False
    inlines = [InspectedItemInline]
    fields = ["fulfilment", "vin", "status", "is_attested", "opened_by", "opened_at", "signed_name", "signed_at"]
    readonly_fields = fields

    @display(
        description=_("status"),
        ordering="status",
        label={InspectionStatus.OPEN: "warning", InspectionStatus.PASSED: "success"},
    )
    def status_label(self, inspection: Inspection) -> tuple[str, str]:
        """Show the status as a colored label."""
        return inspection.status, inspection.get_status_display()


@admin.register(RecipientReveal)
class RecipientRevealAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Who looked at a buyer's phone number, newest first."""

    list_display = ["at", "organization", "by", "fulfilment", "reason"]
    list_filter = ["organization"]
    list_select_related = ["organization", "by", "fulfilment"]
    ordering = ["-at"]
    show_full_result_count = False
    fields = readonly_fields = ["at", "organization", "by", "fulfilment", "reason"]

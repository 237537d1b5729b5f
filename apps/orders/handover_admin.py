"""HQ's view of handovers: what belongs to one and what is signed is edited here, handovers themselves are read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.catalog.api import Powertrain
from apps.kernel.api import ReadOnlyAdminMixin
from apps.orders.models import HandedItem, HandoverAppointment, HandoverItem, HandoverRecord, HandoverText
from apps.orders.states import RecordStatus


class HandoverItemForm(forms.ModelForm):
    """An item with its powertrains as boxes to tick."""

    powertrains = forms.MultipleChoiceField(
        label=_("powertrains"),
        choices=Powertrain.choices,
        required=False,
        help_text=_("None: every car."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = HandoverItem
        exclude: tuple[str, ...] = ()


@admin.register(HandoverItem)
class HandoverItemAdmin(ModelAdmin):
    """Papers and welcome pack; an item is taken out of use, never deleted."""

    form = HandoverItemForm
    list_display = ["code", "kind", "name_zh", "name_en", "powertrains", "is_required", "is_active"]
    list_filter = ["kind", "is_required", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["-kind", "position"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let operators add items."""
        return request.user.has_perm("orders.change_handoveritem")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: records were written by these rows."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep a written item's code."""
        return ["code"] if obj else []


@admin.register(HandoverText)
class HandoverTextAdmin(ModelAdmin):
    """What receivers of cars sign, from which day on."""

    list_display = ["version", "valid"]
    ordering = ["-valid"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let operators date a new text."""
        return request.user.has_perm("orders.change_handovertext")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep what was written: only its days can be changed, to make room for the next."""
        return ["version", "body_zh", "body_en"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: records name the version that was signed."""
        return False


@admin.register(HandoverAppointment)
class HandoverAppointmentAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Handover appointments of all stores, the newest first."""

    list_display = ["fulfilment", "store", "begins", "outcome", "is_by_store", "created_at"]
    list_filter = ["booking__status", "is_by_store", "organization"]
    list_select_related = ["fulfilment", "store", "booking"]
    search_fields = ["fulfilment__order__number"]
    ordering = ["-created_at"]
    show_full_result_count = False
    fields = readonly_fields = [
        "fulfilment",
        "booking",
        "organization",
        "store",
        "is_by_store",
        "created_at",
        "ended_at",
    ]

    @display(description=_("starts at"), ordering="booking__starts_at")
    def begins(self, appointment: HandoverAppointment) -> Any:
        """Show when the buyer is expected."""
        return appointment.booking.starts_at

    @display(description=_("status"))
    def outcome(self, appointment: HandoverAppointment) -> str:
        """Show what became of it."""
        return appointment.booking.get_status_display()


class HandedItemInline(ReadOnlyAdminMixin, TabularInline):
    """What was given."""

    model = HandedItem
    extra = 0
    ordering = ["position"]
    fields = readonly_fields = ["kind", "name_zh", "is_required", "is_given"]


@admin.register(HandoverRecord)
class HandoverRecordAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Handover records of all dealers, newest first. Names and the text stay with the dealer and the buyer."""

    list_display = ["fulfilment", "organization", "status_label", "receiver", "signed_at", "opened_at"]
    list_filter = ["status", "organization"]
    list_select_related = ["fulfilment", "organization"]
    search_fields = ["fulfilment__order__number"]
    ordering = ["-opened_at"]
    show_full_result_count = False
    inlines = [HandedItemInline]
    fields = readonly_fields = [
        "fulfilment",
        "organization",
        "status",
        "receiver",
        "identity_paper",
        "identity_checked_at",
        "kilometres",
        "papers_given_at",
        "pack_given_at",
        "version",
        "text_digest",
        "file_digest",
        "signed_at",
        "opened_by",
        "opened_at",
    ]

    @display(
        description=_("status"),
        ordering="status",
        label={RecordStatus.OPEN: "warning", RecordStatus.SIGNED: "info", RecordStatus.CLOSED: "success"},
    )
    def status_label(self, record: HandoverRecord) -> tuple[str, str]:
        """Show the status as a colored label."""
        return record.status, record.get_status_display()

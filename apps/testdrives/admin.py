"""Headquarters' view of test drives: rules and texts are dated here, drives are looked at."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel.api import ReadOnlyAdminMixin
from apps.testdrives.models import AgreementText, DemoCar, EligibilityRule, TestDrive
from apps.testdrives.states import TestDriveStatus

LABELS = {
    TestDriveStatus.REQUESTED: "warning",
    TestDriveStatus.CONFIRMED: "info",
    TestDriveStatus.CHECKED_IN: "info",
    TestDriveStatus.COMPLETED: "success",
    TestDriveStatus.NO_SHOW: "danger",
}


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(ModelAdmin):
    """Who may drive, from which day on."""

    list_display = ["valid", "min_age", "licence_classes", "source"]
    ordering = ["-valid"]


@admin.register(AgreementText)
class AgreementTextAdmin(ModelAdmin):
    """What drivers sign, from which day on."""

    list_display = ["version", "valid"]
    ordering = ["-valid"]


@admin.register(DemoCar)
class DemoCarAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Demonstration cars of all stores."""

    list_display = ["vin", "trim", "store", "plate"]
    list_filter = ["organization"]
    list_select_related = ["trim", "store"]
    search_fields = ["vin", "plate"]
    ordering = ["store", "vin"]


@admin.register(TestDrive)
class TestDriveAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Test drives of all stores, the newest request first."""

    list_display = ["reference", "store", "demo_car", "begins", "status_label", "outcome", "requested_at"]
    list_filter = ["status", "outcome", "place", "organization"]
    list_select_related = ["store", "demo_car", "booking"]
    search_fields = ["reference"]
    ordering = ["-requested_at"]
    show_full_result_count = False
    fields = [
        "reference",
        "store",
        "demo_car",
        "product",
        "begins",
        "status",
        "place",
        "licence_class",
        "licence_expires_on",
        "checked_in_at",
        "completed_at",
        "route",
        "kilometres_out",
        "kilometres_in",
        "outcome",
        "cancel_reason",
        "requested_at",
    ]
    readonly_fields = fields

    @display(description=_("begins at"), ordering="booking__starts_at")
    def begins(self, drive: TestDrive) -> str:
        """Show when it begins."""
        return f"{timezone.localtime(drive.starts_at):%Y-%m-%d %H:%M}"

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, drive: TestDrive) -> tuple[str, str]:
        """Show the status as a colored label."""
        return drive.status, drive.get_status_display()

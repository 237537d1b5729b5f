"""Headquarters' view of service: work, plans, warranties and recalls are kept here, the rest is looked at."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.aftersales.api import (
    Entitlement,
    EntitlementLine,
    MaintenancePlan,
    PlanStep,
    Recall,
    Redemption,
    ReminderRule,
    ServiceItem,
    ServicePart,
    ServiceReminder,
    ServiceVisit,
    Vehicle,
    VisitLine,
    VisitStatus,
    WarrantyTerm,
    add_recall_cars,
    check_warranty,
    get_service_overview,
    list_open_recalls,
    publish_recall,
)
from apps.kernel.api import DatedAdminMixin, DomainError, ReadOnlyAdminMixin

LABELS = {
    VisitStatus.BOOKED: "info",
    VisitStatus.CHECKED_IN: "warning",
    VisitStatus.DONE: "warning",
    VisitStatus.PAID: "success",
    VisitStatus.NO_SHOW: "danger",
}


class ServicePartInline(TabularInline):
    """The parts a piece of work uses up."""

    model = ServicePart
    extra = 0
    raw_id_fields = ["product"]


@admin.register(ServiceItem)
class ServiceItemAdmin(ModelAdmin):
    """What workshops do, how long it takes, what it costs."""

    list_display = ["code", "name_zh", "name_en", "minutes", "labour_price", "is_bookable"]
    ordering = ["code"]
    inlines = [ServicePartInline]


class PlanStepInline(TabularInline):
    """The services of a plan."""

    model = PlanStep
    extra = 0
    ordering = ["months"]


@admin.register(MaintenancePlan)
class MaintenancePlanAdmin(DatedAdminMixin, ModelAdmin):
    """When each model is serviced."""

    list_display = ["model", "period", "source"]
    list_select_related = ["model"]
    ordering = ["model", "-valid"]
    inlines = [PlanStepInline]


@admin.register(ReminderRule)
class ReminderRuleAdmin(DatedAdminMixin, ModelAdmin):
    """How long ahead owners are told that service is due."""

    list_display = ["days", "km", "period", "source"]
    ordering = ["-valid"]


@admin.register(ServiceReminder)
class ServiceReminderAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Who was told that which service is due."""

    list_display = ["vehicle", "member", "months", "due_on", "km", "told_at"]
    list_select_related = ["vehicle", "member"]
    search_fields = ["vehicle__vin"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(WarrantyTerm)
class WarrantyTermAdmin(DatedAdminMixin, ModelAdmin):
    """How long what is covered, by the day a car was handed over."""

    list_display = ["component", "months", "km", "period", "source"]
    list_filter = ["component"]
    ordering = ["component", "-valid"]


class RecallForm(forms.ModelForm):
    """A recall, with more cars to name by VIN."""

    more_vins = forms.CharField(
        label=_("More cars"),
        required=False,
        help_text=_("One VIN per line; those that are known stay."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    class Meta:
        model = Recall
        fields = ["code", "title_zh", "title_en", "body_zh", "body_en", "item", "source"]


@admin.register(Recall)
class RecallAdmin(ModelAdmin):
    """Recalls: their cars are named here, then they are published and owners are told."""

    form = RecallForm
    list_display = ["code", "title_zh", "cars_count", "published_at"]
    ordering = ["-pk"]
    readonly_fields = ["published_at"]
    actions = ["publish"]

    def get_fields(self, request: HttpRequest, obj: Recall | None = None) -> list[str]:
        """Show the field for more cars last."""
        return [*RecallForm.Meta.fields, "more_vins", "published_at"]

    @display(description=_("cars"))
    def cars_count(self, recall: Recall) -> str:
        """Show how many cars are put right, of how many."""
        return f"{recall.cars.filter(done_at__isnull=False).count()} / {recall.cars.count()}"

    def save_model(self, request: HttpRequest, obj: Recall, form: Any, change: bool) -> None:
        """Save the recall, then the cars that were named."""
        super().save_model(request, obj, form, change)
        try:
            add_recall_cars(recall_id=obj.pk, vins=form.cleaned_data.get("more_vins", "").split(), now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))

    def has_delete_permission(self, request: HttpRequest, obj: Recall | None = None) -> bool:
        """Off: a recall is history."""
        return False

    @admin.action(description=_("Publish, and tell the owners"))
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        """Publish the chosen recalls."""
        for recall in queryset:
            publish_recall(recall_id=recall.pk, by=request.user, now=timezone.now())
        messages.success(request, _("Published. The owners are being told."))


@admin.register(Vehicle)
class VehicleAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Cars on the road."""

    list_display = ["vin", "product", "in_service_on", "kilometres", "read_at"]
    list_select_related = ["product"]
    search_fields = ["vin", "order_number"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = ["vin", "product", "in_service_on", "kilometres", "read_at", "order_number", "covered_by", "called_back"]
    readonly_fields = fields

    @display(description=_("Warranty"))
    def covered_by(self, vehicle: Vehicle) -> str:
        """Show what covers the car today, and until when."""
        rows = []
        for one in check_warranty(vehicle, today=timezone.localdate()):
            state = _("Running") if one.cover.is_running else pgettext("warranty", "Ended")
            reach = f" · {one.cover.km:,} km" if one.cover.km else ""
            rows.append((one.name, state, f"{one.cover.until:%Y-%m-%d}{reach}"))
        return format_html_join(mark_safe("<br>"), "{}: {} ({})", rows) or "-"

    @display(description=_("Open recalls"))
    def called_back(self, vehicle: Vehicle) -> str:
        """Show what the car is called back for and was not put right yet."""
        rows = [(car.recall.code, car.recall.title) for car in list_open_recalls(vehicle.vin)]
        return format_html_join(mark_safe("<br>"), "{} {}", rows) or "-"


class EntitlementLineInline(ReadOnlyAdminMixin, TabularInline):
    """The services of a package."""

    model = EntitlementLine
    fields = ["service", "name_zh", "count"]
    readonly_fields = fields
    extra = 0


@admin.register(Entitlement)
class EntitlementAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Packages of customers."""

    list_display = ["reference", "product", "status", "valid_until", "paid", "refund", "order_number"]
    list_filter = ["status"]
    list_select_related = ["product"]
    search_fields = ["reference", "order_number"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        "reference", "product", "vehicle", "status", "order_number", "valid_from", "valid_until", "km_until", "paid",
        "refund", "granted_at", "refunded_at",
    ]  # fmt: skip
    readonly_fields = fields
    inlines = [EntitlementLineInline]


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What was rendered where, and what the dealer earned with it."""

    list_display = ["line", "number", "of", "store", "value", "at"]
    list_filter = ["organization"]
    list_select_related = ["line", "store"]
    ordering = ["-pk"]
    show_full_result_count = False


class VisitLineInline(ReadOnlyAdminMixin, TabularInline):
    """The lines of a work order."""

    model = VisitLine
    fields = ["kind", "title_zh", "quantity", "unit_price", "payer", "is_reserved"]
    readonly_fields = fields
    extra = 0


@admin.register(ServiceVisit)
class ServiceVisitAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Visits to all workshops, the newest booking first."""

    actions_list = ["overview"]
    list_display = ["reference", "store", "vehicle", "begins", "status_label", "due", "booked_at"]
    list_filter = ["status", "organization"]
    list_select_related = ["store", "vehicle", "booking"]
    search_fields = ["reference"]
    ordering = ["-booked_at"]
    show_full_result_count = False
    fields = [
        "reference", "store", "vehicle", "begins", "status", "kilometres", "condition", "due", "tender",
        "cancel_reason", "booked_at", "checked_in_at", "done_at", "paid_at",
    ]  # fmt: skip
    readonly_fields = fields
    inlines = [VisitLineInline]

    @action(description=_("Overview of service"), url_path="overview")
    def overview(self, request: HttpRequest) -> HttpResponse:
        """Show how workshops are doing, how far recalls are, what packages promise."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Overview of service"),
            "overview": get_service_overview(now=timezone.now()),
        }
        return TemplateResponse(request, "admin/aftersales/overview.html", context)

    @display(description=_("begins at"), ordering="booking__starts_at")
    def begins(self, visit: ServiceVisit) -> str:
        """Show when it begins."""
        return f"{timezone.localtime(visit.starts_at):%Y-%m-%d %H:%M}"

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, visit: ServiceVisit) -> tuple[str, str]:
        """Show the status as a colored label."""
        return visit.status, visit.get_status_display()

"""Finance products in HQ's back office: to read; a version ends by its period."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.financing.models import (
    FinanceApplication,
    FinanceConsent,
    FinanceProduct,
    FinanceRate,
    Lender,
    LenderEvent,
    PurchaseTaxRule,
    SubsidyRule,
    TradeIn,
    TradeInAge,
    TradeInCondition,
    TradeInTable,
)
from apps.kernel.api import DatedAdminMixin, ReadOnlyAdminMixin, private_files


class NeverDeleted(ModelAdmin):
    """What was quoted is history."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: a product ends, it does not vanish."""
        return False


class RateInline(TabularInline):
    """The rates of a version, written with it."""

    model = FinanceRate
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: a changed rate is a new version."""
        return False


@admin.register(Lender)
class LenderAdmin(NeverDeleted):
    """Who lends."""

    list_display = ["code", "name_zh", "name_en"]
    ordering = ["code"]


@admin.register(FinanceProduct)
class FinanceProductAdmin(NeverDeleted):
    """Dated versions of the ways to finance a car: one in force is ended, not edited."""

    list_display = ["code", "name_zh", "lender", "repayment", "valid"]
    list_filter = ["repayment", "lender"]
    list_select_related = ["lender"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["position", "code", "valid"]
    inlines = [RateInline]

    def get_readonly_fields(self, request: HttpRequest, obj: FinanceProduct | None = None) -> list[str]:
        """Everything but the period, once it is there."""
        return [field.name for field in FinanceProduct._meta.fields if field.name != "valid"] if obj else []


class LawAdmin(DatedAdminMixin, NeverDeleted):
    """Dated rows of the law: one in force is ended, not edited."""

    search_fields = ["source_zh", "source_en"]
    list_filter = ["energy"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything but the period, once it is there."""
        return [field.name for field in self.model._meta.fields if field.name != "valid"] if obj else []


@admin.register(PurchaseTaxRule)
class PurchaseTaxRuleAdmin(LawAdmin):
    """What is taken from whoever buys a car."""

    list_display = ["energy", "rate", "relief_share", "relief_cap", "period", "source_zh"]
    ordering = ["energy", "valid"]


@admin.register(SubsidyRule)
class SubsidyRuleAdmin(LawAdmin):
    """What is given for an old car."""

    list_display = ["kind", "energy", "share", "cap", "period", "source_zh"]
    ordering = ["kind", "energy", "valid"]


class ReadOnlyInline(TabularInline):
    """Rows that are only read."""

    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: written by services."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: written by services."""
        return False


class ConsentInline(ReadOnlyInline):
    """What the applicant agreed to, in the words that were shown."""

    model = FinanceConsent
    fields = ["version", "lender_name", "given_at", "text"]
    readonly_fields = fields


class LenderEventInline(ReadOnlyInline):
    """What the lender told."""

    model = LenderEvent
    fields = ["received_at", "told_status", "verdict", "event_id"]
    readonly_fields = fields


@admin.register(FinanceApplication)
class FinanceApplicationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Applications for loans, without what is personal: headquarters neither decides nor reads papers."""

    list_display = ["number", "order_number", "product", "months", "amount", "status", "submitted_at", "approved_until"]
    list_filter = ["status", "product__lender"]
    list_select_related = ["product__lender"]
    search_fields = ["number", "order_number", "lender_reference"]
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = ["applicant_name", "identity_number", "phone", "monthly_income", "signer_name", "contract"]
    inlines = [ConsentInline, LenderEventInline]


@admin.register(TradeIn)
class TradeInAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Cars taken in part exchange, with the pictures their store took."""

    list_display = ["number", "car", "store", "offered", "value", "status", "expires_at", "order_number"]
    list_filter = ["status"]
    list_select_related = ["store"]
    search_fields = ["number", "vin", "order_number"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        "number", "owner", "car", "vin", "first_registered", "mileage_km", "condition", "price_as_new", "currency",
        "table", "offered", "offered_at", "status", "expires_at", "store", "organization", "inspected_mileage_km",
        "inspected_condition", "deduction", "note", "value", "inspected_at", "inspected_by", "pictures",
        "order_number", "credited_at", "payment_number",
    ]  # fmt: skip
    readonly_fields = fields

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> TradeIn | None:
        """Return the car with who looks at it: links to pictures are signed for one viewer."""
        found: TradeIn | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.viewer = request.user  # type: ignore[attr-defined]
        return found

    @display(description=_("Pictures of the car"))
    def pictures(self, trade_in: TradeIn) -> str:
        """Show what the store saw."""
        viewer = getattr(trade_in, "viewer", None)
        if viewer is None:
            return "-"
        now = timezone.now()
        rows = [
            (private_files.signed_url(file=photo.file, viewer=viewer, now=now), photo.get_shows_display())
            for photo in trade_in.photos.select_related("file").order_by("pk")
        ]
        shown = '<a href="{0}"><img src="{0}" alt="{1}" title="{1}" width="160" height="120" loading="lazy"></a> '
        return format_html('<div class="hq-row">{}</div>', format_html_join("", shown, rows)) if rows else "-"


class AgeInline(ReadOnlyInline):
    """Values by age."""

    model = TradeInAge
    ordering = ["months"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With a new table only."""
        return obj is None


class ConditionInline(AgeInline):
    """Values by condition."""

    model = TradeInCondition
    ordering = ["condition"]


@admin.register(TradeInTable)
class TradeInTableAdmin(DatedAdminMixin, NeverDeleted):
    """How used cars are valued: a table in force is ended, and another one written."""

    list_display = ["period", "km_a_year", "offer_days", "credit_days", "source_zh"]
    ordering = ["valid"]
    inlines = [AgeInline, ConditionInline]

    def get_readonly_fields(self, request: HttpRequest, obj: TradeInTable | None = None) -> list[str]:
        """Everything but the period, once it is there."""
        return [field.name for field in TradeInTable._meta.fields if field.name != "valid"] if obj else []

"""Finance products in HQ's back office: to read; a version ends by its period."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from apps.financing.models import FinanceProduct, FinanceRate, Lender, PurchaseTaxRule, SubsidyRule


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


class LawAdmin(NeverDeleted):
    """Dated rows of the law: one in force is ended, not edited."""

    search_fields = ["source_zh", "source_en"]
    list_filter = ["energy"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything but the period, once it is there."""
        return [field.name for field in self.model._meta.fields if field.name != "valid"] if obj else []


@admin.register(PurchaseTaxRule)
class PurchaseTaxRuleAdmin(LawAdmin):
    """What is taken from whoever buys a car."""

    list_display = ["energy", "rate", "relief_share", "relief_cap", "valid", "source_zh"]
    ordering = ["energy", "valid"]


@admin.register(SubsidyRule)
class SubsidyRuleAdmin(LawAdmin):
    """What is given for an old car."""

    list_display = ["kind", "energy", "share", "cap", "valid", "source_zh"]
    ordering = ["kind", "energy", "valid"]

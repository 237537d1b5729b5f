"""Brands, series, models, trims, options and rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from apps.catalog import api
from apps.catalog.admin.base import CatalogAdmin, CatalogInline
from apps.catalog.models import (
    Brand,
    Configuration,
    Option,
    OptionGroup,
    OptionRule,
    Series,
    Trim,
    TrimOption,
    VehicleModel,
)
from apps.kernel.api import ReadOnlyAdminMixin


@admin.register(Brand)
class BrandAdmin(CatalogAdmin):
    """Makes of cars and of parts."""

    list_display = ["code", "name_zh", "name_en", "is_own"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["-is_own", "code"]


class ModelInline(CatalogInline):
    """The models of a series."""

    model = VehicleModel
    fields = ["code", "name_zh", "name_en", "model_year", "powertrain"]
    show_change_link = True


@admin.register(Series)
class SeriesAdmin(CatalogAdmin):
    """Families of cars."""

    list_display = ["name_zh", "name_en", "brand", "code", "body_type", "position", "is_public"]
    list_filter = ["brand__is_own", "body_type", "is_public"]
    list_select_related = ["brand"]
    search_fields = ["code", "name_zh", "name_en", "brand__name_en"]
    autocomplete_fields = ["brand"]
    ordering = ["-brand__is_own", "position", "code"]
    inlines = [ModelInline]


@admin.register(VehicleModel)
class VehicleModelAdmin(CatalogAdmin):
    """Model years of a series."""

    list_display = ["name_zh", "name_en", "series", "code", "model_year", "powertrain"]
    list_filter = ["model_year", "powertrain"]
    list_select_related = ["series"]
    search_fields = ["code", "name_zh", "name_en", "series__name_zh", "series__name_en"]
    autocomplete_fields = ["series"]
    ordering = ["series", "code"]


class TrimOptionInline(CatalogInline):
    """What a trim offers, at which extra price."""

    model = TrimOption
    fields = ["option", "price_delta", "is_default"]
    autocomplete_fields = ["option"]


@admin.register(Trim)
class TrimAdmin(CatalogAdmin):
    """What is sold of a model. New trims come by import; publishing shows them in the shop."""

    list_display = ["product", "model", "code", "is_published", "position"]
    list_filter = ["model__series__brand__is_own", "product__is_public"]
    list_select_related = ["product", "model__series"]
    search_fields = ["code", "name_zh", "name_en", "product__title", "source_code"]
    readonly_fields = ["model", "product", "code", "source_code"]
    ordering = ["model", "position"]
    inlines = [TrimOptionInline]
    actions = ["publish", "withdraw"]

    @display(description=_("in the shop"), boolean=True)
    def is_published(self, trim: Trim) -> bool:
        """Whether the product is public."""
        return trim.product.is_public

    @action(description=_("Show in the shop"))
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        """Publish the chosen trims."""
        ids = list(queryset.values_list("product_id", flat=True))
        count = api.publish_products(ids, by=request.user, now=timezone.now())
        self.message_user(request, _("%(count)s trims were published.") % {"count": count})

    @action(description=_("Take off the shop"))
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        """Withdraw the chosen trims."""
        ids = list(queryset.values_list("product_id", flat=True))
        count = api.withdraw_products(ids, by=request.user, now=timezone.now())
        self.message_user(request, _("%(count)s trims were withdrawn.") % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Off: a trim comes with a product, both made by the import."""
        return False


@admin.register(OptionGroup)
class OptionGroupAdmin(CatalogAdmin):
    """Questions a configurator asks."""

    list_display = ["code", "name_zh", "name_en", "selection", "position"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["position"]


@admin.register(Option)
class OptionAdmin(CatalogAdmin):
    """Things a car may have."""

    list_display = ["code", "name_zh", "name_en", "group", "swatch", "position"]
    list_filter = ["group"]
    list_select_related = ["group"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["group__position", "position"]


@admin.register(OptionRule)
class OptionRuleAdmin(CatalogAdmin):
    """What goes together and what does not."""

    list_display = ["option", "kind", "other", "model", "trim", "reason_zh"]
    list_filter = ["kind"]
    list_select_related = ["option", "other", "model", "trim"]
    search_fields = ["option__code", "option__name_zh", "other__code", "other__name_zh", "reason_zh", "reason_en"]
    autocomplete_fields = ["option", "other", "model", "trim"]
    ordering = ["option", "kind"]


@admin.register(Configuration)
class ConfigurationAdmin(ReadOnlyAdminMixin, CatalogAdmin):
    """Cars as people chose them."""

    list_display = ["id", "product", "price", "currency", "created_by", "created_at"]
    list_select_related = ["product", "created_by"]
    search_fields = ["id", "product__title"]
    ordering = ["-created_at"]

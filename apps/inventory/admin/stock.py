"""HQ's view of stock: figures are read-only, a count goes through the service."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action

from apps.inventory import api
from apps.inventory.models import Movement, Reservation, StockLevel, Unit
from apps.kernel.api import ReadOnlyAdminMixin


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Figures per product and site."""

    list_display = ["product", "site", "on_hand", "reserved", "allocated", "safety_stock"]
    list_filter = ["site__kind", "site"]
    list_select_related = ["product", "site"]
    search_fields = ["product__title", "product__upc", "site__code"]
    actions = ["release_lapsed_holds"]

    @action(description=_("Give back holds whose time is over"))
    def release_lapsed_holds(self, request, queryset):
        """Run the expiry now instead of at its next beat."""
        causes = api.expire_reservations(now=timezone.now())
        messages.success(request, _("%(count)s holds were given back.") % {"count": len(causes)})


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Promises of stock."""

    list_display = ["cause", "line_ref", "level", "quantity", "status", "expires_at"]
    list_filter = ["status"]
    list_select_related = ["level__product", "level__site"]
    search_fields = ["cause"]


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Every change of a figure."""

    list_display = ["at", "kind", "quantity", "level", "cause", "by"]
    list_filter = ["kind"]
    list_select_related = ["level__product", "level__site", "by"]
    search_fields = ["cause"]


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Vehicles by VIN."""

    list_display = ["vin", "product", "site", "status", "received_at"]
    list_filter = ["status", "site"]
    list_select_related = ["product", "site"]
    search_fields = ["vin"]

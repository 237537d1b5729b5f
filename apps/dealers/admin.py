"""HQ's pages of dealers: names and stores are edited, the status moves by actions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from apps.dealers import api
from apps.dealers.models import Authorization, Dealer, Store
from apps.dealers.resources import StoreResource
from apps.kernel.api import DomainError


class DealersAdmin(ModelAdmin):
    """Editable, never deletable."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: orders point here."""
        return False


class AuthorizationInline(TabularInline):
    """What a dealer may do where, from when to when."""

    model = Authorization
    fields = ["brand_code", "region_code", "kind", "valid"]
    extra = 0
    can_delete = False


class StoreInline(TabularInline):
    """The stores of a dealer, to look at."""

    model = Store
    fields = ["code", "name_zh", "city", "has_sales", "has_service", "is_open"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Stores have their own page."""
        return False


@admin.register(Dealer)
class DealerAdmin(DealersAdmin):
    """Organizations with stores."""

    list_display = ["name_zh", "name_en", "code", "level", "status", "parent"]
    list_filter = ["status", "level"]
    list_select_related = ["parent"]
    search_fields = ["code", "name_zh", "name_en"]
    autocomplete_fields = ["organization", "parent"]
    readonly_fields = ["status", "created_at"]
    ordering = ["code"]
    inlines = [AuthorizationInline, StoreInline]
    actions = ["suspend", "restore"]

    @action(description=_("Suspend: take the stores off the shop"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> None:
        """Suspend the chosen dealers."""
        self._move(request, queryset, api.suspend_dealer, _("%(count)s dealers were suspended."))

    @action(description=_("Restore: bring the stores back"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> None:
        """Restore the chosen dealers."""
        self._move(request, queryset, api.restore_dealer, _("%(count)s dealers were restored."))

    def _move(self, request: HttpRequest, dealers: QuerySet[Dealer], move: Callable[..., Dealer], done: str) -> None:
        count = 0
        for dealer in dealers:
            try:
                move(
                    organization_id=dealer.organization_id,
                    reason=str(_("By hand in the back office")),
                    by=request.user,
                    now=timezone.now(),
                )
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{dealer}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Dealer, form: Any, change: bool) -> None:
        """Date a new dealer."""
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Store)
class StoreAdmin(DealersAdmin):
    """Places that take orders."""

    list_display = ["name_zh", "name_en", "dealer", "city", "has_sales", "has_service", "is_open"]
    list_filter = ["is_open", "has_sales", "has_service", "province"]
    list_select_related = ["dealer"]
    search_fields = ["code", "name_zh", "name_en", "city", "city_en", "dealer__name_zh"]
    resource_classes = [StoreResource]
    autocomplete_fields = ["dealer"]
    ordering = ["code"]

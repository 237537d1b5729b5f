"""HQ's page of suppliers: names and scores are edited, the status moves by actions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action

from apps.kernel.api import DomainError
from apps.suppliers import api
from apps.suppliers.models import Supplier
from apps.suppliers.resources import SupplierResource


@admin.register(Supplier)
class SupplierAdmin(ModelAdmin):
    """Organizations that make or ship goods."""

    list_display = ["name_zh", "name_en", "code", "status", "blocked_reason", "score"]
    list_filter = ["status"]
    search_fields = ["code", "name_zh", "name_en", "uscc"]
    autocomplete_fields = ["organization"]
    readonly_fields = ["status", "blocked_reason", "blocked_at", "created_at"]
    ordering = ["code"]
    actions = ["suspend", "restore"]
    resource_classes = [SupplierResource]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: offers and orders point here."""
        return False

    @action(description=_("Suspend: no new offers and orders"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[Supplier]) -> None:
        """Suspend the chosen suppliers."""
        self._move(request, queryset, api.suspend_supplier, _("%(count)s suppliers were suspended."))

    @action(description=_("Restore: may sell again"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Supplier]) -> None:
        """Restore the chosen suppliers."""
        self._move(request, queryset, api.restore_supplier, _("%(count)s suppliers were restored."))

    def _move(self, request: HttpRequest, chosen: QuerySet[Supplier], move: Callable[..., Supplier], done: str) -> None:
        count = 0
        for supplier in chosen:
            try:
                move(
                    organization_id=supplier.organization_id,
                    reason=str(_("By hand in the back office")),
                    by=request.user,
                    now=timezone.now(),
                )
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{supplier}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Supplier, form: Any, change: bool) -> None:
        """Date a new supplier."""
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

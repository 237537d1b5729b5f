"""Staff's view of the kernel: the outbox and the audit trail, both to read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.kernel import api
from apps.kernel.models import AuditEntry, AuditSeal, OutboxDelivery, RefusedAttempt, StatusChange
from apps.kernel.read_only_admin import ReadOnlyAdminMixin
from apps.kernel.states import DeliveryStatus


@admin.register(OutboxDelivery)
class OutboxDeliveryAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Facts on their way to their handlers."""

    list_display = ["event_name", "aggregate", "handler", "status_label", "attempts", "next_attempt_at", "finished_at"]
    list_filter = ["status", "handler"]
    list_select_related = ["event"]
    search_fields = ["aggregate", "event__event_id"]
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["replay_dead_letters"]

    @display(description=_("fact"))
    def event_name(self, delivery: OutboxDelivery) -> str:
        """Name the fact."""
        return delivery.event.name

    @display(
        description=_("status"),
        ordering="status",
        label={DeliveryStatus.PENDING: "warning", DeliveryStatus.DONE: "success", DeliveryStatus.DEAD: "danger"},
    )
    def status_label(self, delivery: OutboxDelivery) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return delivery.status, delivery.get_status_display()

    @admin.action(description=_("Replay dead letters"), permissions=["replay"])
    def replay_dead_letters(self, request: HttpRequest, queryset: "QuerySet[OutboxDelivery]") -> None:
        """Give the chosen dead letters new attempts."""
        count = api.outbox.replay_dead(
            delivery_ids=list(queryset.values_list("pk", flat=True)), by=request.user, now=timezone.now()
        )
        text = ngettext("%(count)s delivery will be tried again.", "%(count)s deliveries will be tried again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change deliveries, which this page uses for nothing else."""
        return request.user.has_perm("kernel.change_outboxdelivery")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Every audited change."""

    list_display = ["at", "table_name", "row_id", "operation", "actor_id", "impersonator_id", "seal"]
    list_filter = ["operation", "table_name"]
    list_select_related = ["seal"]
    search_fields = ["row_id", "actor_id", "impersonator_id"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(RefusedAttempt)
class RefusedAttemptAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What was tried and refused."""

    list_display = ["at", "action", "subject", "code", "by"]
    list_filter = ["action", "code"]
    list_select_related = ["by"]
    search_fields = ["subject", "code"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """The chain of digests."""

    list_display = ["number", "entry_count", "digest", "sealed_at"]
    ordering = ["-number"]


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Every move of every object."""

    list_display = ["at", "lifecycle", "object_id", "move", "from_status", "to_status", "by", "reason"]
    list_filter = ["lifecycle"]
    list_select_related = ["by"]
    search_fields = ["object_id"]
    ordering = ["-id"]
    show_full_result_count = False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer none: the trace is only read."""
        return {}

"""HQ's view of webhooks: to read, and to help a partner whose receiver is in trouble."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.integrations.webhooks import api
from apps.integrations.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from apps.integrations.webhooks.states import DeliveryStatus, EndpointStatus
from apps.kernel.api import DomainError, ReadOnlyAdminMixin


class WebhooksAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Rows to read; what staff may do are actions, each one service call per row."""

    show_full_result_count = False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change, which these pages use for nothing else."""
        return request.user.has_perm(f"webhooks.change_{self.opts.model_name}")

    def for_each(self, request: HttpRequest, rows: Any, act: Any, done: str) -> None:
        """Call ``act`` for every chosen row and say what came of it."""
        count = 0
        for row in rows:
            try:
                act(row)
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)


class AttemptInline(TabularInline):
    """Every call, to read."""

    model = WebhookAttempt
    fields = ["at", "number", "address", "status_code", "failure", "milliseconds", "response_excerpt"]
    readonly_fields = fields
    ordering = ["-id"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: the sender writes these."""
        return False


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(WebhooksAdmin):
    """Every organization's webhooks. Secrets are shown to nobody at headquarters."""

    list_display = ["url", "organization", "status_label", "failing_since", "failures", "created_at"]
    list_filter = ["status", "organization__kind"]
    list_select_related = ["organization"]
    search_fields = ["url", "note", "organization__code", "organization__name_zh", "organization__name_en"]
    ordering = ["-id"]
    fields = [
        "organization",
        "url",
        "note",
        "event_types",
        "status",
        "failing_since",
        "failures",
        "hold_until",
        "previous_until",
        "created_at",
        "created_by",
    ]
    actions = ["pause", "resume"]

    @display(
        description=_("status"),
        ordering="status",
        label={
            EndpointStatus.ACTIVE: "success",
            EndpointStatus.PAUSED: "warning",
            EndpointStatus.DISABLED: "danger",
        },
    )
    def status_label(self, endpoint: WebhookEndpoint) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return endpoint.status, endpoint.get_status_display()

    @admin.action(description=_("Pause: what is to be told waits"), permissions=["act"])
    def pause(self, request: HttpRequest, queryset: "QuerySet[WebhookEndpoint]") -> None:
        """Pause the chosen webhooks."""
        self._move(request, queryset, api.pause_endpoint, _("%(count)s webhooks were paused."))

    @admin.action(description=_("Resume: send what waited"), permissions=["act"])
    def resume(self, request: HttpRequest, queryset: "QuerySet[WebhookEndpoint]") -> None:
        """Resume the chosen webhooks."""
        self._move(request, queryset, api.resume_endpoint, _("%(count)s webhooks were resumed."))

    def _move(self, request: HttpRequest, rows: Any, service: Any, done: str) -> None:
        self.for_each(
            request,
            rows,
            lambda row: service(
                endpoint_id=row.pk, organization_id=row.organization_id, by=request.user, now=timezone.now()
            ),
            done,
        )


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(WebhooksAdmin):
    """What was told to whom, and how it went."""

    list_display = ["event_type", "endpoint", "status_label", "attempts", "last_status_code", "occurred_at"]
    list_filter = ["status", "event_type"]
    list_select_related = ["endpoint"]
    search_fields = ["message_id", "endpoint__url"]
    ordering = ["-id"]
    inlines = [AttemptInline]
    actions = ["replay"]

    @display(
        description=_("status"),
        ordering="status",
        label={DeliveryStatus.PENDING: "warning", DeliveryStatus.DELIVERED: "success", DeliveryStatus.FAILED: "danger"},
    )
    def status_label(self, delivery: WebhookDelivery) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return delivery.status, delivery.get_status_display()

    @admin.action(description=_("Send again"), permissions=["act"])
    def replay(self, request: HttpRequest, queryset: "QuerySet[WebhookDelivery]") -> None:
        """Send the chosen messages again; the sweep takes them within seconds."""
        self.for_each(
            request,
            queryset.select_related("endpoint"),
            lambda row: api.replay_delivery(
                delivery_id=row.pk, organization_id=row.endpoint.organization_id, by=request.user, now=timezone.now()
            ),
            _("%(count)s messages are sent again."),
        )

"""Staff's view of payments: all of it read-only; what staff may do calls a service."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.kernel.api import DomainError, Money, ReadOnlyAdminMixin
from apps.payments import api
from apps.payments.models import Payment, PaymentEvent, Refund
from apps.payments.states import REFUSALS, PaymentStatus, RefundStatus, Verdict

PAYMENT_LABELS = {
    PaymentStatus.PENDING: "warning",
    PaymentStatus.CAPTURED: "success",
    PaymentStatus.FAILED: "danger",
    PaymentStatus.CLOSED: "info",
}
REFUND_LABELS = {
    RefundStatus.PENDING: "warning",
    RefundStatus.SUCCEEDED: "success",
    RefundStatus.FAILED: "danger",
}
VERDICT_LABELS = {verdict: "danger" if verdict in REFUSALS else "info" for verdict in Verdict}


class RefundInline(ReadOnlyAdminMixin, TabularInline):
    """The refunds of a payment."""

    model = Refund
    fields = ["number", "amount", "status", "reason", "failure", "created_at", "settled_at"]
    readonly_fields = fields
    extra = 0
    show_change_link = True


class PaymentEventInline(ReadOnlyAdminMixin, TabularInline):
    """What the provider told us about a payment."""

    model = PaymentEvent
    fields = ["received_at", "event_type", "told_status", "told_amount", "verdict", "provider_reference"]
    readonly_fields = fields
    extra = 0


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Attempts to pay."""

    list_display = [
        "number",
        "order_number",
        "tender",
        "provider",
        "money",
        "status_label",
        "created_at",
        "captured_at",
    ]
    list_filter = ["status", "provider", "tender"]
    search_fields = ["number", "order_number", "provider_reference"]
    ordering = ["-pk"]
    show_full_result_count = False
    # The link pays whoever opens it; staff has no use for it.
    exclude = ["action_url", "return_url"]
    inlines = [RefundInline, PaymentEventInline]
    actions = ["query_provider"]

    @display(description=_("Amount"), ordering="amount")
    def money(self, payment: Payment) -> Money:
        """Show amount and currency."""
        return payment.money

    @display(description=_("Status"), ordering="status", label=PAYMENT_LABELS)
    def status_label(self, payment: Payment) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return payment.status, payment.get_status_display()

    @admin.action(description=_("Ask the provider now"), permissions=["query"])
    def query_provider(self, request: HttpRequest, queryset: "QuerySet[Payment]") -> None:
        """Ask the provider where the chosen payments stand and act on the answer."""
        for number in queryset.values_list("number", flat=True):
            _report(
                self,
                request,
                number,
                lambda number=number: _told(api.query_payment(payment_number=number, now=timezone.now())),
            )

    def has_query_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change payments, which this page uses for nothing else."""
        return request.user.has_perm("payments.change_payment")


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Money given back."""

    list_display = [
        "number",
        "payment",
        "order_number",
        "money",
        "status_label",
        "reason",
        "tries",
        "created_at",
        "settled_at",
    ]
    list_filter = ["status", "payment__provider"]
    list_select_related = ["payment"]
    search_fields = ["number", "payment__number", "payment__order_number", "cause_key"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["retry_refunds", "settle_by_hand"]

    @display(description=_("Order"))
    def order_number(self, refund: Refund) -> str:
        """Show whose order it is."""
        return refund.payment.order_number

    @display(description=_("Amount"), ordering="amount")
    def money(self, refund: Refund) -> Money:
        """Show amount and currency."""
        return refund.money

    @display(description=_("Status"), ordering="status", label=REFUND_LABELS)
    def status_label(self, refund: Refund) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return refund.status, refund.get_status_display()

    @admin.action(description=_("Retry failed refunds"), permissions=["retry"])
    def retry_refunds(self, request: HttpRequest, queryset: "QuerySet[Refund]") -> None:
        """Give the chosen failed refunds another round."""
        for number in queryset.values_list("number", flat=True):
            _report(
                self,
                request,
                number,
                lambda number=number: api.retry_refund(
                    refund_number=number, by=request.user, now=timezone.now()
                ).get_status_display(),
            )

    @admin.action(description=_("Given back by the dealer"), permissions=["retry"])
    def settle_by_hand(self, request: HttpRequest, queryset: "QuerySet[Refund]") -> None:
        """Note that dealers gave back what they had credited for cars taken in part exchange."""
        note = f"admin:{request.user.pk}"
        for number in queryset.values_list("number", flat=True):
            _report(
                self,
                request,
                number,
                lambda number=number: api.settle_refund_by_hand(
                    refund_number=number, note=note, by=request.user, now=timezone.now()
                ).get_status_display(),
            )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change refunds, which this page uses for nothing else."""
        return request.user.has_perm("payments.change_refund")


@admin.register(PaymentEvent)
class PaymentEventAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Everything providers told us."""

    list_display = ["received_at", "provider", "number", "event_type", "told_status", "told_amount", "verdict_label"]
    list_filter = ["verdict", "provider"]
    search_fields = ["number", "provider_event_id", "provider_reference"]
    ordering = ["-pk"]
    show_full_result_count = False

    @display(description=_("Verdict"), ordering="verdict", label=VERDICT_LABELS)
    def verdict_label(self, event: PaymentEvent) -> tuple[str, str]:
        """Show the verdict as a coloured label."""
        return event.verdict, event.get_verdict_display()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer none: the record is only read."""
        return {}


def _told(outcome: api.Outcome | None) -> str:
    return str(outcome.verdict.label) if outcome else str(_("Nothing new."))


def _report(page: ModelAdmin, request: HttpRequest, number: str, work: Callable[[], object]) -> None:
    """Do one service call and tell staff what came of it, in their language."""
    try:
        page.message_user(request, f"{number}: {work()}", messages.SUCCESS)
    except DomainError as error:
        page.message_user(request, f"{number}: {error}", messages.ERROR)

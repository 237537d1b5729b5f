"""HQ's view of orders: money and status are read-only, every action is one service call."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.accounts.api import mask_phone
from apps.kernel.api import DomainError, Money, ReadOnlyAdminMixin
from apps.orders import api, handover_admin, inspection_admin
from apps.orders.models import (
    BalanceRule,
    CustomerOrder,
    DepositRule,
    Fulfilment,
    FulfilmentLine,
    OrderEvent,
    RoutingDecision,
    SellerOrder,
    ShippingRate,
)
from apps.orders.price_admin import ExplainsPrices, OrderItemInline
from apps.orders.states import FulfilmentStatus, OrderStatus, SellerOrderStatus

ORDER_LABELS = {
    OrderStatus.AWAITING_PAYMENT: "warning",
    OrderStatus.DEPOSIT_PAID: "info",
    OrderStatus.AWAITING_BALANCE: "warning",
    OrderStatus.PLACED: "info",
    OrderStatus.IN_FULFILMENT: "info",
    OrderStatus.COMPLETED: "success",
    OrderStatus.CANCELLED: "danger",
    OrderStatus.EXPIRED: "danger",
}
SELLER_ORDER_LABELS = {
    SellerOrderStatus.PLACED: "warning",
    SellerOrderStatus.ACCEPTED: "info",
    SellerOrderStatus.IN_FULFILMENT: "info",
    SellerOrderStatus.COMPLETED: "success",
    SellerOrderStatus.REJECTED: "danger",
    SellerOrderStatus.CANCELLED: "danger",
}
FULFILMENT_LABELS = {
    FulfilmentStatus.PENDING: "warning",
    FulfilmentStatus.DELIVERED: "success",
    FulfilmentStatus.HANDED_OVER: "success",
    FulfilmentStatus.CANCELLED: "danger",
}


def _text_input(placeholder: Any) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget({"placeholder": placeholder, "aria-label": placeholder})


class ReasonForm(ActionForm):
    """An action with its reason."""

    reason = forms.CharField(label="", required=False, max_length=200, widget=_text_input(_("Reason")))


class TrackingForm(ActionForm):
    """An action with a carrier and a tracking number."""

    carrier = forms.CharField(label="", required=False, max_length=60, widget=_text_input(_("Carrier")))
    tracking_number = forms.CharField(label="", required=False, max_length=60, widget=_text_input(_("Tracking number")))


class SellerOrderInline(ReadOnlyAdminMixin, TabularInline):
    """The parts of the sellers."""

    model = SellerOrder
    fields = ["number", "seller", "status", "total", "paid", "refunded"]
    readonly_fields = fields
    extra = 0
    show_change_link = True


class FulfilmentInline(ReadOnlyAdminMixin, TabularInline):
    """Shipments and hand-overs."""

    model = Fulfilment
    fields = ["id", "method", "status", "site", "store", "carrier", "tracking_number", "attention"]
    readonly_fields = fields
    extra = 0
    show_change_link = True


class OrderEventInline(ReadOnlyAdminMixin, TabularInline):
    """The buyer's timeline."""

    model = OrderEvent
    fields = ["at", "code", "context"]
    readonly_fields = fields
    extra = 0


@admin.register(CustomerOrder)
class CustomerOrderAdmin(ExplainsPrices, ReadOnlyAdminMixin, ModelAdmin):
    """What consumers ordered."""

    list_display = ["number", "status_label", "plan", "method", "total_money", "paid_money", "due_money", "created_at"]
    list_filter = ["status", "plan", "method"]
    search_fields = ["number"]
    ordering = ["-created_at"]
    show_full_result_count = False
    action_form = ReasonForm
    actions = ["call_off_orders", "expire_now"]
    inlines = [OrderItemInline, SellerOrderInline, FulfilmentInline, OrderEventInline]
    # Personal data is shown masked; whoever ships sees the address on the fulfilment's own page.
    exclude = [
        "order", "cart", "token_hash", "checkout_key", "checkout_fingerprint", "phone_index",
        "email", "phone", "recipient_name", "recipient_phone", "address_line",
    ]  # fmt: skip
    readonly_fields = ["contact"]

    @display(description=_("Status"), ordering="status", label=ORDER_LABELS)
    def status_label(self, order: CustomerOrder) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return order.status, order.get_status_display()

    @display(description=_("Total"), ordering="total")
    def total_money(self, order: CustomerOrder) -> Money:
        """Show the total with its currency."""
        return order.money("total")

    @display(description=_("Paid"), ordering="paid")
    def paid_money(self, order: CustomerOrder) -> Money:
        """Show what was paid."""
        return order.money("paid")

    @display(description=_("Balance due"))
    def due_money(self, order: CustomerOrder) -> Money:
        """Show what is still to be paid."""
        return order.balance_due

    @display(description=_("Contact"))
    def contact(self, order: CustomerOrder) -> str:
        """Show how the buyer is reached, masked."""
        name, _at, host = order.email.partition("@")
        email = f"{name[:1]}***@{host}" if host else ""
        return " · ".join(part for part in (mask_phone(order.phone), email) if part)

    @admin.action(description=_("Cancel and refund (with a reason)"), permissions=["act"])
    def call_off_orders(self, request: HttpRequest, queryset: "QuerySet[CustomerOrder]") -> None:
        """Call the chosen orders off."""
        reason = request.POST.get("reason", "")
        for number in queryset.values_list("number", flat=True):
            _report(
                self,
                request,
                number,
                lambda number=number: api.call_off(number=number, reason=reason, by=request.user, now=timezone.now()),
            )

    @admin.action(description=_("Expire unpaid orders whose time is over"), permissions=["act"])
    def expire_now(self, request: HttpRequest, queryset: "QuerySet[CustomerOrder]") -> None:
        """Expire the chosen orders without waiting for the clock's next beat."""
        for number in queryset.values_list("number", flat=True):
            _report(self, request, number, lambda number=number: api.expire_order(number=number, now=timezone.now()))

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change orders, which this page uses for nothing else."""
        return request.user.has_perm("orders.change_customerorder")


@admin.register(SellerOrder)
class SellerOrderAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What each seller owes."""

    list_display = ["number", "seller", "status_label", "total", "paid", "refunded", "created_at"]
    list_filter = ["status", "seller"]
    list_select_related = ["seller"]
    search_fields = ["number", "seller__name_zh", "seller__name_en"]
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = [FulfilmentInline]

    @display(description=_("Status"), ordering="status", label=SELLER_ORDER_LABELS)
    def status_label(self, seller_order: SellerOrder) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return seller_order.status, seller_order.get_status_display()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer none: a seller order follows its fulfilments."""
        return {}


class FulfilmentLineInline(ReadOnlyAdminMixin, TabularInline):
    """What a fulfilment carries."""

    model = FulfilmentLine
    fields = ["item", "quantity", "total", "reservation_id"]
    readonly_fields = fields
    extra = 0


@admin.register(Fulfilment)
class FulfilmentAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Shipments and hand-overs. HQ acts for its own sites, and where a dealer or supplier cannot."""

    list_display = ["id", "order", "method", "status_label", "site", "store", "attention", "sla_due_at", "accepted_at"]
    list_filter = ["status", "method", "attention", "site"]
    list_select_related = ["order", "site", "store"]
    search_fields = ["order__number", "tracking_number"]
    ordering = ["-pk"]
    show_full_result_count = False
    action_form = TrackingForm
    actions = ["accept_for_source", "ship_for_source", "confirm_deliveries", "try_other_sites", "reissue_codes"]
    inlines = [FulfilmentLineInline]
    readonly_fields = ["recipient"]

    @display(description=_("Status"), ordering="status", label=FULFILMENT_LABELS)
    def status_label(self, fulfilment: Fulfilment) -> tuple[str, str]:
        """Show the status as a coloured label."""
        return fulfilment.status, fulfilment.get_status_display()

    @display(description=_("Recipient"))
    def recipient(self, fulfilment: Fulfilment) -> str:
        """Show where a delivery goes: whoever ships needs it."""
        order = fulfilment.order
        parts = (
            order.recipient_name, order.recipient_phone, order.province, order.city, order.district, order.address_line,
        )  # fmt: skip
        return " ".join(part for part in parts if part)

    @admin.action(description=_("Accept for our own site"), permissions=["act"])
    def accept_for_source(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> None:
        """Accept what leaves a site of HQ."""
        for fulfilment in self._own(request, queryset):
            self._move(request, fulfilment, api.accept_fulfilment)

    @admin.action(description=_("Ship from our own site (with carrier and number)"), permissions=["act"])
    def ship_for_source(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> None:
        """Ship what leaves a site of HQ."""
        tracking = {
            "carrier": request.POST.get("carrier", ""),
            "tracking_number": request.POST.get("tracking_number", ""),
        }
        for fulfilment in self._own(request, queryset):
            self._move(request, fulfilment, api.ship_fulfilment, **tracking)

    @admin.action(description=_("The carrier has delivered"), permissions=["act"])
    def confirm_deliveries(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> None:
        """Close the chosen shipments."""
        self._each(request, queryset, api.confirm_as_staff)

    @admin.action(description=_("Offer to the next site"), permissions=["act"])
    def try_other_sites(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> None:
        """Give the chosen pending fulfilments to the next site."""
        self._each(request, queryset, api.try_other_site)

    @admin.action(description=_("Send a new pickup code"), permissions=["act"])
    def reissue_codes(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> None:
        """Send the buyers new codes."""
        self._each(request, queryset, api.reissue_code)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change fulfilments, which this page uses for nothing else."""
        return request.user.has_perm("orders.change_fulfilment")

    def _own(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]") -> list[Fulfilment]:
        """Keep the fulfilments out of HQ's sites; suppliers and dealers act for theirs."""
        chosen = list(queryset.select_related("source"))
        own = [one for one in chosen if one.source.kind == "HQ"]
        if len(own) < len(chosen):
            self.message_user(request, _("Only fulfilments out of our own sites were touched."), messages.WARNING)
        return own

    def _each(self, request: HttpRequest, queryset: "QuerySet[Fulfilment]", service: Callable[..., object]) -> None:
        for pk in queryset.values_list("pk", flat=True):
            _report(
                self, request, str(pk), lambda pk=pk: service(fulfilment_id=pk, by=request.user, now=timezone.now())
            )

    def _move(
        self, request: HttpRequest, fulfilment: Fulfilment, service: Callable[..., object], **values: str
    ) -> None:
        _report(
            self,
            request,
            str(fulfilment.pk),
            lambda: service(
                fulfilment_id=fulfilment.pk,
                organization_id=fulfilment.source_id,
                by=request.user,
                now=timezone.now(),
                **values,
            ),
        )


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Why goods come from where they come from."""

    list_display = ["at", "item", "occasion", "chosen"]
    list_filter = ["occasion"]
    list_select_related = ["item"]
    search_fields = ["item__order__number"]
    ordering = ["-pk"]
    show_full_result_count = False


class TermsAdmin(ModelAdmin):
    """Dated terms: HQ adds the next row and closes the one before; a row in force is not rewritten."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let operators add terms."""
        return request.user.has_perm(f"orders.change_{self.opts.model_name}")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: orders were priced by these rows."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Let only the end of a written row be set."""
        if obj is None:
            return []
        return [field.name for field in self.opts.concrete_fields if field.name not in ("id", "valid_until")]


@admin.register(ShippingRate)
class ShippingRateAdmin(TermsAdmin):
    """What delivery costs."""

    list_display = ["kind", "amount", "free_from", "tax_rate", "valid_from", "valid_until"]
    list_filter = ["kind"]
    ordering = ["kind", "-valid_from"]


@admin.register(DepositRule)
class DepositRuleAdmin(TermsAdmin):
    """How much a prepayment is."""

    list_display = ["rate", "step", "valid_from", "valid_until", "source"]
    ordering = ["-valid_from"]


def _report(page: ModelAdmin, request: HttpRequest, name: str, work: Callable[[], object]) -> None:
    """Do one service call and tell staff what came of it, in their language."""
    try:
        work()
    except DomainError as refusal:
        page.message_user(request, f"{name}: {refusal}", messages.ERROR)
    else:
        page.message_user(request, _("%(name)s: done.") % {"name": name}, messages.SUCCESS)


# The checklist and what was inspected by it have a module of their own.
__all__ = ["handover_admin", "inspection_admin"]


@admin.register(BalanceRule)
class BalanceRuleAdmin(TermsAdmin):
    """How long a balance may stay unpaid."""

    list_display = ["days", "remind_days", "valid_from", "valid_until", "source"]
    ordering = ["-valid_from"]

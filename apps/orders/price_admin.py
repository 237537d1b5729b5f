"""Why a line of an order cost what it did, for headquarters."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from apps.kernel.api import DomainError, Money, ReadOnlyAdminMixin
from apps.orders import api
from apps.orders.models import OrderItem


class OrderItemInline(ReadOnlyAdminMixin, TabularInline):
    """What was sold."""

    model = OrderItem
    fields = ["position", "sku", "title_zh", "seller", "quantity", "unit_price", "discount", "tax", "total", "why"]
    readonly_fields = fields
    extra = 0

    @admin.display(description=_("Why this price"))
    def why(self, item: OrderItem) -> str:
        """The way to the explanation of its price."""
        page = reverse("admin:orders_customerorder_why", args=[item.order_id, item.pk])
        return format_html('<a class="underline" href="{}">{}</a>', page, _("Explain"))


class ExplainsPrices(ModelAdmin):
    """Adds, to the pages of orders, one for the price of each line."""

    def get_urls(self) -> list:
        """Add the explanation of a line's price."""
        view = self.admin_site.admin_view(self.why_view)
        return [path("<int:pk>/price/<int:item_id>/", view, name="orders_customerorder_why"), *super().get_urls()]

    def why_view(self, request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
        """Derive the price of a line again, from the versions it names or, of older ones, as it was on its day."""
        item = OrderItem.objects.select_related("order").filter(pk=item_id, order=pk).first()
        if item is None or not self.has_view_permission(request, item.order):
            raise Http404
        price = Money(item.unit_price, item.order.currency)
        told, refusal = None, ""
        try:
            told = api.explain_item_price(item)
        except DomainError as error:
            refusal = str(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Why this price"),
            "original": item.order,
            "item": item,
            "unit_price": price,
            "is_same": told is not None and told.total == price,
            "told": told,
            "refusal": refusal,
        }
        return TemplateResponse(request, "admin/catalog/why_price.html", context)

"""Offers and their prices: a new price is a new version, written by the service."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from apps.catalog import api
from apps.catalog.admin.base import CatalogAdmin, ReadOnlyInline
from apps.catalog.models import Offer, OfferPrice, Seller
from apps.kernel.api import Money, ReadOnlyAdminMixin

LOST_BY_WORDS = {
    api.LostBy.MINIMUM: _("another is sold by the piece"),
    api.LostBy.SOLD_OUT: _("sold out"),
    api.LostBy.DEARER: _("another is cheaper"),
    api.LostBy.LATER: _("another is there sooner"),
    api.LostBy.LOWER_SCORE: _("another seller has the better score"),
    api.LostBy.NEWER: _("another was offered first"),
}
MAX_PRICE = Decimal("9999999999.99")


def price_field(label: Any, *, required: bool) -> forms.DecimalField:
    """An amount of yuan above zero."""
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=Decimal("0.01"),
        max_value=MAX_PRICE,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class PriceForm(forms.ModelForm):
    """The price of an offer from now on."""

    price = price_field(_("price from now on"), required=True)
    list_price = price_field(_("list price"), required=False)

    class Meta:
        model = Offer
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = self.instance.prices.filter(valid__upper_inf=True).first()
        if in_force:
            self.fields["price"].initial = in_force.amount
            self.fields["list_price"].initial = in_force.list_amount


class PriceInline(ReadOnlyInline):
    """All versions of the price."""

    model = OfferPrice
    fields = ["amount", "list_amount", "currency", "period", "set_by"]
    readonly_fields = fields
    ordering = ["-valid"]


@admin.register(Offer)
class OfferAdmin(CatalogAdmin):
    """Who sells what at which price."""

    form = PriceForm
    readonly_fields = [
        "sku", "product", "seller_name", "site_code", "more_site_codes", "lead_time_days", "minimum_quantity", "status",
        "standing", "waiting",
    ]  # fmt: skip
    fields = [*readonly_fields, "price", "list_price"]
    list_display = ["sku", "title", "seller_name", "shown_price", "site_code", "lead_time_days", "status"]
    list_filter = ["status", "seller__organization__kind", "product__info__kind"]
    list_select_related = ["product__info", "stock_record", "seller__organization"]
    search_fields = ["sku", "product__title", "product__upc", "seller__organization__name_zh", "site_code"]
    ordering = ["sku"]
    inlines = [PriceInline]
    actions = ["pause", "resume"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """Load what a row shows with the page."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    @display(description=_("product"), ordering="product__title")
    def title(self, offer: Offer) -> str:
        """The product in the reader's language."""
        return offer.product.info.title

    @display(description=_("seller"))
    def seller_name(self, offer: Offer) -> str:
        """The selling organization."""
        return str(offer.seller.organization)

    @display(description=_("price"), ordering="stock_record__price")
    def shown_price(self, offer: Offer) -> str:
        """The price in force."""
        record = offer.stock_record
        return str(Money(record.price, record.price_currency)) if record.price is not None else "–"

    @display(description=_("in the choice of offers"))
    def standing(self, offer: Offer) -> str:
        """Whether lists show it, and if not, by what it lost."""
        told = api.offer_review_state(offer)
        if told.is_shown:
            return str(_("shown to buyers"))
        return str(LOST_BY_WORDS[told.lost_by]) if told.lost_by else "–"

    @display(description=_("waits for review"))
    def waiting(self, offer: Offer) -> str:
        """The price that waits, with its page."""
        change = api.offer_review_state(offer).waiting
        if change is None:
            return "–"
        page = reverse("admin:catalog_pricechange_change", args=[change.pk])
        return format_html('<a class="underline" href="{}">{}</a>', page, Money(change.amount, change.currency))

    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:
        """Set the price through the service."""
        list_price = form.cleaned_data["list_price"]
        api.set_offer_price(
            offer_id=obj.pk,
            amount=Money(form.cleaned_data["price"]),
            list_amount=Money(list_price) if list_price else None,
            by=request.user,
            now=timezone.now(),
        )

    @action(description=_("Take off sale"))
    def pause(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        """Pause the chosen offers."""
        now = timezone.now()
        self.for_each(
            request,
            queryset,
            lambda offer: api.pause_offer(offer_id=offer.pk, by=request.user, now=now),
            _("%(count)s offers were paused."),
        )

    @action(description=_("Put back on sale"))
    def resume(self, request: HttpRequest, queryset: QuerySet[Offer]) -> None:
        """Resume the chosen offers."""
        now = timezone.now()
        self.for_each(
            request,
            queryset,
            lambda offer: api.resume_offer(offer_id=offer.pk, by=request.user, now=now),
            _("%(count)s offers are on sale again."),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Off: sellers make their offers themselves."""
        return False


@admin.register(OfferPrice)
class OfferPriceAdmin(ReadOnlyAdminMixin, CatalogAdmin):
    """Every version of every price."""

    list_display = ["offer", "amount", "list_amount", "currency", "period", "set_by"]
    list_select_related = ["offer", "set_by"]
    search_fields = ["offer__sku"]
    ordering = ["-id"]


@admin.register(Seller)
class SellerAdmin(ReadOnlyAdminMixin, CatalogAdmin):
    """Organizations that sell."""

    list_display = ["organization", "partner"]
    list_select_related = ["organization", "partner"]
    search_fields = ["organization__name_zh", "organization__name_en", "organization__code"]

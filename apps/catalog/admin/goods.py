"""Products of every kind and the tax on them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.catalog import api
from apps.catalog.admin.base import CatalogAdmin
from apps.catalog.models import Fitment, Package, ProductInfo, TaxRate

TEXTS = ["summary_zh", "summary_en", "description_zh", "description_en"]


class ProductForm(forms.ModelForm):
    """A product with its Chinese title, which is Oscar's."""

    title_zh = forms.CharField(label=_("title in Chinese"), max_length=255, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = ProductInfo
        fields = ["title_en", *TEXTS, "brand", "tax_class", "image_key", "attributes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_zh"].initial = self.instance.product.title if self.instance.pk else ""


@admin.register(ProductInfo)
class ProductInfoAdmin(CatalogAdmin):
    """Cars, parts, accessories, packages and services as the shop shows them."""

    form = ProductForm
    fields = ["title_zh", "title_en", *TEXTS, "brand", "tax_class", "image_key", "attributes"]
    list_display = ["product", "title_en", "kind", "brand", "is_published", "shown_offer", "popularity"]
    list_filter = ["kind", "product__is_public", "brand"]
    list_select_related = ["product", "brand", "shown_offer"]
    search_fields = ["product__title", "title_en", "product__upc", "initials", "pinyin"]
    autocomplete_fields = ["brand"]
    ordering = ["product__title"]
    actions = ["publish", "withdraw"]

    @display(description=_("in the shop"), boolean=True)
    def is_published(self, info: ProductInfo) -> bool:
        """Whether the product is public."""
        return info.product.is_public

    def save_model(self, request: HttpRequest, obj: ProductInfo, form: Any, change: bool) -> None:
        """Save through the service, which indexes the product anew."""
        api.edit_product(obj, title_zh=form.cleaned_data["title_zh"], by=request.user, now=timezone.now())

    @action(description=_("Show in the shop"))
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        """Publish the chosen products."""
        ids = list(queryset.values_list("pk", flat=True))
        count = api.publish_products(ids, by=request.user, now=timezone.now())
        self.message_user(request, _("%(count)s products were published.") % {"count": count})

    @action(description=_("Take off the shop"))
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        """Withdraw the chosen products."""
        ids = list(queryset.values_list("pk", flat=True))
        count = api.withdraw_products(ids, by=request.user, now=timezone.now())
        self.message_user(request, _("%(count)s products were withdrawn.") % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Off: products come by import and from suppliers."""
        return False


@admin.register(Fitment)
class FitmentAdmin(CatalogAdmin):
    """Which parts fit which cars."""

    list_display = ["product", "series", "model", "trim", "year_from", "year_to"]
    list_filter = ["series__brand__is_own"]
    list_select_related = ["product", "series", "model", "trim"]
    search_fields = ["product__title", "product__upc", "series__name_zh", "series__name_en"]
    autocomplete_fields = ["series", "model", "trim"]
    raw_id_fields = ["product"]
    ordering = ["product", "series"]


@admin.register(Package)
class PackageAdmin(CatalogAdmin):
    """What maintenance packages entitle to."""

    list_display = ["product", "visits", "months", "km"]
    list_select_related = ["product"]
    search_fields = ["product__title", "product__upc"]
    readonly_fields = ["product"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Off: a package comes with a product."""
        return False


@admin.register(TaxRate)
class TaxRateAdmin(CatalogAdmin):
    """Dated rates of value added tax: a rate once in force is ended, not edited."""

    list_display = ["tax_class", "rate", "valid", "source_zh"]
    list_filter = ["tax_class"]
    search_fields = ["source_zh", "source_en"]
    ordering = ["tax_class", "valid"]

    def get_readonly_fields(self, request: HttpRequest, obj: TaxRate | None = None) -> list[str]:
        """Everything but the period, once it is there."""
        return ["tax_class", "rate", "source_zh", "source_en"] if obj else []

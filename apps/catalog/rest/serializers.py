"""Input and output shapes of products, configurations and offers."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.catalog.models import Configuration
from apps.catalog.policies.offers import LostBy
from apps.catalog.selectors.own_offers import ReviewState, describe_offers
from apps.catalog.selectors.search import MAX_PAGE_SIZE, MAX_PRICE, ORDERINGS
from apps.catalog.states import ProductKind
from apps.kernel.api import Money, in_language
from apps.kernel.rest import MoneyField

MAX_ID = 2**63 - 1
MAX_LEAD_TIME_DAYS = 365
SKU = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$"})
class PriceField(serializers.DecimalField):
    """A price in a query string, in yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(14, 2, min_value=Decimal(0), max_value=MAX_PRICE, **kwargs)


class ProductQuerySerializer(serializers.Serializer):
    """What somebody looks for."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Words in Chinese, pinyin, initials or English; SKUs.",
    )
    kind = serializers.ChoiceField(choices=[kind.value for kind in ProductKind], required=False)
    category = serializers.CharField(required=False, allow_blank=True, max_length=100, help_text="Code of a category.")
    brand = serializers.CharField(required=False, allow_blank=True, max_length=40, help_text="Code of a brand.")
    fits = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_ID, help_text="Product id of a car: what fits it."
    )
    price_min = PriceField(required=False)
    price_max = PriceField(required=False)
    in_stock = serializers.BooleanField(required=False, allow_null=True, default=None)
    ordering = serializers.ChoiceField(choices=ORDERINGS, required=False)
    page = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID, default=1)
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_ID, default=20, help_text=f"More than {MAX_PAGE_SIZE} counts as it."
    )

    def validate_page_size(self, wanted: int) -> int:
        """Give as much as any list of the API gives."""
        return min(wanted, MAX_PAGE_SIZE)


class ProductCardSerializer(serializers.Serializer):
    """A product as a list shows it, in the reader's language."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.CharField(help_text="vehicle, part, accessory, package or service.")
    title = serializers.CharField()
    summary = serializers.CharField()
    image = serializers.SerializerMethodField(help_text="Address of a picture.")
    price = MoneyField(allow_null=True, help_text="Tax included; null while nobody offers it.")
    list_price = MoneyField(allow_null=True, help_text="Recommended price, if it is higher.")
    in_stock = serializers.BooleanField()
    rating = serializers.FloatField(allow_null=True)

    def get_image(self, card: Any) -> str:
        """The absolute address, or "" where there is no picture."""
        return self.context["request"].build_absolute_uri(card.image) if card.image else ""


class FacetValueSerializer(serializers.Serializer):
    """One value to narrow the list by, and how many products it would show."""

    value = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()
    is_selected = serializers.BooleanField()


class PriceRangeSerializer(serializers.Serializer):
    """A range of prices: ``low`` is in it, ``high`` is not (null: open)."""

    low = serializers.IntegerField()
    high = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    is_selected = serializers.BooleanField()


class FacetsSerializer(serializers.Serializer):
    """What the list can be narrowed by; each facet counts under all filters but its own."""

    kind = FacetValueSerializer(many=True)
    category = FacetValueSerializer(many=True)
    brand = FacetValueSerializer(many=True)
    price = PriceRangeSerializer(many=True)


class ProductPageSerializer(serializers.Serializer):
    """A page of products."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ProductCardSerializer(many=True)
    facets = FacetsSerializer()


@extend_schema_field({"type": ["string", "number", "boolean"]})
class FactField(serializers.Field):
    """Text, a number, or truth."""

    def to_representation(self, value: str | float | bool) -> str | float | bool:
        """Return it as it is."""
        return value


class AttributeSerializer(serializers.Serializer):
    """One fact about a product."""

    code = serializers.CharField()
    name = serializers.CharField()
    value = FactField()
    unit = serializers.CharField()


class OptionSerializer(serializers.Serializer):
    """An option as this trim offers it."""

    code = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    price = MoneyField()
    is_default = serializers.BooleanField()
    swatch = serializers.CharField()


class OptionGroupSerializer(serializers.Serializer):
    """The options of one question."""

    code = serializers.CharField()
    name = serializers.CharField()
    selection = serializers.CharField(help_text="ONE (exactly one) or MANY (any number).")
    options = OptionSerializer(many=True)


class OptionRuleSerializer(serializers.Serializer):
    """What goes together and what does not."""

    kind = serializers.CharField(help_text="requires, excludes or includes.")
    option = serializers.CharField()
    other = serializers.CharField()
    reason = serializers.CharField()


class FitmentSerializer(serializers.Serializer):
    """Cars the product fits: a series, or only a model or trim of it; both years are inclusive, null is open."""

    series_code = serializers.CharField()
    series = serializers.CharField()
    model = serializers.CharField()
    trim = serializers.CharField()
    year_from = serializers.IntegerField(allow_null=True)
    year_to = serializers.IntegerField(allow_null=True)


class SellerSerializer(serializers.Serializer):
    """Who sells it at the shown price."""

    code = serializers.CharField(source="seller_code")
    name = serializers.CharField(source="seller")


class OfferSerializer(serializers.Serializer):
    """One seller's offer; the chosen one makes the price above."""

    sku = serializers.CharField()
    seller = serializers.CharField()
    price = MoneyField()
    lead_time_days = serializers.IntegerField()
    in_stock = serializers.BooleanField()
    is_chosen = serializers.BooleanField()
    lost_by = serializers.CharField(
        allow_null=True, help_text=f"Why it was not chosen: {', '.join(reason.value for reason in LostBy)}."
    )


class DeliverySerializer(serializers.Serializer):
    """A way to get it, and the days until then."""

    method = serializers.CharField(help_text="delivery or pickup.")
    lead_time_days = serializers.IntegerField()


class PickupStoreSerializer(serializers.Serializer):
    """A store that hands it over."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    city = serializers.CharField(source="city_name")
    address = serializers.CharField()


class ProductDetailSerializer(ProductCardSerializer):
    """Everything about a product, in the reader's language."""

    description = serializers.CharField()
    images = serializers.SerializerMethodField()
    attributes = AttributeSerializer(many=True)
    options = OptionGroupSerializer(many=True, source="option_groups", help_text="Of cars; empty otherwise.")
    rules = OptionRuleSerializer(many=True, help_text="Rules between the options.")
    fitment = FitmentSerializer(many=True, help_text="Of parts; empty if it fits every car.")
    seller = SellerSerializer(allow_null=True, source="chosen_offer")
    offers = OfferSerializer(many=True)
    delivery = DeliverySerializer(many=True)
    stores = PickupStoreSerializer(many=True)

    def get_images(self, detail: Any) -> list[str]:
        """The absolute addresses of all pictures."""
        return [self.context["request"].build_absolute_uri(url) for url in detail.images]


class ConfigurationRequestSerializer(serializers.Serializer):
    """A choice of options; groups left out take the trim's defaults."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    options = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=100, default=list, help_text="Codes of options."
    )


class BreakdownLineSerializer(serializers.Serializer):
    """One line of the price: the trim (``base``), then each option."""

    code = serializers.CharField()
    title = serializers.SerializerMethodField()
    amount = serializers.SerializerMethodField()
    included_by = serializers.CharField(help_text="The option that brings this one at no charge, or empty.")

    def get_title(self, line: dict[str, str]) -> str:
        """The name in the reader's language."""
        return in_language(line["name_zh"], line["name_en"])

    @extend_schema_field(MoneyField())
    def get_amount(self, line: dict[str, str]) -> dict[str, str]:
        """What it adds to the price."""
        return Money.of(line["amount"], line["currency"]).as_json()


class ConfigurationSerializer(serializers.Serializer):
    """A stored car, complete: choices, defaults and what comes along."""

    id = serializers.UUIDField()
    product_id = serializers.IntegerField()
    options = serializers.ListField(child=serializers.CharField(), source="option_codes")
    price = serializers.SerializerMethodField()
    breakdown = BreakdownLineSerializer(many=True)
    valid = serializers.SerializerMethodField()

    @extend_schema_field(MoneyField())
    def get_price(self, configuration: Configuration) -> dict[str, str]:
        """The price, tax included."""
        return Money(configuration.price, configuration.currency).as_json()

    def get_valid(self, configuration: Configuration) -> bool:
        """Always true: what cannot be built is refused, never stored."""
        return True


class OfferRequestSerializer(serializers.Serializer):
    """A supplier's offer."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    # The service refuses what is not above zero, and keeps that it was tried.
    price = MoneyField(currency="CNY", help_text="Tax included, above zero.")
    lead_time_days = serializers.IntegerField(min_value=0, max_value=MAX_LEAD_TIME_DAYS)
    site = serializers.CharField(max_length=40, help_text="Code of the site it ships from.")
    sites = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=10,
        required=False,
        help_text="Codes of all sites it ships from, the preferred one first; left out, the others stay.",
    )
    minimum_quantity = serializers.IntegerField(
        min_value=1, max_value=999, required=False, help_text="Sold from so many pieces; left out, it stays."
    )
    list_price = MoneyField(
        min_value=Decimal("0.01"), currency="CNY", required=False, help_text="Recommended price, if it is higher."
    )


class SkuSerializer(serializers.Serializer):
    """The SKU of a new offer."""

    sku = serializers.RegexField(
        SKU, error_messages={"invalid": _("Use letters, digits, dots, dashes and underscores, at most 64.")}
    )


class SupplierOfferSerializer(serializers.Serializer):
    """One of the supplier's offers."""

    sku = serializers.CharField()
    product_id = serializers.IntegerField()
    price = serializers.SerializerMethodField()
    lead_time_days = serializers.IntegerField()
    site = serializers.CharField(source="site_code")
    sites = serializers.ListField(
        child=serializers.CharField(), source="site_codes", help_text="In order of preference."
    )
    minimum_quantity = serializers.IntegerField()
    status = serializers.CharField(help_text="ACTIVE or PAUSED.")
    review = serializers.SerializerMethodField(
        help_text=f"Where it stands: {', '.join(state.value for state in ReviewState)}."
    )
    waiting_price = serializers.SerializerMethodField(help_text="The price that waits for review, if one does.")

    @extend_schema_field(MoneyField(allow_null=True))
    def get_price(self, offer: Any) -> dict[str, str] | None:
        """The price in force, tax included; null while the first one waits for review."""
        record = offer.stock_record
        return Money(record.price, record.price_currency).as_json() if record.price is not None else None

    @extend_schema_field(serializers.CharField())
    def get_review(self, offer: Any) -> str:
        """The state in one word."""
        return describe_offers([offer])[0].state.value

    @extend_schema_field(MoneyField(allow_null=True))
    def get_waiting_price(self, offer: Any) -> dict[str, str] | None:
        """The price asked for, tax included."""
        change = describe_offers([offer])[0].waiting
        return Money(change.amount, change.currency).as_json() if change else None

"""Reads of products: cards for lists, one product with everything about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, TextField

from apps.catalog.errors import ProductNotFound
from apps.catalog.models import Fitment, OfferPrice, ProductInfo, Trim
from apps.catalog.pictures import picture_url
from apps.catalog.selectors.builds import Build, load_builds
from apps.catalog.selectors.offers import PricedOffer, available_of, priced_offers, rank_offers, shown_list_price
from apps.catalog.specs import SPECS
from apps.catalog.states import STOCKED_KINDS, ProductKind
from apps.dealers.api import Store, list_stores
from apps.kernel.api import Money, Parameter, in_language, prepared

DELIVERY, PICKUP = "delivery", "pickup"
# A car or part takes so many days more from the shipping site to a store than to a customer's door.
DAYS_TO_STORE = 1
STORES_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class ProductCard:
    """What a list shows of a product. ``price`` None: nobody offers it."""

    id: int
    sku: str
    slug: str
    kind: ProductKind
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    image: str
    image_key: str
    brand_code: str
    price: Money | None
    list_price: Money | None
    in_stock: bool
    rating: float | None
    rating_count: int = 0

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def summary(self) -> str:
        """The summary in the reader's language."""
        return in_language(self.summary_zh, self.summary_en)


@dataclass(frozen=True, kw_only=True)
class OptionView:
    """An option as the trim offers it."""

    code: str
    name: str
    summary: str
    price: Money
    is_default: bool
    swatch: str
    details: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class OptionGroupView:
    """The options of one question; ``selection`` is ONE or MANY."""

    code: str
    name: str
    selection: str
    options: list[OptionView]


@dataclass(frozen=True, kw_only=True)
class RuleView:
    """A rule between two options, for pages that say beforehand what does not go together."""

    kind: str
    option: str
    other: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FitmentView:
    """The cars one line of fitment names; empty model and trim mean all of the series."""

    series_code: str
    series: str
    model: str
    trim: str
    year_from: int | None
    year_to: int | None


@dataclass(frozen=True, kw_only=True)
class AttributeView:
    """One fact about a product. ``value`` is text, number or truth; ``unit`` may be empty."""

    code: str
    name: str
    value: str | int | float | bool
    unit: str


@dataclass(frozen=True, kw_only=True)
class OfferView:
    """One seller's offer; the chosen one is what the price on the page is."""

    sku: str
    seller: str
    seller_code: str
    price: Money
    lead_time_days: int
    in_stock: bool
    is_chosen: bool
    lost_by: str | None


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """A way to get the product, and the days until it is there."""

    method: str
    lead_time_days: int


@dataclass(frozen=True, kw_only=True)
class ProductDetail(ProductCard):
    """Everything about one product."""

    description_zh: str
    description_en: str
    images: list[str]
    attributes: list[AttributeView] = field(default_factory=list)
    option_groups: list[OptionGroupView] = field(default_factory=list)
    rules: list[RuleView] = field(default_factory=list)
    fitment: list[FitmentView] = field(default_factory=list)
    offers: list[OfferView] = field(default_factory=list)
    delivery: list[DeliveryView] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    trim: Trim | None = None
    package: dict[str, int | None] | None = None

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return in_language(self.description_zh, self.description_en)

    @property
    def chosen_offer(self) -> OfferView | None:
        """The offer that makes the shown price."""
        return next((offer for offer in self.offers if offer.is_chosen), None)

    @property
    def seller(self) -> str:
        """Who sells it at the shown price; empty if nobody does."""
        return self.chosen_offer.seller if self.chosen_offer else ""


def cards_of(infos: Sequence[ProductInfo]) -> list[ProductCard]:
    """Cards of products loaded with ``product``, ``brand`` and ``shown_offer__stock_record``; one query more."""
    offer_ids = [info.shown_offer_id for info in infos if info.shown_offer_id]
    prices = {row.offer_id: row for row in OfferPrice.objects.filter(offer__in=offer_ids, valid__upper_inf=True)}
    return [_card(info, prices.get(info.shown_offer_id or 0)) for info in infos]


def list_cards(product_ids: Sequence[int]) -> list[ProductCard]:
    """Cards of these products, public ones only, in the order of the ids."""
    infos = ProductInfo.objects.filter(product__in=product_ids, product__is_public=True).select_related(
        "product", "brand", "shown_offer__stock_record"
    )
    cards = {card.id: card for card in cards_of(list(infos))}
    return [cards[pk] for pk in product_ids if pk in cards]


def _card(info: ProductInfo, version: OfferPrice | None) -> ProductCard:
    offer = info.shown_offer
    price = Money(version.amount, version.currency) if version else None
    list_price = shown_list_price(version) if version else None
    if price and info.shown_price is not None:
        price = Money(info.shown_price, price.currency)
        list_price = Money(info.shown_list_price, price.currency) if info.shown_list_price is not None else None
    return ProductCard(
        **_card_fields(info),
        sku=offer.sku if offer else (info.product.upc or ""),
        price=price,
        list_price=list_price,
        in_stock=offer is not None and (info.kind not in STOCKED_KINDS or available_of(offer.stock_record) > 0),
    )


def get_product(*, product_id: int | None = None, slug: str | None = None, with_stores: bool = True) -> ProductDetail:
    """
    Everything about one public product, by id or by slug; ``with_stores=False`` leaves the stores out.

    :raises ProductNotFound: if there is none
    """
    info = _find(product_id=product_id, slug=slug)
    kind = ProductKind(info.kind)
    offers = priced_offers([info.pk]).get(info.pk, [])
    chosen, verdicts = rank_offers(offers, kind=kind)
    by_id = {offer.offer.pk: offer for offer in offers}
    trim = getattr(info.product, "trim", None)
    build = load_builds([trim])[trim.pk] if trim else None
    package = getattr(info.product, "package", None)
    return ProductDetail(
        **_card_fields(info),
        sku=chosen.offer.sku if chosen else (info.product.upc or ""),
        price=chosen.price if chosen else None,
        list_price=chosen.list_price if chosen else None,
        in_stock=chosen is not None and (kind not in STOCKED_KINDS or chosen.available > 0),
        **_description(info, trim),
        images=[url for url in [picture_url(info.image_key, kind=kind)] if url],
        attributes=list_attributes(info, trim),
        option_groups=_option_groups(build, chosen.price.currency if chosen else "CNY") if build else [],
        rules=_rules(build) if build else [],
        fitment=_fitment(info) if kind in (ProductKind.PART, ProductKind.ACCESSORY) else [],
        offers=[_offer(by_id[verdict.offer_id], kind, verdict) for verdict in verdicts],
        delivery=_delivery(kind, chosen),
        stores=_stores(kind) if with_stores else [],
        trim=trim,
        package={"visits": package.visits, "months": package.months, "km": package.km} if package else None,
    )


def _stores(kind: ProductKind) -> list[Store]:
    return list(list_stores(service="sales" if kind is ProductKind.VEHICLE else "service")[:STORES_SHOWN])


def find_product_id(slug: str) -> int:
    """
    Which public product has this slug; of several the oldest, as on its page.

    :raises ProductNotFound: if there is none
    """
    found = next(iter(_with_slug()(slug=slug)), None)
    if found is None:
        raise ProductNotFound(slug=slug)
    return found.pk


@prepared
def _with_slug() -> QuerySet[ProductInfo]:
    infos = ProductInfo.objects.filter(product__is_public=True, product__slug=Parameter("slug", TextField()))
    return infos.only("product_id").order_by("product_id")[:1]


def _description(info: ProductInfo, trim: Trim | None) -> dict[str, str]:
    """A car without words of its own tells those of its series."""
    if trim is None or info.description_zh:
        return {"description_zh": info.description_zh, "description_en": info.description_en}
    series = trim.model.series
    return {"description_zh": series.description_zh, "description_en": series.description_en}


def _find(*, product_id: int | None, slug: str | None) -> ProductInfo:
    infos = ProductInfo.objects.filter(product__is_public=True).select_related(
        "product__trim__model__series", "product__package", "brand"
    )
    if product_id is not None:
        info = infos.filter(product_id=product_id).first() if 0 < product_id < 2**63 else None
    else:
        info = infos.filter(product__slug=slug).order_by("product_id").first()
    if info is None:
        raise ProductNotFound(product_id=product_id, slug=slug)
    return info


def _card_fields(info: ProductInfo) -> dict[str, Any]:
    return {
        "id": info.pk,
        "slug": info.product.slug,
        "kind": ProductKind(info.kind),
        "title_zh": info.product.title,
        "title_en": info.title_en,
        "summary_zh": info.summary_zh,
        "summary_en": info.summary_en,
        "image": picture_url(info.image_key, kind=info.kind),
        "image_key": info.image_key,
        "brand_code": info.brand.code if info.brand else "",
        "rating": float(info.rating_average) if info.rating_average is not None else None,
        "rating_count": info.rating_count,
    }


def list_attributes(info: ProductInfo, trim: Trim | None) -> list[AttributeView]:
    """The facts about a product in the reader's language, those of a car with its specifications."""
    rows = [
        AttributeView(
            code=row["code"],
            name=in_language(row.get("name_zh", row["code"]), row.get("name_en", row["code"])),
            value=in_language(row["value_zh"], row["value_en"]) if "value_zh" in row else row["value"],
            unit=row.get("unit", ""),
        )
        for row in info.attributes
    ]
    return rows + (list(spec_attributes(trim.specs)) if trim else [])


def spec_attributes(specs: dict[str, Any]) -> list[AttributeView]:
    """The specifications of a trim in the reader's words, in the order in which people compare cars."""
    return [
        AttributeView(code=code, name=str(spec.name), value=spec.show(specs[code]), unit=spec.unit)
        for code, spec in SPECS.items()
        if specs.get(code) is not None
    ]


def _option_groups(build: Build, currency: str) -> list[OptionGroupView]:
    groups: dict[str, OptionGroupView] = {}
    for row in build.options:
        option = row.option
        group = groups.setdefault(
            option.group.code,
            OptionGroupView(
                code=option.group.code, name=option.group.name, selection=option.group.selection, options=[]
            ),
        )
        group.options.append(
            OptionView(
                code=option.code,
                name=option.name,
                summary=option.summary,
                price=Money(row.price_delta, currency),
                is_default=row.is_default,
                swatch=option.swatch,
                details=option.details,
            )
        )
    return list(groups.values())


def _rules(build: Build) -> list[RuleView]:
    offered = {row.option.code for row in build.options}
    return [
        RuleView(
            kind=rule.kind.lower(),
            option=rule.option,
            other=rule.other,
            reason=in_language(rule.reason_zh, rule.reason_en),
        )
        for rule in build.rules
        if rule.option in offered
    ]


def _fitment(info: ProductInfo) -> list[FitmentView]:
    rows = Fitment.objects.filter(product_id=info.pk).select_related("series", "model", "trim")
    return [
        FitmentView(
            series_code=row.series.code,
            series=row.series.name,
            model=row.model.name if row.model else "",
            trim=row.trim.name if row.trim else "",
            year_from=row.year_from,
            year_to=row.year_to,
        )
        for row in rows.order_by("series__position", "series", "id")
    ]


def _offer(offer: PricedOffer, kind: ProductKind, verdict) -> OfferView:
    organization = offer.seller_organization
    return OfferView(
        sku=offer.offer.sku,
        seller=in_language(organization.name_zh, organization.name_en),
        seller_code=organization.code,
        price=offer.price,
        lead_time_days=offer.offer.lead_time_days,
        in_stock=kind not in STOCKED_KINDS or offer.available > 0,
        is_chosen=verdict.chosen,
        lost_by=verdict.lost_by.value if verdict.lost_by else None,
    )


def _delivery(kind: ProductKind, chosen: PricedOffer | None) -> list[DeliveryView]:
    if chosen is None:
        return []
    days = chosen.offer.lead_time_days
    if kind not in STOCKED_KINDS:
        # Nothing travels: the customer comes to a store.
        return [DeliveryView(method=PICKUP, lead_time_days=0)]
    return [
        DeliveryView(method=DELIVERY, lead_time_days=days),
        DeliveryView(method=PICKUP, lead_time_days=days + DAYS_TO_STORE),
    ]

"""Products, cars and offers for tests. Amounts are text: ``make_part(price="120.00")``."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from psycopg2.extras import DateRange, DateTimeTZRange

from apps.accounts.api import Organization
from apps.catalog.api import (
    USUAL_TAX_CLASS,
    Brand,
    CategoryInfo,
    EntryWish,
    Fitment,
    Offer,
    OfferPrice,
    Option,
    OptionGroup,
    OptionRule,
    Package,
    PriceChangeRule,
    PriceListVersion,
    ProductInfo,
    ProductKind,
    Series,
    TaxRate,
    Trim,
    TrimOption,
    VehicleModel,
    draft_version,
    ensure_seller,
    index_products,
    make_price_list,
    product_class,
    refresh_shown_offers,
    set_entries,
    slugify_zh,
)
from apps.shop.api import Category, Product, StockRecord
from tests.factories.dealers import make_organization, make_supplier

# Long before any test's ``now``: whatever is made here is for sale at every instant a test looks at.
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
numbers = count(1)

# Group code → (selects one?, options with extra price; the first is the default).
OPTIONS: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "EXTERIOR": ("ONE", [("PAINT-WHITE", "0.00"), ("PAINT-RED", "3000.00")]),
    "WHEELS": ("ONE", [("WHEEL-18", "0.00"), ("WHEEL-20", "8000.00")]),
    "PACKS": ("MANY", [("PACK-WINTER", "2600.00"), ("PACK-SPORT", "12000.00"), ("PACK-TOW", "5000.00")]),
}


def make_headquarters() -> Organization:
    """The brand's own organization, the same for every call in a test."""
    return Organization.objects.filter(kind="HQ").first() or make_organization(kind="HQ", code="hq")


def make_brand(*, code: str = "XINGCHI", **fields: Any) -> Brand:
    """A brand, the same for every call with one code."""
    defaults = {"name_zh": "星驰", "name_en": "Xingchi", "is_own": code == "XINGCHI", **fields}
    return Brand.objects.get_or_create(code=code, defaults=defaults)[0]


def make_tax_rates() -> None:
    """13 % on goods and repair, 9 % on transport, 6 % on other services, without end."""
    for tax_class, rate in (("GOODS", "0.13"), ("REPAIR", "0.13"), ("TRANSPORT", "0.09"), ("SERVICES", "0.06")):
        if not TaxRate.objects.filter(tax_class=tax_class).exists():
            valid = DateRange(date(2019, 4, 1), None)
            TaxRate.objects.create(tax_class=tax_class, rate=Decimal(rate), valid=valid, source_zh="测试")


def make_category(*, code: str, name_zh: str, parent: Category | None = None) -> Category:
    """A public category."""
    fields = {"name": name_zh, "code": code, "slug": code.lower()}
    return parent.add_child(**fields) if parent else Category.add_root(**fields)


def make_product(*, kind: ProductKind = ProductKind.PART, **fields: Any) -> Product:
    """A public product without an offer; ``fields`` of ``ProductInfo``, or ``title``, ``is_public``, ``categories``."""
    number = next(numbers)
    title = fields.pop("title", f"机油滤清器 {number}")
    categories = fields.pop("categories", [])
    product = Product.objects.create(
        title=title,
        slug=f"{slugify_zh(title)}-{number}",
        upc=fields.pop("upc", f"UPC-{number}"),
        product_class=product_class(kind),
        is_public=fields.pop("is_public", True),
    )
    product.categories.set(categories)
    defaults = {"title_en": f"Oil filter {number}", "brand": make_brand(), "tax_class": USUAL_TAX_CLASS[kind]}
    ProductInfo.objects.create(product=product, kind=kind, **{**defaults, **fields})
    return product


def make_offer(
    *,
    product: Product,
    price: str = "120.00",
    stock: int = 10,
    organization: Organization | None = None,
    list_price: str | None = None,
    sku: str | None = None,
    site_code: str | None = None,
    lead_time_days: int = 2,
) -> Offer:
    """An offer on sale since long ago, with so many pieces shown on Oscar's stock record."""
    make_tax_rates()
    organization = organization or make_supplier().organization
    seller = ensure_seller(organization)
    sku = sku or f"SKU-{next(numbers)}"
    record = StockRecord.objects.create(
        product=product,
        partner=seller.partner,
        partner_sku=sku,
        price=Decimal(price),
        num_in_stock=stock,
        num_allocated=0,
    )
    offer = Offer.objects.create(
        stock_record=record,
        seller=seller,
        product=product,
        sku=sku,
        site_code=site_code or f"site-{organization.code}",
        lead_time_days=lead_time_days,
        created_at=SINCE,
    )
    OfferPrice.objects.create(
        offer=offer,
        amount=Decimal(price),
        list_amount=Decimal(list_price) if list_price else None,
        valid=DateTimeTZRange(SINCE, None),
    )
    refresh_shown_offers([product.pk])
    index_products([product.pk])
    return offer


def make_part(
    *, price: str = "120.00", stock: int = 10, organization: Organization | None = None, **fields: Any
) -> Product:
    """A part (or, with ``kind``, something else) that one supplier offers."""
    offer = {name: fields.pop(name) for name in ("sku", "site_code", "list_price", "lead_time_days") if name in fields}
    product = make_product(**fields)
    make_offer(product=product, price=price, stock=stock, organization=organization, **offer)
    return product


def make_package(*, price: str = "1999.00", visits: int = 4, months: int = 24, km: int | None = 40000) -> Product:
    """A maintenance package that headquarters offers."""
    product = make_product(kind=ProductKind.PACKAGE, title="基础保养套餐", title_en="Basic maintenance package")
    Package.objects.create(product=product, visits=visits, months=months, km=km)
    make_offer(product=product, price=price, stock=0, organization=make_headquarters(), lead_time_days=0)
    return product


def make_series(*, code: str | None = None, **fields: Any) -> Series:
    """A public series."""
    code = code or f"SERIES-{next(numbers)}"
    defaults = {
        "brand": make_brand(),
        "slug": code.lower(),
        "name_zh": f"望舒 {code}",
        "name_en": f"Wangshu {code}",
        "body_type": "sedan",
    }
    return Series.objects.create(code=code, **{**defaults, **fields})


def make_model(*, series: Series | None = None, model_year: int = 2026, **fields: Any) -> VehicleModel:
    """A model of a series."""
    code = f"MODEL-{next(numbers)}"
    defaults = {"code": code, "name_zh": f"纯电 {code}", "name_en": f"Electric {code}", "powertrain": "bev"}
    return VehicleModel.objects.create(series=series or make_series(), model_year=model_year, **{**defaults, **fields})


def make_trim(
    *,
    price: str | None = "169900.00",
    stock: int = 3,
    model: VehicleModel | None = None,
    organization: Organization | None = None,
    site_code: str = "PLANT",
    options: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = OPTIONS,
    **fields: Any,
) -> Trim:
    """A trim with paint, wheels and packs, offered by headquarters at ``price`` (None: not offered)."""
    number = next(numbers)
    model = model or make_model()
    product = make_product(
        kind=ProductKind.VEHICLE,
        title=fields.pop("title", f"星驰望舒 {number} 长续航版"),
        title_en=f"Xingchi Wangshu {number} Long Range",
        brand=model.series.brand,
    )
    defaults = {"code": f"TRIM-{number}", "name_zh": "长续航版", "name_en": "Long Range"}
    trim = Trim.objects.create(model=model, product=product, **{**defaults, **fields})
    add_options(trim, options)
    if price is not None:
        make_offer(
            product=product,
            price=price,
            stock=stock,
            organization=organization or make_headquarters(),
            site_code=site_code,
            lead_time_days=30,
        )
    return trim


def add_options(trim: Trim, options: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = OPTIONS) -> None:
    """Offer options on a trim; in groups of exactly one the first is the default."""
    for position, (group_code, (selection, choices)) in enumerate(options.items()):
        names = {"name_zh": group_code, "name_en": group_code.title(), "position": position, "selection": selection}
        group, _ = OptionGroup.objects.get_or_create(code=group_code, defaults=names)
        for place, (code, delta) in enumerate(choices):
            option, _ = Option.objects.get_or_create(
                code=code, defaults={"group": group, "name_zh": code, "name_en": code.title(), "position": place}
            )
            is_default = selection == "ONE" and place == 0
            TrimOption.objects.create(trim=trim, option=option, price_delta=Decimal(delta), is_default=is_default)


def make_rule(kind: str, option: str, other: str, **fields: Any) -> OptionRule:
    """A rule between two options by code, for every car unless ``model`` or ``trim`` is given."""
    defaults = {"reason_zh": f"{option} 与 {other} 的规则", "reason_en": f"The rule of {option} and {other}."}
    return OptionRule.objects.create(
        kind=kind,
        option=Option.objects.get(code=option),
        other=Option.objects.get(code=other),
        **{**defaults, **fields},
    )


def make_fitment(product: Product, trim: Trim, **fields: Any) -> Fitment:
    """A line of fitment that names the trim's whole series, or what ``fields`` narrow it to."""
    return Fitment.objects.create(product=product, series=trim.model.series, **fields)


def make_change_rule(**fields: Any) -> PriceChangeRule:
    """How far sellers may move prices: 30 % up, 20 % down, three times a week; 400 % up or 80 % down is a mistake."""
    defaults = {
        "rise": "30",
        "fall": "20",
        "refused_rise": "400",
        "refused_fall": "80",
        "most_changes": 3,
        "days": 7,
        "valid": DateTimeTZRange(SINCE, None),
    }
    return PriceChangeRule.objects.create(**{**defaults, **fields})


def make_price_list_version(
    product: Product, *, now: datetime, method: str = "PERCENT", value: str = "-10", **fields: Any
) -> PriceListVersion:
    """A draft that says one thing of one product; ``fields`` of its price list."""
    defaults = {"code": f"LIST-{next(numbers)}", "layer": "CAMPAIGN", "name_zh": "价目表", "name_en": "Price list"}
    price_list = make_price_list(**{**defaults, **fields}, by=None, now=now)
    version = draft_version(price_list_id=price_list.pk, by=None, now=now)
    wish = EntryWish(product.pk, method, Decimal(value))
    return set_entries(version_id=version.pk, entries=[wish], by=None, now=now)


def make_leaf_category(code: str) -> Category:
    """A category of parts under the root ``ROOT``, with their English names and kinds."""
    root = make_category(code="ROOT", name_zh="配件")
    leaf = make_category(code=code, name_zh=code, parent=root)
    for category in (root, leaf):
        CategoryInfo.objects.create(category=category, name_en=category.code.title(), kind="part")
    return leaf

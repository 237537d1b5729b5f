"""What is sold: parts (the families' and the demo's), packages and cars, with the shelf each comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from apps.catalog.api import (
    Fitment,
    Offer,
    OfferPrice,
    ProductInfo,
    Trim,
    TrimOption,
    evaluate_configuration,
    load_parts,
    tax_rate_of,
)
from apps.inventory.api import Site, StockLevel
from apps.portals.staff.large_world.families import pace_of, parts_of
from apps.portals.staff.large_world.scale import Scale
from apps.portals.staff.large_world.tables import NULL, Table, moment

PARTS_CHUNK = 500
# What headquarters keeps of a part it offers as well.
HOUSE_PIECES = 12
# Cars in the series' first weeks on sale: (series, first day of the year's days, factor, days it lasts).
LAUNCHES = (("SHUOYE", 96, 3.2, 56), ("JINGHONG", 215, 3.8, 56))
PAINTS = "EXTERIOR"


@dataclass(frozen=True, slots=True)
class Build:
    """A car as somebody may order it: complete options, price in fen, options in words."""

    codes: tuple[str, ...]
    price: int
    summary: list[dict[str, str]]


@dataclass(slots=True)
class Good:
    """One offer on sale; amounts in fen, the tax rate in ten-thousandths."""

    product_id: int
    offer_id: int
    record_id: int
    partner_id: int
    seller_id: int
    seller_zh: str
    seller_en: str
    sku: str
    slug: str
    title_zh: str
    title_en: str
    brand: str
    kind: str
    price: int
    list_price: int | None
    tax_rate: int
    lead_time_days: int
    pace: float
    site_id: int | None = None
    source_id: int = 0
    level_id: int | None = None
    series: set[str] = field(default_factory=set)
    builds: list[Build] = field(default_factory=list)


@dataclass(frozen=True)
class Assortment:
    """All that is sold, by kind of order."""

    parts: Sequence[Good]
    packages: Sequence[Good]
    cars: Sequence[Good]


def write_products(scale: Scale, *, anchor: datetime, now: datetime, report: Callable[[str], None]) -> None:
    """Write the families' parts through the catalog's own loader, and fill their shelves."""
    opened_at = (anchor - timedelta(days=scale.order_days + 2)).timestamp()
    rows = parts_of(scale.products, seed=scale.seed)
    known = set(Offer.objects.filter(sku__in=[row["sku"] for row in rows]).values_list("sku", flat=True))
    new = [row for row in rows if row["sku"] not in known]
    for start in range(0, len(new), PARTS_CHUNK):
        chunk = new[start : start + PARTS_CHUNK]
        with transaction.atomic():
            ids = load_parts({"parts": chunk}, now=now)
            pieces = {(ids[row["sku"]], site): number for row in chunk for site, number in row["stock"].items()}
            house = {(ids[row["sku"]], offer["site"]): HOUSE_PIECES for row in chunk for offer in row["other_offers"]}
            _fill_shelves(pieces | house, at=opened_at)
        report(f"products: {min(start + PARTS_CHUNK, len(new))} of {len(new)}")
    if not new:
        report("products: all there")


def _fill_shelves(pieces: Mapping[tuple[int, str], int], *, at: float) -> None:
    """Make the offers' shelves, with what they opened with; Oscar's figures follow when the books are closed."""
    offers = Offer.objects.filter(product__in={product for product, _site in pieces})
    records = {(offer.product_id, offer.site_code): offer.stock_record_id for offer in offers}
    sites = dict(Site.objects.values_list("code", "pk"))
    levels = Table("inventory.StockLevel", ("product_id", "site_id", "stock_record_id", "on_hand"))
    movements = Table("inventory.Movement", ("level_id", "kind", "quantity", "cause", "reservation_id", "at"))
    levels.begin()
    movements.begin()
    for (product, site), number in pieces.items():
        level = levels.number()
        levels.add(f"{level}\t{product}\t{sites[site]}\t{records[product, site]}\t{number}")
        if number:
            movements.add(f"{movements.number()}\t{level}\tRECEIVED\t{number}\topening-stock\t{NULL}\t{moment(at)}")
    levels.flush()
    movements.flush()


def read_assortment(*, at: datetime, seed: str) -> Assortment:
    """Read everything that is on sale; shelves that orders will draw on are made where there are none."""
    offers = Offer.objects.filter(product__is_public=True, stock_record__price__isnull=False).select_related(
        "stock_record", "seller__organization", "product"
    )
    shown = set(ProductInfo.objects.exclude(shown_offer=None).values_list("shown_offer", flat=True))
    infos = ProductInfo.objects.select_related("brand").in_bulk()
    rates = {code: int(tax_rate_of(code, on=at.date()) * 10_000) for code in {i.tax_class for i in infos.values()}}
    in_force = OfferPrice.objects.filter(valid__upper_inf=True, list_amount__isnull=False)
    lists = dict(in_force.values_list("offer_id", "list_amount"))
    goods = [
        _good(offer, infos[offer.product_id], rates, lists.get(offer.pk))
        for offer in offers.order_by("pk")
        if offer.product_id in infos and offer.pk in shown
    ]
    _find_shelves(goods, {offer.pk: offer.site_code for offer in offers})
    _find_series(goods)
    cars = _with_builds([good for good in goods if good.kind == "vehicle"], Random(f"{seed}:builds"))  # noqa: S311
    return Assortment(
        parts=[good for good in goods if good.kind in ("part", "accessory")],
        packages=[good for good in goods if good.kind == "package"],
        cars=cars,
    )


def _good(offer: Offer, info: ProductInfo, rates: dict[str, int], list_amount: Decimal | None) -> Good:
    record, seller = offer.stock_record, offer.seller.organization
    return Good(
        product_id=offer.product_id,
        offer_id=offer.pk,
        record_id=record.pk,
        partner_id=record.partner_id,
        seller_id=seller.pk,
        seller_zh=seller.name_zh,
        seller_en=seller.name_en,
        sku=offer.sku,
        slug=offer.product.slug,
        title_zh=offer.product.title,
        title_en=info.title_en,
        brand=info.brand.code if info.brand else "",
        kind=info.kind,
        price=int(record.price * 100),
        list_price=int(list_amount * 100) if list_amount and list_amount > record.price else None,
        tax_rate=rates[info.tax_class],
        lead_time_days=offer.lead_time_days,
        pace=pace_of(offer.sku),
        source_id=seller.pk,
    )


def _find_shelves(goods: Sequence[Good], site_codes: dict[int, str]) -> None:
    """Name the level each offer's pieces come from, made empty where there is none. Packages come from nowhere."""
    sites = {site.code: site for site in Site.objects.select_related("organization")}
    stocked = [good for good in goods if good.kind in ("part", "accessory", "vehicle")]
    levels = {(row.product_id, row.site_id): row for row in StockLevel.objects.all()}
    new = []
    for good in stocked:
        site = sites[site_codes[good.offer_id]]
        good.site_id, good.source_id = site.pk, site.organization_id
        if (good.product_id, site.pk) not in levels:
            new.append(StockLevel(product_id=good.product_id, site=site, stock_record_id=good.record_id))
    for row in StockLevel.objects.bulk_create(new, batch_size=1000):
        levels[row.product_id, row.site_id] = row
    for good in stocked:
        good.level_id = levels[good.product_id, good.site_id].pk


def _find_series(goods: Sequence[Good]) -> None:
    by_product = {good.product_id: good for good in goods}
    for product_id, code in Fitment.objects.filter(product__in=by_product).values_list("product_id", "series__code"):
        by_product[product_id].series.add(code)
    trims = Trim.objects.filter(product__in=by_product)
    for product_id, code in trims.values_list("product_id", "model__series__code"):
        by_product[product_id].series = {code}


def _with_builds(cars: Sequence[Good], random: Random) -> list[Good]:
    """Each car in every paint that can be ordered with the trim's defaults."""
    paints: dict[int, list[str]] = {}
    rows = TrimOption.objects.filter(option__group__code=PAINTS).order_by("trim", "option__position", "option")
    for product_id, code in rows.values_list("trim__product_id", "option__code"):
        paints.setdefault(product_id, []).append(code)
    for car in cars:
        for code in random.sample(paints.get(car.product_id, []), k=min(4, len(paints.get(car.product_id, [])))) or [
            ""
        ]:
            view = evaluate_configuration(car.product_id, [code] if code else [])
            if view.valid:
                car.builds.append(Build(view.selected, int(view.price.amount * 100), _words(view.breakdown)))
    return [car for car in cars if car.builds]


def _words(breakdown: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {
            "group_zh": line["group"],
            "group_en": line["group"],
            "name_zh": line["name_zh"],
            "name_en": line["name_en"],
            "price": {"amount": line["amount"], "currency": line["currency"]},
        }
        for line in breakdown
        if line.get("group")
    ]

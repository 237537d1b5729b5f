"""Products and offers by the hundred: a handful of statements, whatever the number."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import connection, transaction
from psycopg2.extras import DateTimeTZRange

from apps.accounts.api import Organization
from apps.catalog.models import Offer, OfferPrice, ProductInfo
from apps.catalog.services.offers import ensure_seller
from apps.catalog.services.price_versions import TICK
from apps.catalog.services.products import product_class
from apps.catalog.slugs import slugify_zh
from apps.catalog.states import USUAL_TAX_CLASS, ProductKind, TaxClass
from apps.kernel.api import Money
from apps.shop.api import Category, Product, ProductCategory, StockRecord

BATCH = 500
# What a second run changes; slug, publication, popularity and date belong to whoever runs the shop.
INFO_FIELDS = (
    "kind", "tax_class", "brand", "title_en", "summary_zh", "summary_en", "description_zh", "description_en",
    "image_key", "attributes",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProductRow:
    """A product to write; ``code`` (stored as Oscar's UPC) says which one it is on the next run."""

    code: str
    kind: ProductKind
    title_zh: str
    title_en: str
    summary_zh: str = ""
    summary_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    brand_id: int | None = None
    image_key: str = ""
    popularity: int = 0
    is_public: bool = True
    tax_class: TaxClass | None = None
    categories: Sequence[str] = ()
    attributes: Sequence[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class OfferRow:
    """An offer to write; the organization is named by its code."""

    sku: str
    product_id: int
    organization: str
    price: Money
    list_price: Money | None
    lead_time_days: int
    site: str
    more_sites: tuple[str, ...] = ()


@transaction.atomic
def upsert_products(rows: Sequence[ProductRow], *, now: datetime) -> dict[str, int]:
    """Create or update products with their companions and categories; the id of each by its code."""
    classes = {kind: product_class(kind) for kind in {row.kind for row in rows}}
    slugs = _free_slugs(rows)
    ids: dict[str, int] = {}
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        products = Product.objects.bulk_create(
            [
                Product(
                    upc=row.code,
                    title=row.title_zh,
                    slug=slugs[row.code],
                    product_class=classes[row.kind],
                    is_public=row.is_public,
                )
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["upc"],
            update_fields=["title", "product_class", "date_updated"],
        )
        ids |= {product.upc: product.pk for product in products}
        ProductInfo.objects.bulk_create(
            [_info(row, ids[row.code]) for row in batch],
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=list(INFO_FIELDS),
        )
    _categorize(rows, ids)
    return ids


@transaction.atomic
def upsert_offers(rows: Sequence[OfferRow], *, now: datetime) -> dict[str, int]:
    """Create or update offers, with a new version of each price that changed; the id of each by its SKU."""
    organizations = {org.code: org for org in Organization.objects.filter(code__in={row.organization for row in rows})}
    sellers = {code: ensure_seller(organization) for code, organization in organizations.items()}
    known = {offer.sku: offer for offer in Offer.objects.filter(sku__in=[row.sku for row in rows])}
    new = [row for row in rows if row.sku not in known]
    records = StockRecord.objects.bulk_create(
        [
            StockRecord(
                product_id=row.product_id,
                partner_id=sellers[row.organization].partner_id,
                partner_sku=row.sku,
                price=row.price.amount,
                price_currency=row.price.currency,
                num_in_stock=0,
                num_allocated=0,
            )
            for row in new
        ],
        batch_size=BATCH,
    )
    offers = Offer.objects.bulk_create(
        [
            Offer(
                stock_record=record,
                seller=sellers[row.organization],
                product_id=row.product_id,
                sku=row.sku,
                site_code=row.site,
                more_site_codes=list(row.more_sites),
                lead_time_days=row.lead_time_days,
                created_at=now,
            )
            for row, record in zip(new, records, strict=True)
        ],
        batch_size=BATCH,
    )
    OfferPrice.objects.bulk_create(
        [
            OfferPrice(
                offer=offer,
                amount=row.price.amount,
                list_amount=row.list_price.amount if row.list_price else None,
                currency=row.price.currency,
                valid=DateTimeTZRange(now, None),
            )
            for row, offer in zip(new, offers, strict=True)
        ],
        batch_size=BATCH,
    )
    _update_offers([row for row in rows if row.sku in known], known, now=now)
    return {sku: offer.pk for sku, offer in known.items()} | {offer.sku: offer.pk for offer in offers}


def _info(row: ProductRow, product_id: int) -> ProductInfo:
    return ProductInfo(
        product_id=product_id,
        kind=row.kind,
        tax_class=row.tax_class or USUAL_TAX_CLASS[row.kind],
        brand_id=row.brand_id,
        title_en=row.title_en,
        summary_zh=row.summary_zh,
        summary_en=row.summary_en,
        description_zh=row.description_zh,
        description_en=row.description_en,
        image_key=row.image_key,
        attributes=list(row.attributes),
        popularity=row.popularity,
    )


def _free_slugs(rows: Sequence[ProductRow]) -> dict[str, str]:
    """A slug of the title for each row, with its code where another product has that slug already."""
    wanted = {row.code: slugify_zh(row.title_zh) for row in rows}
    taken = dict(Product.objects.filter(slug__in=wanted.values()).values_list("slug", "upc"))
    slugs: dict[str, str] = {}
    for code, slug in wanted.items():
        if taken.setdefault(slug, code) == code:
            slugs[code] = slug
        else:
            slugs[code] = slugify_zh(f"{slug} {code}")
    return slugs


def _categorize(rows: Sequence[ProductRow], ids: Mapping[str, int]) -> None:
    codes = {code for row in rows for code in row.categories}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "pk"))
    wanted = {(ids[row.code], categories[code]) for row in rows for code in row.categories}
    have = dict.fromkeys(
        ProductCategory.objects.filter(product__in=ids.values()).values_list("product_id", "category_id")
    )
    ProductCategory.objects.bulk_create(
        [ProductCategory(product_id=product, category_id=category) for product, category in wanted - set(have)]
    )
    for product, category in set(have) - wanted:
        ProductCategory.objects.filter(product_id=product, category_id=category).delete()


def _update_offers(rows: Iterable[OfferRow], known: Mapping[str, Offer], *, now: datetime) -> None:
    changed = []
    for row in rows:
        offer = known[row.sku]
        # A row that names no more sites leaves those that are there.
        more = list(row.more_sites) or [code for code in offer.more_site_codes if code != row.site]
        if (offer.lead_time_days, offer.site_code, offer.more_site_codes) != (row.lead_time_days, row.site, more):
            offer.lead_time_days, offer.site_code, offer.more_site_codes = row.lead_time_days, row.site, more
            changed.append(offer)
    Offer.objects.bulk_update(changed, ["lead_time_days", "site_code", "more_site_codes"])
    _change_prices({known[row.sku].pk: row for row in rows}, now=now)


def _change_prices(rows: Mapping[int, OfferRow], *, now: datetime) -> None:
    """Close the versions in force that read different from the rows (by offer id), and open new ones."""
    old = OfferPrice.objects.filter(offer__in=rows, valid__upper_inf=True).select_related("offer")
    changed = [
        price for price in old if (price.amount, price.list_amount, price.currency) != _amounts(rows[price.offer_id])
    ]
    new = []
    for price in changed:
        # Two changes within one instant: the first one was in force for a moment.
        starts = max(now, price.valid.lower + TICK)
        price.valid = DateTimeTZRange(price.valid.lower, starts)
        amount, list_amount, currency = _amounts(rows[price.offer_id])
        new.append(
            OfferPrice(
                offer_id=price.offer_id,
                amount=amount,
                list_amount=list_amount,
                currency=currency,
                valid=DateTimeTZRange(starts, None),
            )
        )
    OfferPrice.objects.bulk_update(changed, ["valid"], batch_size=BATCH)
    OfferPrice.objects.bulk_create(new, batch_size=BATCH)
    records = []
    for price in changed:
        row = rows[price.offer_id]
        records.append(
            StockRecord(pk=price.offer.stock_record_id, price=row.price.amount, price_currency=row.price.currency)
        )
    # Only the price: the numbers on these rows belong to inventory.
    StockRecord.objects.bulk_update(records, ["price", "price_currency"], batch_size=BATCH)


def _amounts(row: OfferRow) -> tuple[Decimal, Decimal | None, str]:
    return row.price.amount, row.list_price.amount if row.list_price else None, row.price.currency


def remove_offers(skus: Collection[str] | Any) -> None:
    """Remove offers with their prices and stock records; foreign keys refuse where somebody bought or stocks them."""
    offers = Offer.objects.filter(sku__in=list(skus)).values_list("pk", "stock_record_id")
    ids = [pk for pk, _record in offers]
    records = [record for _pk, record in offers]
    if not ids:
        return
    ProductInfo.objects.filter(shown_offer__in=ids).update(shown_offer=None)
    with pgtrigger.ignore("catalog.OfferPrice:never_deleted"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_pricechange WHERE offer_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM catalog_offerprice WHERE offer_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM catalog_offer WHERE id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM partner_stockrecord WHERE id = ANY(%s)", [records])

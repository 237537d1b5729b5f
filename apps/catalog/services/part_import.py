"""
Importing parts: what the import engine of the kernel asks of an app, answered for parts and their offers.

A part is known by its SKU: Oscar's UPC of the product, and the SKU of the one offer a row may carry. Its image is all
that a row can change; everything else about the product (slug, popularity, other sellers' offers) stays.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Fitment, Offer, OfferPrice, ProductInfo
from apps.catalog.policies.part_rows import COLUMNS, MESSAGES, parse_part
from apps.catalog.services.bulk import OfferRow, ProductRow, remove_offers, upsert_offers, upsert_products
from apps.catalog.services.part_directory import PartDirectory
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.states import USUAL_TAX_CLASS, ProductKind, TaxClass
from apps.events.api import ProductChanged
from apps.kernel.api import Money, imports, outbox
from apps.shop.api import Product, ProductCategory

TEXTS = ("title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en")
OFFER_FIELDS = ("price", "list_price", "lead_time_days", "seller", "site")
LEAD_TIME_DAYS = 3
# In this order: each table's rows refer to those of the next.
OWNED_TABLES = ("catalog_offerchoice", "catalogue_productcategory", "catalog_fitment", "catalog_productinfo")


class PartImport:
    """Answers ``kernel.imports.parts``."""

    code = "parts"
    title = _("Parts and accessories")
    permission = "catalog.change_productinfo"
    columns = COLUMNS
    messages = MESSAGES

    def parse(self, cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
        """Read one row."""
        return parse_part(cells)

    def snapshot(
        self, keys: Collection[str], *, context: "imports.ImportContext", lock: bool = False
    ) -> dict[str, "imports.Image | None"]:
        """The images of parts by SKU, in five queries."""
        if lock:
            locked = ProductInfo.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
            list(locked.filter(product__upc__in=keys).values_list("pk", flat=True))
        infos = {info.pk: info for info in ProductInfo.objects.filter(product__upc__in=keys).select_related("product")}
        categories = _grouped(
            ProductCategory.objects.filter(product__in=infos).values_list("product_id", "category__code")
        )
        fitments = _grouped(
            (line[0], list(line[1:]))
            for line in Fitment.objects.filter(product__in=infos).values_list(
                "product_id", "series_id", "model_id", "trim_id", "year_from", "year_to"
            )
        )
        offers = _offer_images(keys, infos)
        images: dict[str, imports.Image | None] = dict.fromkeys(keys)
        for info in infos.values():
            sku = info.product.upc
            images[sku] = {
                **{name: getattr(info, name) for name in TEXTS if name != "title_zh"},
                "title_zh": info.product.title,
                "kind": info.kind,
                "tax_class": info.tax_class,
                "brand": info.brand_id,
                "image_key": info.image_key,
                "attributes": info.attributes,
                "published": info.product.is_public,
                "categories": sorted(code or "" for code in categories.get(info.pk, [])),
                "fitment": sorted(fitments.get(info.pk, []), key=str),
                "offer": offers.get(sku),
            }
        return images

    def merge(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        *,
        context: "imports.ImportContext",
    ) -> dict[str, "imports.Image | list[imports.Problem]"]:
        """Lay rows over images; what they name (categories, cars, sellers …) is looked up for all at once."""
        directory = PartDirectory(rows)
        return {sku: _merge(sku, payload, images.get(sku), directory) for sku, payload in rows.items()}

    def write(self, images: Mapping[str, "imports.Image"], *, context: "imports.ImportContext") -> None:
        """Make parts look like their images, in a number of statements that does not grow with theirs."""
        now = context.now
        ids = upsert_products([_product_row(sku, image) for sku, image in images.items()], now=now)
        _publish(images, ids)
        _replace_fitments({ids[sku]: image["fitment"] for sku, image in images.items()})
        upsert_offers(
            [_offer_row(sku, ids[sku], image["offer"]) for sku, image in images.items() if image["offer"]], now=now
        )
        remove_offers([sku for sku, image in images.items() if image["offer"] is None])
        refresh_shown_offers(ids.values())
        index_products(list(ids.values()))
        outbox.record_many([ProductChanged(product_id=pk) for pk in ids.values()], at=now)

    def remove(self, keys: Collection[str], *, context: "imports.ImportContext") -> None:
        """
        Remove parts that an import made and that nothing refers to yet.

        The one place where price versions are deleted: those of a part that was never ordered, stocked or put into a
        cart (a foreign key would refuse), so no past price is lost that anybody could ask for. The audit trail keeps
        them.
        """
        ids = list(Product.objects.filter(upc__in=keys).values_list("pk", flat=True))
        remove_offers(Offer.objects.filter(product__in=ids).values_list("sku", flat=True))
        with connection.cursor() as cursor:
            for table in OWNED_TABLES:
                cursor.execute(f"DELETE FROM {table} WHERE product_id = ANY(%s)", [ids])  # noqa: S608 - our constants
            cursor.execute("DELETE FROM catalogue_product WHERE id = ANY(%s)", [ids])
        outbox.record_many([ProductChanged(product_id=pk) for pk in ids], at=context.now)


def _merge(
    sku: str, payload: Mapping[str, Any], image: "imports.Image | None", directory: PartDirectory
) -> "imports.Image | list[imports.Problem]":
    problems = directory.problems_of(sku, payload, image)
    if problems:
        return problems
    new: dict[str, Any] = dict(image) if image else {}
    for name in TEXTS:
        new[name] = payload.get(name, new.get(name, ""))
    if payload.get("category"):
        new["categories"] = [payload["category"]]
        new["kind"] = payload.get("kind") or directory.kind_of(payload["category"])
    elif payload.get("kind"):
        new["kind"] = payload["kind"]
    if "brand" in payload:
        new["brand"] = directory.brands[payload["brand"]] if payload["brand"] else None
    if "icon" in payload:
        new["image_key"] = f"parts/{payload['icon']}" if payload["icon"] else ""
    if "attributes" in payload:
        new["attributes"] = payload["attributes"]
    if "fitment" in payload:
        new["fitment"] = sorted(directory.fitment_of(payload["fitment"]), key=str)
    if payload.get("published") is not None:
        new["published"] = payload["published"]
    if image is None:
        usual = {"brand": None, "image_key": "", "attributes": [], "fitment": [], "published": True}
        new = {**usual, **new, "tax_class": str(USUAL_TAX_CLASS[ProductKind(new["kind"])]), "offer": None}
    new["offer"] = _merge_offer(payload, new["offer"])
    return new


def _merge_offer(payload: Mapping[str, Any], offer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    given = {name: payload[name] for name in OFFER_FIELDS if payload.get(name) not in (None, "")}
    if offer is None:
        if not given:
            return None
        return {"lead_time_days": LEAD_TIME_DAYS, "list_price": None, "currency": "CNY", **given}
    if "list_price" in payload:
        given["list_price"] = payload["list_price"] or None
    return {**offer, **given}


def _offer_images(keys: Collection[str], infos: Mapping[int, ProductInfo]) -> dict[str, dict[str, Any]]:
    offers = Offer.objects.filter(sku__in=keys, product__in=infos).values_list(
        "pk", "sku", "seller__organization__code", "site_code", "lead_time_days"
    )
    rows = {pk: (sku, seller, site, days) for pk, sku, seller, site, days in offers}
    prices = OfferPrice.objects.filter(offer__in=rows, valid__upper_inf=True)
    in_force = {price.offer_id: price for price in prices}
    return {
        sku: {
            "seller": seller,
            "site": site,
            "lead_time_days": days,
            "price": str(in_force[pk].amount),
            "list_price": None if in_force[pk].list_amount is None else str(in_force[pk].list_amount),
            "currency": in_force[pk].currency,
        }
        for pk, (sku, seller, site, days) in rows.items()
        if pk in in_force
    }


def _grouped(pairs: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _product_row(sku: str, image: "imports.Image") -> ProductRow:
    return ProductRow(
        code=sku,
        kind=ProductKind(image["kind"]),
        brand_id=image["brand"],
        image_key=image["image_key"],
        is_public=image["published"],
        tax_class=TaxClass(image["tax_class"]),
        categories=image["categories"],
        attributes=image["attributes"],
        **{name: image[name] for name in TEXTS},
    )


def _offer_row(sku: str, product_id: int, offer: Mapping[str, Any]) -> OfferRow:
    return OfferRow(
        sku=sku,
        product_id=product_id,
        organization=offer["seller"],
        price=Money(Decimal(offer["price"]), offer["currency"]),
        list_price=Money(Decimal(offer["list_price"]), offer["currency"]) if offer["list_price"] else None,
        lead_time_days=offer["lead_time_days"],
        site=offer["site"],
    )


def _publish(images: Mapping[str, "imports.Image"], ids: Mapping[str, int]) -> None:
    for flag in (True, False):
        wanted = [ids[sku] for sku, image in images.items() if image["published"] is flag]
        Product.objects.filter(pk__in=wanted, is_public=not flag).update(is_public=flag)


def _replace_fitments(wanted: Mapping[int, Sequence[Sequence[Any]]]) -> None:
    have = {
        (row[1], tuple(row[2:])): row[0]
        for row in Fitment.objects.filter(product__in=wanted).values_list(
            "pk", "product_id", "series_id", "model_id", "trim_id", "year_from", "year_to"
        )
    }
    lines = {(product, tuple(line)) for product, rows in wanted.items() for line in rows}
    Fitment.objects.filter(pk__in=[pk for line, pk in have.items() if line not in lines]).delete()
    names = ("series_id", "model_id", "trim_id", "year_from", "year_to")
    Fitment.objects.bulk_create(
        [
            Fitment(product_id=product, **dict(zip(names, line, strict=True)))
            for product, line in sorted(lines - set(have), key=str)
        ]
    )

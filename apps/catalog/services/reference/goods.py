"""Parts, accessories and maintenance packages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from apps.accounts.api import Organization, OrganizationKind
from apps.catalog.models import Brand, Fitment, Package, Series, VehicleModel
from apps.catalog.services.bulk import OfferRow, ProductRow, upsert_offers, upsert_products
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.services.reference.cars import spread
from apps.catalog.states import ProductKind
from apps.kernel.api import Money

# One line of fitment: product, series, model, first and last model year.
FitmentKey = tuple[int, int, int | None, int | None, int | None]


@transaction.atomic
def load_parts(
    data: Mapping[str, Any], *, now: datetime, owners: Mapping[str, str] = MappingProxyType({})
) -> dict[str, int]:
    """
    Write ``parts.json``; the product id of each part by its SKU.

    The supplier's offer takes the part's SKU, another seller's the SKU with the seller's name behind it.
    ``owners`` says by code whose a site is: an offer ships from all sites of its seller that keep the part.
    """
    brands = _load_brands(data["parts"])
    product_ids = upsert_products([_part(row, brands[row["brand_en"]]) for row in data["parts"]], now=now)
    series = dict(Series.objects.filter(brand__is_own=True).values_list("code", "pk"))
    models = dict(VehicleModel.objects.filter(series__brand__is_own=True).values_list("code", "pk"))
    _load_fitments(
        product_ids.values(),
        {
            (
                product_ids[row["sku"]],
                series[line["series"]],
                models[line["model"]] if line.get("model") else None,
                line["year_from"],
                line["year_to"],
            )
            for row in data["parts"]
            for line in row["fitment"]
        },
    )
    offers = [offer for row in data["parts"] for offer in _offers(row, product_ids[row["sku"]], owners)]
    upsert_offers(offers, now=now)
    refresh_shown_offers(product_ids.values())
    index_products(list(product_ids.values()))
    return product_ids


@transaction.atomic
def load_packages(data: Mapping[str, Any], *, site: str, now: datetime) -> dict[str, int]:
    """Write ``packages.json``; the product id of each package by its code. Headquarters sells them from ``site``."""
    headquarters = Organization.objects.get(kind=OrganizationKind.HQ)
    brand = Brand.objects.filter(is_own=True).order_by("pk").first()
    services = {row["code"]: row for row in data["services"]}
    rows = data["packages"]
    product_ids = upsert_products([_package(row, brand.pk if brand else None) for row in rows], now=now)
    Package.objects.bulk_create(
        [
            Package(
                product_id=product_ids[row["code"]],
                visits=max(entitlement["count"] for entitlement in row["entitlements"]),
                months=row["months"],
                km=row["km"],
                entitlements=[
                    {
                        "service": entitlement["service"],
                        "name_zh": services[entitlement["service"]]["name_zh"],
                        "name_en": services[entitlement["service"]]["name_en"],
                        "count": entitlement["count"],
                    }
                    for entitlement in row["entitlements"]
                ],
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["visits", "months", "km", "entitlements"],
    )
    models = {model.code: model for model in VehicleModel.objects.filter(series__brand__is_own=True)}
    _load_fitments(
        product_ids.values(),
        {
            (product_ids[row["code"]], models[code].series_id, models[code].pk, None, None)
            for row in rows
            for code in row["models"]
        },
    )
    upsert_offers(
        [
            OfferRow(
                sku=row["code"],
                product_id=product_ids[row["code"]],
                organization=headquarters.code,
                price=Money.of(row["price"]),
                list_price=Money.of(row["list_price"]),
                lead_time_days=0,
                site=site,
            )
            for row in rows
        ],
        now=now,
    )
    refresh_shown_offers(product_ids.values())
    index_products(list(product_ids.values()))
    return product_ids


def _load_brands(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    names = {row["brand_en"]: row["brand_zh"] for row in rows}
    brands = Brand.objects.bulk_create(
        [Brand(code=slugify(english).upper(), name_zh=chinese, name_en=english) for english, chinese in names.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en"],
    )
    return {brand.name_en: brand.pk for brand in brands}


def _part(row: Mapping[str, Any], brand_id: int) -> ProductRow:
    attributes = [
        {
            "code": fact["key"],
            "name_zh": fact["name_zh"],
            "name_en": fact["name_en"],
            "value_zh": fact["value_zh"],
            "value_en": fact["value_en"],
        }
        for fact in row["attributes"]
    ]
    weight = {"code": "weight", "name_zh": "重量", "name_en": "Weight", "value": row["weight_g"], "unit": "g"}
    return ProductRow(
        code=row["sku"],
        kind=ProductKind(row["kind"]),
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        summary_zh=row["summary_zh"],
        summary_en=row["summary_en"],
        description_zh=row.get("description_zh", ""),
        description_en=row.get("description_en", ""),
        brand_id=brand_id,
        image_key=f"parts/{row['icon']}",
        popularity=spread(row["sku"]),
        categories=[row["category"]],
        attributes=[*attributes, weight],
    )


def _package(row: Mapping[str, Any], brand_id: int | None) -> ProductRow:
    return ProductRow(
        code=row["code"],
        kind=ProductKind.PACKAGE,
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        summary_zh=row["summary_zh"],
        summary_en=row["summary_en"],
        brand_id=brand_id,
        image_key=f"packages/{row['code'].lower()}",
        popularity=spread(row["code"]),
        tax_class=row["tax_class"],
        categories=[row["category"]],
    )


def _offers(row: Mapping[str, Any], product_id: int, owners: Mapping[str, str]) -> Iterable[OfferRow]:
    def others_of(seller: str, site: str) -> tuple[str, ...]:
        return tuple(code for code in row["stock"] if code != site and owners.get(code) == seller)

    yield OfferRow(
        sku=row["sku"],
        product_id=product_id,
        organization=row["supplier"],
        price=Money.of(row["price"]),
        list_price=Money.of(row["list_price"]),
        lead_time_days=row["lead_time_days"],
        site=row["site"],
        more_sites=others_of(row["supplier"], row["site"]),
    )
    for other in row["other_offers"]:
        yield OfferRow(
            sku=f"{row['sku']}-{other['seller'].rpartition('-')[2]}",
            product_id=product_id,
            organization=other["seller"],
            price=Money.of(other["price"]),
            list_price=Money.of(row["list_price"]),
            lead_time_days=other["lead_time_days"],
            site=other["site"],
            more_sites=others_of(other["seller"], other["site"]),
        )


def _load_fitments(product_ids: Iterable[int], wanted: set[FitmentKey]) -> None:
    """Write what each product fits, and take back what it no longer does."""
    have = {
        (row.product_id, row.series_id, row.model_id, row.year_from, row.year_to): row.pk
        for row in Fitment.objects.filter(product__in=list(product_ids), trim=None)
    }
    Fitment.objects.bulk_create(
        [
            Fitment(product_id=product, series_id=of_series, model_id=model, year_from=year_from, year_to=year_to)
            for product, of_series, model, year_from, year_to in wanted - set(have)
        ],
        batch_size=1000,
    )
    Fitment.objects.filter(pk__in=[pk for key, pk in have.items() if key not in wanted]).delete()

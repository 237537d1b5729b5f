"""The brand's own cars: series, models, trims, options and rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar
from zlib import crc32

from django.db import transaction
from django.db.models import Model

from apps.accounts.api import Organization, OrganizationKind
from apps.catalog.models import (
    Brand,
    Option,
    OptionGroup,
    OptionRule,
    Series,
    Trim,
    TrimOption,
    VehicleModel,
)
from apps.catalog.services.bulk import OfferRow, ProductRow, upsert_offers, upsert_products
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.states import ProductKind, RuleKind, Selection
from apps.kernel.api import Money

M = TypeVar("M", bound=Model)
code_of = attrgetter("code")
LEAD_TIME_DAYS = 14
OPTION_WORDS = {"code", "group", "name_zh", "name_en", "summary_zh", "summary_en", "hex"}


@transaction.atomic
def load_vehicles(data: Mapping[str, Any], *, site: str, now: datetime) -> dict[str, int]:
    """
    Write ``vehicles.json``; the product id of each trim by its code.

    Headquarters offers every trim at its recommended price, shipped from ``site``.
    """
    brand = _load_brand(data["brand"])
    series = _load_series(data["series"], brand)
    models = _load_models(data["models"], series)
    options = _load_options(data)
    series_of = {row["code"]: row["series"] for row in data["models"]}
    body_of = {row["code"]: row["body_type"] for row in data["series"]}
    product_ids = upsert_products(
        [_product(row, series_of[row["model"]], body_of, brand) for row in data["trims"]], now=now
    )
    trims = _load_trims(data["trims"], models, product_ids)
    _load_trim_options(data["trims"], trims, options)
    _load_rules(data["rules"], models, trims, options)
    headquarters = Organization.objects.get(kind=OrganizationKind.HQ)
    upsert_offers(
        [
            OfferRow(
                sku=row["code"],
                product_id=product_ids[row["code"]],
                organization=headquarters.code,
                price=Money.of(row["msrp"]),
                list_price=None,
                lead_time_days=LEAD_TIME_DAYS,
                site=site,
            )
            for row in data["trims"]
        ],
        now=now,
    )
    refresh_shown_offers(product_ids.values())
    index_products(list(product_ids.values()))
    return product_ids


def _load_brand(row: Mapping[str, Any]) -> Brand:
    names = {"name_zh": row["name_zh"], "name_en": row["name_en"], "is_own": True}
    return Brand.objects.update_or_create(code=row["code"], defaults=names)[0]


def _load_series(rows: Sequence[Mapping[str, Any]], brand: Brand) -> dict[str, Series]:
    texts = ("name", "tagline", "summary", "description")
    return _upsert(
        Series,
        [
            Series(
                brand=brand,
                code=row["code"],
                slug=row["code"].lower(),
                body_type=row["body_type"].lower(),
                details={name: row[name] for name in ("highlights", "warranty", "launch_year") if name in row},
                image_key=_picture_key(row["code"], row["paint"]),
                position=position,
                **{f"{text}_{language}": row[f"{text}_{language}"] for text in texts for language in ("zh", "en")},
            )
            for position, row in enumerate(rows)
        ],
        unique=["brand", "code"],
        keep=["slug", "is_public"],
    )


def _load_models(rows: Sequence[Mapping[str, Any]], series: Mapping[str, Series]) -> dict[str, VehicleModel]:
    return _upsert(
        VehicleModel,
        [
            VehicleModel(
                series=series[row["series"]],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                model_year=row["model_year"],
                powertrain=row["powertrain"].lower(),
            )
            for row in rows
        ],
        unique=["series", "code"],
    )


def _load_options(data: Mapping[str, Any]) -> dict[str, Option]:
    selections = {"one": Selection.ONE, "any": Selection.MANY}
    groups = _upsert(
        OptionGroup,
        [
            OptionGroup(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                selection=selections[row["choose"]],
                position=position,
            )
            for position, row in enumerate(data["option_groups"])
        ],
        unique=["code"],
    )
    return _upsert(
        Option,
        [
            Option(
                group=groups[row["group"]],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                summary_zh=row.get("summary_zh", ""),
                summary_en=row.get("summary_en", ""),
                swatch=row.get("hex", ""),
                details={name: value for name, value in row.items() if name not in OPTION_WORDS},
                position=position,
            )
            for position, row in enumerate(data["options"])
        ],
        unique=["code"],
    )


def _product(row: Mapping[str, Any], series: str, body_of: Mapping[str, str], brand: Brand) -> ProductRow:
    paint = next((code for code in row["defaults"] if code.startswith("PAINT-")), "")
    return ProductRow(
        code=row["code"],
        kind=ProductKind.VEHICLE,
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        summary_zh=row["summary_zh"],
        summary_en=row["summary_en"],
        brand_id=brand.pk,
        image_key=_picture_key(series, paint),
        popularity=spread(row["code"]),
        categories=[f"VEHICLE-{body_of[series]}"],
    )


def _picture_key(series: str, paint: str) -> str:
    return f"vehicles/{series.lower()}/{paint.removeprefix('PAINT-').lower()}"


def spread(code: str) -> int:
    """A popularity to begin with: the same on every machine, and not the order of the file."""
    return crc32(code.encode()) % 1000


def _load_trims(
    rows: Sequence[Mapping[str, Any]], models: Mapping[str, VehicleModel], product_ids: Mapping[str, int]
) -> dict[str, Trim]:
    return _upsert(
        Trim,
        [
            Trim(
                model=models[row["model"]],
                product_id=product_ids[row["code"]],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                specs=row["specs"],
                equipment_zh=row["equipment_zh"],
                equipment_en=row["equipment_en"],
                position=position,
            )
            for position, row in enumerate(rows)
        ],
        unique=["model", "code"],
        keep=["product", "source_code", "source_digest"],
    )


def _load_trim_options(
    rows: Sequence[Mapping[str, Any]], trims: Mapping[str, Trim], options: Mapping[str, Option]
) -> None:
    """Write what each trim offers, and withdraw what it no longer does."""
    wanted = {
        (trims[row["code"]].pk, options[code].pk): (Decimal(delta), code in row["defaults"])
        for row in rows
        for code, delta in row["options"].items()
    }
    have = {(row.trim_id, row.option_id): row for row in TrimOption.objects.filter(trim__in=trims.values())}
    TrimOption.objects.bulk_create(
        [
            TrimOption(trim_id=trim, option_id=option, price_delta=delta, is_default=is_default)
            for (trim, option), (delta, is_default) in wanted.items()
            if (trim, option) not in have
        ],
        batch_size=1000,
    )
    changed = []
    for key, row in have.items():
        if key in wanted and (row.price_delta, row.is_default) != wanted[key]:
            row.price_delta, row.is_default = wanted[key]
            changed.append(row)
    TrimOption.objects.bulk_update(changed, ["price_delta", "is_default"], batch_size=500)
    gone = [row.pk for key, row in have.items() if key not in wanted]
    TrimOption.objects.filter(pk__in=gone).delete()


def _load_rules(
    rows: Sequence[Mapping[str, Any]],
    models: Mapping[str, VehicleModel],
    trims: Mapping[str, Trim],
    options: Mapping[str, Option],
) -> None:
    rules = []
    for row in rows:
        kind, option, other = _sentence(row)
        scopes = [{"model": models[code]} for code in row["models"]] + [{"trim": trims[code]} for code in row["trims"]]
        rules += [
            OptionRule(
                kind=kind,
                option=options[option],
                other=options[other],
                reason_zh=row["reason_zh"],
                reason_en=row["reason_en"],
                **scope,
            )
            for scope in scopes
        ]
    OptionRule.objects.bulk_create(
        rules,
        update_conflicts=True,
        unique_fields=["kind", "option", "other", "model", "trim"],
        update_fields=["reason_zh", "reason_en"],
    )


def _sentence(row: Mapping[str, Any]) -> tuple[RuleKind, str, str]:
    """The rule with the option that acts first: what is included in a pack is included by it."""
    if row["kind"] == "included_in":
        return RuleKind.INCLUDES, row["other"], row["option"]
    return RuleKind(row["kind"].upper()), row["option"], row["other"]


def _upsert(model: type[M], rows: list[M], *, unique: list[str], keep: Sequence[str] = ()) -> dict[str, M]:
    """Create or update rows that carry a ``code``; all their fields but ``keep`` follow the data."""
    fixed = {model._meta.pk.name, *unique, *keep}
    fields = [field.name for field in model._meta.concrete_fields if field.name not in fixed]
    written = model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=fields
    )
    return {code_of(row): row for row in written}

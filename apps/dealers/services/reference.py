"""Write the reference data of dealers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from psycopg2.extras import DateRange

from apps.accounts.api import Organization
from apps.dealers.models import Authorization, Dealer, LevelBenefit, Quota, Store, StoreDay, Territory
from apps.dealers.policies import WEEKDAYS
from apps.dealers.states import AuthorizationKind, DealerLevel, DealerStatus, LevelBenefitKind

STORE_FIELDS = [
    "name_zh", "name_en", "province", "province_en", "province_code", "city", "city_en", "city_code", "district",
    "district_en", "district_code", "address_zh", "address_en", "latitude", "longitude", "phone", "opening_hours",
    "time_zone", "has_sales", "has_service", "is_open",
]  # fmt: skip


@transaction.atomic
def load_dealers(data: Mapping[str, Any], *, regions: Mapping[str, Any], now: datetime) -> dict[str, Store]:
    """
    Write ``dealers.json``: approved dealers, their stores and authorizations; the stores by code.

    The organizations are made by accounts beforehand, under the same codes. ``regions`` is ``regions.json``.
    """
    dealers = _load_dealers(data["dealers"], now=now)
    places = {row[0]: row for row in regions["rows"]}
    Store.objects.bulk_create(
        [_store(row, dealers[row["dealer"]], places) for row in data["stores"]],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=STORE_FIELDS,
    )
    _load_authorizations(data["authorizations"], dealers)
    stores = {store.code: store for store in Store.objects.filter(code__in=[row["code"] for row in data["stores"]])}
    _load_territories(data.get("territories", []), dealers)
    _load_benefits(data.get("level_benefits", []))
    _load_quotas(data.get("quotas", []), dealers)
    _load_days(data.get("special_days", []), stores)
    return stores


def _load_territories(rows: Sequence[Mapping[str, Any]], dealers: Mapping[str, Dealer]) -> None:
    """Write the territories of dealers that never had one; what runs is ended in the admin, not by data."""
    had = set(Territory.objects.filter(dealer__in=dealers.values()).values_list("dealer_id", flat=True))
    Territory.objects.bulk_create(
        Territory(
            dealer=dealers[row["dealer"]],
            brand_code=row["brand"],
            region_code=row["region"],
            kind=AuthorizationKind(row["kind"]),
            is_exclusive=row["exclusive"],
            valid=DateRange(date.fromisoformat(row["valid_from"]), _day(row["valid_to"])),
        )
        for row in rows
        if dealers[row["dealer"]].pk not in had
    )


def _load_benefits(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the benefits that nobody set yet."""
    known = set(LevelBenefit.objects.values_list("level", "benefit"))
    LevelBenefit.objects.bulk_create(
        LevelBenefit(
            level=DealerLevel(row["level"]),
            benefit=LevelBenefitKind(row["benefit"]),
            value=Decimal(row["value"]),
            valid=DateRange(date.fromisoformat(row["valid_from"]), None),
        )
        for row in rows
        if (row["level"], row["benefit"]) not in known
    )


def _load_quotas(rows: Sequence[Mapping[str, Any]], dealers: Mapping[str, Dealer]) -> None:
    """Write the quotas of dealers that have none for the vehicles."""
    known = set(Quota.objects.filter(dealer__in=dealers.values()).values_list("dealer_id", "series_code", "model_code"))
    Quota.objects.bulk_create(
        Quota(
            dealer=dealers[row["dealer"]],
            series_code=row["series"],
            model_code=row["model"],
            period=DateRange(date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"])),
            vehicles=row["vehicles"],
        )
        for row in rows
        if (dealers[row["dealer"]].pk, row["series"], row["model"]) not in known
    )


def _load_days(rows: Sequence[Mapping[str, Any]], stores: Mapping[str, Store]) -> None:
    """Write special days of all stores; a day that has a rule keeps it."""
    StoreDay.objects.bulk_create(
        [
            StoreDay(store=store, day=day, spans=row["spans"], note_zh=row["note_zh"], note_en=row["note_en"])
            for row in rows
            for store in stores.values()
            for day in _days(row["first_day"], row["last_day"])
        ],
        ignore_conflicts=True,
    )


def _days(first_day: str, last_day: str) -> list[date]:
    first, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _load_dealers(rows: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Dealer]:
    codes = [row["code"] for row in rows]
    organizations = dict(Organization.objects.filter(code__in=codes).values_list("code", "pk"))
    Dealer.objects.bulk_create(
        [
            Dealer(
                organization_id=organizations[row["code"]],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                level=DealerLevel(row["level"]),
                status=DealerStatus.APPROVED,
                created_at=now,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "level"],
    )
    dealers = {dealer.code: dealer for dealer in Dealer.objects.filter(code__in=codes)}
    for row in rows:
        dealers[row["code"]].parent = dealers[row["parent"]] if row["parent"] else None
    Dealer.objects.bulk_update(dealers.values(), ["parent"])
    return dealers


def _store(row: Mapping[str, Any], dealer: Dealer, places: Mapping[str, Sequence[Any]]) -> Store:
    _code, _parent, _level, zh, en = range(5)
    named = {}
    for level in ("province", "city", "district"):
        place = places[row[level]]
        named |= {level: place[zh], f"{level}_en": place[en], f"{level}_code": row[level]}
    return Store(
        dealer=dealer,
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        address_zh=row["address_zh"],
        address_en=row["address_en"],
        latitude=Decimal(str(row["lat"])),
        longitude=Decimal(str(row["lng"])),
        phone=row["phone"],
        opening_hours={WEEKDAYS[int(day) - 1]: spans for day, spans in row["opening_hours"].items() if spans},
        time_zone=row["time_zone"],
        has_sales="SALES" in row["services"],
        has_service="SERVICE" in row["services"],
        **named,
    )


def _load_authorizations(rows: Sequence[Mapping[str, Any]], dealers: Mapping[str, Dealer]) -> None:
    """Write the authorizations that are not there yet; one that runs is ended in the admin, not by data."""
    known = {
        (row.dealer_id, row.brand_code, row.region_code, row.kind, row.valid.lower)
        for row in Authorization.objects.filter(dealer__in=dealers.values())
    }
    Authorization.objects.bulk_create(
        [
            Authorization(
                dealer=dealers[row["dealer"]],
                brand_code=row["brand"],
                region_code=row["region"],
                kind=AuthorizationKind(row["kind"]),
                valid=DateRange(date.fromisoformat(row["valid_from"]), _day(row["valid_to"])),
            )
            for row in rows
            if _key(row, dealers) not in known
        ]
    )


def _key(row: Mapping[str, Any], dealers: Mapping[str, Dealer]) -> tuple[int, str, str, str, date]:
    starts_on = date.fromisoformat(row["valid_from"])
    return dealers[row["dealer"]].pk, row["brand"], row["region"], row["kind"], starts_on


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Dealers, stores, authorizations and suppliers for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from psycopg2.extras import DateRange

from apps.accounts.api import Organization
from apps.dealers.api import Authorization, AuthorizationKind, Dealer, DealerStatus, Store
from apps.suppliers.api import Supplier, SupplierStatus

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
numbers = count(1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def make_organization(*, kind: str = "DEALER", code: str | None = None, **fields: Any) -> Organization:
    """An organization."""
    code = code or f"{kind.lower()}-{next(numbers)}"
    names = {"name_zh": f"机构 {code}", "name_en": f"Organization {code}"}
    return Organization.objects.create(kind=kind, code=code, **{**names, "created_at": NOW, **fields})


def make_dealer(*, organization: Organization | None = None, **fields: Any) -> Dealer:
    """An approved dealer."""
    organization = organization or make_organization(kind="DEALER")
    defaults = {
        "code": organization.code,
        "name_zh": organization.name_zh,
        "name_en": organization.name_en,
        "status": DealerStatus.APPROVED,
        "created_at": NOW,
    }
    return Dealer.objects.create(organization=organization, **{**defaults, **fields})


def make_store(*, dealer: Dealer | None = None, **fields: Any) -> Store:
    """An open store in Shanghai's Pudong."""
    number = next(numbers)
    defaults = {
        "dealer": dealer or make_dealer(),
        "code": f"store-{number}",
        "name_zh": f"上海门店 {number}",
        "name_en": f"Shanghai store {number}",
        "province": "上海市",
        "province_en": "Shanghai",
        "province_code": "310000",
        "city": "上海市",
        "city_en": "Shanghai",
        "city_code": "310100",
        "district": "浦东新区",
        "district_en": "Pudong",
        "district_code": "310115",
        "address_zh": "世纪大道 1 号",
        "address_en": "1 Century Avenue",
        "latitude": Decimal("31.2304"),
        "longitude": Decimal("121.4737"),
        "phone": "021-5000 0000",
        "opening_hours": {day: [["09:00", "18:00"]] for day in WEEK},
    }
    return Store.objects.create(**{**defaults, **fields})


def make_authorization(
    *,
    dealer: Dealer,
    brand_code: str = "XINGCHI",
    region_code: str = "310000",
    kind: AuthorizationKind = AuthorizationKind.SALES,
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
) -> Authorization:
    """A dated authorization of a dealer."""
    return Authorization.objects.create(
        dealer=dealer,
        brand_code=brand_code,
        region_code=region_code,
        kind=kind,
        valid=DateRange(starts_on, ends_on),
    )


def make_supplier(*, organization: Organization | None = None, **fields: Any) -> Supplier:
    """An approved supplier."""
    organization = organization or make_organization(kind="SUPPLIER")
    defaults = {
        "code": organization.code,
        "name_zh": organization.name_zh,
        "name_en": organization.name_en,
        "status": SupplierStatus.APPROVED,
        "score": Decimal(80),
        "created_at": NOW,
    }
    return Supplier.objects.create(organization=organization, **{**defaults, **fields})

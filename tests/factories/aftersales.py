"""Cars on the road, packages, workshops and visits, for tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.api import User
from apps.aftersales import api
from apps.catalog.api import Package, Trim
from apps.dealers.api import AuthorizationKind, Store
from apps.kernel.api import Money
from apps.scheduling.api import Resource, ResourceKind
from tests.factories.accounts import make_user, numbers
from tests.factories.catalog import make_package, make_trim
from tests.factories.dealers import make_authorization, make_store
from tests.factories.orders import make_vin
from tests.factories.scheduling import make_resource


def make_owner(**fields: Any) -> User:
    """Somebody with a verified phone number."""
    return make_user(phone=f"138{next(numbers):08d}", **fields)


def make_vehicle(
    *,
    owner: User | None = None,
    trim: Trim | None = None,
    in_service_on: date = date(2025, 6, 1),
    kilometres: int = 12_000,
    now: datetime,
) -> api.Vehicle:
    """A car on the road; with ``owner``, whose papers were seen."""
    trim = trim or make_trim()
    vehicle = api.register_vehicle(vin=make_vin(), product_id=trim.product_id, in_service_on=in_service_on, now=now)
    vehicle.kilometres = kilometres
    vehicle.save(update_fields=["kilometres"])
    if owner is not None:
        api.own_by_handover(vehicle=vehicle, member=owner, now=now)
    return vehicle


def make_entitlement(
    *, holder: User, vehicle: api.Vehicle | None = None, count: int = 5, paid: str = "1000.00", now: datetime
) -> api.Entitlement:
    """A package of so many oil services, for two years and 40,000 km."""
    product = make_package()
    Package.objects.filter(product=product).update(
        entitlements=[
            {"service": "OIL-SERVICE", "name_zh": "机油机滤更换", "name_en": "Oil and filter change", "count": count}
        ]
    )
    return api.grant_package(
        product_id=product.pk,
        holder=holder,
        cause=f"test:{next(numbers)}",
        paid=Money.of(paid),
        vehicle=vehicle,
        now=now,
    )


def make_item(code: str = "OIL-SERVICE", *, minutes: int = 45, price: str = "180.00", **fields: Any) -> api.ServiceItem:
    """A piece of work."""
    names = {"name_zh": f"项目 {code}", "name_en": f"Work {code}", "minutes": minutes, "labour_price": Decimal(price)}
    return api.ServiceItem.objects.update_or_create(code=code, defaults={**names, **fields})[0]


def make_workshop(store: Store | None = None, *, bays: int = 1, **rules: Any) -> list[Resource]:
    """Bays of a store whose dealer may service the brand in Shanghai."""
    store = store or make_store()
    make_authorization(dealer=store.dealer, kind=AuthorizationKind.SERVICE)
    rules = {"slot_minutes": 30, "buffer_minutes": 0, **rules}
    return [make_resource(store=store, kind=ResourceKind.BAY, **rules) for _ in range(bays)]


def next_time(store: Store, *, minutes: int = 60, now: datetime) -> datetime:
    """The first free time of a store's bays from the day after tomorrow on."""
    slots = api.list_service_times(
        store_id=store.pk, minutes=minutes, first_day=(now + timedelta(days=2)).date(), days=3, now=now
    )
    return next(slot.starts_at for slot in slots if slot.is_free)


def book_visit(store: Store, *, member: User, now: datetime, **changes: Any) -> api.ServiceVisit:
    """A visit of a car of its own to a store's workshop, for an oil service."""
    if not member.phone:
        member.set_phone(f"136{next(numbers):08d}", verified=True)
        member.save()
    bays = Resource.objects.filter(store=store, kind=ResourceKind.BAY)
    if not bays.exists():
        make_workshop(store)
    vehicle = changes.pop("vehicle", None) or make_vehicle(owner=member, now=now)
    values = {
        "vehicle_id": vehicle.pk,
        "store_id": store.pk,
        "starts_at": next_time(store, now=now),
        "services": [api.Wish(code=make_item().code)],
        "by": member,
        "now": now,
    }
    return api.book_service(**{**values, **changes})

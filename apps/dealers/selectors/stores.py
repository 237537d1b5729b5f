"""Stores: where they are, how far, and when they are open."""

from datetime import date, timedelta
from math import cos, radians

from django.db.models import F, FloatField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Radians, Sin, Sqrt

from apps.dealers import policies
from apps.dealers.errors import UnknownStore
from apps.dealers.models import Store, StoreDay
from apps.dealers.states import DealerStatus, StoreService

DAYS_AHEAD = 8


def list_stores(
    *,
    near: tuple[float, float] | None = None,
    service: str | None = None,
    city: str | None = None,
    radius_km: float | None = None,
) -> QuerySet[Store]:
    """
    Open stores of approved dealers; with ``near`` (degrees north, degrees east) the nearest first.

    ``distance_km`` is annotated, None without ``near``. ``service`` is "sales" or "service". ``city`` is a city's name
    in Chinese or English, with or without 市, or its region code. ``radius_km`` needs ``near``.
    """
    stores = Store.objects.select_related("dealer").filter(is_open=True, dealer__status=DealerStatus.APPROVED)
    if service == StoreService.SALES:
        stores = stores.filter(has_sales=True)
    elif service == StoreService.SERVICE:
        stores = stores.filter(has_service=True)
    if city:
        name = city.strip()
        stores = stores.filter(Q(city=name) | Q(city=f"{name}市") | Q(city_en__iexact=name) | Q(city_code=name))
    if near is None:
        return stores.annotate(distance_km=Value(None, output_field=FloatField())).order_by("city_code", "code")
    if radius_km is not None:
        stores = _within_box(stores, near, radius_km)
    stores = stores.annotate(distance_km=_distance_km(*near))
    if radius_km is not None:
        stores = stores.filter(distance_km__lte=radius_km)
    return stores.order_by("distance_km", "code")


def get_store(store_id: int) -> Store:
    """
    An open store of an approved dealer, with its dealer.

    :raises UnknownStore: if there is none, or it is closed
    """
    # An id beyond what the column holds is as unknown as any other.
    store = list_stores().filter(pk=store_id).first() if 0 < store_id < 2**63 else None
    if store is None:
        raise UnknownStore(store_id=store_id)
    return store


def find_store(code: str) -> Store:
    """
    An open store of an approved dealer by its code, in whatever case, with its dealer.

    :raises UnknownStore: if there is none, or it is closed
    """
    store = list_stores().filter(code__iexact=code).first()
    if store is None:
        raise UnknownStore(code=code)
    return store


def with_special_days(stores: QuerySet[Store], *, on: date) -> QuerySet[Store]:
    """Stores with their special days from yesterday to a week ahead loaded: one more query, however many stores."""
    near = StoreDay.objects.filter(day__range=(on - timedelta(days=1), on + timedelta(days=DAYS_AHEAD)))
    return stores.prefetch_related(Prefetch("days", near.order_by("day"), to_attr="near_days"))


def special_days_of(store: Store) -> dict[date, list[list[str]]]:
    """Return the hours of a store's special days by day; near ones where ``with_special_days`` loaded them."""
    days = getattr(store, "near_days", None)
    if days is None:
        days = store.near_days = list(store.days.all())
    return {entry.day: entry.spans for entry in days}


def _within_box(stores: QuerySet[Store], near: tuple[float, float], radius_km: float) -> QuerySet[Store]:
    box = policies.bounding_box(*near, radius_km)
    inside = Q(longitude__range=(box.west, box.east))
    # A box over the 180th meridian comes out on the other side of the map.
    inside |= Q(longitude__range=(box.west + 360, box.east + 360)) | Q(
        longitude__range=(box.west - 360, box.east - 360)
    )
    return stores.filter(inside, latitude__range=(box.south, box.north))


def _distance_km(latitude: float, longitude: float):
    """Haversine, in kilometres: 2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2))."""
    store_latitude = Radians(Cast(F("latitude"), FloatField()))
    store_longitude = Radians(Cast(F("longitude"), FloatField()))
    north = Sin((store_latitude - radians(latitude)) / 2.0)
    east = Sin((store_longitude - radians(longitude)) / 2.0)
    h = north * north + Cos(store_latitude) * cos(radians(latitude)) * east * east
    # At the antipode rounding may carry the sum a hair over 1; asin would refuse it.
    return ASin(Sqrt(Least(h, Value(1.0)))) * (2 * policies.EARTH_RADIUS_KM)

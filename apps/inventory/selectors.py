"""Reads of inventory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Count, F, QuerySet, Sum

from apps.dealers.api import ChinaRegion, DealerStatus, Store, get_region, list_regions
from apps.inventory.errors import UnknownPlace, UnknownSite
from apps.inventory.models import Site, StockLevel, Unit, UnitHold
from apps.inventory.states import UnitStatus
from apps.kernel.api import in_language


def availability_by_site(product_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the pieces free to promise per product id and site code; sites without any are left out."""
    free: dict[int, dict[str, int]] = defaultdict(dict)
    rows = StockLevel.objects.filter(product_id__in=list(product_ids)).values_list(
        "product_id", "site__code", F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    )
    for product_id, site_code, pieces in rows:
        if pieces > 0:
            free[product_id][site_code] = pieces
    return dict(free)


def stock_at_stores(product_id: int) -> list[tuple[Store, int]]:
    """Return the open stores that have pieces of a product free to promise, and how many, most first; one query."""
    free = F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    rows = (
        StockLevel.objects.filter(
            product_id=product_id, site__store__is_open=True, site__store__dealer__status=DealerStatus.APPROVED
        )
        .annotate(free=free)
        .filter(free__gt=0)
        .select_related("site__store__dealer")
        .order_by("-free", "site__code")
    )
    return [(level.site.store, level.free) for level in rows]


def availability(product_ids: Iterable[int]) -> dict[int, int]:
    """Return the pieces free to promise per product id over all sites; products without any are left out."""
    return {product_id: sum(sites.values()) for product_id, sites in availability_by_site(product_ids).items()}


def list_sites() -> QuerySet[Site]:
    """Return all sites with their organization."""
    return Site.objects.select_related("organization", "store")


def list_own_sites(organization_id: int, *, is_open: bool = True) -> QuerySet[Site]:
    """Return an organization's sites by code: those that are open, or those that were closed."""
    return Site.objects.filter(organization_id=organization_id, closed_at__isnull=is_open).order_by("code")


def access_site(*, site_code: str, organization_id: int) -> Site:
    """
    One of an organization's own sites, open or closed.

    :raises UnknownSite: if it has none of that code; another's reads alike
    """
    site = Site.objects.filter(code=site_code, organization_id=organization_id).first()
    if site is None:
        raise UnknownSite(site=site_code)
    return site


def what_lies_at(site_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return (pieces on hand, vehicles) per site; empty sites are left out."""
    found: dict[int, tuple[int, int]] = {}
    ids = list(site_ids)
    pieces = StockLevel.objects.filter(site__in=ids).values_list("site_id").annotate(pieces=Sum("on_hand"))
    vehicles = dict(
        Unit.objects.filter(site__in=ids)
        .exclude(status=UnitStatus.DELIVERED)
        .values_list("site_id")
        .annotate(vehicles=Count("pk"))
    )
    for site_id, on_hand in [*pieces, *((site_id, 0) for site_id in vehicles)]:
        found[site_id] = (max(on_hand, found.get(site_id, (0, 0))[0]), vehicles.get(site_id, 0))
    return {site_id: counts for site_id, counts in found.items() if any(counts)}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A district; ``center`` is about where its city lies, as (north, east)."""

    code: str
    city: str
    city_en: str
    center: tuple[float, float] | None


def find_place(*, province: str, city: str, district: str) -> Place:
    """
    Return the place that an address names, in Chinese or English, with or without 省, 市, 区.

    :raises UnknownPlace: if there is no such province, city or district; ``fields`` says which
    """
    found: list[ChinaRegion] = []
    for level, name in (("province", province), ("city", city), ("district", district)):
        parent = found[-1].code if found else None
        region = _regions_by_name().get((level, parent, fold_region(name)))
        if region is None:
            raise UnknownPlace(fields={level: [str(UnknownPlace(place=name))]}, place=name)
        found.append(region)
    in_city = found[1]
    return Place(code=found[-1].code, city=in_city.name, city_en=in_city.name_en, center=in_city.place or _near(found))


def name_place(code: str) -> tuple[str, str, str]:
    """Return province, city and district of a region by name, as a form shows them; empty where there is none."""
    names = {"province": "", "city": "", "district": ""}
    region = get_region(code) if code else None
    while region is not None:
        names[region.level] = region.name
        region = get_region(region.parent) if region.parent else None
    return names["province"], names["city"], names["district"]


def fold_region(name: str) -> str:
    """Fold what people leave out or add: case, spaces, and the kind of place at the end."""
    folded = name.strip().lower().replace(" ", "")
    for ending in ("district", "city", "province", "省", "市", "区", "县"):
        if len(folded) > len(ending) + 1:
            folded = folded.removesuffix(ending)
    return folded


@cache
def _regions_by_name() -> dict[tuple[str, str | None, str], ChinaRegion]:
    return {
        (region.level, region.parent, fold_region(name)): region
        for region in list_regions("province", "city", "district")
        for name in (region.name_en, region.name_zh)
    }


def _near(found: list[ChinaRegion]) -> tuple[float, float] | None:
    """Of a city whose center nobody noted: that of the first city of its province, which is the capital."""
    cities = (region for region in list_regions("city") if region.parent == found[0].code and region.place)
    return next((region.place for region in cities), None)


def get_unit(cause: str) -> Unit | None:
    """Return the vehicle assigned to ``cause``, if one is."""
    hold = UnitHold.objects.select_related("unit").filter(cause=cause, is_live=True).first()
    return hold.unit if hold else None


# Upper ends of the bands in days, as car makers' dealer reports have them; the last band is open.
AGE_BANDS = (30, 60, 90)
AGEING_FROM_DAYS = 61


@dataclass(frozen=True, kw_only=True)
class OwnUnit:
    """A vehicle at a place of an organization; ``days`` since it was received, ``band`` from 0 (new) to 3 (old)."""

    vin: str
    title: str
    status: str
    status_text: str
    site: str
    option_codes: tuple[str, ...]
    received_at: datetime
    days: int
    band: int


def list_own_units(organization_id: int, *, now: datetime) -> list[OwnUnit]:
    """List the vehicles at an organization's places that no buyer has yet, the oldest first; two queries."""
    units = (
        Unit.objects.filter(site__organization=organization_id)
        .exclude(status=UnitStatus.DELIVERED)
        .select_related("site", "product__info")
        .order_by("received_at", "pk")
    )
    return [_own_unit(unit, days=max((now - unit.received_at).days, 0)) for unit in units]


def list_own_levels(organization_id: int) -> QuerySet[StockLevel]:
    """Return the stock figures of what else is kept at an organization's places, with ``free`` to promise."""
    free = F("on_hand") - F("safety_stock") - F("reserved") - F("allocated")
    levels = StockLevel.objects.filter(site__organization=organization_id, product__units__isnull=True)
    promised = F("reserved") + F("allocated")
    return (
        levels.annotate(free=free, promised=promised)
        .select_related("site", "product__info")
        .order_by("site__code", "product_id")
    )


def age_band(days: int) -> int:
    """Return the band of an age: 0 up to 30 days, 1 up to 60, 2 up to 90, 3 beyond."""
    return next((band for band, most in enumerate(AGE_BANDS) if days <= most), len(AGE_BANDS))


def _own_unit(unit: Unit, *, days: int) -> OwnUnit:
    return OwnUnit(
        vin=unit.vin,
        title=unit.product.info.title,
        status=unit.status,
        status_text=unit.get_status_display(),
        site=in_language(unit.site.name_zh, unit.site.name_en),
        option_codes=tuple(unit.option_codes),
        received_at=unit.received_at,
        days=days,
        band=age_band(days),
    )

"""The sites that keep stock of a chosen offer, as routing wants to see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from apps.accounts.api import OrganizationKind
from apps.catalog.api import LineQuote
from apps.dealers.api import AuthorizationKind, is_authorized
from apps.inventory.api import StockLevel
from apps.orders.policies.freight import VEHICLE_KIND
from apps.orders.policies.routing import SiteOption
from apps.orders.selectors.regions import Region


@dataclass(frozen=True)
class StockSite:
    """One site with free pieces of one product, and whom it belongs to."""

    product_id: int
    site_id: int
    code: str
    organization_id: int
    organization_kind: str
    dealer_id: int | None
    store_id: int | None
    place: tuple[float, float]
    available: int


def list_stock_sites(stock_records: Mapping[int, int]) -> dict[int, list[StockSite]]:
    """Return the sites of each product's offer (``{product id: stock record id}``), in one query, by site code."""
    sites: dict[int, list[StockSite]] = defaultdict(list)
    if not stock_records:
        return {}
    rows = (
        StockLevel.objects.filter(product_id__in=stock_records, stock_record_id__in=set(stock_records.values()))
        .order_by("site__code")
        .values_list(
            "product_id",
            "stock_record_id",
            F("on_hand") - F("safety_stock") - F("reserved") - F("allocated"),
            "site_id",
            "site__code",
            "site__organization_id",
            "site__organization__kind",
            "site__store__dealer_id",
            "site__store_id",
            "site__latitude",
            "site__longitude",
        )
    )
    for product_id, record_id, free, *site, latitude, longitude in rows:
        if stock_records[product_id] == record_id:
            place = (float(latitude), float(longitude))
            sites[product_id].append(StockSite(product_id, *site, place=place, available=max(free, 0)))
    return dict(sites)


def as_options(
    sites: Sequence[StockSite], quote: LineQuote, *, region: Region | None, at: datetime
) -> list[SiteOption]:
    """Return the sites as routing's options for a quoted line."""
    return [
        option_of(
            site,
            kind=quote.kind,
            brand_code=quote.brand_code,
            lead_time_days=quote.lead_time_days,
            region=region,
            at=at,
        )
        for site in sites
    ]


def option_of(
    site: StockSite,
    *,
    kind: str,
    brand_code: str,
    lead_time_days: int,
    region: Region | None,
    at: datetime,
    has_declined: bool = False,
) -> SiteOption:
    """Return a site as an option, with the verdict on the dealer who owns it, if one does."""
    is_authorized_site = None
    if site.organization_kind == OrganizationKind.DEALER and kind == VEHICLE_KIND and region is not None:
        is_authorized_site = site.dealer_id is not None and is_authorized(
            dealer_id=site.dealer_id,
            brand_code=brand_code,
            region_code=region.code,
            kind=AuthorizationKind.SALES,
            on=timezone.localdate(at),
        )
    return SiteOption(
        code=site.code,
        store_id=site.store_id,
        place=site.place,
        available=site.available,
        lead_time_days=lead_time_days,
        is_authorized=is_authorized_site,
        has_declined=has_declined,
    )

"""The sites that keep stock of a chosen offer, as routing wants to see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.api import OrganizationKind
from apps.catalog.api import LineQuote, Trim
from apps.dealers.api import (
    AuthorizationKind,
    DealerStatus,
    LevelBenefitKind,
    benefit_by_level,
    dealers_without_quota,
    load_standing,
)
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
    dealer_level: str
    takes_orders: bool
    store_id: int | None
    place: tuple[float, float]
    available: int
    is_offered: bool = True


def list_stock_sites(stock_records: Mapping[int, int]) -> dict[int, list[StockSite]]:
    """
    Return the sites of each product's offer (``{product id: stock record id}``), in one query, by site code.

    ``is_offered`` is false for a site of the seller's that its offer leaves out; who else keeps pieces of the offer (a
    dealer, of cars) is not the seller's to name.
    """
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
            "site__organization__dealer__pk",
            Coalesce("site__organization__dealer__level", Value("")),
            Q(site__organization__dealer__status=DealerStatus.APPROVED)
            & Q(site__organization__dealer__blocked_at__isnull=True),
            "site__store_id",
            "site__latitude",
            "site__longitude",
            "stock_record__offer_info__seller__organization_id",
            "stock_record__offer_info__site_code",
            "stock_record__offer_info__more_site_codes",
        )
    )
    for product_id, record_id, free, *site, latitude, longitude, seller_id, first_code, more_codes in rows:
        if stock_records[product_id] == record_id:
            _id, code, owner_id, *_rest = site
            sites[product_id].append(
                StockSite(
                    product_id,
                    *site,
                    place=(float(latitude), float(longitude)),
                    available=max(free, 0),
                    is_offered=owner_id != seller_id or code in (first_code, *(more_codes or ())),
                )
            )
    return dict(sites)


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Which rule keeps each dealer from the sale, and where each level ranks."""

    failed: Mapping[int | None, str]
    ranks: Mapping[str, int]


def judge_dealers(
    sites: Sequence[StockSite],
    *,
    kind: str,
    brand_code: str,
    product_id: int,
    quantity: int,
    region: Region | None,
    at: datetime,
) -> Verdicts:
    """
    Judge the dealers who own some of these sites; no query where none does.

    Cars need an authorization for the brand where the buyer is, and a quota that is not used up; other goods need a
    dealer that takes orders.
    """
    dealers = {site.dealer_id: site for site in sites if site.dealer_id is not None}
    needs_right = kind == VEHICLE_KIND and region is not None
    # An organization that is called a dealer and has no dealer's file has no authorization either.
    strangers: dict[int | None, str] = {None: "brand"} if needs_right else {}
    if not dealers:
        return Verdicts(failed=strangers, ranks={})
    on = timezone.localdate(at)
    failed: dict[int | None, str] = {
        dealer_id: "blocked" for dealer_id, site in dealers.items() if not site.takes_orders
    }
    if needs_right and region is not None:
        standing = load_standing(dealers, brand_code=brand_code, kind=AuthorizationKind.SALES, on=on)
        rules = {dealer_id: standing.failed_rule(dealer_id, region_code=region.code) for dealer_id in dealers}
        used_up = list_dealers_without_quota(dealers, product_id=product_id, vehicles=quantity, on=on)
        failed = {
            dealer_id: rule.value if rule else "quota"
            for dealer_id, rule in rules.items()
            if rule is not None or dealer_id in used_up
        }
    ranks = benefit_by_level(LevelBenefitKind.ROUTING_RANK, on=on)
    return Verdicts(failed=strangers | failed, ranks={level: int(rank) for level, rank in ranks.items()})


def list_dealers_without_quota(
    dealer_ids: Iterable[int], *, product_id: int, vehicles: int, on: date
) -> frozenset[int]:
    """Return those of the dealers that have sold as many of a car as they may."""
    codes = model_codes([product_id]).get(product_id)
    if codes is None:
        return frozenset()
    series_code, model_code = codes
    return dealers_without_quota(dealer_ids, series_code=series_code, model_code=model_code, vehicles=vehicles, on=on)


def model_codes(product_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (series code, model code) of each product that is a car."""
    rows = Trim.objects.filter(product_id__in=set(product_ids))
    return {
        product_id: (series_code, model_code)
        for product_id, series_code, model_code in rows.values_list("product_id", "model__series__code", "model__code")
    }


def as_options(
    sites: Sequence[StockSite], quote: LineQuote, *, region: Region | None, at: datetime
) -> list[SiteOption]:
    """Return the sites as routing's options for a quoted line."""
    verdicts = judge_dealers(
        sites,
        kind=quote.kind,
        brand_code=quote.brand_code,
        product_id=quote.product_id,
        quantity=quote.request.quantity,
        region=region,
        at=at,
    )
    return [option_of(site, verdicts, lead_time_days=quote.lead_time_days) for site in sites]


def option_of(site: StockSite, verdicts: Verdicts, *, lead_time_days: int, has_declined: bool = False) -> SiteOption:
    """Return a site as an option, with the verdict on the dealer who owns it, if one does."""
    is_dealers = site.organization_kind == OrganizationKind.DEALER
    failed_rule = verdicts.failed.get(site.dealer_id, "")
    return SiteOption(
        code=site.code,
        store_id=site.store_id,
        place=site.place,
        available=site.available,
        lead_time_days=lead_time_days,
        is_authorized=not failed_rule if is_dealers else None,
        failed_rule=failed_rule if is_dealers else "",
        level_rank=verdicts.ranks.get(site.dealer_level),
        is_offered=site.is_offered,
        has_declined=has_declined,
    )

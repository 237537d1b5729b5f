"""Who covers which region, and which regions nobody covers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from apps.dealers.models import Authorization, Dealer, Store, Territory
from apps.dealers.policies import AuthorizationRule, region_covers
from apps.dealers.selectors.authorizations import closed_dealers, explain_rule, load_standing
from apps.dealers.selectors.regions import ChinaRegion, list_regions
from apps.dealers.states import AuthorizationKind


@dataclass(frozen=True, kw_only=True)
class Coverer:
    """A dealer whose authorization covers a region; ``failed_rule`` says why it may not act there, if so."""

    dealer: Dealer
    regions: tuple[str, ...]
    stores: int
    is_exclusive: bool
    has_territory: bool
    failed_rule: AuthorizationRule | None

    @property
    def explanation(self) -> str:
        """Why it may not act there, if so."""
        return explain_rule(self.failed_rule)


@dataclass(frozen=True, kw_only=True)
class RegionCoverage:
    """A region and the dealers that may act in it; ``is_partial``: in some of its districts only."""

    region: ChinaRegion
    dealers: tuple[Dealer, ...]
    is_exclusive: bool
    is_partial: bool

    @property
    def state(self) -> str:
        """In one word: exclusive, open, partial, none."""
        if not self.dealers:
            return "none"
        if self.is_partial:
            return "partial"
        return "exclusive" if self.is_exclusive else "open"


def who_covers(*, region_code: str, brand_code: str, kind: AuthorizationKind, on: date) -> list[Coverer]:
    """Everybody whose authorization covers a region, whenever it runs; those who may act come first."""
    covering: dict[int, list[str]] = defaultdict(list)
    rows = Authorization.objects.filter(brand_code=brand_code, kind=kind, is_void=False).order_by("region_code")
    for row in rows:
        if region_covers(row.region_code, region_code) and row.region_code not in covering[row.dealer_id]:
            covering[row.dealer_id].append(row.region_code)
    dealer_ids = [dealer_id for dealer_id, regions in covering.items() if regions]
    standing = load_standing(dealer_ids, brand_code=brand_code, kind=kind, on=on)
    territories = _territories_over(region_code, brand_code=brand_code, kind=kind, on=on)
    dealers = Dealer.objects.in_bulk(dealer_ids)
    stores: dict[int, int] = defaultdict(int)
    for dealer_id in Store.objects.filter(dealer__in=dealer_ids, is_open=True).values_list("dealer_id", flat=True):
        stores[dealer_id] += 1
    found = [
        Coverer(
            dealer=dealers[dealer_id],
            regions=tuple(covering[dealer_id]),
            stores=stores[dealer_id],
            is_exclusive=territories.get(dealer_id, False),
            has_territory=dealer_id in territories,
            failed_rule=standing.failed_rule(dealer_id, region_code=region_code),
        )
        for dealer_id in dealer_ids
    ]
    return sorted(found, key=lambda one: (one.failed_rule is not None, one.dealer.code))


def list_coverage(*, brand_code: str, kind: AuthorizationKind, on: date, level: str = "city") -> list[RegionCoverage]:
    """Every region of a level with the dealers that may act in it on a day, by code; four queries."""
    rows = list(
        Authorization.objects.filter(brand_code=brand_code, kind=kind, is_void=False, valid__contains=on).values_list(
            "dealer_id", "region_code"
        )
    )
    closed = closed_dealers({dealer_id for dealer_id, _region in rows})
    held = [
        (dealer_id, region_code)
        for dealer_id, region_code in Territory.objects.filter(
            brand_code=brand_code, kind=kind, is_exclusive=True, is_void=False, valid__contains=on
        ).values_list("dealer_id", "region_code")
    ]
    dealers = Dealer.objects.in_bulk({dealer_id for dealer_id, _region in rows})
    active = [(dealer_id, region_code) for dealer_id, region_code in rows if dealer_id not in closed]
    return [_coverage_of(region, active, held, dealers) for region in list_regions(level)]


def list_uncovered(*, brand_code: str, kind: AuthorizationKind, on: date, level: str = "city") -> list[RegionCoverage]:
    """The regions of a level in which nobody may act, or only in a part of them."""
    everything = list_coverage(brand_code=brand_code, kind=kind, on=on, level=level)
    return [one for one in everything if one.state in ("none", "partial")]


def _coverage_of(
    region: ChinaRegion, active: list[tuple[int, str]], held: list[tuple[int, str]], dealers: dict[int, Dealer]
) -> RegionCoverage:
    holder = next((dealer_id for dealer_id, code in held if region_covers(code, region.code)), None)
    whole = {dealer_id for dealer_id, code in active if region_covers(code, region.code)}
    if holder is not None:
        whole &= {holder}
    within = {dealer_id for dealer_id, code in active if code != region.code and region_covers(region.code, code)}
    found = sorted(whole or within, key=lambda dealer_id: dealers[dealer_id].code)
    return RegionCoverage(
        region=region,
        dealers=tuple(dealers[dealer_id] for dealer_id in found),
        is_exclusive=bool(whole) and holder is not None,
        is_partial=bool(within) and not whole,
    )


def _territories_over(region_code: str, *, brand_code: str, kind: AuthorizationKind, on: date) -> dict[int, bool]:
    """Return who holds a territory around a region, and whether exclusively."""
    rows = Territory.objects.filter(brand_code=brand_code, kind=kind, is_void=False, valid__contains=on)
    return {row.dealer_id: row.is_exclusive for row in rows if region_covers(row.region_code, region_code)}

"""
Which site serves a line: ordered rules, each with its reason, replayable from what was stored.

A filter rule refuses a site; a ranking rule orders those left, or abstains (None). Ties fall to the next rule, then to
the site's code. README.md has a worked example.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the buyer wants of one line. ``place`` is (latitude, longitude) of the store or of the address's city."""

    product_id: int
    quantity: int
    method: str
    brand_code: str = ""
    region_codes: tuple[str, ...] = ()
    store_id: int | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class SiteOption:
    """
    A site that keeps stock of the chosen offer. ``available`` in pieces, ``lead_time_days`` in days.

    ``is_authorized`` tells whether the dealer owning the site may sell this brand in the buyer's region; None for sites
    that no dealer owns. ``failed_rule`` names the rule that keeps the dealer from it (brand, kind, region, date,
    territory, blocked, quota). ``level_rank`` is the rank of the dealer's level, smaller first.
    ``has_declined``: the site had this order, and rejected it or let its time pass. ``is_offered``: not one of the
    seller's own sites that its offer leaves out.
    """

    code: str
    store_id: int | None
    place: tuple[float, float] | None
    available: int
    lead_time_days: int
    is_authorized: bool | None = None
    has_declined: bool = False
    failed_rule: str = ""
    level_rank: int | None = None
    is_offered: bool = True


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One site and what each rule said about it. ``rank`` from 1; None when a rule refused it."""

    site_code: str
    rank: int | None
    reasons: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the stored shape."""
        return {"site": self.site_code, "rank": self.rank, "reasons": [list(reason) for reason in self.reasons]}


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) pairs in degrees. Source: haversine formula."""
    lat1, lng1, lat2, lng2 = map(math.radians, (*here, *there))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def _refuse_without_stock(wish: Wish, site: SiteOption) -> str | None:
    return None if site.available > 0 else "no stock"


def _refuse_unauthorized(wish: Wish, site: SiteOption) -> str | None:
    if site.is_authorized is not False:
        return None
    refusal = f"dealer not authorized for {wish.brand_code}".removesuffix(" for ")
    return f"{refusal}: {site.failed_rule}" if site.failed_rule else refusal


def _refuse_left_out(wish: Wish, site: SiteOption) -> str | None:
    return None if site.is_offered else "the offer does not ship from here"


def _refuse_declined(wish: Wish, site: SiteOption) -> str | None:
    return "declined this order" if site.has_declined else None


def _chosen_store(wish: Wish, site: SiteOption) -> int | None:
    return None if wish.store_id is None else int(site.store_id != wish.store_id)


def _whole_quantity(wish: Wish, site: SiteOption) -> int:
    return int(site.available < wish.quantity)


def _nearest(wish: Wish, site: SiteOption) -> int | None:
    if wish.place is None or site.place is None:
        return None
    return round(distance_km(wish.place, site.place))


def _soonest(wish: Wish, site: SiteOption) -> int:
    return site.lead_time_days


def _dealer_level(wish: Wish, site: SiteOption) -> int | None:
    return site.level_rank


FILTERS: tuple[tuple[str, Callable[[Wish, SiteOption], str | None]], ...] = (
    ("offer_sites", _refuse_left_out),
    ("has_stock", _refuse_without_stock),
    ("authorized_territory", _refuse_unauthorized),
    ("declined", _refuse_declined),
)
# The key of each rule, smaller first; the second text says how to read it in the stored reasons.
RANKINGS: tuple[tuple[str, str, Callable[[Wish, SiteOption], int | None]], ...] = (
    ("chosen_store", "0 = the buyer's store", _chosen_store),
    ("whole_quantity", "0 = all pieces from here", _whole_quantity),
    ("nearest", "km", _nearest),
    ("soonest", "days", _soonest),
    ("dealer_level", "rank of the level", _dealer_level),
)


def rank_sites(wish: Wish, sites: Sequence[SiteOption]) -> list[Candidate]:
    """Return every site as a candidate: the ranked ones in order, then the refused ones by code."""
    ranked, refused = [], []
    for site in sites:
        refusal = next(((name, why) for name, rule in FILTERS if (why := rule(wish, site)) is not None), None)
        if refusal is not None:
            refused.append(Candidate(site_code=site.code, rank=None, reasons=(refusal,)))
            continue
        keys = [(name, unit, rule(wish, site)) for name, unit, rule in RANKINGS]
        reasons = tuple((name, "abstains" if key is None else f"{key} ({unit})") for name, unit, key in keys)
        # A rule that abstains for one site must not favor it: it sorts last among those with an answer.
        order = tuple((key is None, key or 0) for _, _, key in keys)
        ranked.append((order, site.code, Candidate(site_code=site.code, rank=0, reasons=reasons)))
    ranked.sort(key=lambda entry: entry[:2])
    return [
        *(replace(candidate, rank=rank) for rank, (_, _, candidate) in enumerate(ranked, start=1)),
        *sorted(refused, key=lambda candidate: candidate.site_code),
    ]


def preference(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the codes of the sites that may serve, best first."""
    return tuple(candidate.site_code for candidate in candidates if candidate.rank is not None)


def record(wish: Wish, sites: Sequence[SiteOption]) -> dict[str, Any]:
    """Return everything needed to answer the same question again: the wish, the sites, and the answer given."""
    return {
        "wish": asdict(wish),
        "sites": [asdict(site) for site in sites],
        "candidates": [candidate.as_json() for candidate in rank_sites(wish, sites)],
    }


def replay(stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Rank again from a stored record; equal to its ``candidates`` as long as the rules are the same."""
    wish = Wish(
        **{**stored["wish"], "region_codes": tuple(stored["wish"]["region_codes"]), "place": _pair(stored["wish"])}
    )
    sites = [SiteOption(**{**site, "place": _pair(site)}) for site in stored["sites"]]
    return [candidate.as_json() for candidate in rank_sites(wish, sites)]


def _pair(stored: dict[str, Any]) -> tuple[float, float] | None:
    return None if stored["place"] is None else (stored["place"][0], stored["place"][1])

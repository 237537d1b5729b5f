"""Pure rules about dealers: regions, authorizations, opening hours, distances."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from apps.dealers.states import AuthorizationKind

# Source: IUGG mean radius R1 of the Earth.
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * radians(1)
WHOLE_COUNTRY = "000000"
# Group, regional company, dealer.
MOST_GENERATIONS = 3
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# Spans of hours by weekday ("mon": [["09:00", "18:00"]]), and by the days that differ.
Week = Mapping[str, Sequence[Sequence[str]]]
SpecialDays = Mapping[date, Sequence[Sequence[str]]]


class AuthorizationRule(StrEnum):
    """Which rule an authorization check failed, in the order in which rules are tried."""

    BRAND = "brand"  # nothing for the brand at all
    KIND = "kind"  # the brand, but not this kind of business
    REGION = "region"  # brand and kind, but not here
    DATE = "date"  # all of it, but not on this day
    TERRITORY = "territory"  # authorized, but another dealer holds the region alone
    BLOCKED = "blocked"  # the dealer takes no new orders: suspended, or a paper expired
    QUOTA = "quota"  # no vehicle is left of its quota


@dataclass(frozen=True, slots=True)
class Grant:
    """One authorization: from ``starts_on`` (inclusive) until ``ends_on`` (exclusive, None: open)."""

    brand_code: str
    region_code: str
    kind: AuthorizationKind
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A region that one dealer holds alone."""

    dealer_id: int
    region_code: str


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Degrees between which every point within some distance lies."""

    south: float
    north: float
    west: float
    east: float


def region_covers(region_code: str, place_code: str) -> bool:
    """
    Whether a region holds a place, by the hierarchy of administrative codes.

    Codes have six digits, two each for province, city, district; zeros at the end mean "all of it".

    Source: GB/T 2260.
    """
    if region_code == WHOLE_COUNTRY:
        return True
    prefix = region_code
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return place_code.startswith(prefix)


def regions_overlap(one: str, other: str) -> bool:
    """Whether two regions share a place: one of them holds the other, since regions nest."""
    return region_covers(one, other) or region_covers(other, one)


def failed_rule(
    grants: Iterable[Grant], *, brand_code: str, region_code: str, kind: AuthorizationKind, on: date
) -> AuthorizationRule | None:
    """Return the first rule that no grant passes, or None if some grant passes them all."""
    left = [grant for grant in grants if grant.brand_code == brand_code]
    if not left:
        return AuthorizationRule.BRAND
    left = [grant for grant in left if grant.kind == kind]
    if not left:
        return AuthorizationRule.KIND
    left = [grant for grant in left if region_covers(grant.region_code, region_code)]
    if not left:
        return AuthorizationRule.REGION
    if not any(_runs_on(grant, on) for grant in left):
        return AuthorizationRule.DATE
    return None


def failed_rule_of_receiving(grants: Iterable[Grant], *, region_code: str, on: date) -> AuthorizationRule | None:
    """Return the first rule that keeps a dealer from handing over goods in a region: any brand and kind will do."""
    left = list(grants)
    if not left:
        return AuthorizationRule.BRAND
    left = [grant for grant in left if region_covers(grant.region_code, region_code)]
    if not left:
        return AuthorizationRule.REGION
    return None if any(_runs_on(grant, on) for grant in left) else AuthorizationRule.DATE


def is_held_by_another(holdings: Iterable[Holding], *, dealer_id: int, region_code: str) -> bool:
    """Whether somebody else holds a region alone, or a larger one around it."""
    return any(
        holding.dealer_id != dealer_id and region_covers(holding.region_code, region_code) for holding in holdings
    )


def first_day_without(
    spans: Iterable[tuple[date | None, date | None]], *, starts_on: date, ends_on: date | None
) -> date | None:
    """
    Return the first day of a period (half-open, None: open) that no span covers, or None if they cover all of it.

    Spans are half-open as well; None means unbounded.
    """
    reached = starts_on
    for opens, closes in sorted(spans, key=lambda span: span[0] or date.min):
        if opens is not None and opens > reached:
            break
        if closes is None:
            return None
        reached = max(reached, closes)
    return None if ends_on is not None and reached >= ends_on else reached


def bounding_box(latitude: float, longitude: float, radius_km: float) -> BoundingBox:
    """Return the box around a circle; whole circles of latitude where the circle reaches a pole."""
    north_south = radius_km / KM_PER_DEGREE
    south, north = max(latitude - north_south, -90.0), min(latitude + north_south, 90.0)
    # A circle is widest, in degrees of longitude, at its edge nearer to a pole.
    narrowest = cos(radians(max(abs(south), abs(north))))
    east_west = 180.0 if narrowest * 180.0 <= north_south else north_south / narrowest
    return BoundingBox(south=south, north=north, west=longitude - east_west, east=longitude + east_west)


def hours_on(opening_hours: Week, day: date, special_days: SpecialDays | None = None) -> Sequence[Sequence[str]]:
    """Return the hours of one day: those of the special day, if it is one, else those of the week."""
    if special_days and day in special_days:
        return special_days[day]
    return opening_hours.get(WEEKDAYS[day.weekday()], [])


def is_open_at(opening_hours: Week, *, time_zone: str, at: datetime, special_days: SpecialDays | None = None) -> bool:
    """Whether a store with these weekly hours is open at an instant, by the clock on its wall."""
    local = at.astimezone(ZoneInfo(time_zone))
    spans = hours_on(opening_hours, local.date(), special_days)
    return any(time.fromisoformat(opens) <= local.time() < time.fromisoformat(closes) for opens, closes in spans)


def next_change_at(
    opening_hours: Week, *, time_zone: str, at: datetime, special_days: SpecialDays | None = None
) -> datetime | None:
    """
    When the store closes, if it is open at an instant, or opens, if it is not; in its own zone.

    None for a store without opening hours. Looks a week ahead.
    """
    local = at.astimezone(ZoneInfo(time_zone))
    for ahead in range(8):
        day = (local + timedelta(days=ahead)).date()
        for opens, closes in hours_on(opening_hours, day, special_days):
            for text in (opens, closes):
                moment = datetime.combine(day, time.fromisoformat(text), tzinfo=local.tzinfo)
                if moment > local:
                    return moment
    return None


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) pairs in degrees. Source: haversine formula."""
    lat1, lng1, lat2, lng2 = map(radians, (*here, *there))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(h)))


def are_opening_hours(value: object) -> bool:
    """
    Whether a value is ``{"mon": [["09:00", "12:00"], ["13:30", "18:00"]], …}``.

    Spans are in order and do not touch; a day left out or empty is a day of rest.
    """
    if not isinstance(value, dict) or not set(value) <= set(WEEKDAYS):
        return False
    return all(are_spans(spans) for spans in value.values())


def are_spans(spans: object) -> bool:
    """Whether a value is the hours of one day: ``[["09:00", "12:00"], ["13:30", "18:00"]]``, in order."""
    if not isinstance(spans, list):
        return False
    moments: list[time] = []
    for span in spans:
        if not isinstance(span, list) or len(span) != 2 or not all(isinstance(text, str) for text in span):
            return False
        try:
            moments += [time.fromisoformat(text) for text in span]
        except ValueError:
            return False
    return all(earlier < later for earlier, later in pairwise(moments))


def _runs_on(grant: Grant, on: date) -> bool:
    return (grant.starts_on is None or grant.starts_on <= on) and (grant.ends_on is None or on < grant.ends_on)

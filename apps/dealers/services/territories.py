"""Assign and end territories. What one dealer holds exclusively nobody else holds: the database decides."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from psycopg2.extras import DateRange

from apps.dealers import policies
from apps.dealers.errors import (
    InvalidPeriod,
    TerritoryNotAuthorized,
    TerritoryOver,
    TerritoryOverlaps,
    UnknownTerritory,
)
from apps.dealers.models import Authorization, Dealer, Territory
from apps.dealers.selectors.regions import get_region
from apps.dealers.services.history import check_reason, keep, refused_by
from apps.dealers.services.locks import lock_dealer
from apps.dealers.states import AuthorizationKind, ChannelMove
from apps.events.api import DealerTerritoryChanged
from apps.kernel.api import attempts, outbox

if TYPE_CHECKING:
    from apps.accounts.api import User

NO_OVERLAP = "dealers_exclusive_territories_do_not_overlap"


@attempts.trailed(
    "dealers.assign_territory",
    subject="dealer_id",
    keeps=("brand_code", "region_code", "kind", "is_exclusive", "starts_on", "ends_on", "reason"),
)
def assign_territory(
    *,
    dealer_id: int,
    brand_code: str,
    region_code: str,
    kind: AuthorizationKind,
    is_exclusive: bool,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    by: "User | None",
    now: datetime,
) -> Territory:
    """
    Give a dealer a region to look after, alone (exclusive) or beside others, until before ``ends_on``.

    :raises ReasonRequired, UnknownDealer, UnknownRegion, InvalidPeriod: if the wish makes no sense
    :raises TerritoryNotAuthorized: if no authorization covers the region on all the days; the first one is in ``day``
    :raises TerritoryOverlaps: if it or another one there is exclusive; ``holders`` names who holds what
    """
    words = check_reason(reason)
    get_region(region_code)
    if ends_on is not None and ends_on <= starts_on:
        raise InvalidPeriod(starts=starts_on.isoformat(), ends=ends_on.isoformat())
    dealer = lock_dealer(dealer_id)
    spans = _authorized_spans(dealer_id, brand_code=brand_code, region_code=region_code, kind=kind)
    gap = policies.first_day_without(spans, starts_on=starts_on, ends_on=ends_on)
    if gap is not None:
        raise TerritoryNotAuthorized(day=gap.isoformat(), region=region_code)
    territory = Territory(
        dealer=dealer,
        brand_code=brand_code,
        region_code=region_code,
        kind=kind,
        is_exclusive=is_exclusive,
        valid=DateRange(starts_on, ends_on),
    )
    with refused_by(NO_OVERLAP, _overlap(territory)):
        territory.save()
    _record(territory, ChannelMove.ASSIGN_TERRITORY, dealer=dealer, reason=words, by=by, now=now)
    return territory


@attempts.trailed("dealers.end_territory", subject="territory_id", keeps=("ends_on", "reason"))
def end_territory(*, territory_id: int, ends_on: date, reason: str, by: "User | None", now: datetime) -> Territory:
    """
    Let a territory end: ``ends_on`` is the first day without it, today at the soonest. By its first day: it never ran.

    :raises ReasonRequired, UnknownTerritory: if there is nothing to end or no reason
    :raises TerritoryOver: if it ended already
    :raises InvalidPeriod: if the day is past or not sooner than its end now
    """
    words = check_reason(reason)
    territories = Territory.objects.filter(pk=territory_id)
    dealer_id = territories.values_list("dealer_id", flat=True).first()
    if dealer_id is None:
        raise UnknownTerritory(territory_id=territory_id)
    # Its dealer: an authorization that ends at the same moment cuts the territory as well.
    lock_dealer(dealer_id)
    territory = territories.select_related("dealer").get()
    today = timezone.localdate(now)
    before = territory.valid.upper
    if territory.is_void or (before is not None and before <= today):
        raise TerritoryOver(ends=_iso(before))
    if ends_on < today or (before is not None and ends_on >= before):
        raise InvalidPeriod(starts=territory.valid.lower.isoformat(), ends=ends_on.isoformat())
    _cut(territory, ends_on, reason=words, by=by, now=now)
    return territory


def trim_territories(authorization: Authorization, *, reason: str, by: "User | None", now: datetime) -> None:
    """End the locked dealer's territories on the first day that none of its authorizations covers."""
    rows = Territory.objects.filter(
        dealer_id=authorization.dealer_id,
        brand_code=authorization.brand_code,
        kind=authorization.kind,
        is_void=False,
    ).select_related("dealer")
    for territory in rows.order_by("pk"):
        spans = _authorized_spans(
            territory.dealer_id,
            brand_code=territory.brand_code,
            region_code=territory.region_code,
            kind=territory.kind,
        )
        gap = policies.first_day_without(spans, starts_on=territory.valid.lower, ends_on=territory.valid.upper)
        if gap is not None:
            _cut(territory, gap, reason=reason, by=by, now=now)


def _cut(territory: Territory, ends_on: date, *, reason: str, by: "User | None", now: datetime) -> None:
    if ends_on <= territory.valid.lower:
        territory.is_void = True
    else:
        territory.valid = DateRange(territory.valid.lower, ends_on)
    territory.save(update_fields=["is_void", "valid"])
    _record(territory, ChannelMove.END_TERRITORY, dealer=territory.dealer, reason=reason, by=by, now=now)


def _authorized_spans(
    dealer_id: int, *, brand_code: str, region_code: str, kind: str
) -> list[tuple[date | None, date | None]]:
    rows = Authorization.objects.filter(dealer=dealer_id, brand_code=brand_code, kind=kind, is_void=False)
    return [(row.valid.lower, row.valid.upper) for row in rows if policies.region_covers(row.region_code, region_code)]


def _overlap(territory: Territory) -> TerritoryOverlaps:
    """Return the refusal with who is in the way, as far as can be seen now."""
    rows = (
        Territory.objects.filter(
            brand_code=territory.brand_code, kind=territory.kind, is_void=False, valid__overlap=territory.valid
        )
        .select_related("dealer")
        .order_by("dealer__code", "region_code")
    )
    holders = [
        f"{row.dealer.code} {row.region_code}"
        for row in rows
        if policies.regions_overlap(row.region_code, territory.region_code)
        and (row.is_exclusive or territory.is_exclusive or row.dealer_id == territory.dealer_id)
    ]
    return TerritoryOverlaps(holders=", ".join(holders), region=territory.region_code)


def _record(
    territory: Territory, move: ChannelMove, *, dealer: Dealer, reason: str, by: "User | None", now: datetime
) -> None:
    facts = {
        "brand_code": territory.brand_code,
        "region_code": territory.region_code,
        "kind": str(territory.kind),
        "is_exclusive": territory.is_exclusive,
        "starts_on": territory.valid.lower.isoformat(),
        "ends_on": territory.valid.lower.isoformat() if territory.is_void else _iso(territory.valid.upper) or "",
    }
    keep(move, dealer_id=dealer.pk, object_id=territory.pk, reason=reason, by=by, at=now, **facts)
    outbox.record(
        DealerTerritoryChanged(
            organization_id=dealer.organization_id, territory_id=territory.pk, move=move.value, **facts
        ),
        at=now,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

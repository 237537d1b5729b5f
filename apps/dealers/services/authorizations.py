"""Grant, extend, end and revoke what dealers may do. Each decision says why, is kept, and is told as a fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from psycopg2.extras import DateRange

from apps.dealers.errors import (
    AuthorizationOver,
    AuthorizationOverlaps,
    InvalidPeriod,
    UnknownAuthorization,
    UnknownBrand,
)
from apps.dealers.models import Authorization, Dealer
from apps.dealers.selectors.regions import get_region
from apps.dealers.services.history import check_reason, keep, refused_by
from apps.dealers.services.locks import lock_dealer
from apps.dealers.services.territories import trim_territories
from apps.dealers.states import AuthorizationKind, ChannelMove
from apps.events.api import DealerAuthorizationChanged
from apps.kernel.api import attempts, outbox, ports

if TYPE_CHECKING:
    from apps.accounts.api import User

NO_OVERLAP = "dealers_no_overlapping_authorizations"


@dataclass(frozen=True, kw_only=True)
class GrantWish:
    """One authorization to grant: from ``starts_on`` until before ``ends_on`` (None: until further notice)."""

    dealer_id: int
    brand_code: str
    region_code: str
    kind: AuthorizationKind
    starts_on: date
    ends_on: date | None = None


@attempts.trailed(
    "dealers.grant_authorization",
    subject="wish.dealer_id",
    keeps=("wish.brand_code", "wish.region_code", "wish.kind", "wish.starts_on", "wish.ends_on", "reason"),
)
def grant_authorization(*, wish: GrantWish, reason: str, by: "User | None", now: datetime) -> Authorization:
    """
    Let a dealer do one kind of business with a brand in a region.

    :raises ReasonRequired, UnknownDealer, UnknownBrand, UnknownRegion, InvalidPeriod: if the wish makes no sense
    :raises AuthorizationOverlaps: if the dealer has it for some of the days already
    """
    words = check_reason(reason)
    check_brand(wish.brand_code)
    get_region(wish.region_code)
    if wish.ends_on is not None and wish.ends_on <= wish.starts_on:
        raise InvalidPeriod(starts=wish.starts_on.isoformat(), ends=wish.ends_on.isoformat())
    dealer = lock_dealer(wish.dealer_id)
    with refused_by(NO_OVERLAP, AuthorizationOverlaps(region=wish.region_code, brand=wish.brand_code)):
        authorization = Authorization.objects.create(
            dealer=dealer,
            brand_code=wish.brand_code,
            region_code=wish.region_code,
            kind=wish.kind,
            valid=DateRange(wish.starts_on, wish.ends_on),
        )
    _record(authorization, ChannelMove.GRANT, dealer=dealer, reason=words, by=by, now=now)
    return authorization


@transaction.atomic
def grant_authorizations(
    *, wishes: Sequence[GrantWish], reason: str, by: "User | None", now: datetime
) -> list[Authorization]:
    """
    Grant all of these, or none: the first refusal undoes the others.

    :raises DomainError: any refusal of ``grant_authorization``
    """
    # In the order of the dealers' keys, so that two bulk grants never wait for each other.
    ordered = sorted(wishes, key=lambda wish: wish.dealer_id)
    return [grant_authorization(wish=wish, reason=reason, by=by, now=now) for wish in ordered]


@attempts.trailed("dealers.extend_authorization", subject="authorization_id", keeps=("ends_on", "reason"))
def extend_authorization(
    *, authorization_id: int, ends_on: date | None, reason: str, by: "User | None", now: datetime
) -> Authorization:
    """
    Let an authorization run longer: until before ``ends_on``, or until further notice.

    :raises ReasonRequired, UnknownAuthorization: if there is nothing to extend or no reason
    :raises AuthorizationOver: if it was revoked or its time is over
    :raises InvalidPeriod: if it would not run longer than now
    :raises AuthorizationOverlaps: if a later authorization begins before
    """
    words = check_reason(reason)
    authorization, dealer = _lock_running(authorization_id, now=now)
    ended = authorization.valid.upper
    if ended is None or (ends_on is not None and ends_on <= ended):
        raise InvalidPeriod(starts=_iso(ended), ends=_iso(ends_on))
    with refused_by(NO_OVERLAP, AuthorizationOverlaps()):
        _set_end(authorization, ends_on)
    _record(authorization, ChannelMove.EXTEND, dealer=dealer, reason=words, by=by, now=now, before=_iso(ended))
    return authorization


@attempts.trailed("dealers.end_authorization", subject="authorization_id", keeps=("ends_on", "reason"))
def end_authorization(
    *, authorization_id: int, ends_on: date, reason: str, by: "User | None", now: datetime
) -> Authorization:
    """
    Let an authorization end sooner: ``ends_on`` is the first day without it, today at the soonest.

    Territories that rested on it end with it.

    :raises ReasonRequired, UnknownAuthorization: if there is nothing to end or no reason
    :raises AuthorizationOver: if it was revoked or its time is over
    :raises InvalidPeriod: if the day is past, before it begins, or not sooner than its end now
    """
    words = check_reason(reason)
    authorization, dealer = _lock_running(authorization_id, now=now)
    before = authorization.valid.upper
    if ends_on < timezone.localdate(now) or ends_on <= authorization.valid.lower or (before and ends_on >= before):
        raise InvalidPeriod(starts=_iso(authorization.valid.lower), ends=_iso(ends_on))
    _set_end(authorization, ends_on)
    _record(authorization, ChannelMove.END, dealer=dealer, reason=words, by=by, now=now, before=_iso(before))
    trim_territories(authorization, reason=words, by=by, now=now)
    return authorization


@attempts.trailed("dealers.revoke_authorization", subject="authorization_id", keeps=("reason",))
def revoke_authorization(*, authorization_id: int, reason: str, by: "User | None", now: datetime) -> Authorization:
    """
    Take an authorization away from today on; one that has not run a whole day yet never ran.

    Territories that rested on it end with it. Open orders finish.

    :raises ReasonRequired, UnknownAuthorization: if there is nothing to revoke or no reason
    :raises AuthorizationOver: if it was revoked before or its time is over
    """
    words = check_reason(reason)
    authorization, dealer = _lock_running(authorization_id, now=now)
    before = authorization.valid.upper
    today = timezone.localdate(now)
    authorization.revoked_at = now
    if authorization.valid.lower >= today:
        authorization.is_void = True
    else:
        authorization.valid = DateRange(authorization.valid.lower, today)
    authorization.save(update_fields=["revoked_at", "is_void", "valid"])
    _record(authorization, ChannelMove.REVOKE, dealer=dealer, reason=words, by=by, now=now, before=_iso(before))
    trim_territories(authorization, reason=words, by=by, now=now)
    return authorization


def check_brand(brand_code: str) -> None:
    """
    Refuse a brand that the catalog does not have.

    :raises UnknownBrand: if so
    """
    if not ports.adapter("dealers.vehicles").has_brand(brand_code):
        refusal = UnknownBrand(brand=brand_code)
        raise UnknownBrand(brand=brand_code, fields={"brand_code": [str(refusal)]})


def _lock_running(authorization_id: int, *, now: datetime) -> tuple[Authorization, Dealer]:
    found = Authorization.objects.filter(pk=authorization_id).values_list("dealer_id", flat=True).first()
    if found is None:
        raise UnknownAuthorization(authorization_id=authorization_id)
    dealer = lock_dealer(found)
    authorization = Authorization.objects.get(pk=authorization_id)
    ends_on = authorization.valid.upper
    if authorization.revoked_at is not None or (ends_on is not None and ends_on <= timezone.localdate(now)):
        raise AuthorizationOver(ends=_iso(ends_on))
    return authorization, dealer


def _set_end(authorization: Authorization, ends_on: date | None) -> None:
    authorization.valid = DateRange(authorization.valid.lower, ends_on)
    authorization.save(update_fields=["valid"])


def _record(
    authorization: Authorization,
    move: ChannelMove,
    *,
    dealer: Dealer,
    reason: str,
    by: "User | None",
    now: datetime,
    before: str | None = None,
) -> None:
    facts = {
        "brand_code": authorization.brand_code,
        "region_code": authorization.region_code,
        "kind": str(authorization.kind),
        "starts_on": authorization.valid.lower.isoformat(),
        "ends_on": _iso(authorization.valid.upper) or "",
    }
    keep(
        move,
        dealer_id=dealer.pk,
        object_id=authorization.pk,
        reason=reason,
        by=by,
        at=now,
        **facts,
        **({"ended_before": before} if before else {}),
    )
    outbox.record(
        DealerAuthorizationChanged(
            organization_id=dealer.organization_id, authorization_id=authorization.pk, move=move.value, **facts
        ),
        at=now,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

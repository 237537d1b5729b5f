"""
Quotas: set them, take vehicles out of them, give them back.

What decides is the count of live rows under the lock of each quota, taken in primary-key order; whoever sells takes
quotas last, after stock levels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from psycopg2.extras import DateRange

from apps.dealers.errors import (
    InvalidPeriod,
    InvalidQuota,
    QuotaOverlaps,
    QuotaUsedUp,
    UnknownDealer,
    UnknownModel,
    UnknownQuota,
)
from apps.dealers.models import Dealer, Quota, QuotaUse
from apps.dealers.policies import AuthorizationRule
from apps.dealers.selectors.authorizations import EXPLANATIONS
from apps.dealers.selectors.quotas import quotas_for, used_of
from apps.dealers.services.history import check_reason, keep, refused_by
from apps.dealers.states import ChannelMove
from apps.kernel.api import attempts, ports

if TYPE_CHECKING:
    from apps.accounts.api import User

LARGEST_QUOTA = 1_000_000


@dataclass(frozen=True, kw_only=True)
class QuotaDemand:
    """Vehicles of one model that a dealer is about to sell on one order line."""

    line_ref: str
    dealer_id: int
    series_code: str
    model_code: str
    vehicles: int


@attempts.trailed(
    "dealers.set_quota",
    subject="dealer_id",
    keeps=("series_code", "model_code", "vehicles", "starts_on", "ends_on", "reason"),
)
def set_quota(
    *,
    dealer_id: int,
    series_code: str,
    model_code: str,
    starts_on: date,
    ends_on: date,
    vehicles: int,
    reason: str,
    by: "User | None",
    now: datetime,
) -> Quota:
    """
    Let a dealer sell at most so many vehicles of a series, or of one model, until before ``ends_on``.

    :raises ReasonRequired, UnknownDealer, UnknownModel, InvalidPeriod, InvalidQuota: if the wish makes no sense
    :raises QuotaOverlaps: if one counts the same vehicles on some of the days already
    """
    words = check_reason(reason)
    if not ports.adapter("dealers.vehicles").has_model(series_code, model_code):
        raise UnknownModel(series=series_code, model=model_code)
    if ends_on <= starts_on:
        raise InvalidPeriod(starts=starts_on.isoformat(), ends=ends_on.isoformat())
    _check_number(vehicles, used=0)
    dealer = Dealer.objects.filter(pk=dealer_id).first()
    if dealer is None:
        raise UnknownDealer(dealer_id=dealer_id)
    with refused_by("dealers_one_quota_per_day", QuotaOverlaps(series=series_code, model=model_code)):
        quota = Quota.objects.create(
            dealer=dealer,
            series_code=series_code,
            model_code=model_code,
            period=DateRange(starts_on, ends_on),
            vehicles=vehicles,
        )
    _keep(quota, before=None, reason=words, by=by, now=now)
    return quota


@attempts.trailed("dealers.change_quota", subject="quota_id", keeps=("vehicles", "reason"))
def change_quota(*, quota_id: int, vehicles: int, reason: str, by: "User | None", now: datetime) -> Quota:
    """
    Give a quota another number, not below what is used of it.

    :raises ReasonRequired, UnknownQuota, InvalidQuota: if the wish makes no sense
    """
    words = check_reason(reason)
    quota = Quota.objects.select_for_update(of=("self",), no_key=True).filter(pk=quota_id).first()
    if quota is None:
        raise UnknownQuota(quota_id=quota_id)
    _check_number(vehicles, used=used_of([quota.pk])[quota.pk])
    before, quota.vehicles = quota.vehicles, vehicles
    quota.save(update_fields=["vehicles"])
    _keep(quota, before=before, reason=words, by=by, now=now)
    return quota


@transaction.atomic
def take_quota(*, cause: str, demands: Sequence[QuotaDemand], on: date, now: datetime) -> list[QuotaUse]:
    """
    Count vehicles against every quota that a dealer has for them on a day: all of them, or none.

    A dealer without a quota for a vehicle may sell any number.

    :raises QuotaUsedUp: naming the first quota that leaves too few, and how many
    """
    wanted = {demand.line_ref: demand for demand in demands if demand.vehicles > 0}
    of_demand = {
        ref: list(
            quotas_for(
                [demand.dealer_id], series_code=demand.series_code, model_code=demand.model_code, on=on
            ).values_list("pk", flat=True)
        )
        for ref, demand in wanted.items()
    }
    quotas = lock_quotas({pk for pks in of_demand.values() for pk in pks})
    used = dict(used_of(quotas))
    rows = []
    for ref, demand in wanted.items():
        for quota_id in sorted(of_demand[ref]):
            quota = quotas[quota_id]
            left = quota.vehicles - used.get(quota_id, 0)
            if left < demand.vehicles:
                raise _used_up(quota, left=left, on=on)
            used[quota_id] = used.get(quota_id, 0) + demand.vehicles
            rows.append(QuotaUse(quota=quota, cause=cause, line_ref=ref, vehicles=demand.vehicles, taken_at=now))
    return QuotaUse.objects.bulk_create(rows)


@transaction.atomic
def release_quota(*, cause: str, now: datetime, line_refs: Sequence[str] | None = None) -> int:
    """Give back what an order took (or these of its lines), and return how many rows that was; safe to repeat."""
    rows = QuotaUse.objects.filter(cause=cause, released_at__isnull=True)
    if line_refs is not None:
        rows = rows.filter(line_ref__in=line_refs)
    return rows.update(released_at=now)


def lock_quotas(quota_ids: set[int]) -> dict[int, Quota]:
    """Lock quotas in primary-key order."""
    rows = Quota.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=quota_ids).order_by("pk")
    return {quota.pk: quota for quota in rows}


def _used_up(quota: Quota, *, left: int, on: date) -> QuotaUsedUp:
    return QuotaUsedUp(
        rule=AuthorizationRule.QUOTA.value,
        explanation=EXPLANATIONS[AuthorizationRule.QUOTA],
        series=quota.series_code,
        model=quota.model_code,
        left=max(left, 0),
        date=on.isoformat(),
    )


def _check_number(vehicles: int, *, used: int) -> None:
    if not max(used, 0) <= vehicles <= LARGEST_QUOTA:
        raise InvalidQuota(used=used, fields={"vehicles": [str(InvalidQuota(used=used))]})


def _keep(quota: Quota, *, before: int | None, reason: str, by: "User | None", now: datetime) -> None:
    keep(
        ChannelMove.SET_QUOTA,
        dealer_id=quota.dealer_id,
        object_id=quota.pk,
        reason=reason,
        by=by,
        at=now,
        series=quota.series_code,
        model=quota.model_code,
        vehicles=quota.vehicles,
        before=before,
        starts_on=quota.period.lower.isoformat(),
        ends_on=quota.period.upper.isoformat(),
    )

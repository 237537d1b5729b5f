"""How much of a quota is used."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum

from apps.dealers.models import Quota, QuotaUse


def quotas_for(dealer_ids: Iterable[int], *, series_code: str, model_code: str, on: date) -> QuerySet[Quota]:
    """Return the quotas that count a vehicle sold by one of these dealers on a day: of its model and of its series."""
    return Quota.objects.filter(
        Q(model_code="") | Q(model_code=model_code),
        dealer__in=set(dealer_ids),
        series_code=series_code,
        period__contains=on,
    )


def used_of(quota_ids: Iterable[int]) -> Mapping[int, int]:
    """Return the vehicles that live rows take of each quota."""
    rows = QuotaUse.objects.filter(quota__in=set(quota_ids), released_at__isnull=True)
    used: dict[int, int] = defaultdict(int)
    used.update(rows.values_list("quota").annotate(Sum("vehicles")).values_list("quota", "vehicles__sum"))
    return used


def dealers_without_quota(
    dealer_ids: Iterable[int], *, series_code: str, model_code: str, vehicles: int, on: date
) -> frozenset[int]:
    """
    Return those of the dealers whose quotas leave less than so many vehicles; to show, not to decide.

    ``take_quota`` decides, under its lock.
    """
    quotas = list(quotas_for(dealer_ids, series_code=series_code, model_code=model_code, on=on))
    used = used_of([quota.pk for quota in quotas])
    return frozenset(quota.dealer_id for quota in quotas if quota.vehicles - used[quota.pk] < vehicles)

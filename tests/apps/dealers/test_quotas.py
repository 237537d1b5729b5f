"""Quotas: set, taken under a lock, given back."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest

from apps.dealers.api import (
    ChannelChange,
    InvalidPeriod,
    InvalidQuota,
    Quota,
    QuotaDemand,
    QuotaOverlaps,
    QuotaUse,
    QuotaUsedUp,
    ReasonRequired,
    UnknownDealer,
    UnknownModel,
    UnknownQuota,
    change_quota,
    dealers_without_quota,
    release_quota,
    set_quota,
    take_quota,
    used_of,
)
from apps.dealers.services import quotas as service
from apps.kernel.api import ports
from tests.factories.dealers import make_dealer
from tests.races import verdicts

TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


class Catalogue:
    """One series with one model."""

    def has_brand(self, code: str) -> bool:
        return code == "XINGCHI"

    def has_model(self, series_code: str, model_code: str) -> bool:
        return series_code == "yuanshan" and model_code in ("", "yuanshan-max")

    def list_brands(self) -> list[tuple[str, str]]:
        return [("XINGCHI", "星驰")]

    def list_models(self) -> list[tuple[str, str, str]]:
        return [("yuanshan", "", "远山"), ("yuanshan", "yuanshan-max", "远山 Max")]


@pytest.fixture(autouse=True)
def catalogue():
    with ports.using({"dealers.vehicles": Catalogue()}):
        yield


@pytest.fixture
def dealer(db):
    return make_dealer()


def give(dealer, now, **changes):
    values = {
        "dealer_id": dealer.pk,
        "series_code": "yuanshan",
        "model_code": "",
        "starts_on": TODAY,
        "ends_on": TODAY + 30 * DAY,
        "vehicles": 3,
        "reason": "June",
        "by": None,
        "now": now,
    }
    return set_quota(**{**values, **changes})


def take(dealer, now, *, cause="order-1", vehicles=1, on=TODAY, model_code="yuanshan-max", line_ref="1"):
    demand = QuotaDemand(
        line_ref=line_ref, dealer_id=dealer.pk, series_code="yuanshan", model_code=model_code, vehicles=vehicles
    )
    return take_quota(cause=cause, demands=[demand], on=on, now=now)


def test_a_quota_counts_from_its_first_to_its_last_day(dealer, now):
    give(dealer, now, ends_on=TODAY + 2 * DAY, vehicles=1)
    for on in (TODAY - DAY, TODAY + 2 * DAY):
        assert take(dealer, now, on=on, vehicles=50) == []
    take(dealer, now, on=TODAY + DAY)
    for on in (TODAY, TODAY + DAY):
        with pytest.raises(QuotaUsedUp) as refusal:
            take(dealer, now, on=on, cause="order-2")
        assert (refusal.value.context["rule"], refusal.value.context["left"]) == ("quota", 0)
    assert QuotaUse.objects.count() == 1


def test_series_and_model_both_count(dealer, now):
    series = give(dealer, now, vehicles=3)
    model = give(dealer, now, model_code="yuanshan-max", vehicles=2)
    take(dealer, now, vehicles=2)
    assert (used_of([series.pk])[series.pk], used_of([model.pk])[model.pk]) == (2, 2)
    with pytest.raises(QuotaUsedUp) as refusal:
        take(dealer, now, cause="order-2")
    assert refusal.value.context["model"] == "yuanshan-max"
    assert len(take(dealer, now, cause="order-2", model_code="yuanshan-pro")) == 1


def test_all_lines_of_an_order_are_counted_or_none(dealer, now):
    give(dealer, now, vehicles=3)
    demands = [
        QuotaDemand(line_ref=str(n), dealer_id=dealer.pk, series_code="yuanshan", model_code="", vehicles=2)
        for n in (1, 2)
    ]
    with pytest.raises(QuotaUsedUp) as refusal:
        take_quota(cause="order-1", demands=demands, on=TODAY, now=now)
    assert refusal.value.context["left"] == 1
    assert not QuotaUse.objects.exists()


def test_what_is_given_back_may_be_taken_again(dealer, now):
    quota = give(dealer, now, vehicles=1)
    take(dealer, now)
    assert release_quota(cause="order-1", now=now) == 1
    assert release_quota(cause="order-1", now=now) == 0
    assert used_of([quota.pk])[quota.pk] == 0
    take(dealer, now, cause="order-2")


def test_only_the_named_lines_are_given_back(dealer, now):
    quota = give(dealer, now)
    for ref in ("1", "2"):
        take(dealer, now, line_ref=ref)
    release_quota(cause="order-1", line_refs=["2"], now=now)
    assert used_of([quota.pk])[quota.pk] == 1


def test_names_the_dealers_whose_quota_is_used_up(dealer, now):
    other = make_dealer()
    give(dealer, now, vehicles=1)

    def without(vehicles):
        return dealers_without_quota(
            [dealer.pk, other.pk], series_code="yuanshan", model_code="", vehicles=vehicles, on=TODAY
        )

    assert (without(1), without(2)) == (frozenset(), {dealer.pk})
    take(dealer, now)
    assert without(1) == {dealer.pk}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"dealer_id": 0}, UnknownDealer),
        ({"series_code": "nothing"}, UnknownModel),
        ({"model_code": "nothing"}, UnknownModel),
        ({"ends_on": TODAY}, InvalidPeriod),
        ({"vehicles": -1}, InvalidQuota),
        ({"vehicles": 1_000_001}, InvalidQuota),
        ({"reason": ""}, ReasonRequired),
    ],
)
def test_refuses_a_quota_that_makes_no_sense(dealer, now, changes, refusal):
    with pytest.raises(refusal):
        give(dealer, now, **changes)
    assert not Quota.objects.exists()
    assert not ChannelChange.objects.exists()


def test_refuses_two_quotas_for_a_day(dealer, now):
    give(dealer, now)
    with pytest.raises(QuotaOverlaps):
        give(dealer, now, starts_on=TODAY + DAY)
    give(dealer, now, starts_on=TODAY + 30 * DAY, ends_on=TODAY + 60 * DAY)


def test_a_quota_is_not_cut_below_what_is_used(dealer, now):
    quota = give(dealer, now)
    take(dealer, now, vehicles=2)
    with pytest.raises(InvalidQuota):
        change_quota(quota_id=quota.pk, vehicles=1, reason="cut", by=None, now=now)
    change_quota(quota_id=quota.pk, vehicles=2, reason="cut", by=None, now=now)
    assert ChannelChange.objects.order_by("-pk").first().details["before"] == 3
    with pytest.raises(UnknownQuota):
        change_quota(quota_id=0, vehicles=2, reason="cut", by=None, now=now)
    with pytest.raises(ReasonRequired):
        change_quota(quota_id=quota.pk, vehicles=5, reason=" ", by=None, now=now)


def take_at_once(dealer, now, *, buyers) -> Counter:
    orders = [f"order-{number}" for number in range(buyers)]
    return Counter(verdicts(*[lambda cause=cause: take(dealer, now, cause=cause) for cause in orders]))


@pytest.mark.django_db(transaction=True)
def test_twenty_orders_for_three_vehicles_leave_three(now):
    dealer = make_dealer()
    give(dealer, now, vehicles=3)
    assert take_at_once(dealer, now, buyers=20) == {"done": 3, "quota_used_up": 17}
    assert QuotaUse.objects.filter(released_at__isnull=True).count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_are_sold(now, monkeypatch):
    dealer = make_dealer()
    give(dealer, now, vehicles=3)
    everybody = threading.Barrier(20)

    def unlocked(quota_ids):
        return {quota.pk: quota for quota in Quota.objects.filter(pk__in=quota_ids)}

    counted = service.used_of

    def count_together(quota_ids):
        used = counted(quota_ids)
        everybody.wait(timeout=30)
        return used

    monkeypatch.setattr(service, "lock_quotas", unlocked)
    monkeypatch.setattr(service, "used_of", count_together)
    assert take_at_once(dealer, now, buyers=20)["done"] == 20

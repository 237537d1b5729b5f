"""Two decisions about a dealer at the same moment: the second sees the first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.dealers.api import (
    Authorization,
    AuthorizationKind,
    AuthorizationOver,
    ChannelChange,
    DealerLevel,
    InvalidPeriod,
    InvalidQuota,
    LevelBenefit,
    LevelBenefitKind,
    Quota,
    QuotaDemand,
    StoreIsClosed,
    Territory,
    TerritoryNotAuthorized,
    assign_territory,
    block_dealer,
    change_level,
    change_quota,
    close_store,
    end_authorization,
    end_territory,
    lift_block,
    revoke_authorization,
    set_level_benefit,
    take_quota,
)
from apps.kernel.api import OutboxEvent
from tests.factories.dealers import make_authorization, make_dealer, make_store
from tests.races import meet

pytestmark = pytest.mark.django_db(transaction=True)

SALES = AuthorizationKind.SALES
TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


@pytest.fixture
def dealer(transactional_db):
    return make_dealer()


@pytest.fixture
def right(dealer):
    """The dealer may sell in Shanghai from January on."""
    return make_authorization(dealer=dealer)


@pytest.fixture
def revoke(right, now):
    """Return the work of who takes the right away."""
    return lambda: revoke_authorization(authorization_id=right.pk, reason="audit", by=None, now=now)


@pytest.fixture
def assign(dealer, now):
    """Return the work of who gives the dealer Shanghai to look after."""
    return lambda: assign_territory(
        dealer_id=dealer.pk,
        brand_code="XINGCHI",
        region_code="310100",
        kind=SALES,
        is_exclusive=True,
        starts_on=TODAY,
        ends_on=None,
        reason="network plan",
        by=None,
        now=now,
    )


def told(name: str) -> int:
    return OutboxEvent.objects.filter(name=f"dealers.{name}.v1").count()


def test_a_right_is_revoked_once(revoke):
    with pytest.raises(AuthorizationOver):
        meet(revoke, revoke)

    assert ChannelChange.objects.count() == told("authorization_changed") == 1


def test_no_territory_rests_on_a_right_that_is_revoked(revoke, assign):
    with pytest.raises(TerritoryNotAuthorized):
        meet(revoke, assign)

    assert not Territory.objects.exists()


def test_a_territory_that_ends_sooner_is_not_given_back_by_the_end_of_its_right(right, assign, now):
    territory = assign()

    meet(
        lambda: end_territory(territory_id=territory.pk, ends_on=TODAY + DAY, reason="x", by=None, now=now),
        lambda: end_authorization(
            authorization_id=right.pk, ends_on=TODAY + 90 * DAY, reason="audit", by=None, now=now
        ),
    )

    territory.refresh_from_db()
    assert territory.valid.upper == TODAY + DAY
    assert Authorization.objects.get().valid.upper == TODAY + 90 * DAY
    assert told("territory_changed") == 2


def test_a_level_is_changed_once(dealer, now):
    def raise_level():
        return change_level(dealer_id=dealer.pk, level=DealerLevel.CORE, reason="1,000 cars", by=None, now=now)

    meet(raise_level, raise_level)

    assert ChannelChange.objects.count() == told("level_changed") == 1


def test_two_blocks_keep_since_when_and_tell_once(dealer, now):
    key = {"organization_id": dealer.organization_id}

    meet(
        lambda: block_dealer(**key, reason="expired:licence", now=now),
        lambda: block_dealer(**key, reason="expired:brand", now=now + timedelta(minutes=1)),
    )

    dealer.refresh_from_db()
    assert (dealer.blocked_at, dealer.blocked_reason) == (now, "expired:brand")
    assert told("status_changed") == 1
    meet(lambda: lift_block(**key, now=now), lambda: lift_block(**key, now=now))
    assert told("status_changed") == 2


def test_a_benefit_that_was_just_set_is_not_rewritten(now):
    LevelBenefit.objects.all().delete()

    def set_hours(value, starts_on):
        return set_level_benefit(
            level=DealerLevel.CORE,
            benefit=LevelBenefitKind.ACCEPTANCE_HOURS,
            value=Decimal(value),
            starts_on=starts_on,
            now=now,
        )

    set_hours(24, TODAY)
    with pytest.raises(InvalidPeriod):
        meet(lambda: set_hours(12, TODAY + 10 * DAY), lambda: set_hours(6, TODAY + 20 * DAY))

    rows = LevelBenefit.objects.order_by("valid").values_list("value", "valid")
    assert [(value, days.lower, days.upper) for value, days in rows] == [
        (24, TODAY, TODAY + 10 * DAY),
        (12, TODAY + 10 * DAY, None),
    ]


def test_a_quota_is_not_cut_below_what_is_just_taken(dealer, now):
    quota = Quota.objects.create(dealer=dealer, series_code="yuanshan", period=(TODAY, TODAY + 30 * DAY), vehicles=5)
    demand = QuotaDemand(
        line_ref="1", dealer_id=dealer.pk, series_code="yuanshan", model_code="yuanshan-max", vehicles=3
    )

    with pytest.raises(InvalidQuota):
        meet(
            lambda: take_quota(cause="order-1", demands=[demand], on=TODAY, now=now),
            lambda: change_quota(quota_id=quota.pk, vehicles=2, reason="June", by=None, now=now),
        )

    quota.refresh_from_db()
    assert quota.vehicles == 5


def test_a_store_is_closed_once(dealer, now):
    store = make_store(dealer=dealer)

    def close():
        return close_store(store_id=store.pk, reason="flood", by=None, now=now)

    with pytest.raises(StoreIsClosed):
        meet(close, close)

    assert ChannelChange.objects.count() == told("store_changed") == 1

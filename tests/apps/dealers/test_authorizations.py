"""Granting, extending, ending and revoking authorizations."""

from datetime import date, timedelta

import pytest

from apps.dealers.api import (
    Authorization,
    AuthorizationKind,
    AuthorizationOver,
    AuthorizationOverlaps,
    ChannelChange,
    GrantWish,
    InvalidPeriod,
    ReasonRequired,
    UnknownAuthorization,
    UnknownBrand,
    UnknownDealer,
    UnknownRegion,
    block_dealer,
    end_authorization,
    extend_authorization,
    grant_authorization,
    grant_authorizations,
    is_authorized,
    require_authorization,
    require_receiving,
    revoke_authorization,
    suspend_dealer,
)
from apps.dealers.errors import DealerNotAuthorized
from apps.kernel.models import OutboxEvent
from tests.factories.accounts import make_user
from tests.factories.dealers import make_authorization, make_dealer, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brand")]

SALES = AuthorizationKind.SALES
TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


@pytest.fixture
def dealer():
    return make_dealer()


def wish(dealer, **changes):
    values = {
        "dealer_id": dealer.pk,
        "brand_code": "XINGCHI",
        "region_code": "310000",
        "kind": SALES,
        "starts_on": TODAY,
        "ends_on": date(2027, 1, 1),
    }
    return GrantWish(**{**values, **changes})


def may_sell(dealer, on, region="310115"):
    return is_authorized(dealer_id=dealer.pk, brand_code="XINGCHI", region_code=region, kind=SALES, on=on)


def told() -> list[dict]:
    return [
        event.payload for event in OutboxEvent.objects.filter(name="dealers.authorization_changed.v1").order_by("pk")
    ]


def nothing_changed() -> bool:
    return not ChannelChange.objects.exists() and not told()


def test_a_grant_holds_from_its_first_to_its_last_day_and_is_told(dealer, now):
    user = make_user()
    granted = grant_authorization(wish=wish(dealer), reason=" contract 2026-17 ", by=user, now=now)

    assert [may_sell(dealer, on) for on in (TODAY - DAY, TODAY, date(2026, 12, 31), date(2027, 1, 1))] == [
        False,
        True,
        True,
        False,
    ]
    change = ChannelChange.objects.get()
    assert (change.move, change.object_id, change.reason, change.by) == ("grant", granted.pk, "contract 2026-17", user)
    assert told() == [
        {
            "organization_id": dealer.organization_id,
            "authorization_id": granted.pk,
            "move": "grant",
            "brand_code": "XINGCHI",
            "region_code": "310000",
            "kind": "SALES",
            "starts_on": "2026-06-10",
            "ends_on": "2027-01-01",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"brand_code": "NOBODY"}, UnknownBrand),
        ({"region_code": "319999"}, UnknownRegion),
        ({"region_code": "31"}, UnknownRegion),
        ({"region_code": ""}, UnknownRegion),
        ({"ends_on": TODAY}, InvalidPeriod),
        ({"ends_on": TODAY - DAY}, InvalidPeriod),
        ({"dealer_id": 0}, UnknownDealer),
    ],
)
def test_refuses_a_grant_that_makes_no_sense(dealer, now, changes, refusal):
    with pytest.raises(refusal):
        grant_authorization(wish=wish(dealer, **changes), reason="contract", by=None, now=now)
    assert not Authorization.objects.exists()
    assert nothing_changed()


@pytest.mark.parametrize("reason", ["", "  "])
def test_refuses_to_decide_without_a_reason(dealer, now, reason):
    running = make_authorization(dealer=dealer, ends_on=date(2027, 1, 1))
    decisions = [
        lambda: grant_authorization(wish=wish(dealer, region_code="320000"), reason=reason, by=None, now=now),
        lambda: extend_authorization(authorization_id=running.pk, ends_on=None, reason=reason, by=None, now=now),
        lambda: end_authorization(authorization_id=running.pk, ends_on=TODAY + DAY, reason=reason, by=None, now=now),
        lambda: revoke_authorization(authorization_id=running.pk, reason=reason, by=None, now=now),
    ]
    for decide in decisions:
        with pytest.raises(ReasonRequired):
            decide()
    assert Authorization.objects.get().valid == running.valid
    assert nothing_changed()


def test_refuses_the_same_right_twice_on_a_day(dealer, now):
    make_authorization(dealer=dealer, starts_on=date(2026, 1, 1), ends_on=TODAY + DAY)
    with pytest.raises(AuthorizationOverlaps):
        grant_authorization(wish=wish(dealer), reason="again", by=None, now=now)
    assert nothing_changed()
    grant_authorization(wish=wish(dealer, starts_on=TODAY + DAY), reason="from the next day", by=None, now=now)


def test_many_are_granted_or_none(dealer, now):
    other = make_dealer()
    wishes = [wish(dealer), wish(other), wish(dealer, region_code="123456")]
    with pytest.raises(UnknownRegion):
        grant_authorizations(wishes=wishes, reason="expansion", by=None, now=now)
    assert not Authorization.objects.exists()
    assert nothing_changed()
    assert len(grant_authorizations(wishes=wishes[:2], reason="expansion", by=None, now=now)) == 2


def test_an_extension_runs_on_from_the_old_end(dealer, now):
    running = make_authorization(dealer=dealer, ends_on=TODAY + DAY)
    extend_authorization(authorization_id=running.pk, ends_on=TODAY + 3 * DAY, reason="renewed", by=None, now=now)
    assert [may_sell(dealer, TODAY + n * DAY) for n in (1, 2, 3)] == [True, True, False]
    assert ChannelChange.objects.get().details["ended_before"] == (TODAY + DAY).isoformat()
    extend_authorization(authorization_id=running.pk, ends_on=None, reason="for good", by=None, now=now)
    assert may_sell(dealer, date(2099, 1, 1))


@pytest.mark.parametrize("ends_on", [TODAY + DAY, TODAY, date(2020, 1, 1)])
def test_refuses_an_extension_that_is_none(dealer, now, ends_on):
    running = make_authorization(dealer=dealer, ends_on=TODAY + DAY)
    with pytest.raises(InvalidPeriod):
        extend_authorization(authorization_id=running.pk, ends_on=ends_on, reason="x", by=None, now=now)
    assert nothing_changed()


def test_refuses_to_extend_into_the_next_authorization(dealer, now):
    running = make_authorization(dealer=dealer, ends_on=TODAY + DAY)
    make_authorization(dealer=dealer, starts_on=TODAY + 9 * DAY)
    with pytest.raises(AuthorizationOverlaps):
        extend_authorization(authorization_id=running.pk, ends_on=TODAY + 10 * DAY, reason="x", by=None, now=now)
    running.refresh_from_db()
    assert running.valid.upper == TODAY + DAY
    assert nothing_changed()


def test_an_end_may_be_today_at_the_soonest(dealer, now):
    running = make_authorization(dealer=dealer, ends_on=TODAY + 9 * DAY)
    for ends_on in (TODAY - DAY, TODAY + 9 * DAY, TODAY + 10 * DAY):
        with pytest.raises(InvalidPeriod):
            end_authorization(authorization_id=running.pk, ends_on=ends_on, reason="x", by=None, now=now)
    assert nothing_changed()
    end_authorization(authorization_id=running.pk, ends_on=TODAY + DAY, reason="contract over", by=None, now=now)
    assert [may_sell(dealer, TODAY + n * DAY) for n in (0, 1)] == [True, False]


def test_a_revoked_right_is_gone_today_and_stays_in_the_past(dealer, now):
    running = make_authorization(dealer=dealer)
    revoke_authorization(authorization_id=running.pk, reason="fraud", by=None, now=now)
    assert [may_sell(dealer, on) for on in (TODAY - DAY, TODAY)] == [True, False]
    assert told()[-1]["move"] == "revoke"
    for again in (
        lambda: revoke_authorization(authorization_id=running.pk, reason="x", by=None, now=now),
        lambda: extend_authorization(authorization_id=running.pk, ends_on=None, reason="x", by=None, now=now),
    ):
        with pytest.raises(AuthorizationOver):
            again()
    assert ChannelChange.objects.count() == 1


@pytest.mark.parametrize("starts_on", [TODAY, TODAY + DAY])
def test_what_is_revoked_by_its_first_day_never_ran_and_is_in_nobodys_way(dealer, now, starts_on):
    future = make_authorization(dealer=dealer, starts_on=starts_on)
    revoke_authorization(authorization_id=future.pk, reason="typing error", by=None, now=now)
    assert not may_sell(dealer, starts_on)
    grant_authorization(wish=wish(dealer), reason="correct", by=None, now=now)
    assert may_sell(dealer, starts_on)


def test_refuses_an_authorization_that_is_over_or_unknown(dealer, now):
    over = make_authorization(dealer=dealer, ends_on=TODAY)
    with pytest.raises(AuthorizationOver):
        extend_authorization(authorization_id=over.pk, ends_on=None, reason="x", by=None, now=now)
    with pytest.raises(UnknownAuthorization):
        revoke_authorization(authorization_id=0, reason="x", by=None, now=now)


def refused_rule(dealer, **changes):
    values = {"brand_code": "XINGCHI", "region_code": "310115", "kind": SALES, "on": TODAY}
    with pytest.raises(DealerNotAuthorized) as refusal:
        require_authorization(dealer_id=dealer.pk, **{**values, **changes})
    return refusal.value.context["rule"]


def test_every_rule_names_itself(dealer, now):
    make_authorization(dealer=dealer, ends_on=date(2027, 1, 1))
    assert refused_rule(dealer, brand_code="OTHER") == "brand"
    assert refused_rule(dealer, kind=AuthorizationKind.SERVICE) == "kind"
    assert refused_rule(dealer, region_code="320500") == "region"
    assert refused_rule(dealer, on=date(2027, 1, 1)) == "date"
    block_dealer(organization_id=dealer.organization_id, reason="expired:licence", now=now)
    assert refused_rule(dealer) == "blocked"


def test_a_suspended_dealer_takes_nothing_new(dealer, now):
    make_authorization(dealer=dealer)
    suspend_dealer(organization_id=dealer.organization_id, reason="audit", by=None, now=now)
    assert refused_rule(dealer) == "blocked"


def test_handing_over_needs_any_authorization_of_the_region(dealer, now):
    here, there = make_store(dealer=dealer), make_store(dealer=dealer, district_code="320506")

    def rule(store=here, on=TODAY):
        with pytest.raises(DealerNotAuthorized) as refusal:
            require_receiving(store=store, on=on)
        return refusal.value.context["rule"]

    assert rule() == "brand"
    make_authorization(dealer=dealer, kind=AuthorizationKind.SERVICE, starts_on=TODAY, ends_on=TODAY + DAY)
    require_receiving(store=here, on=TODAY)
    assert (rule(store=there), rule(on=TODAY - DAY), rule(on=TODAY + DAY)) == ("region", "date", "date")
    block_dealer(organization_id=dealer.organization_id, reason="expired:licence", now=now)
    assert rule() == "blocked"

"""Territories: exclusive or open, never contradicting each other."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange

from apps.dealers.api import (
    AuthorizationKind,
    AuthorizationRule,
    ChannelChange,
    InvalidPeriod,
    ReasonRequired,
    Territory,
    TerritoryNotAuthorized,
    TerritoryOver,
    TerritoryOverlaps,
    UnknownDealer,
    UnknownRegion,
    UnknownTerritory,
    assign_territory,
    end_authorization,
    end_territory,
    list_coverage,
    list_uncovered,
    load_standing,
    revoke_authorization,
    who_covers,
)
from apps.kernel.models import OutboxEvent
from tests.factories.dealers import make_authorization, make_dealer, make_store
from tests.races import drop_constraint, verdicts

SALES = AuthorizationKind.SALES
TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


@pytest.fixture
def dealer(db):
    return authorized()


def authorized(region="310000", **changes):
    dealer = make_dealer()
    make_authorization(dealer=dealer, region_code=region, **changes)
    return dealer


def assign(dealer, now, **changes):
    values = {
        "dealer_id": dealer.pk,
        "brand_code": "XINGCHI",
        "region_code": "310100",
        "kind": SALES,
        "is_exclusive": True,
        "starts_on": TODAY,
        "ends_on": None,
        "reason": "network plan",
        "by": None,
        "now": now,
    }
    return assign_territory(**{**values, **changes})


def rule_of(dealer, on, region="310115"):
    standing = load_standing([dealer.pk], brand_code="XINGCHI", kind=SALES, on=on)
    return standing.failed_rule(dealer.pk, region_code=region)


def test_an_exclusive_territory_keeps_others_out_from_its_first_to_its_last_day(dealer, now):
    other = authorized()
    assign(dealer, now, starts_on=TODAY, ends_on=TODAY + 2 * DAY)
    days = [TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert [rule_of(other, on) for on in days] == [
        None,
        AuthorizationRule.TERRITORY,
        AuthorizationRule.TERRITORY,
        None,
    ]
    assert [rule_of(dealer, on) for on in days] == [None] * 4
    assert OutboxEvent.objects.get(name="dealers.territory_changed.v1").payload["move"] == "assign_territory"


def test_an_open_territory_keeps_nobody_out(dealer, now):
    other = authorized()
    assign(dealer, now, is_exclusive=False)
    assert rule_of(other, TODAY) is None


@pytest.mark.parametrize("region", ["310000", "310100", "310115"])
@pytest.mark.parametrize(("mine", "theirs"), [(True, True), (True, False), (False, True)])
def test_refuses_what_overlaps_an_exclusive_one(dealer, now, region, mine, theirs):
    other = authorized()
    assign(dealer, now, is_exclusive=mine)
    with pytest.raises(TerritoryOverlaps) as refusal:
        assign(other, now, region_code=region, is_exclusive=theirs)
    assert refusal.value.context["holders"] == f"{dealer.code} 310100"
    assert Territory.objects.count() == ChannelChange.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": AuthorizationKind.SERVICE},
        {"brand_code": "OTHER"},
        {"region_code": "320100"},
        {"starts_on": TODAY + 9 * DAY},
        {"starts_on": TODAY - DAY, "ends_on": TODAY},
    ],
)
def test_other_kinds_brands_regions_and_days_do_not_overlap(dealer, now, changes):
    other = authorized("000000", kind=changes.get("kind", SALES), brand_code=changes.get("brand_code", "XINGCHI"))
    assign(dealer, now, ends_on=TODAY + 9 * DAY)
    assert assign(other, now, **changes).pk


def test_open_ones_lie_side_by_side_but_nobody_holds_one_twice(dealer, now):
    other = authorized()
    assign(dealer, now, is_exclusive=False)
    assign(other, now, is_exclusive=False)
    with pytest.raises(TerritoryOverlaps):
        assign(other, now, is_exclusive=False)


@pytest.mark.django_db
def test_the_database_refuses_an_overlap_behind_the_service(dealer):
    rows = {"brand_code": "XINGCHI", "kind": SALES, "valid": DateRange(TODAY, None)}
    Territory.objects.create(dealer=dealer, region_code="310000", is_exclusive=True, **rows)
    with pytest.raises(IntegrityError, match="dealers_exclusive_territories_do_not_overlap"), transaction.atomic():
        Territory.objects.create(dealer=make_dealer(), region_code="310115", is_exclusive=False, **rows)
    with pytest.raises(IntegrityError, match="dealers_territory_region_is_a_code"), transaction.atomic():
        Territory.objects.create(dealer=dealer, region_code="31", is_exclusive=False, **{**rows, "brand_code": "B"})


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"dealer_id": 0}, UnknownDealer),
        ({"region_code": "999999"}, UnknownRegion),
        ({"ends_on": TODAY}, InvalidPeriod),
        ({"reason": " "}, ReasonRequired),
        ({"region_code": "320500"}, TerritoryNotAuthorized),
        ({"region_code": "000000"}, TerritoryNotAuthorized),
        ({"kind": AuthorizationKind.SERVICE}, TerritoryNotAuthorized),
        ({"starts_on": date(2025, 12, 31)}, TerritoryNotAuthorized),
    ],
)
def test_refuses_a_territory_that_makes_no_sense(dealer, now, changes, refusal):
    with pytest.raises(refusal):
        assign(dealer, now, **changes)
    assert not Territory.objects.exists()
    assert not ChannelChange.objects.exists()


@pytest.mark.parametrize("changes", [{}, {"brand_code": "OTHER"}, {"kind": AuthorizationKind.SERVICE}])
def test_a_territory_rests_on_the_dealer_s_own_right_to_the_same(now, db, changes):
    authorized()
    dealer = authorized("320000") if not changes else authorized(**changes)

    with pytest.raises(TerritoryNotAuthorized):
        assign(dealer, now)

    assert not Territory.objects.exists()
    assert not ChannelChange.objects.exists()


def test_a_territory_may_rest_on_authorizations_that_follow_each_other(now, db):
    dealer = authorized(ends_on=TODAY + DAY)
    with pytest.raises(TerritoryNotAuthorized) as refusal:
        assign(dealer, now)
    assert refusal.value.context["day"] == (TODAY + DAY).isoformat()
    make_authorization(dealer=dealer, starts_on=TODAY + DAY)
    assert assign(dealer, now).pk


def test_an_ended_territory_opens_the_region_on_the_day(dealer, now):
    other = authorized()
    territory = assign(dealer, now)
    for ends_on in (TODAY - DAY,):
        with pytest.raises(InvalidPeriod):
            end_territory(territory_id=territory.pk, ends_on=ends_on, reason="x", by=None, now=now)
    end_territory(territory_id=territory.pk, ends_on=TODAY + DAY, reason="plan", by=None, now=now)
    assert [rule_of(other, TODAY + n * DAY) for n in (0, 1)] == [AuthorizationRule.TERRITORY, None]
    end_territory(territory_id=territory.pk, ends_on=TODAY, reason="plan", by=None, now=now)
    assert rule_of(other, TODAY) is None
    with pytest.raises(TerritoryOver):
        end_territory(territory_id=territory.pk, ends_on=TODAY, reason="x", by=None, now=now)
    with pytest.raises(UnknownTerritory):
        end_territory(territory_id=0, ends_on=TODAY, reason="x", by=None, now=now)


def test_territories_end_with_the_authorization_they_rest_on(now, db):
    dealer = make_dealer()
    authorization = make_authorization(dealer=dealer)
    territory = assign(dealer, now, starts_on=TODAY - DAY)
    end_authorization(authorization_id=authorization.pk, ends_on=TODAY + 9 * DAY, reason="plan", by=None, now=now)
    territory.refresh_from_db()
    assert territory.valid.upper == TODAY + 9 * DAY
    revoke_authorization(authorization_id=authorization.pk, reason="fraud", by=None, now=now)
    territory.refresh_from_db()
    assert (territory.valid.upper, territory.is_void) == (TODAY, False)


def test_coverage_names_who_may_act_and_what_keeps_the_others(dealer, now):
    make_store(dealer=dealer)
    other, stranger = authorized(), authorized("440000")
    late = authorized(starts_on=TODAY + DAY)
    assign(dealer, now)
    found = who_covers(region_code="310115", brand_code="XINGCHI", kind=SALES, on=TODAY)
    assert [(one.dealer, one.failed_rule) for one in found] == [
        (dealer, None),
        *sorted([(other, AuthorizationRule.TERRITORY), (late, AuthorizationRule.DATE)], key=lambda row: row[0].code),
    ]
    assert (found[0].is_exclusive, found[0].stores, found[0].regions) == (True, 1, ("310000",))
    assert stranger not in {one.dealer for one in found}


def test_the_map_and_the_report_of_uncovered_regions(dealer, now):
    district = authorized("320506")
    assign(dealer, now)
    states = {one.region.code: one.state for one in list_coverage(brand_code="XINGCHI", kind=SALES, on=TODAY)}
    assert (states["310100"], states["320500"], states["440100"]) == ("exclusive", "partial", "none")
    uncovered = {one.region.code for one in list_uncovered(brand_code="XINGCHI", kind=SALES, on=TODAY)}
    assert "310100" not in uncovered
    assert {"320500", "440100"} <= uncovered
    revoked = district.authorizations.get()
    revoke_authorization(authorization_id=revoked.pk, reason="x", by=None, now=now)
    states = {one.region.code: one.state for one in list_coverage(brand_code="XINGCHI", kind=SALES, on=TODAY)}
    assert states["320500"] == "none"


@pytest.mark.django_db(transaction=True)
def test_of_eight_dealers_who_want_a_region_alone_one_gets_it(now):
    dealers = [authorized() for _ in range(8)]
    results = verdicts(*[lambda dealer=dealer: assign(dealer, now) for dealer in dealers])
    assert sorted(results) == ["done", *["territory_overlaps"] * 7]
    assert Territory.objects.count() == ChannelChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_all_eight_get_it(now):
    dealers = [authorized() for _ in range(8)]
    drop_constraint("dealers_territory", "dealers_exclusive_territories_do_not_overlap")
    assert verdicts(*[lambda dealer=dealer: assign(dealer, now) for dealer in dealers]) == ["done"] * 8

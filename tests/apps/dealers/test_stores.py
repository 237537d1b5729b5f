"""Finding stores and checking authorizations."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from apps.dealers.api import (
    DEALER,
    Authorization,
    AuthorizationKind,
    AuthorizationRule,
    DealerNotAuthorized,
    DealerStatus,
    UnknownDealer,
    UnknownStore,
    get_dealer,
    get_store,
    is_authorized,
    list_candidate_stores,
    list_stores,
    require_authorization,
    restore_dealer,
    suspend_dealer,
)
from apps.kernel.api import MoveNotAllowed
from tests.factories.dealers import make_authorization, make_dealer, make_store

pytestmark = pytest.mark.django_db

STORES = "/api/v1/stores/"
BUND = (31.2400, 121.4900)
SUZHOU = {
    "city": "苏州市",
    "city_en": "Suzhou",
    "city_code": "320500",
    "province_code": "320000",
    "district_code": "320508",
    "latitude": Decimal("31.2989"),
    "longitude": Decimal("120.5853"),
}


@pytest.fixture
def api() -> APIClient:
    return APIClient(headers={"accept-language": "en"})


@pytest.fixture
def shanghai(db):
    return make_store(latitude=Decimal("31.2304"), longitude=Decimal("121.4737"), has_service=False)


@pytest.fixture
def suzhou(db):
    return make_store(**SUZHOU)


def test_the_nearest_store_comes_first_with_its_distance(shanghai, suzhou):
    near, far = list_stores(near=BUND)

    assert (near, far) == (shanghai, suzhou)
    # By the haversine formula on a sphere of 6371.0088 km, worked out beside the code.
    assert near.distance_km == pytest.approx(1.882, abs=0.001)
    assert far.distance_km == pytest.approx(86.215, abs=0.05)


def test_without_a_place_there_is_no_distance(shanghai):
    assert list_stores().get().distance_km is None


def test_a_radius_leaves_out_what_lies_beyond_it(shanghai, suzhou):
    assert list(list_stores(near=BUND, radius_km=50)) == [shanghai]
    assert list(list_stores(near=BUND, radius_km=90)) == [shanghai, suzhou]
    assert list(list_stores(near=BUND, radius_km=1)) == []


def test_a_radius_reaches_over_the_date_line(db):
    store = make_store(latitude=Decimal("0"), longitude=Decimal("-179.9"))

    assert list_stores(near=(0, 179.9), radius_km=30).get() == store


def test_the_antipode_is_half_the_earth_away(shanghai):
    assert list_stores(near=(-31.2304, -58.5263)).get().distance_km == pytest.approx(20015.1, abs=0.1)


@pytest.mark.parametrize("city", ["上海市", "上海", "Shanghai", "shanghai", "310100", " 上海 "])
def test_finds_a_city_however_it_is_written(city, shanghai, suzhou):
    assert list(list_stores(city=city)) == [shanghai]


def test_filters_by_service(shanghai, suzhou):
    assert list(list_stores(service="service")) == [suzhou]
    assert set(list_stores(service="sales")) == {shanghai, suzhou}


def test_closed_stores_and_those_of_suspended_dealers_are_not_found(now, shanghai, suzhou):
    suspend_dealer(organization_id=suzhou.dealer.organization_id, reason="audit", by=None, now=now)
    closed = make_store(is_open=False)

    assert list(list_stores()) == [shanghai]
    for store in (suzhou, closed):
        with pytest.raises(UnknownStore):
            get_store(store.pk)
    restore_dealer(organization_id=suzhou.dealer.organization_id, reason="passed", by=None, now=now)
    assert get_store(suzhou.pk) == suzhou


@pytest.mark.parametrize("store_id", [0, -1, 424242, 2**63, 10**30])
def test_refuses_an_unknown_store(store_id, db):
    with pytest.raises(UnknownStore):
        get_store(store_id)


def test_a_dealer_is_suspended_once(now, db):
    dealer = make_dealer()
    suspend_dealer(organization_id=dealer.organization_id, reason="audit", by=None, now=now)

    with pytest.raises(MoveNotAllowed):
        suspend_dealer(organization_id=dealer.organization_id, reason="audit", by=None, now=now)

    assert DEALER.history(dealer).count() == 1
    assert get_dealer(organization_id=dealer.organization_id).status == DealerStatus.SUSPENDED


def test_refuses_an_organization_that_is_no_dealer(db):
    with pytest.raises(UnknownDealer):
        get_dealer(organization_id=424242)


def test_a_refusal_by_authorization_names_the_rule(db):
    dealer = make_dealer()
    make_authorization(dealer=dealer, region_code="310000")
    asked = {"dealer_id": dealer.pk, "brand_code": "XINGCHI", "region_code": "320500", "on": date(2026, 6, 10)}

    assert is_authorized(**{**asked, "region_code": "310115"}, kind=AuthorizationKind.SALES)
    assert not is_authorized(**asked, kind=AuthorizationKind.SALES)
    with pytest.raises(DealerNotAuthorized) as refusal:
        require_authorization(**asked, kind=AuthorizationKind.SALES)
    assert refusal.value.context["rule"] == "region"


def test_two_authorizations_for_the_same_do_not_overlap(db):
    dealer = make_dealer()
    make_authorization(dealer=dealer, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    make_authorization(dealer=dealer, starts_on=date(2027, 1, 1))
    make_authorization(dealer=dealer, kind=AuthorizationKind.SERVICE)
    make_authorization(dealer=dealer, region_code="320000")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_authorization(dealer=dealer, starts_on=date(2026, 12, 31), ends_on=date(2027, 2, 1))
    assert Authorization.objects.count() == 4


def test_candidates_carry_the_verdict_on_their_dealer_in_four_queries(shanghai, suzhou, django_assert_num_queries):
    make_authorization(dealer=shanghai.dealer, region_code="310000")
    make_authorization(dealer=suzhou.dealer, region_code="320000")

    with django_assert_num_queries(4):
        candidates = list_candidate_stores(
            brand_code="XINGCHI",
            kind=AuthorizationKind.SALES,
            on=date(2026, 6, 10),
            near=BUND,
            region_code="310115",
        )

    assert [(row.code, row.is_authorized, row.failed_rule) for row in candidates] == [
        (shanghai.code, True, None),
        (suzhou.code, False, AuthorizationRule.REGION),
    ]


# REST


def test_lists_stores_in_the_contracts_shape(api, shanghai, suzhou):
    body = api.get(STORES, {"near": "31.2400,121.4900", "service": "sales"}).json()

    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    store = body["results"][0]
    contract = {"id", "dealer", "name", "city", "address", "location", "distance_km", "services", "opening_hours"}
    assert contract <= set(store)
    assert store["id"] == shanghai.pk
    assert store["city"] == "Shanghai"
    assert store["location"] == {"lat": 31.2304, "lng": 121.4737}
    assert store["distance_km"] == 1.88
    assert store["services"] == ["sales"]
    assert store["opening_hours"]["mon"] == [["09:00", "18:00"]]
    assert store["dealer"] == {"code": shanghai.dealer.code, "name": shanghai.dealer.name_en}


def test_distance_is_null_without_a_place(api, shanghai):
    assert api.get(STORES, {"city": "上海"}).json()["results"][0]["distance_km"] is None


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"near": "here"}, "near"),
        ({"near": "31.2"}, "near"),
        ({"near": "31.2,121.4,5"}, "near"),
        ({"near": "91,0"}, "near"),
        ({"near": "0,181"}, "near"),
        ({"near": "nan,nan"}, "near"),
        ({"near": "inf,0"}, "near"),
        ({"service": "wash"}, "service"),
        ({"city": "x" * 61}, "city"),
        ({"radius_km": "5"}, "near"),
        ({"near": "31,121", "radius_km": "-1"}, "radius_km"),
        ({"near": "31,121", "radius_km": "nan"}, "radius_km"),
    ],
)
def test_refuses_values_by_name(params, field, api, db):
    answer = api.get(STORES, params)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]

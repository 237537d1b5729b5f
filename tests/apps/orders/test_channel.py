"""Authorization and quotas decide who sells and hands over; every refusal names its rule."""

from datetime import date, timedelta

import pytest
from psycopg2.extras import DateRange

from apps.dealers.api import (
    Authorization,
    AuthorizationRule,
    DealerNotAuthorized,
    Quota,
    QuotaUse,
    QuotaUsedUp,
    Territory,
    block_dealer,
    lift_block,
)
from apps.inventory.api import SiteKind
from apps.orders import api
from apps.orders.models import CustomerOrder, RoutingDecision
from apps.orders.policies.routing import SiteOption, Wish, rank_sites
from tests.factories.dealers import make_authorization, make_dealer, make_store
from tests.factories.orders import make_site, put_on_shelf

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 10)


def refused(shop, *products, method="pickup", error=DealerNotAuthorized):
    ref = shop.cart(*products)
    with pytest.raises(error) as refusal:
        shop.check_out(ref, method=method)
    assert not CustomerOrder.objects.filter(cart_id=ref.cart_id).exists()
    assert not QuotaUse.objects.filter(cause="").exists()
    return refusal.value.context["rule"]


def verdicts(shop, *products):
    cart = api.get_cart(shop.cart(*products), now=shop.now)
    return {one.store.pk: one.failed_rule for one in api.list_pickup_stores(cart, at=shop.now)}


def test_a_blocked_dealer_hands_over_nothing_new_until_the_block_is_lifted(shop):
    car, part = shop.car(), shop.part()
    block_dealer(organization_id=shop.dealer.pk, reason="expired:licence", now=shop.now)
    assert refused(shop, car) == refused(shop, part) == "blocked"
    assert verdicts(shop, car) == verdicts(shop, part) == {shop.store.pk: AuthorizationRule.BLOCKED}
    lift_block(organization_id=shop.dealer.pk, now=shop.now)
    assert shop.order(car, method="pickup").order_number
    assert verdicts(shop, part) == {shop.store.pk: None}


def test_an_open_order_of_a_blocked_dealer_finishes(shop):
    order = shop.placed(shop.part(), method="pickup")
    block_dealer(organization_id=shop.dealer.pk, reason="expired:licence", now=shop.now)
    fulfilment = shop.walk_to_ready(order.fulfilments.get())
    assert fulfilment.status == "READY"


def test_a_territory_of_another_dealer_refuses_a_car_and_no_part(shop):
    other = make_dealer()
    Territory.objects.create(
        dealer=other,
        brand_code="XINGCHI",
        region_code="310000",
        kind="SALES",
        is_exclusive=True,
        valid=DateRange(TODAY, None),
    )
    car, part = shop.car(), shop.part()
    assert refused(shop, car) == "territory"
    assert verdicts(shop, car) == {shop.store.pk: AuthorizationRule.TERRITORY}
    assert shop.order(part, method="pickup").order_number


@pytest.mark.parametrize(("valid", "rule"), [((2026, 6, 11), "date"), (None, "brand")])
def test_parts_are_handed_over_by_dealers_with_an_authorization_that_runs(shop, valid, rule):
    Authorization.objects.all().delete()
    if valid:
        make_authorization(dealer=shop.store.dealer, starts_on=date(*valid))
    assert refused(shop, shop.part()) == rule


def quota_of(shop, car, vehicles=1):
    trim = car.trim
    return Quota.objects.create(
        dealer=shop.store.dealer,
        series_code=trim.model.series.code,
        period=DateRange(TODAY, TODAY + timedelta(days=1)),
        vehicles=vehicles,
    )


def live_uses():
    return QuotaUse.objects.filter(released_at__isnull=True)


def test_a_quota_counts_cars_picked_up_and_names_itself_when_used_up(shop):
    car = shop.car(stock=3)
    quota = quota_of(shop, car)
    number = shop.order(car, method="pickup").order_number
    assert [(use.quota, use.cause, use.vehicles) for use in live_uses()] == [(quota, number, 1)]
    assert verdicts(shop, car) == {shop.store.pk: AuthorizationRule.QUOTA}
    assert refused(shop, car, error=QuotaUsedUp) == "quota"
    assert shop.order(car).order_number  # delivered from the plant: no dealer's quota
    assert live_uses().count() == 1


def test_a_cancelled_order_gives_its_quota_back(shop):
    car = shop.car(stock=3)
    quota_of(shop, car)
    order = shop.placed(car, method="pickup")
    api.call_off(number=order.number, reason="changed my mind", by=None, now=shop.now)
    assert not live_uses().exists()
    assert shop.order(car, method="pickup").order_number


def test_an_expired_order_gives_its_quota_back(shop):
    car = shop.car(stock=3)
    quota_of(shop, car)
    order = shop.order(car, method="pickup").order
    api.expire_orders(now=order.expires_at + timedelta(seconds=1))
    assert not live_uses().exists()


def test_routing_names_the_rule_that_keeps_a_dealers_site_from_a_delivery(shop):
    car = shop.car(stock=1)
    strangers = make_store(dealer=make_dealer())
    make_authorization(dealer=strangers.dealer, region_code="320000")
    site = make_site(strangers.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=strangers)
    put_on_shelf(car, site, 1, now=shop.now)
    shop.order(car)
    record = RoutingDecision.objects.get().record
    reasons = {one["site"]: one["reasons"] for one in record["candidates"] if one["rank"] is None}
    assert reasons[site.code] == [["authorized_territory", "dealer not authorized for XINGCHI: region"]]


def test_a_blocked_dealers_site_ships_no_parts(shop):
    part = shop.part(stock=1)
    mine = make_site(shop.dealer, kind=SiteKind.DEALER_WAREHOUSE)
    put_on_shelf(part, mine, 5, now=shop.now)
    block_dealer(organization_id=shop.dealer.pk, reason="expired:licence", now=shop.now)
    shop.order(part)
    reasons = {one["site"]: one["reasons"] for one in RoutingDecision.objects.get().record["candidates"]}
    assert reasons[mine.code] == [["authorized_territory", "dealer not authorized for XINGCHI: blocked"]]


def test_the_rank_of_the_level_breaks_a_tie():
    wish = Wish(product_id=1, quantity=1, method="delivery")
    site = {"store_id": None, "place": None, "available": 1, "lead_time_days": 1}
    ranked = rank_sites(
        wish,
        [SiteOption(code="a", level_rank=2, **site), SiteOption(code="b", level_rank=0, **site)],
    )
    assert [one.site_code for one in ranked] == ["b", "a"]

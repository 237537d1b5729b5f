"""A paid order splits by seller and site; every amount of the children sums to the order's."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory.api import Unit
from apps.orders import api
from apps.orders.models import FulfilmentLine, RoutingDecision
from apps.orders.policies.routing import replay
from apps.orders.services.splitting import share_out
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site, name_site, put_on_shelf

COLUMNS = ("goods", "discount", "freight", "tax", "total")


def sums(queryset, columns=COLUMNS):
    """Sum the amounts of rows."""
    return {name: value or Decimal(0) for name, value in queryset.aggregate(**{c: Sum(c) for c in columns}).items()}


def assert_adds_up(order):
    """Every level sums to the one above."""
    own = {column: getattr(order, column) for column in COLUMNS}
    assert sums(order.seller_orders) == own
    assert sums(order.fulfilments) == own
    for seller_order in order.seller_orders.all():
        assert sums(seller_order.fulfilments) == {column: getattr(seller_order, column) for column in COLUMNS}
    for item in order.items.all():
        expected = {column: getattr(item, column) for column in COLUMNS}
        assert sums(FulfilmentLine.objects.filter(item=item)) == expected


def test_two_sellers_and_a_package_become_three_parts(shop):
    other = make_site(make_supplier().organization)
    order = shop.placed(
        shop.part(price="33.33"), (shop.part(price="10.01", site=other), 3), shop.package(price="20.00")
    )
    assert {one.seller_id for one in order.seller_orders.all()} == {
        shop.supplier.pk, other.organization_id, shop.headquarters.pk,
    }  # fmt: skip
    assert [one.number for one in order.seller_orders.order_by("pk")] == [f"{order.number}-{n}" for n in (1, 2, 3)]
    assert str(order.freight) == "12.00"
    assert_adds_up(order)
    assert sums(order.seller_orders, ("paid",))["paid"] == order.paid == order.total


def test_a_quantity_spills_over_to_the_next_site(shop):
    part = shop.part(price="99.99", stock=2)
    far = make_site(shop.supplier, place=(39.9, 116.4))
    put_on_shelf(part, far, 5, now=shop.now)
    name_site(part, far)
    order = shop.placed((part, 6))
    assert sorted(line.quantity for line in FulfilmentLine.objects.filter(fulfilment__order=order)) == [2, 4]
    assert_adds_up(order)


def test_the_decision_about_sites_is_kept_and_replays(shop):
    part = shop.part(stock=2)
    far = make_site(shop.supplier, place=(39.9, 116.4))
    put_on_shelf(part, far, 5, now=shop.now)
    name_site(part, far)
    order = shop.placed(part)
    decision = RoutingDecision.objects.get(item__order=order)
    assert decision.chosen == [[shop.warehouse.code, 1]]
    assert [one["site"] for one in decision.record["candidates"]] == [shop.warehouse.code, far.code]
    assert replay(decision.record) == decision.record["candidates"]


def test_a_pickup_prefers_what_lies_at_the_store(shop):
    part = shop.part(stock=5)
    put_on_shelf(part, shop.store.site, 1, now=shop.now)
    order = shop.placed(part, method="pickup")
    fulfilment = order.fulfilments.get()
    assert fulfilment.site == shop.store.site
    assert fulfilment.source == fulfilment.receiver == shop.dealer


def test_each_car_gets_a_vehicle_of_its_own_with_its_options_fixed(shop):
    car = shop.car(stock=3)
    order = shop.placed((car, 2), method="pickup", plan="deposit")
    vins = [v.vin for line in FulfilmentLine.objects.filter(fulfilment__order=order) for v in line.vehicles.all()]
    assert len(set(vins)) == 2
    assert Unit.objects.filter(status="ALLOCATED").count() == 2
    assert Unit.objects.filter(status="BUILT").count() == 1
    unit = Unit.objects.get(vin=vins[0])
    assert unit.option_codes == order.items.get().option_codes
    assert "PAINT-WHITE" in unit.option_codes


def test_a_prepayment_and_the_balance_divide_over_sellers(shop):
    order = shop.placed(shop.car(price="169900.00"), shop.part(price="120.00"), method="pickup", plan="deposit")
    deposit = sums(order.seller_orders, ("paid",))["paid"]
    assert deposit == order.paid == order.deposit == Decimal("17002.00")
    shop.pay_balance(order)
    order = shop.reload(order.number)
    assert order.status == "PLACED"
    assert all(one.paid == one.total for one in order.seller_orders.all())


@pytest.mark.usefixtures("shop")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.integers(min_value=1, max_value=20_000), min_size=1, max_size=6))
def test_refunds_divide_over_sellers_to_the_fen(shop, refunds):
    other = make_site(make_supplier().organization)
    order = shop.placed(shop.part(price="77.77"), shop.part(price="12.34", site=other))
    for refund in refunds:
        order.refunded = min(order.refunded + Decimal(refund) / 100, order.paid)
        share_out(order, list(order.seller_orders.order_by("pk")))
        sellers = list(order.seller_orders.all())
        assert sum(one.refunded for one in sellers) == order.refunded
        assert all(0 <= one.refunded <= one.paid for one in sellers)


def test_an_order_of_a_package_alone_is_complete_once_paid(shop):
    order = shop.placed(shop.package(price="1999.00"))
    assert order.status == "COMPLETED"
    assert api.list_fulfilments(shop.headquarters.pk).count() == 0


def test_a_package_beside_goods_waits_for_them(shop):
    order = shop.placed(shop.part(price="200.00"), shop.package())
    goods = order.fulfilments.get(site__isnull=False)
    package = order.fulfilments.get(site__isnull=True)
    assert (order.status, package.status) == ("PLACED", "PENDING")
    keys = {"fulfilment_id": goods.pk, "organization_id": shop.supplier.pk, "by": None, "now": shop.now}
    api.accept_fulfilment(**keys)
    api.ship_fulfilment(**keys, carrier="SF", tracking_number="1")
    api.confirm_as_staff(fulfilment_id=goods.pk, by=None, now=shop.now)
    package.refresh_from_db()
    assert package.status == "DELIVERED"
    assert shop.reload(order.number).status == "COMPLETED"
